"""Plans that are being filled in: kept until they are saved, given up, or forgotten."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, delete, select

from bot.plans import Plan
from bot.records import Loop, UnfinishedPlan
from bot.store import notices, take_turns

KEPT = timedelta(days=14)  # After the last word; then it is erased.
MOST = 5  # Of one person; the oldest give way.


def keep(session: Session, team_id: str, person: str, plan: Plan, now: datetime) -> bool:
    """Remember what this person entered. One of the same candidate takes the place of the last.
    Returns whether it is the first word of it."""
    take_turns(session, f"plan {team_id} {person}")
    mine = of(session, team_id, person)
    found = next((each for each in mine if _key(each) == _key(plan)), None)
    begun = found is None
    if found is None:
        for old in mine[MOST - 1 :]:
            session.delete(old)
        found = UnfinishedPlan(
            id=uuid4().hex,
            team_id=team_id,
            person=person,
            opening_id=plan.opening_id,
            loop_id=plan.loop_id,
            candidate=plan.candidate,
            plan={},
            begun_at=now,
            saved_at=now,
        )
        notices.owe(session, team_id, "retain", "retention", found.id, now + KEPT)
    found.plan, found.saved_at = plan.model_dump(mode="json", exclude_defaults=True), now
    session.add(found)
    session.flush()
    return begun


def _key(of_: UnfinishedPlan | Plan) -> tuple[str, str, str]:
    return of_.opening_id, of_.loop_id, of_.candidate


def of(session: Session, team_id: str, person: str) -> list[UnfinishedPlan]:
    """This person's, the newest first."""
    wanted = select(UnfinishedPlan).where(
        UnfinishedPlan.team_id == team_id, UnfinishedPlan.person == person
    )
    return list(session.exec(wanted.order_by(col(UnfinishedPlan.saved_at).desc())))


def find(session: Session, team_id: str, person: str, id_: str) -> UnfinishedPlan | None:
    """None also for somebody else's."""
    return next((each for each in of(session, team_id, person) if each.id == id_), None)


def of_loop(session: Session, team_id: str, person: str, loop_id: str) -> UnfinishedPlan | None:
    """The change of this loop that the person began."""
    return next((each for each in of(session, team_id, person) if each.loop_id == loop_id), None)


def drop(session: Session, team_id: str, person: str, plan: Plan) -> None:
    """It was saved."""
    for each in of(session, team_id, person):
        if _key(each) == _key(plan):
            session.delete(each)


def expire(session: Session, team_id: str, id_: str, now: datetime) -> None:
    """Erase it when nobody touched it for long; when somebody did, look again later."""
    wanted = select(UnfinishedPlan).where(
        UnfinishedPlan.team_id == team_id, UnfinishedPlan.id == id_
    )
    found = session.exec(wanted).first()
    if found is None:
        return
    if found.saved_at + KEPT <= now:
        session.delete(found)
    else:
        notices.owe(session, team_id, "retain", "retention", id_, found.saved_at + KEPT)


def erase(session: Session, loop: Loop, candidate: str) -> None:
    """What anybody began about this loop, or about somebody of that name in its opening."""
    namesake = and_(
        col(UnfinishedPlan.opening_id) == loop.opening_id,
        func.lower(UnfinishedPlan.candidate) == candidate.lower(),
    )
    session.exec(
        delete(UnfinishedPlan).where(
            col(UnfinishedPlan.team_id) == loop.team_id,
            or_(col(UnfinishedPlan.loop_id) == loop.id, namesake),
        )
    )
