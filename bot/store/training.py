"""What people in training wrote, beside what the interviewers they sat with did."""

from sqlmodel import Session, col, select

from bot.plans import Role
from bot.records import Loop, Opening, Scorecard, Seat
from bot.store import scorecards
from bot.training import Pair

TRAINING = (Role.SHADOW, Role.REVERSE_SHADOW)


def pairs(session: Session, team_id: str, person: str) -> list[Pair]:
    """For each interview that this person shadowed and whose scorecards are open: their newest
    version and the interviewer's."""
    shadowed = select(Seat.interview_id).where(
        Seat.team_id == team_id, Seat.person == person, col(Seat.role).in_(TRAINING)
    )
    leads = select(Seat.interview_id, Seat.person).where(
        Seat.team_id == team_id,
        Seat.role == Role.LEAD,
        col(Seat.interview_id).in_(list(session.exec(shadowed))),
    )
    beside = dict(session.exec(leads).all())
    wanted = (
        select(Scorecard)
        .where(Loop.id == Scorecard.loop_id, Loop.team_id == team_id)
        .where(col(Loop.revealed_at).is_not(None))
        .where(Scorecard.team_id == team_id, Scorecard.version > 0)
        .where(col(Scorecard.interview_id).in_(list(beside)))
    )
    cards = {(card.interview_id, card.person): card.id for card in session.exec(wanted)}
    versions = scorecards.versions(session, team_id, list(cards.values()))
    found = []
    for interview_id, lead in beside.items():
        both = (cards.get((interview_id, person)), cards.get((interview_id, lead)))
        if both[0] and both[1]:
            found.append((versions[both[0]][-1].answers, versions[both[1]][-1].answers))
    return found


def coordinators(session: Session, team_id: str, person: str) -> list[str]:
    """Those of the openings in which this person shadowed."""
    wanted = (
        select(Opening)
        .where(Opening.team_id == team_id, Opening.id == Loop.opening_id)
        .where(Loop.team_id == team_id, Loop.id == Seat.loop_id)
        .where(Seat.team_id == team_id, Seat.person == person, col(Seat.role).in_(TRAINING))
    )
    found = {each.id: each for each in session.exec(wanted)}
    return sorted({one for each in found.values() for one in each.coordinators})
