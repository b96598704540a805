"""Who cannot be reached, and which coordinators were told so."""

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from sqlmodel import Session, col, delete, select

from bot.records import Notice, Unreachable

KIND = "unreached"


def mark(session: Session, team_id: str, recipient: str, error: str, now: datetime) -> Unreachable:
    """From now on they count as unreachable, unless they do so already."""
    found = session.get(Unreachable, (team_id, recipient))
    if found is None:
        keys = {"team_id": team_id, "recipient": recipient}
        session.add(found := Unreachable(**keys, error=error, since=now))
    return found


def reached(session: Session, team_id: str, recipients: Collection[str]) -> None:
    """Something arrived there."""
    session.exec(
        delete(Unreachable).where(
            col(Unreachable.team_id) == team_id, col(Unreachable.recipient).in_(recipients)
        )
    )


def among(session: Session, team_id: str, people: Collection[str]) -> set[str]:
    """Those of `people` who cannot be reached."""
    wanted = select(Unreachable.recipient).where(
        Unreachable.team_id == team_id, col(Unreachable.recipient).in_(people)
    )
    return set(session.exec(wanted))


def tell(
    session: Session, whom: str, loop_id: str, gone: Unreachable, error: str, now: datetime
) -> None:
    """Owe `whom` one message that somebody of this loop cannot be reached, however many notices
    fail to reach them."""
    wanted = select(Notice).where(
        Notice.team_id == gone.team_id,
        Notice.kind == KIND,
        Notice.recipient == whom,
        Notice.subject == loop_id,
        col(Notice.due_at) >= gone.since,
    )
    if any(each.told.get("person") == gone.recipient for each in session.exec(wanted)):
        return
    session.add(
        Notice(
            id=str(uuid4()),
            team_id=gone.team_id,
            kind=KIND,
            recipient=whom,
            subject=loop_id,
            due_at=now,
            told={"person": gone.recipient, "error": error},
        )
    )
