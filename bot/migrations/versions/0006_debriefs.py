"""Debriefs as they run, with what is noted in them; loops found by their reveal."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0006"
down_revision = "0004"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


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
        "debrief",
        _key("loop_id"),
        _text("team_id"),
        _text("state"),
        _json("places"),
        _json("topics"),
        _number("at"),
        _number("seen"),
        _number("revision"),
        _time("until"),
        _text("seed"),
        _text("led_by"),
        _text("stepped_by"),
        _time("started_at"),
        _time("ended_at", nullable=True),
    )
    op.create_table(
        "debrief_note",
        _key("id"),
        _text("team_id"),
        _text("loop_id"),
        _text("topic"),
        _text("person"),
        _text("text"),
        _time("at"),
    )
    op.create_index("ix_debrief_note_loop", "debrief_note", ["team_id", "loop_id"])
    op.create_index("ix_loop_revealed", "loop", ["team_id", "state", "revealed_at"])
