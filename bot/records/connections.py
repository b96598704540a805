"""Other programs that are told something, or tell it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import JSON, Field, SQLModel

from bot.vault import SealedText


class Webhook(SQLModel, table=True):
    """Where a team has events told to another program of its own (docs/connections.md)."""

    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    owner: str  # In whose name: what they plan is told.
    everywhere: bool = False  # An admin's: of every opening.
    url: str = Field(sa_type=SealedText)  # Often a secret in itself.
    secret: str = Field(sa_type=SealedText)
    old_secret: str = Field(default="", sa_type=SealedText)  # Signs, too, until `old_until`.
    old_until: datetime | None = None
    events: list[str] = Field(sa_type=JSON)
    content: list[str] = Field(sa_type=JSON)  # What is told besides ids and states.
    state: str = "on"  # or off: its receiver said that it is gone.
    created_at: datetime
    busy_until: datetime | None = None  # By the database's clock: one sends to it at a time.
    heard_at: datetime | None = None  # When it last took something.
    error: str = ""  # What came of the last try, in a few words.


class WebhookCall(SQLModel, table=True):
    """One event that one webhook is to be told: ids and states. What else is told is looked up when
    it is sent, so that nothing of a candidate lies here."""

    __tablename__ = "webhook_call"
    __table_args__ = (
        Index(
            "ix_webhook_call_due",
            "due_at",
            "webhook_id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_webhook_call_next",
            "webhook_id",
            "due_at",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_webhook_call_failed",
            "at",
            sqlite_where=text("state = 'failed'"),
            postgresql_where=text("state = 'failed'"),
        ),
        Index("ix_webhook_call_hook", "team_id", "webhook_id"),
        Index("ix_webhook_call_over", "over_at"),
    )

    id: str = Field(primary_key=True)
    team_id: str
    webhook_id: str
    loop_id: str
    type: str
    data: dict[str, Any] = Field(sa_type=JSON)
    at: datetime  # When it happened.
    due_at: datetime  # While it is being sent: when the next try is, should this one be lost.
    state: str = "pending"  # pending, sent, failed; parked while the team has no bot
    attempts: int = 0
    error: str = ""
    over_at: datetime | None = None  # When it was sent or given up.


class Incoming(SQLModel, table=True):
    """A door through which another program plans interviews, in the name of a planner."""

    id: str = Field(primary_key=True)
    team_id: str = Field(index=True)
    owner: str  # In whose name: what they plan can be changed.
    secret: str = Field(sa_type=SealedText)
    old_secret: str = Field(default="", sa_type=SealedText)  # Fits, too, until `old_until`.
    old_until: datetime | None = None
    created_at: datetime
    heard_at: datetime | None = None  # When something that fits its secret last came.
    problem: str = ""  # Which fields were wrong the last time, without what stood in them.


class IncomingEvent(SQLModel, table=True):
    """What another program has told and was done: it may tell it again."""

    __tablename__ = "incoming_event"

    team_id: str = Field(primary_key=True)
    incoming_id: str = Field(primary_key=True)
    event_id: str = Field(primary_key=True)
    digest: str  # SHA-256 of what it said.
    answer: dict[str, Any] = Field(sa_type=JSON)  # Ids and states.
    at: datetime = Field(index=True)


class CalendarFeed(SQLModel, table=True):
    """Somebody's interviews as a calendar that their calendar program reads by a secret address."""

    __tablename__ = "calendar_feed"

    team_id: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    token_hash: str = Field(index=True, unique=True)  # SHA-256: the address cannot be told again.
    made_at: datetime
    tag: str = ""  # A hash of what it said last, and when that became so.
    changed_at: datetime
    read_at: datetime | None = None
