"""What people of one team said about their hours."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from bot import hours as working
from bot.hours import Hours
from bot.records import PersonSettings
from bot.store import take_turns


def hold(session: Session, team_id: str, person: str) -> None:
    """Until the transaction ends nobody else changes what is kept of this person."""
    take_turns(session, f"settings {team_id} {person}")


def settings(session: Session, team_id: str, people: Collection[str]) -> dict[str, PersonSettings]:
    """By person; who never said anything is not among them."""
    wanted = select(PersonSettings).where(
        PersonSettings.team_id == team_id, col(PersonSettings.person).in_(people)
    )
    return {each.person: each for each in session.exec(wanted)}


def hours(session: Session, team_id: str, person: str, zone: str) -> Hours:
    """When this person works, in the `zone` that Slack gave."""
    return working.of(settings(session, team_id, [person]).get(person), zone)
