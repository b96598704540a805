"""Notices: what the bot owes whom, and when (design.md, section 5)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.records import Notice

LEASE = timedelta(seconds=60)
BATCH = 20  # Notices claimed at once.


def owe(
    session: Session,
    team_id: str,
    kind: str,
    recipient: str,
    subject: str,
    due_at: datetime,
    **told: Any,
) -> None:
    """Have the bot send this once it is due. While an earlier one of the same kind about the same
    subject waits, the two are one, sent when the later is due."""
    owe_all(session, team_id, kind, [recipient], subject, due_at, **told)


def owe_all(
    session: Session,
    team_id: str,
    kind: str,
    recipients: Collection[str],
    subject: str,
    due_at: datetime,
    **told: Any,
) -> None:
    """The same for several people at once."""
    wanted = select(Notice).where(
        Notice.team_id == team_id,
        Notice.subject == subject,
        col(Notice.recipient).in_(recipients),
        Notice.state == "pending",
        Notice.kind == kind,
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
            due_at=due_at,
            told=told,
        )
        notice.due_at, notice.told = due_at, told
        session.add(notice)


def claim(session: Session, now: datetime) -> list[Notice]:
    """Take what is due, of all teams, the longest due first; nobody else gets it until the lease
    runs out. What was claimed before and never recorded has more than one attempt."""
    due = and_(col(Notice.state) == "pending", col(Notice.due_at) <= now)
    lost = and_(col(Notice.state) == "sending", col(Notice.lease_until) < now)
    wanted = select(Notice).where(or_(due, lost)).order_by(col(Notice.due_at)).limit(BATCH)
    found = list(session.exec(wanted.with_for_update(skip_locked=True)))
    for notice in found:
        notice.state = "sending"
        notice.attempts += 1
        notice.first_tried_at = notice.first_tried_at or now
        notice.lease_until = now + LEASE
        session.add(notice)
    return found


@dataclass(frozen=True)
class Backlog:
    """What waits to be sent, of all teams. `counts` has due, sending and failed."""

    counts: dict[str, int]
    lag: timedelta  # How long the oldest of those due has been so.


def backlog(session: Session, now: datetime) -> Backlog:
    due = and_(col(Notice.state) == "pending", col(Notice.due_at) <= now)
    states = {
        "due": due,
        "sending": col(Notice.state) == "sending",
        "failed": col(Notice.state) == "failed",
    }
    counts = {
        name: session.exec(select(func.count()).select_from(Notice).where(holds)).one()
        for name, holds in states.items()
    }
    oldest = session.exec(select(func.min(Notice.due_at)).where(due)).one()
    return Backlog(counts, now - oldest if oldest else timedelta())


def next_due(session: Session) -> datetime | None:
    """When the next notice is due, of any team; None when none is."""
    wanted = select(func.min(Notice.due_at)).where(Notice.state == "pending")
    return session.exec(wanted).one()


def last_told(
    session: Session, team_id: str, kind: str, recipient: str, subject: str
) -> Notice | None:
    """The newest of these that was sent."""
    sent = _about(team_id, recipient, subject, "sent").where(Notice.kind == kind)
    return session.exec(sent.order_by(col(Notice.sent_at).desc())).first()


def first_told(
    session: Session, team_id: str, kind: str, recipient: str, subject: str
) -> Notice | None:
    """The oldest of these that was sent: the head of the thread."""
    sent = _about(team_id, recipient, subject, "sent").where(Notice.kind == kind)
    return session.exec(sent.order_by(col(Notice.sent_at))).first()


def sent_as(session: Session, team_id: str, channel: str, ts: str) -> Notice | None:
    """The notice that is this message."""
    wanted = select(Notice).where(
        Notice.team_id == team_id, Notice.channel == channel, Notice.ts == ts
    )
    return session.exec(wanted).first()


def notice(session: Session, team_id: str, id_: str) -> Notice | None:
    wanted = select(Notice).where(Notice.team_id == team_id, Notice.id == id_)
    return session.exec(wanted).first()


def sent_about(session: Session, team_id: str, recipient: str, subject: str) -> list[Notice]:
    """What this person was sent about it, of every kind."""
    return list(session.exec(_about(team_id, recipient, subject, "sent")))


def put_off(session: Session, team_id: str, recipient: str, subject: str, until: datetime) -> None:
    """The next reminder of this comes at `until`; those planned before then are left out."""
    pending = _about(team_id, recipient, subject, "pending")
    wanted = pending.where(col(Notice.kind).startswith("nudge"))
    waiting = sorted(session.exec(wanted), key=lambda each: each.due_at)
    for notice in waiting[1:]:
        if notice.due_at < until:
            notice.state = "skipped"
            session.add(notice)
    for notice in waiting[:1]:
        notice.due_at = until
        session.add(notice)


def _about(team_id: str, recipient: str, subject: str, state: str) -> SelectOfScalar[Notice]:
    return select(Notice).where(
        Notice.team_id == team_id,
        Notice.subject == subject,
        Notice.recipient == recipient,
        Notice.state == state,
    )
