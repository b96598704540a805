"""Who did what, when."""

from datetime import datetime
from typing import Any

from sqlmodel import JSON, Field, SQLModel


class AuditEntry(SQLModel, table=True):
    """Who did what, when: written in the transaction of the change itself."""

    __tablename__ = "audit_entry"

    id: int = Field(default=None, primary_key=True)  # None until flushed.
    team_id: str = Field(index=True)
    at: datetime
    who: str  # Slack user id.
    what: str  # Such as "opening created".
    subject: str = Field(index=True)  # The id of what it was done to.
    detail: dict[str, Any] = Field(sa_type=JSON)
