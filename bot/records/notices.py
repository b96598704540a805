"""What is owed to whom, and what was sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from bot.vault import SealedJson


class Notice(SQLModel, table=True):
    """One message that the bot owes one person or channel (design.md, section 5)."""

    __table_args__ = (
        # Only what can be claimed stands in these: looking takes as long among a million others.
        Index(
            "ix_notice_due",
            "due_at",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_notice_lease",
            "lease_until",
            sqlite_where=text("state = 'sending'"),
            postgresql_where=text("state = 'sending'"),
        ),
        Index(
            "ix_notice_waiting",
            "due_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_notice_failed",
            "due_at",
            sqlite_where=text("state = 'failed'"),
            postgresql_where=text("state = 'failed'"),
        ),
        Index("ix_notice_subject", "team_id", "subject", "recipient"),
        Index("ix_notice_sent", "team_id", "channel", "ts"),
        Index("ix_notice_joined", "joined"),
        Index("ix_notice_day", "team_id", "recipient", "sent_at"),
    )

    id: str = Field(primary_key=True)
    team_id: str
    kind: str
    recipient: str  # Slack's id of a user or a channel.
    subject: str  # The id of an interview or a loop.
    about: str = ""  # The person whom it is about, when that is not the recipient.
    due_at: datetime
    # pending, sending, sent, skipped or failed; what goes together with others to the same person
    # is waiting, then joined to the envelope that is sent in its place. held waits for a planner.
    # parked and shelved were pending and waiting when their team removed the bot.
    state: str = "pending"
    joined: str = ""  # The id of that envelope.
    reason: str = ""  # Why it was skipped.
    attempts: int = 0
    first_tried_at: datetime | None = None
    lease_until: datetime | None = None  # By the database's clock.
    # What an attempt wrote down before it spoke, so that the next one finds what it left: the
    # thread, the id of a file, what is told; and whether the candidate was erased meanwhile.
    intent: dict[str, Any] = Field(default_factory=dict, sa_type=SealedJson)
    error: str = ""  # What Slack said last, in its own code.
    channel: str = ""  # Where it was sent, and Slack's stamp of it.
    ts: str = ""
    told: dict[str, Any] = Field(
        sa_type=SealedJson
    )  # What it said, as data, for the next one to compare.
    sent_at: datetime | None = None


class Snooze(SQLModel, table=True):
    """Until when somebody asked to be left alone about one interview. It changes no plan: every
    plan that is made anew keeps to it."""

    team_id: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    interview_id: str = Field(primary_key=True)
    until: datetime


class Unreachable(SQLModel, table=True):
    """Somebody, or a channel, whom Slack gave the bot no way to reach, until something arrives."""

    team_id: str = Field(primary_key=True)
    recipient: str = Field(primary_key=True)
    error: str  # In Slack's own code.
    since: datetime


class SentFile(SQLModel, table=True):
    """A file about a loop that the bot sent to somebody: erased with the candidate."""

    __tablename__ = "sent_file"

    file_id: str = Field(primary_key=True)
    loop_id: str = Field(primary_key=True, index=True)
    team_id: str
    person: str
    sent_at: datetime


class Heard(SQLModel, table=True):
    """Something that Slack sent and that was done: an event, or a form by the id of its window."""

    team_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    at: datetime = Field(index=True)
