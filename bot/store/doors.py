"""Doors for other programs, and what came through them."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, delete, select

from bot.records import Incoming, IncomingEvent
from bot.store import take_turns

MOST = 20  # Of one team.
KEPT = timedelta(days=30)  # How long the same event is known again.


def find_any(session: Session, id_: str) -> Incoming | None:
    """By the id that stands in the address: which team's it is, is not known before."""
    return session.exec(select(Incoming).where(Incoming.id == id_)).first()


def find(session: Session, team_id: str, id_: str) -> Incoming | None:
    wanted = select(Incoming).where(Incoming.team_id == team_id, Incoming.id == id_)
    return session.exec(wanted.with_for_update()).first()


def of_team(session: Session, team_id: str) -> list[Incoming]:
    """The oldest first."""
    wanted = select(Incoming).where(Incoming.team_id == team_id)
    return sorted(session.exec(wanted), key=lambda each: (each.created_at, each.id))


def remove(session: Session, door: Incoming) -> None:
    session.exec(
        delete(IncomingEvent).where(
            col(IncomingEvent.team_id) == door.team_id, col(IncomingEvent.incoming_id) == door.id
        )
    )
    session.delete(door)


def heard(session: Session, door: Incoming, event_id: str) -> IncomingEvent | None:
    """What was done of this event before. Whoever asks for the same one meanwhile waits."""
    take_turns(session, f"incoming {door.id} {event_id}")
    wanted = select(IncomingEvent).where(
        IncomingEvent.team_id == door.team_id,
        IncomingEvent.incoming_id == door.id,
        IncomingEvent.event_id == event_id,
    )
    return session.exec(wanted).first()


def hear(
    session: Session,
    door: Incoming,
    event_id: str,
    digest: str,
    answer: dict[str, Any],
    now: datetime,
) -> None:
    session.add(
        IncomingEvent(
            team_id=door.team_id, incoming_id=door.id, event_id=event_id, digest=digest,
            answer=answer, at=now,
        )
    )  # fmt: skip


def forget(session: Session, now: datetime) -> None:
    """Of every team, what cannot come again any more."""
    session.connection().execute(delete(IncomingEvent).where(col(IncomingEvent.at) < now - KEPT))
