"""Who interviews: when, how often, and whether they are trained."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from bot.plans import Role, State
from bot.records import Interview, Loop, PersonSettings, Seat


def engagements(
    session: Session, team_id: str, people: Collection[str], since: datetime, until: datetime
) -> list[tuple[str, Interview, int]]:
    """Who interviews whom between two times: person, interview, and the candidate's number."""
    wanted = (
        select(Seat.person, Interview, Loop.number)
        .where(Seat.interview_id == Interview.id, Loop.id == Interview.loop_id)
        .where(Interview.team_id == team_id, Interview.state == State.PLANNED)
        .where(Interview.starts_at >= since, Interview.starts_at < until)
        .where(Seat.team_id == team_id, Seat.state == "on", col(Seat.person).in_(people))
        .where(Loop.team_id == team_id, Loop.state == "active")
    )
    return [(person, found, number) for person, found, number in session.exec(wanted)]


def trainees(session: Session, team_id: str, people: Collection[str]) -> set[str]:
    """Those who have shadowed, have never interviewed alone, and were not found ready."""
    roles: dict[str, set[str]] = {}
    sat = select(Seat.person, Seat.role).where(
        Seat.team_id == team_id, col(Seat.person).in_(people)
    )
    for person, role in session.exec(sat.distinct()):
        roles.setdefault(person, set()).add(role)
    training = {Role.SHADOW, Role.REVERSE_SHADOW}
    ready = _found_ready(session, team_id)
    return {person for person, had in roles.items() if had <= training and person not in ready}


def _found_ready(session: Session, team_id: str) -> set[str]:
    """Whom a coordinator found ready to lead after shadowing."""
    wanted = select(PersonSettings.person).where(
        PersonSettings.team_id == team_id, col(PersonSettings.leads).is_(True)
    )
    return set(session.exec(wanted))


def leads(session: Session, team_id: str, since: datetime) -> set[str]:
    """Who is trained: interviewed alone after `since`, or was found ready."""
    wanted = (
        select(Seat.person)
        .where(Seat.interview_id == Interview.id, Interview.starts_at >= since)
        .where(Interview.team_id == team_id)
        .where(Seat.team_id == team_id, Seat.role == Role.LEAD, Seat.state == "on")
    )
    return {*session.exec(wanted.distinct()), *_found_ready(session, team_id)}
