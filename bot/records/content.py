"""What is served, as the deployment has it."""

from datetime import datetime
from typing import Any

from sqlmodel import JSON, Field, SQLModel


class KeptQuestion(SQLModel, table=True):
    """A question as it was served. An answer to it keeps its id and version, so that editing the
    bank never changes an old answer. The bank is the deployment's: no team owns these rows."""

    __tablename__ = "kept_question"

    id: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    fields: dict[str, Any] = Field(sa_type=JSON)
    kept_at: datetime


class ContentOrder(SQLModel, table=True):
    """One row: how often `content reload` was called. Every process of the bot compares it."""

    __tablename__ = "content_order"

    id: int = Field(default=1, primary_key=True)
    revision: int
    ordered_at: datetime


class LeakedQuestion(SQLModel, table=True):
    """A question that a team found to be known outside: its variant is asked there instead."""

    __tablename__ = "leaked_question"

    team_id: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    marked_by: str
    marked_at: datetime
