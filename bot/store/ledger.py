"""What an operator may know of all notices of a deployment: when, to whom, and no words."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.records import Notice
from bot.store import calls, envelopes, notices

OVER = ("sent", "skipped", "joined")


def counts(session: Session) -> list[tuple[str, str, int]]:
    """Kind, state and how many, of all that is not over."""
    wanted = (
        select(Notice.kind, Notice.state, func.count())
        .where(col(Notice.state).not_in(OVER))
        .group_by(col(Notice.kind), col(Notice.state))
        .order_by(col(Notice.kind), col(Notice.state))
    )
    return list(session.exec(wanted))


def upcoming(session: Session, limit: int) -> Sequence[Notice]:
    """The next that are due, those that go together with others among them."""
    found: list[Notice] = []
    for state in ("pending", "waiting"):
        wanted = select(Notice).where(notices.in_state(state)).order_by(col(Notice.due_at))
        found += session.exec(wanted.limit(limit)).all()
    return sorted(found, key=lambda each: each.due_at)[:limit]


def failed(session: Session, limit: int) -> Sequence[Notice]:
    """The newest that were given up; those that went together as the one message they were."""
    wanted = select(Notice).where(notices.in_state("failed"), Notice.joined == "")
    return session.exec(wanted.order_by(col(Notice.due_at).desc()).limit(limit)).all()


def retry(session: Session, id_: str, now: datetime) -> int:
    """Have one, or `all` that failed, sent after all, once it was looked whether it arrived; how
    many that are."""
    wanted = select(Notice).where(notices.in_state("failed"), Notice.joined == "")
    if id_ != "all":
        wanted = wanted.where(Notice.id == id_)
    found = session.exec(wanted.with_for_update()).all()
    for notice in found:
        # One attempt stays, so that the next looks for it first.
        notice.state, notice.attempts, notice.due_at = "pending", 1, now
        session.add(notice)
        if notice.kind == notices.ENVELOPE:
            envelopes.reopen(session, notice)
    return len(found) + calls.retry(session, id_, now)
