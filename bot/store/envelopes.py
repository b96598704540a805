"""Envelopes: what one person is due to hear, in one message (docs/decisions/0010-envelopes.md)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlmodel import Session, col, select

from bot.nudges import COUNTED, EARLY, Heard, place
from bot.records import Notice
from bot.store import notices, take_turns
from bot.store.notices import ENVELOPE

MOST_LOOKED_AT = 200  # Notices whose people are looked at in one go.
MOST_PARTS = 10  # Of one message, each of up to four blocks: Slack shows 50, and 9,500 characters.
DIGEST = "digest"  # The subject of an envelope beyond what somebody hears in a day.


def whose(session: Session, now: datetime) -> list[tuple[str, str]]:
    """Team and person of those for whom something waits that is due, the longest first."""
    wanted = (
        select(Notice.team_id, Notice.recipient)
        .where(notices.in_state("waiting"), col(Notice.due_at) <= now)
        .order_by(col(Notice.due_at))
    )
    return list(dict.fromkeys(session.exec(wanted.limit(MOST_LOOKED_AT))))


def waiting(session: Session, team_id: str, person: str, until: datetime) -> list[Notice]:
    """What waits for this person and is due by `until`, the earliest first. Until the transaction
    ends nobody else puts anything of theirs into an envelope."""
    take_turns(session, f"envelopes {team_id} {person}")
    wanted = select(Notice).where(
        Notice.team_id == team_id,
        Notice.recipient == person,
        Notice.state == "waiting",
        col(Notice.due_at) <= until,
    )
    return list(session.exec(wanted.order_by(col(Notice.due_at), col(Notice.id))))


def together(found: Sequence[Notice], now: datetime) -> list[Notice]:
    """Of what is due or nearly due, what goes now: all that is due, and what may come early unless
    it is about something that is due already."""
    due = [each for each in found if each.due_at <= now]
    subjects = {each.subject for each in due}
    early = [
        each
        for each in found
        if each.due_at > now and each.kind in EARLY and each.subject not in subjects
    ]
    return [*due, *early][:MOST_PARTS]


def fill(session: Session, found: Sequence[Notice], now: datetime, *, digest: bool) -> None:
    """Put what was `found`, all of one person, into an envelope that is due now."""
    envelope = Notice(
        id=str(uuid4()),
        team_id=found[0].team_id,
        kind=ENVELOPE,
        recipient=found[0].recipient,
        subject=DIGEST if digest else ENVELOPE,
        due_at=now,
        told={},
    )
    session.add(envelope)
    for part in found:
        part.state, part.joined = "joined", envelope.id
        session.add(part)


def contents(session: Session, envelope: Notice) -> list[Notice]:
    """What is in it and still to be sent, in the order of the message."""
    wanted = select(Notice).where(
        Notice.team_id == envelope.team_id,
        Notice.joined == envelope.id,
        Notice.state == "joined",
    )
    return sorted(session.exec(wanted), key=place)


def parts(session: Session, envelope: Notice) -> list[Notice]:
    """All that was put into it, whatever became of it."""
    wanted = select(Notice).where(Notice.team_id == envelope.team_id, Notice.joined == envelope.id)
    return list(session.exec(wanted))


def reopen(session: Session, envelope: Notice) -> None:
    """What failed with it is in it again."""
    for part in parts(session, envelope):
        if part.state == "failed":
            part.state = "joined"
            session.add(part)


def close(session: Session, envelope: Notice) -> None:
    """What was in it is as the envelope is: sent with the same stamp, skipped or failed. What
    was erased while it was under way is taken back."""
    if envelope.state not in ("sent", "skipped", "failed"):
        return
    erased = False
    for part in parts(session, envelope):
        erased = erased or part.reason == notices.ERASED
        if part.state != "joined":
            continue
        part.state = envelope.state
        part.channel, part.ts, part.sent_at = envelope.channel, envelope.ts, envelope.sent_at
        session.add(part)
    if erased and envelope.ts:
        where = (envelope.channel, envelope.ts)
        notices.owe(session, envelope.team_id, "unsay", *where, envelope.sent_at or envelope.due_at)


def heard(session: Session, team_id: str, person: str, since: datetime, besides: str = "") -> Heard:
    """How many messages this person got since, and whether a digest was among them; those that are
    on their way are counted, except the notice `besides`."""
    sent = select(Notice.channel, Notice.ts).where(
        Notice.team_id == team_id,
        Notice.recipient == person,
        Notice.state == "sent",
        col(Notice.sent_at) >= since,
        col(Notice.kind).in_({*COUNTED, ENVELOPE}),
    )
    under_way = select(Notice).where(
        Notice.team_id == team_id,
        Notice.recipient == person,
        col(Notice.subject).in_((ENVELOPE, DIGEST)),
        col(Notice.state).in_(("pending", "sending")),
    )
    alone = select(Notice).where(
        notices.in_state("sending"),
        Notice.team_id == team_id,
        Notice.recipient == person,
        col(Notice.kind).in_(COUNTED),
        Notice.id != besides,
    )
    going = [*session.exec(under_way), *session.exec(alone)]
    digests = select(Notice.id).where(
        Notice.team_id == team_id,
        Notice.recipient == person,
        Notice.subject == DIGEST,
        Notice.state == "sent",
        col(Notice.sent_at) >= since,
    )
    said = len(set(session.exec(sent))) + len(going)
    digest = session.exec(digests).first() is not None
    return Heard(said, digest or any(each.subject == DIGEST for each in going))


def move(session: Session, found: Sequence[Notice], to: datetime) -> None:
    for each in found:
        each.due_at = to
        session.add(each)


def last_said(
    session: Session, team_id: str, person: str, subject: str, kinds: set[str], apart: timedelta
) -> datetime | None:
    """When this person may next hear of it: `apart` after the last time; None when it was never."""
    found = notices.sent_of(session, team_id, subject, kinds)
    mine = [each.sent_at for each in found if each.recipient == person and each.sent_at]
    return max(mine) + apart if mine else None
