"""One person's own figures, over all that was opened in their team."""

from sqlalchemy import Integer, case, cast, func, select
from sqlmodel import Session, col

from bot.insights_numbers import SCORES
from bot.mirror import Mirror
from bot.records import Drill, Rating, ScoredCard
from bot.store import insights


def own(session: Session, team_id: str, person: str, within: int) -> Mirror:
    """`within` is how near a drill has to be to count as near."""
    waited = insights.own_wait(session, team_id, person)
    wanted = select(
        func.count(), func.coalesce(func.sum(col(ScoredCard.evidence)), 0),
        func.coalesce(func.sum(col(ScoredCard.rated)), 0),
    ).where(col(ScoredCard.team_id) == team_id, col(ScoredCard.person) == person)  # fmt: skip
    cards, evidence, rated = session.execute(wanted).one()
    mine, theirs = _scores(session, team_id, person)
    near = case((func.abs(col(Drill.score) - col(Drill.intended)) <= within, 1), else_=0)
    drilled = select(func.count(), cast(func.coalesce(func.sum(near), 0), Integer)).where(
        col(Drill.team_id) == team_id, col(Drill.person) == person
    )
    drills, close = session.execute(drilled).one()
    return Mirror(
        cards=cards,
        median=waited.median if waited else 0,
        most=waited.most if waited else 0,
        evidence=evidence // rated if rated else 0,
        leaning=insights.leaning(session, team_id, person),
        own=mine,
        panels=theirs,
        drills=drills,
        near=close,
    )


def _scores(session: Session, team_id: str, person: str) -> tuple[dict[int, int], dict[int, int]]:
    """How often this person, and everybody else in the same loops, gave each score."""
    loops = select(col(ScoredCard.loop_id)).where(
        col(ScoredCard.team_id) == team_id, col(ScoredCard.person) == person
    )
    is_own = case((col(Rating.person) == person, 1), else_=0)
    wanted = (
        select(is_own, col(Rating.score), func.count())
        .where(col(Rating.team_id) == team_id, col(Rating.loop_id).in_(loops))
        .where(col(Rating.after_reveal).is_(False))
        .group_by(is_own, col(Rating.score))
    )
    mine, theirs = dict.fromkeys(SCORES, 0), dict.fromkeys(SCORES, 0)
    for own_, score, count in session.execute(wanted):
        (mine if own_ else theirs)[score] = count
    return mine, theirs
