"""What managers said of those who were hired, half a year later."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Float, case, cast
from sqlmodel import Session, col, delete, func, select

from bot.content import Area
from bot.decisions import Outcome, State
from bot.echo import AREAS, NOT_SEEN, Assessed, Foretold
from bot.insights_numbers import Sums
from bot.records import Decision, Echo, EchoAnswer, Loop, Opening, Rating

HIRED = (Outcome.HIRE, Outcome.OTHER_LEVEL)
KNOWN, NOT_KNOWN = "known", "not_known"


def begin(session: Session, loop: Loop, manager: str, level: str, decided_at: datetime) -> Echo:
    """The echo of a hire. One that was decided upon anew is asked of who decided last."""
    wanted = select(Echo).where(Echo.team_id == loop.team_id, Echo.loop_id == loop.id)
    found = session.exec(wanted).first() or Echo(
        id=uuid4().hex,
        team_id=loop.team_id,
        opening_id=loop.opening_id,
        loop_id=loop.id,
        manager=manager,
        level=level,
        decided_at=decided_at,
    )
    found.manager, found.level, found.decided_at = manager, level, decided_at
    session.add(found)
    session.flush()
    return found


def echo(session: Session, team_id: str, echo_id: str, *, alone: bool = False) -> Echo | None:
    """With `alone`, nobody else answers it until this transaction ends."""
    wanted = select(Echo).where(Echo.team_id == team_id, Echo.id == echo_id)
    return session.exec(wanted.with_for_update() if alone else wanted).first()


def hired_at(session: Session, team_id: str, loop_id: str) -> str | None:
    """The level at which the decision that stands hires the loop's candidate; None when nobody was
    hired, or no longer."""
    wanted = (
        select(Decision, Opening.level)
        .where(Decision.team_id == team_id, Decision.loop_id == loop_id)
        .where(Loop.team_id == team_id, Loop.id == Decision.loop_id)
        .where(Opening.team_id == team_id, Opening.id == Loop.opening_id)
    )
    newest = session.exec(wanted.order_by(col(Decision.number).desc()).limit(1)).first()
    if newest is None:
        return None
    decision, level = newest
    stands = decision.state == State.IN_EFFECT and decision.outcome in HIRED
    return decision.level or level if stands else None


def assessed(session: Session, team_id: str, loop_id: str) -> list[Assessed]:
    """What the panel of a loop scored, by area."""
    wanted = select(Rating.area, func.count(), func.avg(cast(col(Rating.score), Float))).where(
        Rating.team_id == team_id, Rating.loop_id == loop_id
    )
    rows = session.exec(wanted.group_by(Rating.area))
    return [Assessed(Area(area), count, float(mean)) for area, count, mean in rows if area in AREAS]


def answer(
    session: Session,
    found: Echo,
    answers: Mapping[Area, int],
    about: Collection[Assessed],
    now: datetime,
) -> None:
    """Keep what a manager said; without `answers`, that they do not know. What they said before
    gives way."""
    session.exec(
        delete(EchoAnswer).where(
            col(EchoAnswer.team_id) == found.team_id, col(EchoAnswer.echo_id) == found.id
        )
    )
    found.known, found.answered_at = KNOWN if answers else NOT_KNOWN, now
    session.add(found)
    for each in about:
        if each.area in answers:
            session.add(
                EchoAnswer(
                    echo_id=found.id,
                    area=each.area,
                    team_id=found.team_id,
                    opening_id=found.opening_id,
                    scored=each.mean,
                    turned_out=answers[each.area],
                )
            )
    session.flush()


def foretold(
    session: Session, team_id: str, opening_ids: Collection[str]
) -> tuple[list[Foretold], int, int]:
    """By area, over these openings; with how many hires were answered for, and for how many the
    manager did not know."""
    x, y = col(EchoAnswer.scored), cast(col(EchoAnswer.turned_out), Float)
    seen = col(EchoAnswer.turned_out) != NOT_SEEN
    unseen = func.sum(case((seen, 0), else_=1))
    parts = (x, y, x * x, y * y, x * y)
    sums = [func.coalesce(func.sum(case((seen, each))), 0.0) for each in parts]
    wanted = (
        select(col(EchoAnswer.area), func.count(), unseen)
        .add_columns(*sums)
        .where(col(EchoAnswer.team_id) == team_id, col(EchoAnswer.opening_id).in_(opening_ids))
        .group_by(col(EchoAnswer.area))
    )
    found = []
    for area, cases, not_seen, *numbers in session.execute(wanted):
        pairs = Sums(cases - not_seen, *map(float, numbers))
        found.append(Foretold(Area(area), pairs, int(not_seen)))
    kinds = (
        select(Echo.known, func.count())
        .where(Echo.team_id == team_id, col(Echo.opening_id).in_(opening_ids))
        .group_by(Echo.known)
    )
    counts = dict(session.exec(kinds).all())
    found.sort(key=lambda each: AREAS.index(each.area))
    return found, counts.get(KNOWN, 0), counts.get(NOT_KNOWN, 0)
