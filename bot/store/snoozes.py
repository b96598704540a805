"""Until when people asked to be left alone."""

from datetime import datetime

from sqlmodel import Session

from bot.records import Snooze


def until(session: Session, team_id: str, person: str, interview_id: str) -> datetime | None:
    found = session.get(Snooze, (team_id, person, interview_id))
    return found.until if found else None


def put_off(
    session: Session, team_id: str, person: str, interview_id: str, until: datetime
) -> None:
    found = session.get(Snooze, (team_id, person, interview_id)) or Snooze(
        team_id=team_id, person=person, interview_id=interview_id, until=until
    )
    found.until = until
    session.add(found)
