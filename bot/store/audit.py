"""The audit: written by every change of consequence, in its own transaction."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.records import AuditEntry


def note(
    session: Session,
    team_id: str,
    who: str,
    what: str,
    subject: str,
    now: datetime,
    **detail: Any,
) -> None:
    session.add(
        AuditEntry(team_id=team_id, at=now, who=who, what=what, subject=subject, detail=detail)
    )


def entries(session: Session, team_id: str, subject: str) -> list[AuditEntry]:
    """What was done to `subject`, oldest first."""
    wanted = select(AuditEntry).where(AuditEntry.team_id == team_id, AuditEntry.subject == subject)
    return list(session.exec(wanted.order_by(col(AuditEntry.id))))
