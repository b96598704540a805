"""What interviewers write."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.vault import SealedJson, SealedText


class Scorecard(SQLModel, table=True):
    """One person's scorecard of one interview: what they are writing, and how often they sealed."""

    __table_args__ = (
        UniqueConstraint("interview_id", "person"),
        Index("ix_scorecard_loop", "team_id", "loop_id"),
    )

    id: str = Field(primary_key=True)
    team_id: str
    loop_id: str
    interview_id: str
    person: str
    draft: dict[str, Any] = Field(sa_type=SealedJson)  # As bot.drafts writes it.
    draft_at: datetime | None = None
    version: int = 0  # Of the newest sealed version; 0 until the first.
    submitted_at: datetime | None = None  # The first time.


class SealedVersion(SQLModel, table=True):
    """A scorecard as it was submitted. It never changes; an amendment is the next version."""

    __tablename__ = "sealed_version"

    scorecard_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    team_id: str
    answers: dict[str, Any] = Field(sa_type=SealedJson)
    seal: str  # SHA-256 of the answers, whose they are, and when: bot.scorecards.seal.
    submitted_at: datetime
    after_reveal: bool


class Writing(SQLModel, table=True):
    """What somebody is writing about a loop, besides scorecards, until they hand it in."""

    loop_id: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)  # view or decision
    team_id: str
    draft: dict[str, Any] = Field(sa_type=SealedJson)  # As bot.drafts writes it.
    draft_at: datetime


class ThreadNote(SQLModel, table=True):
    """Something an interviewer typed in the thread of their brief."""

    __tablename__ = "thread_note"

    team_id: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    interview_id: str = Field(index=True)
    person: str
    text: str = Field(sa_type=SealedText)
    at: datetime
