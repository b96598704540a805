"""Opened scorecards in numbers, calibration drills, leaked questions and echoes.

What was opened before is counted from what was sealed.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0008"
down_revision = "0007"

AT_ONCE = 500  # Scorecards held in memory.
RECOMMENDED = {"strong_no": 1, "no": 2, "yes": 3, "strong_yes": 4}


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), primary_key=True)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UTCDateTime(), nullable=nullable)


def upgrade() -> None:
    of_card = ("team_id", "opening_id", "loop_id", "interview_id", "person")
    scored_card = op.create_table(
        "scored_card",
        _key("scorecard_id"),
        *map(_text, of_card),
        _text("month"),
        *map(_number, ("minutes", "evidence", "rated", "total", "recommendation")),
        sa.Column("after_reveal", sa.Boolean(), nullable=False),
        _time("revealed_at"),
    )
    op.create_index("ix_scored_card_opening", "scored_card", ["team_id", "opening_id", "month"])
    op.create_index("ix_scored_card_person", "scored_card", ["team_id", "person", "loop_id"])
    op.create_index("ix_scored_card_loop", "scored_card", ["team_id", "loop_id"])
    rating = op.create_table(
        "rating",
        _key("scorecard_id"),
        _key("question"),
        *map(_text, of_card),
        _number("version"),
        _text("area"),
        _text("level"),
        _number("score"),
        sa.Column("after_reveal", sa.Boolean(), nullable=False),
        _time("asked_at"),
    )
    by_area = ["team_id", "opening_id", "area", "level", "score"]
    op.create_index("ix_rating_area", "rating", by_area)
    by_question = ["team_id", "question", "asked_at", "interview_id"]
    op.create_index("ix_rating_question", "rating", by_question)
    op.create_index("ix_rating_loop", "rating", ["team_id", "loop_id"])
    op.create_table(
        "drill",
        *map(_key, ("team_id", "person", "answer")),
        sa.Column("turn", sa.Integer(), primary_key=True),
        _text("level"),
        _number("score"),
        _number("intended"),
        _time("at"),
    )
    op.create_index("ix_drill_answer", "drill", ["team_id", "answer", "level"])
    op.create_table(
        "leaked_question",
        _key("team_id"),
        _key("question"),
        _text("marked_by"),
        _time("marked_at"),
    )
    op.create_table(
        "echo",
        _key("id"),
        *map(_text, ("team_id", "opening_id", "loop_id", "manager", "level")),
        _time("decided_at"),
        _text("known"),
        _time("answered_at", nullable=True),
        sa.UniqueConstraint("team_id", "loop_id"),
    )
    op.create_index("ix_echo_opening", "echo", ["team_id", "opening_id"])
    op.create_table(
        "echo_answer",
        _key("echo_id"),
        _key("area"),
        _text("team_id"),
        _text("opening_id"),
        sa.Column("scored", sa.Float(), nullable=False),
        _number("turned_out"),
    )
    op.create_index("ix_echo_answer_opening", "echo_answer", ["team_id", "opening_id", "area"])
    if scored_card is None or rating is None:  # Alembic prints SQL without a database.
        return
    _fill(scored_card, rating)


def _fill(scored_card: sa.Table, rating: sa.Table) -> None:
    connection, after = op.get_bind(), ""
    while rows := connection.execute(_opened(after)).mappings().all():
        after = rows[-1]["scorecard_id"]
        connection.execute(scored_card.insert(), [_card(row) for row in rows])
        ratings = [each for row in rows for each in _ratings(row)]
        if ratings:
            connection.execute(rating.insert(), ratings)


def _opened(after: str) -> sa.Select[Any]:
    """The next scorecards that are open and count, each in the newest version of those sealed
    before the reveal, or in its first."""
    card, loop, seat, interview, version, newest = (
        sa.table("scorecard", *_columns("id team_id loop_id interview_id person submitted_at")),
        sa.table("loop", *_columns("id team_id opening_id revealed_at")),
        sa.table("seat", *_columns("interview_id person role")),
        sa.table("interview", *_columns("id starts_at minutes")),
        sa.table("sealed_version", *_columns("scorecard_id number answers after_reveal")),
        sa.table("sealed_version", *_columns("scorecard_id number after_reveal")).alias("newest"),
    )
    before = sa.case((newest.c.after_reveal.is_(False), newest.c.number), else_=0)
    number = (
        sa.select(sa.func.max(sa.case((newest.c.number == 1, 1), else_=before)))
        .where(newest.c.scorecard_id == card.c.id)
        .scalar_subquery()
    )
    return (
        sa.select(
            card.c.id.label("scorecard_id"), card.c.team_id, card.c.loop_id, card.c.interview_id,
            card.c.person, card.c.submitted_at, loop.c.opening_id, loop.c.revealed_at,
            interview.c.starts_at, interview.c.minutes, version.c.answers, version.c.after_reveal,
        )
        .join(loop, sa.and_(loop.c.id == card.c.loop_id, loop.c.revealed_at.is_not(None)))
        .join(interview, interview.c.id == card.c.interview_id)
        .join(
            seat,
            sa.and_(
                seat.c.interview_id == card.c.interview_id,
                seat.c.person == card.c.person,
                seat.c.role.in_(["lead", "bar_raiser"]),
            ),
        )
        .join(version, sa.and_(version.c.scorecard_id == card.c.id, version.c.number == number))
        .where(card.c.id > after, card.c.submitted_at.is_not(None))
        .order_by(card.c.id)
        .limit(AT_ONCE)
    )  # fmt: skip


def _columns(names: str) -> Iterator[sa.ColumnClause[Any]]:
    kinds: dict[str, Any] = {
        "answers": sa.JSON(), "after_reveal": sa.Boolean(), "submitted_at": UTCDateTime(),
        "revealed_at": UTCDateTime(), "starts_at": UTCDateTime(),
    }  # fmt: skip
    return (sa.column(name, kinds.get(name)) for name in names.split())


def _card(row: sa.RowMapping) -> dict[str, Any]:
    asked = row["answers"]["questions"]
    scores = [int(each["score"]) for each in asked if each["score"] != "na"]
    ended = row["starts_at"] + timedelta(minutes=row["minutes"])
    recommended = row["answers"]["fields"].get("recommendation", "")
    return {
        **_shared(row),
        "month": f"{row['starts_at']:%Y-%m}",
        "minutes": max(0, int((row["submitted_at"] - ended).total_seconds() // 60)),
        "evidence": sum(len(each["evidence"]) for each in asked),
        "rated": len(scores),
        "total": sum(scores),
        "recommendation": RECOMMENDED.get(recommended, 0),
        "revealed_at": row["revealed_at"],
    }


def _ratings(row: sa.RowMapping) -> Iterator[dict[str, Any]]:
    for each in row["answers"]["questions"]:
        if each["score"] != "na":
            yield {
                **_shared(row),
                "question": each["id"],
                "version": each["version"],
                "area": each["area"],
                "level": each["level"],
                "score": int(each["score"]),
                "asked_at": row["starts_at"],
            }


def _shared(row: sa.RowMapping) -> dict[str, Any]:
    names = ("scorecard_id", "team_id", "opening_id", "loop_id", "interview_id", "person")
    return {name: row[name] for name in (*names, "after_reveal")}
