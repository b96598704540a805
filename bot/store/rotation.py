"""How often a team asked its questions, and which of them it marked as leaked."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import case
from sqlmodel import Session, col, func, select

from bot.records import LeakedQuestion, Rating
from bot.rotation import Usage


def usage(session: Session, team_id: str, since: datetime) -> dict[str, Usage]:
    """By question, counted in interviews; `since` is from when on a use counts as lately."""
    interview = col(Rating.interview_id)
    lately = func.count(case((col(Rating.asked_at) >= since, interview)).distinct())
    wanted = select(
        Rating.question, func.count(interview.distinct()), lately, func.max(Rating.asked_at)
    ).where(Rating.team_id == team_id)
    return {row[0]: Usage(*row) for row in session.exec(wanted.group_by(Rating.question))}


def marked(session: Session, team_id: str) -> dict[str, LeakedQuestion]:
    """What the team marked, by question."""
    wanted = select(LeakedQuestion).where(LeakedQuestion.team_id == team_id)
    return {each.question: each for each in session.exec(wanted)}


def all_marked(session: Session) -> dict[str, Mapping[str, datetime]]:
    """Of all teams, by team, since when each question is marked: what a process serves by."""
    found: dict[str, dict[str, datetime]] = {}
    for each in session.exec(select(LeakedQuestion)):
        found.setdefault(each.team_id, {})[each.question] = each.marked_at
    return {**found}


def mark(session: Session, team_id: str, question: str, who: str, now: datetime) -> bool:
    """False when it was marked already."""
    if session.get(LeakedQuestion, (team_id, question)) is not None:
        return False
    session.add(LeakedQuestion(team_id=team_id, question=question, marked_by=who, marked_at=now))
    session.flush()
    return True


def unmark(session: Session, team_id: str, question: str) -> bool:
    """False when it was not marked."""
    found = session.get(LeakedQuestion, (team_id, question))
    if found is None:
        return False
    session.delete(found)
    session.flush()
    return True
