"""Webhooks, doors for other programs, and calendar feeds."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0018"
down_revision = "0016"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.String(), primary_key=True),
        _text("team_id"),
        _text("owner"),
        sa.Column("everywhere", sa.Boolean(), nullable=False),
        _text("url"),
        _text("secret"),
        _text("old_secret"),
        sa.Column("old_until", UTCDateTime()),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        _text("state"),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("busy_until", UTCDateTime()),
        sa.Column("heard_at", UTCDateTime()),
        _text("error"),
    )
    op.create_index("ix_webhook_team_id", "webhook", ["team_id"])
    op.create_table(
        "webhook_call",
        sa.Column("id", sa.String(), primary_key=True),
        _text("team_id"),
        _text("webhook_id"),
        _text("loop_id"),
        _text("type"),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        _text("state"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _text("error"),
        sa.Column("over_at", UTCDateTime()),
    )
    for name, columns, state in (
        ("due", ["due_at", "webhook_id"], "pending"),
        ("next", ["webhook_id", "due_at"], "pending"),
        ("failed", ["at"], "failed"),
    ):
        where = sa.text(f"state = '{state}'")
        op.create_index(
            f"ix_webhook_call_{name}", "webhook_call", columns,
            sqlite_where=where, postgresql_where=where,
        )  # fmt: skip
    op.create_index("ix_webhook_call_hook", "webhook_call", ["team_id", "webhook_id"])
    op.create_index("ix_webhook_call_over", "webhook_call", ["over_at"])
    op.create_table(
        "incoming",
        sa.Column("id", sa.String(), primary_key=True),
        _text("team_id"),
        _text("owner"),
        _text("secret"),
        _text("old_secret"),
        sa.Column("old_until", UTCDateTime()),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("heard_at", UTCDateTime()),
        _text("problem"),
    )
    op.create_index("ix_incoming_team_id", "incoming", ["team_id"])
    op.create_table(
        "incoming_event",
        sa.Column("team_id", sa.String(), primary_key=True),
        sa.Column("incoming_id", sa.String(), primary_key=True),
        sa.Column("event_id", sa.String(), primary_key=True),
        _text("digest"),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
    )
    op.create_index("ix_incoming_event_at", "incoming_event", ["at"])
    op.create_table(
        "calendar_feed",
        sa.Column("team_id", sa.String(), primary_key=True),
        sa.Column("person", sa.String(), primary_key=True),
        _text("token_hash"),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        _text("tag"),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("read_at", UTCDateTime()),
    )
    op.create_index("ix_calendar_feed_token_hash", "calendar_feed", ["token_hash"], unique=True)
