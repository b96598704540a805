"""What other programs tell of interviews: done in the name of the planner whose door it is, with
the same checks, notices and audit as what that person does in Slack."""

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from slack_sdk import WebClient
from sqlmodel import Session

from bot import clashes, incoming, people, typed, webhooks
from bot.errors import Refusal
from bot.incoming import Message, Scheduled, Wrong
from bot.plans import Plan, Sitting
from bot.records import Incoming, Loop, Opening
from bot.store import doors, loops, take_turns, workspaces
from bot.store import openings as stored
from handlers import planning
from handlers.here import Here
from handlers.imports import Finder

Record = dict[str, Any]

LONGEST_ID = 200  # Characters of an event's id.


@dataclass(frozen=True)
class Told:
    """What is answered: an HTTP status, and JSON."""

    status: int
    answer: Record


class Unbelieved(Exception):
    """What came is signed by nobody we know. The message says why."""


def receive(here: Here, door: Incoming, id_: str, body: bytes, client: WebClient) -> Told:
    """Do what a message says: all of it, or nothing. The same `id_` again is done once. `here` is
    the owner of the door, and the message is theirs: its signature was checked."""
    if len(id_) > LONGEST_ID:
        return _wrong({"webhook-id": f"has more than {LONGEST_ID} characters."})
    digest = hashlib.sha256(body).hexdigest()
    with here.db.begin() as session:
        known = doors.heard(session, door, id_)
    if known is not None:
        return _again(known.digest == digest, known.answer)
    owner = here.people.member(here.team_id, here.user_id, client)
    if owner.refusal == people.NOT_SURE:
        return Told(503, {"error": "Slack did not say just now who you are. Try again."})
    if owner.refusal:
        told = "Whoever made this door is no full member of the workspace any more: make another."
        return Told(403, {"error": told})
    try:
        message = incoming.read(body)
        answer = _do(here, door, id_, digest, message, client)
    except Wrong as wrong:
        with here.db.begin() as session:
            _remember(session, door, here, problem=", ".join(wrong.fields))
        return _wrong(wrong.fields)
    except Refusal as refusal:
        return Told(409, {"error": str(refusal)})
    here.wake()
    return Told(200, answer)


def _again(same: bool, answer: Record) -> Told:
    if same:
        return Told(200, {**answer, "repeated": True})
    return Told(409, {"error": "Something else was told under this webhook-id before."})


def _wrong(fields: dict[str, str]) -> Told:
    told = "Nothing was changed: some fields are not right."
    return Told(422, {"error": told, "fields": fields})


def _do(
    here: Here, door: Incoming, id_: str, digest: str, message: Message, client: WebClient
) -> Record:
    with here.db.begin() as session:
        mine = [
            each
            for each in stored.planned_by(session, here.team_id, here.user_id)
            if each.closed_at is None
        ]
    if not mine:
        raise Wrong({"data.opening": "whoever made this door plans no open opening."})
    opening = incoming.opening(message, mine)
    seats: list[Sitting] = []
    if isinstance(message, Scheduled):  # Asks Slack, so before the transaction.
        seats = incoming.sittings(message, Finder(client, here).find)
    with here.db.begin() as session:
        known = doors.heard(session, door, id_)
        if known is not None:  # Somebody else did the same meanwhile.
            return {**known.answer, "repeated": True}
        answer = _plan(session, here, message, opening, seats)
        doors.hear(session, door, id_, digest, answer, here.now)
        _remember(session, door, here, problem="")
    return answer


def _plan(
    session: Session, here: Here, message: Message, opening: Opening, seats: list[Sitting]
) -> Record:
    take_turns(session, f"import {here.team_id}")
    existing = _existing(session, here, message, opening)
    made = incoming.plan(message, opening, seats, existing)
    wrong = clashes.errors(made, opening)
    if wrong:
        raise Wrong({"data": " ".join(wrong)})
    loop, _ = planning.keep(session, here, made, later=True, made=uuid4().hex)
    changed = made != existing
    if changed:
        here.note(session, "told by another program", loop.id)
    return {
        "loop": loop.id,
        "code": f"C-{loop.number}",
        "revision": loop.revision,
        "changed": changed,
        "interviews": [
            {
                "interview": each.id,
                "round": each.round,
                "state": each.state.value,
                "starts_at": each.starts_at.isoformat() if each.starts_at else None,
            }
            for each in loops.plan(session, loop).sessions
        ],
    }


def _existing(session: Session, here: Here, message: Message, opening: Opening) -> Plan | None:
    number = incoming.code(message)
    found: list[Loop]
    if number is not None:
        try:
            loop = loops.numbered(session, here.team_id, f"C-{number}")
        except Refusal:
            return None
        found = [loop] if loop.opening_id == opening.id and loop.state == "active" else []
    else:
        name = typed.line(message.data.candidate).lower()
        found = loops.called(session, here.team_id, [opening.id], [name])
    if len(found) > 1:
        told = "more than one active loop has this name: give the code, such as C-101."
        raise Wrong({"data.candidate": told})
    return loops.plan(session, found[0]) if found else None


def _remember(session: Session, door: Incoming, here: Here, *, problem: str) -> None:
    kept = doors.find(session, door.team_id, door.id)
    if kept is not None:
        kept.heard_at, kept.problem = here.now, problem[:200]
        session.add(kept)


def believed(here: Here, id_: str, given: dict[str, str], body: bytes) -> Incoming:
    """The door that is called so, when the message fits its secret. Raises Unbelieved; of a door
    that is not there, or whose team has removed the bot, it says the same."""
    with here.db.begin() as session:
        door = doors.find_any(session, id_)
        if door is not None and workspaces.gone_at(session, door.team_id) is not None:
            door = None
    secrets = [door.secret] if door else [webhooks.new_secret()]
    if door and door.old_until is not None and door.old_until > here.now:
        secrets.append(door.old_secret)
    told = webhooks.trouble(secrets, given, body, here.now)
    if told or door is None:
        raise Unbelieved(told)
    return door
