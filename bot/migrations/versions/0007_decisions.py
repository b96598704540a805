"""Views after the discussion, decisions, and where people stand on them."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0007"
down_revision = "0006"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), primary_key=True)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UTCDateTime(), nullable=nullable)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "writing",
        _key("loop_id"),
        _key("person"),
        _key("kind"),
        _text("team_id"),
        _json("draft"),
        _time("draft_at"),
    )
    op.create_table(
        "recorded_view",
        _key("loop_id"),
        _key("person"),
        sa.Column("number", sa.Integer(), primary_key=True),
        _text("team_id"),
        _json("views"),
        _text("seal"),
        _time("recorded_at"),
    )
    op.create_table(
        "decision",
        _key("id"),
        _text("team_id"),
        _text("loop_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("by"),
        _text("outcome"),
        _text("level"),
        _text("round"),
        sa.Column("until", sa.Date(), nullable=True),
        _text("rationale"),
        _json("cites"),
        _text("state"),
        _time("decided_at"),
        _time("due_at", nullable=True),
        _time("effective_at", nullable=True),
        _text("reopened_by"),
        _time("reopened_at", nullable=True),
        _text("reopen_reason"),
        sa.UniqueConstraint("loop_id", "number"),
    )
    op.create_index("ix_decision_loop", "decision", ["team_id", "loop_id"])
    op.create_table(
        "stance",
        _key("decision_id"),
        _key("person"),
        _text("team_id"),
        _text("loop_id"),
        _text("role"),
        _text("says"),
        _text("reason"),
        _time("asked_at"),
        _time("said_at", nullable=True),
        _text("answer"),
        _time("answered_at", nullable=True),
    )
    op.create_index("ix_stance_loop", "stance", ["team_id", "loop_id"])
    op.create_index("ix_stance_person", "stance", ["team_id", "person", "says"])
