"""What people of one team gave invented answers."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from bot.drills import Given, Item
from bot.insights_numbers import SCORES
from bot.records import Drill
from bot.store import take_turns


def hold(session: Session, team_id: str, person: str) -> None:
    """Until the transaction ends nobody else writes this person's drills."""
    take_turns(session, f"drill {team_id} {person}")


def done(session: Session, team_id: str, person: str) -> dict[str, int]:
    """By answer, how often this person has scored it."""
    wanted = select(Drill.answer, func.count()).where(
        Drill.team_id == team_id, Drill.person == person
    )
    return dict(session.exec(wanted.group_by(Drill.answer)).all())


def drill(session: Session, team_id: str, person: str, answer: str, turn: int) -> Drill | None:
    return session.get(Drill, (team_id, person, answer, turn))


def keep(
    session: Session, team_id: str, person: str, item: Item, turn: int, score: int, now: datetime
) -> Drill:
    found = Drill(
        team_id=team_id,
        person=person,
        answer=item.id,
        turn=turn,
        level=item.level,
        score=score,
        intended=item.intended,
        at=now,
    )
    session.add(found)
    session.flush()
    return found


def others(session: Session, team_id: str, person: str, item: Item) -> dict[int, int]:
    """How often others gave each score to this answer at this level, the first time."""
    wanted = select(Drill.score, func.count()).where(
        Drill.team_id == team_id,
        Drill.answer == item.id,
        Drill.level == item.level,
        Drill.turn == 1,
        Drill.person != person,
    )
    found = dict(session.exec(wanted.group_by(col(Drill.score))).all())
    return {score: found.get(score, 0) for score in SCORES}


def newest(session: Session, team_id: str, person: str, most: int) -> list[Given]:
    """This person's, newest first."""
    wanted = select(Drill).where(Drill.team_id == team_id, Drill.person == person)
    order = (col(Drill.at).desc(), col(Drill.answer))
    found = session.exec(wanted.order_by(*order).limit(most))
    return [Given(each.score, each.intended) for each in found]
