"""Openings, and the loops of their candidates."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import JSON, Field, SQLModel

from bot.vault import SealedJson, SealedText


class Opening(SQLModel, table=True):
    """A role being hired for, with the kits that all its candidates are asked."""

    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    title: str
    level: str
    specialization: str
    hiring_manager: str  # Slack user ids, here and below.
    coordinators: list[str] = Field(sa_type=JSON)
    channel: str = ""  # Slack's id of a channel; "" for none.
    shown_as: str  # How candidates are shown: name, initials or code.
    keep_months: int  # How long a candidate's data is kept after their loop.
    kits: list[dict[str, Any]] = Field(sa_type=JSON)  # As bot.openings.pin makes them.
    created_by: str
    created_at: datetime
    closed_at: datetime | None = None


class Loop(SQLModel, table=True):
    """One candidate's interviews for one opening."""

    __table_args__ = (
        UniqueConstraint("team_id", "number"),
        Index("ix_loop_active", "team_id", "state", "opening_id", "created_at"),
        Index("ix_loop_revealed", "team_id", "state", "revealed_at"),
    )

    id: str = Field(primary_key=True)
    team_id: str
    opening_id: str
    number: int  # The candidate's code is C- and this number.
    candidate: str  # As it was typed; "" once it is erased.
    link: str = ""  # To their record elsewhere.
    state: str = "active"  # active, withdrawn or closed
    debrief_at: datetime | None = None
    debrief_place: str = ""
    revealed_at: datetime | None = None  # When the scorecards were opened for everybody.
    reveal_reason: str = Field(
        default="", sa_type=SealedText
    )  # Why they were opened before all were in.
    revision: int = 0  # Counts the changes of its plan.
    created_by: str
    created_at: datetime
    ended_at: datetime | None = None
    erased_at: datetime | None = None


class Interview(SQLModel, table=True):
    """One session of a loop."""

    __table_args__ = (
        Index("ix_interview_when", "team_id", "starts_at"),
        Index("ix_interview_loop", "team_id", "loop_id"),
    )

    id: str = Field(primary_key=True)
    team_id: str
    loop_id: str
    round: str  # The id of a kit of the opening.
    minutes: int
    starts_at: datetime
    state: str = "planned"  # planned, cancelled, no_show or not_held
    reason: str = Field(default="", sa_type=SealedText)  # Why it was not held.


class Seat(SQLModel, table=True):
    """One person in one interview. It stays when the person leaves, with why."""

    __table_args__ = (
        UniqueConstraint("interview_id", "person"),
        Index("ix_seat_person", "team_id", "person", "owes"),
        Index("ix_seat_loop", "team_id", "loop_id"),
    )

    id: str = Field(primary_key=True)
    team_id: str
    loop_id: str
    interview_id: str
    person: str  # Slack user id.
    role: str  # lead, bar_raiser, shadow or reverse_shadow
    state: str = "on"  # on, off (somebody else sits there now) or excused
    owes: bool = True  # False once nothing is expected of them: what lies ahead is found by it.
    reason: str = Field(default="", sa_type=SealedText)


class UnfinishedPlan(SQLModel, table=True):
    """A plan that somebody is filling in: not saved yet, and never trusted."""

    __tablename__ = "unfinished_plan"
    __table_args__ = (UniqueConstraint("team_id", "person", "opening_id", "loop_id", "candidate"),)

    id: str = Field(primary_key=True)
    team_id: str
    person: str
    opening_id: str
    loop_id: str  # "" for a new loop.
    candidate: str
    plan: dict[str, Any] = Field(sa_type=SealedJson)  # As bot.plans.Plan dumps itself.
    begun_at: datetime
    saved_at: datetime


class Undo(SQLModel, table=True):
    """How a loop was before its last change, for a minute."""

    loop_id: str = Field(primary_key=True)
    team_id: str
    by: str
    until: datetime
    before: dict[str, Any] = Field(sa_type=JSON)  # As bot.plans.Plan dumps itself.
