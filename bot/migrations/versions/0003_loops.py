"""Loops with their interviews, panels, scorecards, notes and notices; people's hours."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0003"
down_revision = "0002"


def _text(name: str, **more: object) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, **more)  # type: ignore[arg-type]


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), primary_key=True)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UTCDateTime(), nullable=nullable)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "loop",
        _key("id"),
        _text("team_id"),
        _text("opening_id"),
        _number("number"),
        _text("candidate"),
        _text("link"),
        _text("state"),
        _time("debrief_at", nullable=True),
        _text("debrief_place"),
        _time("revealed_at", nullable=True),
        _text("reveal_reason"),
        _number("revision"),
        _text("created_by"),
        _time("created_at"),
        _time("ended_at", nullable=True),
        _time("erased_at", nullable=True),
        sa.UniqueConstraint("team_id", "number"),
    )
    op.create_index("ix_loop_active", "loop", ["team_id", "state", "opening_id", "created_at"])
    op.create_table(
        "interview",
        _key("id"),
        _text("team_id"),
        _text("loop_id"),
        _text("round"),
        _number("minutes"),
        _time("starts_at"),
        _text("state"),
        _text("reason"),
    )
    op.create_index("ix_interview_when", "interview", ["team_id", "starts_at"])
    op.create_index("ix_interview_loop", "interview", ["team_id", "loop_id"])
    op.create_table(
        "seat",
        _key("id"),
        _text("team_id"),
        _text("loop_id"),
        _text("interview_id"),
        _text("person"),
        _text("role"),
        _text("state"),
        sa.Column("owes", sa.Boolean(), nullable=False),
        _text("reason"),
        sa.UniqueConstraint("interview_id", "person"),
    )
    op.create_index("ix_seat_person", "seat", ["team_id", "person", "owes"])
    op.create_index("ix_seat_loop", "seat", ["team_id", "loop_id"])
    op.create_table(
        "scorecard",
        _key("id"),
        _text("team_id"),
        _text("loop_id"),
        _text("interview_id"),
        _text("person"),
        _json("draft"),
        _time("draft_at", nullable=True),
        _number("version"),
        _time("submitted_at", nullable=True),
        sa.UniqueConstraint("interview_id", "person"),
    )
    op.create_index("ix_scorecard_loop", "scorecard", ["team_id", "loop_id"])
    op.create_table(
        "sealed_version",
        _key("scorecard_id"),
        sa.Column("number", sa.Integer(), primary_key=True),
        _text("team_id"),
        _json("answers"),
        _text("seal"),
        _time("submitted_at"),
        sa.Column("after_reveal", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "thread_note",
        _key("team_id"),
        _key("channel"),
        _key("ts"),
        _text("interview_id", index=True),
        _text("person"),
        _text("text"),
        _time("at"),
    )
    op.create_table(
        "notice",
        _key("id"),
        _text("team_id"),
        _text("kind"),
        _text("recipient"),
        _text("subject"),
        _time("due_at"),
        _text("state"),
        _number("attempts"),
        _time("first_tried_at", nullable=True),
        _time("lease_until", nullable=True),
        _text("channel"),
        _text("ts"),
        _json("told"),
        _time("sent_at", nullable=True),
    )
    op.create_index("ix_notice_due", "notice", ["state", "due_at"])
    op.create_index("ix_notice_subject", "notice", ["team_id", "subject", "recipient"])
    op.create_index("ix_notice_sent", "notice", ["team_id", "channel", "ts"])
    op.create_table(
        "sent_file",
        _key("file_id"),
        sa.Column("loop_id", sa.String(), primary_key=True, index=True),
        _text("team_id"),
        _text("person"),
        _time("sent_at"),
    )
    op.create_table(
        "person_settings",
        _key("team_id"),
        _key("person"),
        _text("starts"),
        _text("ends"),
        _json("days"),
        _number("weekly_limit"),
        _text("country"),
        sa.Column("away_until", sa.Date(), nullable=True),
        sa.Column("leads", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "undo",
        _key("loop_id"),
        _text("team_id"),
        _text("by"),
        _time("until"),
        _json("before"),
    )
