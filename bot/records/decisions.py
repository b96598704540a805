"""What a panel says and decides once its scorecards are open."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import JSON, Field, SQLModel

from bot.vault import SealedJson, SealedText


class Debrief(SQLModel, table=True):
    """The meeting in which the panel of a loop talks, as far as it has come."""

    loop_id: str = Field(primary_key=True)
    team_id: str
    state: str = "running"  # or "ended"
    places: list[str] = Field(sa_type=JSON)  # Slack's id of a channel, or those of its people.
    topics: list[dict[str, Any]] = Field(sa_type=JSON)  # As bot.debriefs.agenda makes them.
    at: int = 0  # The topic that is being talked about.
    seen: int = 0  # The furthest that they have come.
    revision: int = 0  # Counts the steps: who presses an older button is told.
    until: datetime  # When the time of this topic is up.
    seed: str  # By which lots were drawn.
    led_by: str  # Who started it, or took it up again.
    stepped_by: str  # Who pressed last.
    started_at: datetime
    ended_at: datetime | None = None


class DebriefNote(SQLModel, table=True):
    """Something that was noted on one topic of a debrief."""

    __tablename__ = "debrief_note"
    __table_args__ = (Index("ix_debrief_note_loop", "team_id", "loop_id"),)

    id: str = Field(primary_key=True)
    team_id: str
    loop_id: str
    topic: str  # Its key.
    person: str
    text: str = Field(sa_type=SealedText)
    at: datetime


class RecordedView(SQLModel, table=True):
    """What a panellist thinks after the discussion, beside what they had sealed. It never changes;
    who thinks again records the next one."""

    __tablename__ = "recorded_view"

    loop_id: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    team_id: str
    views: dict[str, Any] = Field(sa_type=SealedJson)  # As bot.votes.views makes them.
    seal: str  # SHA-256: bot.votes.seal.
    recorded_at: datetime


class Decision(SQLModel, table=True):
    """What a hiring manager decided on a loop. It is kept when it is reopened."""

    __table_args__ = (
        UniqueConstraint("loop_id", "number"),
        Index("ix_decision_loop", "team_id", "loop_id"),
    )

    id: str = Field(primary_key=True)
    team_id: str
    loop_id: str
    number: int  # Of the loop: 1, 2, …
    by: str
    outcome: str  # As bot.decisions.Outcome.
    level: str = ""  # At which to hire.
    round: str = ""  # Which interview is wanted.
    until: date | None = None  # How long it is on hold.
    rationale: str = Field(sa_type=SealedText)
    cites: list[str] = Field(sa_type=JSON)  # The ids of the questions whose evidence it cites.
    state: str  # waiting, objected, in_effect or reopened
    decided_at: datetime
    due_at: datetime | None = None  # When it takes effect unless somebody objects.
    effective_at: datetime | None = None
    reopened_by: str = ""
    reopened_at: datetime | None = None
    reopen_reason: str = Field(default="", sa_type=SealedText)


class Stance(SQLModel, table=True):
    """Where one person stands on a decision, once they were asked."""

    __table_args__ = (
        Index("ix_stance_loop", "team_id", "loop_id"),
        Index("ix_stance_person", "team_id", "person", "says"),
    )

    decision_id: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    team_id: str
    loop_id: str
    role: str  # bar_raiser or panellist
    says: str = "asked"  # asked, concurs, dissents or objects
    reason: str = Field(default="", sa_type=SealedText)
    asked_at: datetime
    said_at: datetime | None = None
    answer: str = Field(default="", sa_type=SealedText)  # The hiring manager's, to an objection.
    answered_at: datetime | None = None
