"""Opened scorecards in numbers, and what is learnt beside them."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class ScoredCard(SQLModel, table=True):
    """A scorecard that counts, in numbers: all that insights read of one. Written when it is opened
    for everybody, so nothing sealed is among them."""

    __tablename__ = "scored_card"
    __table_args__ = (
        Index("ix_scored_card_opening", "team_id", "opening_id", "month"),
        Index("ix_scored_card_person", "team_id", "person", "loop_id"),
        Index("ix_scored_card_loop", "team_id", "loop_id"),
    )

    scorecard_id: str = Field(primary_key=True)
    team_id: str
    opening_id: str
    loop_id: str
    interview_id: str
    person: str
    month: str  # Of the interview, in UTC, such as 2026-03.
    minutes: int  # From the interview's end to when it was first handed in; at least 0.
    evidence: int  # Characters.
    rated: int  # How many questions have a score, and the sum of these.
    total: int
    recommendation: int  # 1 to 4, the best last; 0 without one.
    after_reveal: bool  # Others' could be read when it was written.
    revealed_at: datetime


class Rating(SQLModel, table=True):
    """One score in an opened scorecard that counts."""

    __table_args__ = (
        Index("ix_rating_area", "team_id", "opening_id", "area", "level", "score"),
        Index("ix_rating_question", "team_id", "question", "asked_at", "interview_id"),
        Index("ix_rating_loop", "team_id", "loop_id"),
    )

    scorecard_id: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    team_id: str
    opening_id: str
    loop_id: str
    interview_id: str
    person: str
    version: int  # Of the question.
    area: str
    level: str
    score: int
    after_reveal: bool
    asked_at: datetime  # When the interview began.


class Drill(SQLModel, table=True):
    """An invented answer that somebody scored to see whether they score as others do."""

    __table_args__ = (Index("ix_drill_answer", "team_id", "answer", "level"),)

    team_id: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    answer: str = Field(primary_key=True)  # As bot.drills.Item.id.
    turn: int = Field(primary_key=True)  # 1 the first time, 2 once all were done.
    level: str
    score: int
    intended: int
    at: datetime


class Echo(SQLModel, table=True):
    """What became of somebody who was hired, asked of their manager half a year later."""

    __table_args__ = (
        UniqueConstraint("team_id", "loop_id"),
        Index("ix_echo_opening", "team_id", "opening_id"),
    )

    id: str = Field(primary_key=True)
    team_id: str
    opening_id: str
    loop_id: str
    manager: str
    level: str  # At which they were hired.
    decided_at: datetime
    known: str = ""  # "" until it is answered; then known or not_known.
    answered_at: datetime | None = None


class EchoAnswer(SQLModel, table=True):
    """One area of it: what the panel had scored, and how it turned out."""

    __tablename__ = "echo_answer"
    __table_args__ = (Index("ix_echo_answer_opening", "team_id", "opening_id", "area"),)

    echo_id: str = Field(primary_key=True)
    area: str = Field(primary_key=True)
    team_id: str
    opening_id: str
    scored: float  # The mean of the panel's scores in the area.
    turned_out: int  # 1 to 4; 0 when the manager has not seen it.
