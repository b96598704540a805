"""Webhooks: what is told, how it is signed, and how long it is tried. The signature and the headers
are those of the Standard Webhooks specification, in both directions.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from typing import Any

from bot.plans import Plan, Session, State

Data = dict[str, Any]

EVENTS = {
    "interview.scheduled": "an interview has a time",
    "interview.moved": "it has another time or length",
    "interview.staffed": "other people hold it",
    "interview.cancelled": "it does not take place",
    "scorecard.in": "a scorecard that counts is handed in, for the first time",
    "panel.complete": "the last one is in, and all are opened",
    "panel.opened": "they are opened without the missing ones",
    "decision.recorded": "a hiring manager decided",
    "decision.changed": "that took effect, was objected to, or was reopened",
    "candidate.erased": "the candidate's data is gone: erase yours",
}
TEST = "webhook.test"
# What a webhook tells besides ids and states, when whoever adds it asks for it.
CONTENT = {
    "candidate": "the candidate, as the opening shows them, and the opening's title",
    "outcome": "what was decided, without its reasons",
}

PREFIX = "whsec_"
TOLERANCE = timedelta(minutes=5)  # A signature that is older, or from the future, is refused.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(hours=6)
GROWTH = 3
GIVE_UP = timedelta(days=3)
SPREAD = 0.25
KEPT = timedelta(days=30)  # How long what is over stays in the list.


def new_secret() -> str:
    return PREFIX + base64.b64encode(token_bytes(32)).decode()


def key(secret: str) -> bytes:
    """Raises ValueError for what is no secret of `new_secret`, or of another sender's."""
    try:
        found = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("not base 64") from error
    if len(found) < 16:
        raise ValueError("too short")
    return found


def signature(secret: str, id_: str, timestamp: int, body: bytes) -> str:
    signed = b".".join((id_.encode(), str(timestamp).encode(), body))
    digest = hmac.new(key(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def headers(secrets: list[str], id_: str, at: datetime, body: bytes) -> dict[str, str]:
    """What goes with `body`: signed with each of `secrets`, so that they can be changed."""
    timestamp = int(at.timestamp())
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(each, id_, timestamp, body) for each in secrets),
    }


def trouble(secrets: list[str], given: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Why what came is not to be believed; "" when it is. `given` are its headers, by their names
    in lower case."""
    id_, at = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    signatures = given.get("webhook-signature", "").split()
    if not (id_ and at and signatures):
        return "webhook-id, webhook-timestamp and webhook-signature are needed"
    if not (at.isascii() and at.isdigit() and len(at) < 12):
        return "webhook-timestamp is not a number of seconds since 1970"
    if abs(datetime.fromtimestamp(int(at), UTC) - now) > TOLERANCE:
        return "webhook-timestamp is more than five minutes away from now"
    wanted = [signature(each, id_, int(at), body).encode() for each in secrets]
    # Each with each, and no shortcut: how long it takes says nothing about the secret.
    fits = [
        hmac.compare_digest(each, theirs.encode()) for each in wanted for theirs in signatures[:8]
    ]
    return "" if any(fits) else "webhook-signature does not fit: sign id.timestamp.body"


def body(type_: str, at: datetime, data: Data) -> bytes:
    """As it is sent. The same event has the same bytes, whenever it is tried."""
    told = {"type": type_, "timestamp": at.isoformat(), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def wait(attempts: int, chance: float) -> timedelta:
    """Until the next try after so many; `chance`, from 0 to 1, spreads those that failed
    together."""
    times: int = GROWTH ** min(attempts - 1, 16)
    usual = min(LONGEST_WAIT, FIRST_WAIT * times)
    return usual * (1 - SPREAD + 2 * SPREAD * chance)


def is_over(since: datetime, now: datetime) -> bool:
    """Whether an event that happened at `since` is given up when it fails now."""
    return now - since >= GIVE_UP


def interviews(before: Plan, after: Plan) -> Iterator[tuple[str, Data]]:
    """The events of a change of a loop's plan, each with the interview as it is now."""
    known = {each.id: each for each in before.sessions}
    for session in after.sessions:
        type_ = _kind(known.get(session.id), session)
        if type_:
            yield type_, _interview(session)


def _kind(was: Session | None, now: Session) -> str:
    planned = was is not None and was.state is State.PLANNED
    if now.state is not State.PLANNED:
        return "interview.cancelled" if planned and now.state is State.CANCELLED else ""
    if was is None or not planned:
        return "interview.scheduled"
    if (was.starts_at, was.minutes) != (now.starts_at, now.minutes):
        return "interview.moved"
    return "interview.staffed" if set(was.seats) != set(now.seats) else ""


def _interview(session: Session) -> Data:
    return {
        "interview": session.id,
        "round": session.round,
        "state": session.state.value,
        "starts_at": session.starts_at.isoformat() if session.starts_at else None,
        "minutes": session.minutes,
        "panel": [{"person": seat.person, "as": seat.role.value} for seat in session.seats],
    }
