"""What opened scorecards add up to. The database adds: no row of a scorecard is read.

Everything here reads only what was opened for everybody (ScoredCard, Rating), besides who is
awaited and who interviews when, which the planners of a loop see anyway.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Float, and_, case, cast, func, literal, select
from sqlalchemy.sql import ColumnElement, Select
from sqlmodel import Session, col

from bot.insights_numbers import SCORES, Agreement, Sums, agreement
from bot.insights_rows import Use, Waited
from bot.mirror import Leaning
from bot.records import Drill, Rating, ScoredCard


@dataclass(frozen=True)
class Scope:
    """The openings that are counted, all of one team."""

    team_id: str
    opening_ids: Collection[str]

    def cards(self) -> ColumnElement[bool]:
        return and_(
            col(ScoredCard.team_id) == self.team_id,
            col(ScoredCard.opening_id).in_(self.opening_ids),
        )

    def ratings(self) -> ColumnElement[bool]:
        return and_(
            col(Rating.team_id) == self.team_id, col(Rating.opening_id).in_(self.opening_ids)
        )


def waited(session: Session, scope: Scope, fewest: int) -> list[Waited]:
    """All together first, then the newest months, oldest first: those with enough cases."""
    every = _waited(session, scope.cards(), literal(""), fewest)
    return [*every, *reversed(_waited(session, scope.cards(), col(ScoredCard.month), fewest))]


MONTHS = 12


def own_wait(session: Session, team_id: str, person: str) -> Waited | None:
    """Of one person, over everything that was opened; None without a scorecard."""
    mine = and_(col(ScoredCard.team_id) == team_id, col(ScoredCard.person) == person)
    return next(iter(_waited(session, mine, literal(""), 1)), None)


def _waited(session: Session, which: ColumnElement[bool], by: Any, fewest: int) -> list[Waited]:
    minutes = col(ScoredCard.minutes)
    ranked = (
        select(
            by.label("month"),
            minutes.label("minutes"),
            func.row_number().over(partition_by=by, order_by=minutes).label("place"),
            func.count().over(partition_by=by).label("cases"),
        )
        .where(which)
        .subquery()
    )
    place, cases = ranked.c.place, ranked.c.cases
    # The nearest rank: the first place that so large a share does not pass.
    median = func.min(case((place * 2 >= cases, ranked.c.minutes)))
    most = func.min(case((place * 10 >= cases * 9, ranked.c.minutes)))
    wanted = (
        select(ranked.c.month, func.max(cases), median, most)
        .group_by(ranked.c.month)
        .having(func.max(cases) >= fewest)
        .order_by(ranked.c.month.desc())
        .limit(MONTHS)
    )
    return [Waited(*row) for row in session.execute(wanted)]


def scores(session: Session, scope: Scope) -> dict[tuple[str, str], dict[int, int]]:
    """By area and level, how often each score was given."""
    keys = (col(Rating.area), col(Rating.level), col(Rating.score))
    wanted = select(*keys, func.count()).where(scope.ratings()).group_by(*keys)
    found: dict[tuple[str, str], dict[int, int]] = {}
    for area, level, score, count in session.execute(wanted):
        found.setdefault((area, level), dict.fromkeys(SCORES, 0))[score] = count
    return found


def on_questions(session: Session, scope: Scope) -> Agreement:
    """How far two or more interviewers agree who scored the same answer in one interview."""
    by = (col(Rating.interview_id), col(Rating.question))
    mine = and_(scope.ratings(), col(Rating.after_reveal).is_(False))
    return _agreement(session, col(Rating.score), by, mine)


def on_recommendations(session: Session, scope: Scope) -> Agreement:
    """How far a panel agrees on its candidate."""
    mine = and_(
        scope.cards(),
        col(ScoredCard.after_reveal).is_(False),
        col(ScoredCard.recommendation) > 0,
    )
    return _agreement(session, col(ScoredCard.recommendation), (col(ScoredCard.loop_id),), mine)


def on_drills(session: Session, team_id: str) -> Agreement:
    """How far the team agrees on invented answers, each person's first try."""
    mine = and_(col(Drill.team_id) == team_id, col(Drill.turn) == 1)
    return _agreement(session, col(Drill.score), (col(Drill.answer), col(Drill.level)), mine)


def _agreement(session: Session, score: Any, by: tuple[Any, ...], which: Any) -> Agreement:
    """Of the scores in each unit. A unit's own counts are enough, so no row meets another."""
    counts = [func.sum(case((score == each, 1), else_=0)).label(f"n{each}") for each in SCORES]
    units = (
        select(func.count().label("m"), *counts)
        .where(which)
        .group_by(*by)
        .having(func.count() > 1)
        .subquery()
    )
    m = cast(units.c.m, Float)
    met = []
    for one in SCORES:
        for other in SCORES:
            beside = units.c[f"n{other}"] - (1 if one == other else 0)
            met.append(func.sum(units.c[f"n{one}"] * beside / (m - 1)))
    pairs = func.sum(units.c.m * (units.c.m - 1)) / 2
    row = session.execute(select(func.count(), pairs, *met).select_from(units)).one()
    values = [float(each or 0) for each in row[2:]]
    matrix = [values[at : at + len(SCORES)] for at in range(0, len(values), len(SCORES))]
    return agreement(matrix, int(row[0]), int(row[1] or 0))


def leanings(
    session: Session, scope: Scope, before: datetime, fewest: int, most: int
) -> list[Leaning]:
    """Of everybody with enough loops opened `before`, those with the most loops first."""
    mine = and_(scope.cards(), col(ScoredCard.revealed_at) <= before)
    apart = _apart(mine).subquery()
    person, cases = apart.c.person, func.count()
    return [
        Leaning(*row)
        for row in session.execute(
            _summed(apart)
            .group_by(person)
            .having(cases >= fewest)
            .order_by(cases.desc(), person)
            .limit(most)
        )
    ]


def leaning(session: Session, team_id: str, person: str) -> Leaning:
    """Of one person, over everything that was opened."""
    theirs = select(col(ScoredCard.loop_id)).where(
        col(ScoredCard.team_id) == team_id, col(ScoredCard.person) == person
    )
    mine = and_(col(ScoredCard.team_id) == team_id, col(ScoredCard.loop_id).in_(theirs))
    apart = _apart(mine).subquery()
    wanted = _summed(apart).where(apart.c.person == person).group_by(apart.c.person)
    row = session.execute(wanted).first()
    return Leaning(*row) if row else Leaning(person, 0, 0.0, 0.0)


def _summed(apart: Any) -> Select[Any]:
    d = apart.c.difference
    return select(apart.c.person, func.count(), func.sum(d), func.sum(d * d))


def _apart(which: ColumnElement[bool]) -> Select[Any]:
    """For each person and loop, their mean score minus the mean of everybody else's."""
    own = (
        select(
            col(ScoredCard.loop_id).label("loop_id"),
            col(ScoredCard.person).label("person"),
            cast(func.sum(ScoredCard.total), Float).label("total"),
            cast(func.sum(ScoredCard.rated), Float).label("rated"),
        )
        .where(which, col(ScoredCard.after_reveal).is_(False), col(ScoredCard.rated) > 0)
        .group_by(col(ScoredCard.loop_id), col(ScoredCard.person))
        .subquery()
    )
    every = select(
        own.c.person,
        own.c.total,
        own.c.rated,
        func.sum(own.c.total).over(partition_by=own.c.loop_id).label("all_total"),
        func.sum(own.c.rated).over(partition_by=own.c.loop_id).label("all_rated"),
    ).subquery()
    others = (every.c.all_total - every.c.total) / (every.c.all_rated - every.c.rated)
    difference = (every.c.total / every.c.rated - others).label("difference")
    return select(every.c.person, difference).where(every.c.all_rated > every.c.rated)


def uses(session: Session, scope: Scope, fewest: int, most: int) -> list[Use]:
    """Of every question with enough cases, the most asked first."""
    totals = (
        select(
            col(ScoredCard.loop_id).label("loop_id"),
            cast(func.sum(ScoredCard.total), Float).label("total"),
            cast(func.sum(ScoredCard.rated), Float).label("rated"),
        )
        .where(scope.cards(), col(ScoredCard.after_reveal).is_(False))
        .group_by(col(ScoredCard.loop_id))
        .subquery()
    )
    by = (col(Rating.question), col(Rating.version))
    order = (col(Rating.asked_at), col(Rating.scorecard_id))
    score = cast(col(Rating.score), Float)
    rest = case((totals.c.rated > 1, (totals.c.total - score) / func.nullif(totals.c.rated - 1, 0)))
    each = (
        select(
            col(Rating.question).label("question"),
            col(Rating.version).label("version"),
            score.label("x"),
            rest.label("y"),
            cast(func.row_number().over(partition_by=by, order_by=order), Float).label("place"),
        )
        .join(totals, totals.c.loop_id == col(Rating.loop_id))
        .where(scope.ratings(), col(Rating.after_reveal).is_(False))
        .subquery()
    )
    x, y, place = each.c.x, each.c.y, each.c.place
    seen = case((y.is_not(None), x))
    beside = (func.count(y), _sum(seen), _sum(y), _sum(seen * seen), _sum(y * y), _sum(seen * y))
    over = (func.count(), _sum(place), _sum(x), _sum(place * place), _sum(x * x), _sum(place * x))
    given = [func.sum(case((x == one, 1), else_=0)) for one in SCORES]
    wanted = (
        select(each.c.question, each.c.version, *given, *beside, *over)
        .group_by(each.c.question, each.c.version)
        .having(func.count() >= fewest)
        .order_by(func.count().desc(), each.c.question)
        .limit(most)
    )
    found = []
    for question, version, *numbers in session.execute(wanted):
        counts, sums = numbers[:4], numbers[4:]
        beside_, over_ = Sums(*sums[:6]), Sums(*sums[6:])
        found.append(Use(question, version, sum(counts), max(counts), beside_, over_))
    return found


def _sum(of: Any) -> Any:
    return func.coalesce(func.sum(of), 0.0)
