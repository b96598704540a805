"""Who is awaited, and who interviews how often: nothing here has a score in it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, or_, select
from sqlmodel import Session, col

from bot.insights_rows import Load, Owed, Queue
from bot.plans import Role, State
from bot.records import Interview, Loop, PersonSettings, Scorecard, Seat

COUNT = (Role.LEAD, Role.BAR_RAISER)


def queue(
    session: Session, team_id: str, opening_ids: Collection[str], now: datetime, most: int
) -> Queue:
    active = and_(
        col(Loop.team_id) == team_id,
        col(Loop.state) == "active",
        col(Loop.opening_id).in_(opening_ids),
    )
    closed = and_(active, col(Loop.revealed_at).is_(None))
    opened = select(func.count()).select_from(Loop).where(active, Loop.revealed_at.is_not(None))  # type: ignore[union-attr]
    lengths = (
        select(col(Interview.minutes))
        .join(Loop, col(Loop.id) == col(Interview.loop_id))
        .where(closed, col(Interview.team_id) == team_id)
        .distinct()
    )
    over = [
        and_(
            col(Interview.minutes) == minutes,
            col(Interview.starts_at) <= now - timedelta(minutes=minutes),
        )
        for minutes in session.scalars(lengths)
    ]
    waits = (
        select(col(Seat.person), col(Seat.loop_id), col(Interview.starts_at))
        .select_from(Loop)
        .join(Seat, and_(col(Seat.loop_id) == col(Loop.id), col(Seat.team_id) == team_id))
        .join(Interview, col(Interview.id) == col(Seat.interview_id))
        .outerjoin(
            Scorecard,
            and_(
                col(Scorecard.interview_id) == col(Seat.interview_id),
                col(Scorecard.person) == col(Seat.person),
            ),
        )
        .where(
            closed,
            col(Seat.owes).is_(True),
            col(Seat.state) == "on",
            col(Seat.role).in_(COUNT),
            col(Interview.state) == State.PLANNED,
            or_(*over) if over else col(Interview.id).is_(None),
            or_(col(Scorecard.id).is_(None), col(Scorecard.version) == 0),
        )
        .subquery()
    )
    loops = session.execute(select(func.count(waits.c.loop_id.distinct()))).scalar_one()
    cards = func.count()
    by_person = (
        select(waits.c.person, cards, func.min(waits.c.starts_at))
        .group_by(waits.c.person)
        .order_by(cards.desc(), waits.c.person)
        .limit(most)
    )
    owed = [Owed(*row) for row in session.execute(by_person)]
    return Queue(loops, session.execute(opened).scalar_one(), owed)


def loads(
    session: Session,
    team_id: str,
    opening_ids: Collection[str],
    starts: Sequence[datetime],
    usual: int,
    most: int,
) -> list[Load]:
    """Of everybody who sits on a panel of these openings in the weeks that begin at `starts`: all
    their interviews in the team. Who has the most first. `usual` is the limit of who never said."""
    weeks = [(at, at + timedelta(days=7)) for at in starts]
    begins = col(Interview.starts_at)
    within = and_(
        col(Interview.team_id) == team_id,
        begins >= starts[0],
        begins < weeks[-1][1],
        col(Interview.state) == State.PLANNED,
    )
    held = and_(col(Seat.interview_id) == col(Interview.id), col(Seat.state) == "on")
    counts = [
        func.sum(case((and_(begins >= first, begins < last), 1), else_=0)) for first, last in weeks
    ]
    every = func.count()
    mine = func.sum(case((col(Loop.opening_id).in_(opening_ids), 1), else_=0))
    wanted = (
        select(col(Seat.person), *counts)
        .select_from(Interview)
        .join(Seat, held)
        .join(Loop, col(Loop.id) == col(Interview.loop_id))
        .where(within, col(Seat.team_id) == team_id, col(Loop.team_id) == team_id)
        .group_by(col(Seat.person))
        .having(mine > 0)
        .order_by(every.desc(), col(Seat.person))
        .limit(most)
    )
    rows = session.execute(wanted).all()
    said = select(col(PersonSettings.person), col(PersonSettings.weekly_limit)).where(
        col(PersonSettings.team_id) == team_id,
        col(PersonSettings.person).in_([row[0] for row in rows]),
    )
    limits = {row[0]: row[1] for row in session.execute(said)}
    return [Load(row[0], tuple(row[1:]), limits.get(row[0], usual)) for row in rows]
