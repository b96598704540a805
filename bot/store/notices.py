"""Notices: what the bot owes whom, and when (design.md, section 5)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, func, literal_column, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.nudges import TOGETHER, place
from bot.records import Notice

ENVELOPE = "envelope"  # The kind of a message that several notices go in.
ERASED = "the candidate was erased"
DONE = "it was done"  # Of a notice that says nothing to anybody.
LATE = timedelta(minutes=5)  # What goes out later than this is late.
OPEN = ("pending", "waiting", "held")  # What is not on its way yet.


def owe(
    session: Session,
    team_id: str,
    kind: str,
    recipient: str,
    subject: str,
    due_at: datetime,
    about: str = "",
    **told: Any,
) -> None:
    """Have the bot send this once it is due. While an earlier one of the same kind about the same
    subject (and person, with `about`) waits, the two are one, sent when the later is due. What a
    planner holds stays held."""
    owe_all(session, team_id, kind, [recipient], subject, due_at, about, **told)


def owe_all(
    session: Session,
    team_id: str,
    kind: str,
    recipients: Collection[str],
    subject: str,
    due_at: datetime,
    about: str = "",
    **told: Any,
) -> None:
    """The same for several people at once."""
    wanted = select(Notice).where(
        Notice.team_id == team_id,
        Notice.subject == subject,
        col(Notice.recipient).in_(recipients),
        col(Notice.state).in_(OPEN),
        Notice.kind == kind,
        Notice.about == about,
        Notice.attempts == 0,
    )
    waiting = {each.recipient: each for each in session.exec(wanted)}
    for recipient in recipients:
        notice = waiting.get(recipient) or Notice(
            id=str(uuid4()),
            team_id=team_id,
            kind=kind,
            recipient=recipient,
            subject=subject,
            about=about,
            due_at=due_at,
            state="waiting" if kind in TOGETHER else "pending",
            told=told,
        )
        notice.due_at, notice.told = due_at, told
        if notice.state == "waiting" and kind not in TOGETHER:
            notice.state = "pending"  # It was put off, and may be urgent by now.
        session.add(notice)


def follow(
    session: Session, team_id: str, kind: str, person: str, subject: str, now: datetime
) -> None:
    """Have done, right after the transaction under way, what follows from what this person just
    did. No earlier one is looked for: each stands for one thing that was done."""
    session.add(
        Notice(
            id=str(uuid4()), team_id=team_id, kind=kind, recipient=person, subject=subject,
            due_at=now, told={},
        )
    )  # fmt: skip


def first_time(session: Session, claimed: Notice) -> bool:
    """Whether what follows from what was `claimed` is still to be done; then it is, with the
    transaction under way. An attempt that nobody heard of is made again: so it finds out."""
    kept = notice(session, claimed.team_id, claimed.id)
    if kept is None or kept.reason == DONE:
        return False
    kept.reason = DONE
    session.add(kept)
    return True


def put_off(session: Session, notice: Notice, to: datetime, *, together: bool) -> None:
    """Owe it anew for then, if wanted to go together with what else the person is to hear."""
    keys = (notice.recipient, notice.subject)
    owe(session, notice.team_id, notice.kind, *keys, to, notice.about, **notice.told)
    if not together:
        return
    for each in open_about(session, notice.team_id, *keys, {notice.kind}):
        if each.state == "pending" and each.about == notice.about:
            each.state = "waiting"
            session.add(each)


@dataclass(frozen=True)
class Backlog:
    """What waits to be sent, of all teams. `counts` has due, late (of those due), waiting (due too,
    to go together with others), sending and failed."""

    counts: dict[str, int]
    lag: timedelta  # How long the oldest of those due has been so.


def in_state(name: str) -> ColumnElement[bool]:
    """Written out and not bound: SQLite uses a partial index only for what it reads in the
    statement."""
    return col(Notice.state) == literal_column(f"'{name}'")


def backlog(session: Session, now: datetime) -> Backlog:
    holds = {
        "due": and_(in_state("pending"), col(Notice.due_at) <= now),
        "late": and_(in_state("pending"), col(Notice.due_at) <= now - LATE),
        "waiting": and_(in_state("waiting"), col(Notice.due_at) <= now),
        "sending": in_state("sending"),
        "failed": in_state("failed"),
    }
    counts = {
        name: session.exec(select(func.count()).select_from(Notice).where(which)).one()
        for name, which in holds.items()
    }
    oldest = session.exec(select(func.min(Notice.due_at)).where(holds["due"])).one()
    return Backlog(counts, now - oldest if oldest else timedelta())


def next_due(session: Session) -> datetime | None:
    """When the next notice is due, of any team; None when none is."""
    found = [
        session.exec(select(func.min(Notice.due_at)).where(in_state(state))).one()
        for state in ("pending", "waiting")
    ]
    return min((at for at in found if at is not None), default=None)


def last_told(
    session: Session, team_id: str, kind: str, recipient: str, subject: str
) -> Notice | None:
    """The newest of these that was sent."""
    sent = _about(team_id, recipient, subject, "sent").where(Notice.kind == kind)
    return session.exec(sent.order_by(col(Notice.sent_at).desc())).first()


def first_told(
    session: Session, team_id: str, kind: str, recipient: str, subject: str
) -> Notice | None:
    """The oldest of these that was sent as a message of its own: the head of the thread."""
    sent = _about(team_id, recipient, subject, "sent").where(
        Notice.kind == kind, Notice.joined == ""
    )
    return session.exec(sent.order_by(col(Notice.sent_at))).first()


def notice(session: Session, team_id: str, id_: str) -> Notice | None:
    wanted = select(Notice).where(Notice.team_id == team_id, Notice.id == id_)
    return session.exec(wanted).first()


def sent_about(session: Session, team_id: str, recipient: str, subject: str) -> list[Notice]:
    """What this person was sent about it, of every kind."""
    return list(session.exec(_about(team_id, recipient, subject, "sent")))


def open_about(
    session: Session, team_id: str, recipient: str, subject: str, kinds: Collection[str]
) -> list[Notice]:
    """What this person is still to hear of it, the earliest first."""
    wanted = _of(team_id, recipient, subject).where(
        col(Notice.kind).in_(kinds), col(Notice.state).in_(OPEN)
    )
    return list(session.exec(wanted.order_by(col(Notice.due_at), col(Notice.kind))))


def unsent(
    session: Session, team_id: str, recipient: str, subject: str, kind: str
) -> Notice | None:
    """One of this kind that is owed or on its way."""
    wanted = _of(team_id, recipient, subject).where(
        Notice.kind == kind, col(Notice.state).in_((*OPEN, "joined", "sending"))
    )
    return session.exec(wanted).first()


def on_its_way(
    session: Session, team_id: str, recipient: str, subject: str, kind: str
) -> Notice | None:
    """One of this kind that may have arrived, although nobody has written down that it did."""
    tried = and_(col(Notice.state) == "pending", col(Notice.attempts) > 0)
    wanted = _of(team_id, recipient, subject).where(
        Notice.kind == kind, or_(col(Notice.state) == "sending", tried)
    )
    return session.exec(wanted).first()


def left_out(
    session: Session, team_id: str, recipient: str, subject: str, kind: str, reason: str
) -> bool:
    """Whether one of this kind was skipped for a reason that begins with `reason`."""
    skipped = _about(team_id, recipient, subject, "skipped").where(
        Notice.kind == kind, col(Notice.reason).startswith(reason)
    )
    return session.exec(skipped).first() is not None


def joined_with(session: Session, notice: Notice) -> list[Notice]:
    """What goes in the same envelope."""
    wanted = select(Notice).where(
        Notice.team_id == notice.team_id,
        Notice.joined == notice.joined,
        Notice.state == "joined",
        Notice.id != notice.id,
    )
    return list(session.exec(wanted))


def of_loop(session: Session, team_id: str, subjects: Collection[str]) -> list[Notice]:
    """All that was owed about these subjects, the earliest first."""
    wanted = select(Notice).where(Notice.team_id == team_id, col(Notice.subject).in_(subjects))
    return list(session.exec(wanted.order_by(col(Notice.due_at), col(Notice.id))))


def parts(session: Session, team_id: str, channel: str, ts: str) -> list[Notice]:
    """What one message is made of, in its order: a single notice, or all that went together."""
    wanted = select(Notice).where(
        Notice.team_id == team_id,
        Notice.channel == channel,
        Notice.ts == ts,
        col(Notice.kind) != ENVELOPE,
    )
    return sorted(session.exec(wanted), key=place)


def sent_of(session: Session, team_id: str, subject: str, kinds: Collection[str]) -> list[Notice]:
    """What was sent of these kinds about it, to anybody, the oldest first."""
    wanted = select(Notice).where(
        Notice.team_id == team_id,
        Notice.subject == subject,
        Notice.state == "sent",
        col(Notice.kind).in_(kinds),
    )
    return list(session.exec(wanted.order_by(col(Notice.sent_at))))


def drop(session: Session, notice: Notice, reason: str) -> None:
    """It is not sent, and this is why."""
    kept = session.get(Notice, notice.id)
    if kept is not None:
        kept.reason = reason
        if kept.state in OPEN:
            kept.state = "skipped"
        session.add(kept)


def _about(team_id: str, recipient: str, subject: str, state: str) -> SelectOfScalar[Notice]:
    return _of(team_id, recipient, subject).where(Notice.state == state)


def _of(team_id: str, recipient: str, subject: str) -> SelectOfScalar[Notice]:
    return select(Notice).where(
        Notice.team_id == team_id, Notice.subject == subject, Notice.recipient == recipient
    )
