"""Loops of one team, with their interviews and panels."""

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, select

from bot.errors import Refusal
from bot.panels import Turn
from bot.plans import Plan, Role, Sitting, State
from bot.plans import Session as Planned
from bot.records import Interview, Loop, Opening, Scorecard, Seat
from bot.store import take_turns
from bot.typed import escape


def next_number(session: Session, team_id: str) -> int:
    """The number of the team's next candidate. Who asks at the same time waits."""
    take_turns(session, f"loop number {team_id}")
    wanted = select(func.max(Loop.number)).where(Loop.team_id == team_id)
    return (session.exec(wanted).one() or 100) + 1


def loop(session: Session, team_id: str, loop_id: str, *, alone: bool = False) -> Loop | None:
    """The loop, or None: also when it is another team's. With `alone`, nobody else changes it until
    this transaction ends."""
    wanted = select(Loop).where(Loop.team_id == team_id, Loop.id == loop_id)
    return session.exec(wanted.with_for_update() if alone else wanted).first()


def interview(session: Session, team_id: str, interview_id: str) -> Interview | None:
    wanted = select(Interview).where(Interview.team_id == team_id, Interview.id == interview_id)
    return session.exec(wanted).first()


def is_kept(session: Session, team_id: str, interview_id: str) -> bool:
    """Whether the candidate of this interview is not erased, and will not be until this transaction
    ends."""
    of = select(Interview.loop_id).where(Interview.team_id == team_id, Interview.id == interview_id)
    loop_id = session.exec(of).first()
    found = loop(session, team_id, loop_id, alone=True) if loop_id else None
    return found is not None and found.erased_at is None


def interviews(session: Session, team_id: str, loop_ids: Collection[str]) -> list[Interview]:
    """Of these loops, in the order of their times."""
    wanted = select(Interview).where(
        Interview.team_id == team_id, col(Interview.loop_id).in_(loop_ids)
    )
    # Sorted here: asked to sort, SQLite would walk through all of the team's by time.
    return sorted(session.exec(wanted), key=lambda each: (each.starts_at, each.id))


def seats(session: Session, team_id: str, loop_ids: Collection[str]) -> list[Seat]:
    """Of these loops, those that were left among them."""
    wanted = select(Seat).where(Seat.team_id == team_id, col(Seat.loop_id).in_(loop_ids))
    return list(session.exec(wanted.order_by(col(Seat.id))))


def plan(session: Session, found: Loop) -> Plan:
    """The loop as a coordinator plans it."""
    of = (found.team_id, [found.id])
    panel = seats(session, *of)
    return Plan(
        opening_id=found.opening_id,
        candidate=found.candidate,
        link=found.link,
        debrief_at=found.debrief_at,
        debrief_place=found.debrief_place,
        loop_id=found.id,
        revision=found.revision,
        sessions=tuple(
            Planned(
                id=each.id,
                round=each.round,
                minutes=each.minutes,
                starts_at=each.starts_at,
                state=State(each.state),
                seats=tuple(
                    Sitting(person=seat.person, role=Role(seat.role))
                    for seat in panel
                    if seat.interview_id == each.id and seat.state == "on"
                ),
            )
            for each in interviews(session, *of)
        ),
    )


def save(session: Session, found: Loop, plan: Plan) -> None:
    """Make the loop what `plan` says. What it no longer has is kept, as cancelled or left.

    Raises ValueError for a session without a time.
    """
    found.debrief_at, found.debrief_place = plan.debrief_at, plan.debrief_place
    found.revision += 1
    session.add(found)
    of = (found.team_id, [found.id])
    rows = {each.id: each for each in interviews(session, *of)}
    panel = {(each.interview_id, each.person): each for each in seats(session, *of)}
    wanted = set()
    for planned in plan.sessions:
        if planned.starts_at is None:
            raise ValueError(planned.round)
        id_ = planned.id or uuid4().hex
        row = rows.get(id_) or Interview(
            id=id_,
            team_id=found.team_id,
            loop_id=found.id,
            round=planned.round,
            minutes=planned.minutes,
            starts_at=planned.starts_at,
        )
        row.starts_at, row.minutes = planned.starts_at, planned.minutes
        row.state = planned.state
        session.add(row)
        for sitting in planned.seats:
            key = (id_, sitting.person)
            taken = panel.get(key) or Seat(
                id=uuid4().hex,
                team_id=found.team_id,
                loop_id=found.id,
                interview_id=id_,
                person=sitting.person,
                role=sitting.role,
            )
            if taken.state != "on":
                taken.owes = True
            taken.role, taken.state = sitting.role, "on"
            session.add(taken)
            wanted.add(key)
    kept = {planned.id for planned in plan.sessions}
    for id_, row in rows.items():
        if id_ not in kept:  # An undone addition: it was never held.
            row.state = State.CANCELLED
            session.add(row)
    for key, taken in panel.items():
        if key not in wanted and taken.state == "on":
            taken.state = "off"
            session.add(taken)
    session.flush()


def namesake(session: Session, team_id: str, opening_id: str, candidate: str) -> Loop | None:
    """An active loop of the same candidate in the same opening."""
    wanted = select(Loop).where(
        Loop.team_id == team_id,
        Loop.opening_id == opening_id,
        Loop.state == "active",
        func.lower(Loop.candidate) == candidate.lower(),
    )
    return session.exec(wanted).first()


def active(
    session: Session,
    team_id: str,
    *,
    opening_ids: Collection[str],
    person: str = "",
    offset: int = 0,
    limit: int = 20,
    counted: int = 100_000,
) -> tuple[list[Loop], int]:
    """One page of active loops, the newest first, and how many there are, `counted` at most: those
    of `opening_ids` and, with a `person`, those on whose panel they sit."""
    condition = and_(col(Loop.team_id) == team_id, col(Loop.state) == "active")
    planned = col(Loop.opening_id).in_(opening_ids)
    if person:
        mine = select(Seat.loop_id).where(
            Seat.team_id == team_id, Seat.person == person, Seat.state == "on"
        )
        condition = and_(condition, or_(planned, col(Loop.id).in_(mine)))
    else:
        condition = and_(condition, planned)
    some = select(Loop.id).where(condition).limit(counted).subquery()
    total = session.exec(select(func.count()).select_from(some)).one()
    order = (col(Loop.created_at).desc(), col(Loop.id))
    found = session.exec(select(Loop).where(condition).order_by(*order).offset(offset).limit(limit))
    return list(found), total


MOST_TURNS = 50  # Read of what is due, and of what lies ahead.


def turns(session: Session, team_id: str, person: str, now: datetime) -> list[Turn]:
    """What is expected of this person, in the order of the times: interviews whose scorecards are
    not in, and those that lie ahead; of each the first MOST_TURNS."""
    owing = select(Seat.interview_id).where(
        Seat.team_id == team_id,
        Seat.person == person,
        col(Seat.owes).is_(True),
        Seat.state == "on",
    )
    # Found first, and by themselves: in one query SQLite would read every interview of the team.
    mine = list(session.exec(owing))
    if not mine:
        return []
    # Without statistics SQLite would rather read all of the team's interviews than these few by
    # their ids; an expression in place of the column leaves it no choice.
    team = col(Interview.team_id).concat("")
    starts = select(Interview.id, Interview.starts_at).where(
        col(Interview.id).in_(mine), team == team_id, Interview.state == State.PLANNED
    )
    times = sorted((at, id_) for id_, at in session.exec(starts))
    ids = [id_ for at, id_ in times if at <= now][:MOST_TURNS]
    ids += [id_ for at, id_ in times if at > now][:MOST_TURNS]
    if not ids:
        return []
    theirs = and_(col(Scorecard.interview_id) == col(Interview.id), col(Scorecard.person) == person)
    seat_of = and_(col(Seat.interview_id) == col(Interview.id), col(Seat.person) == person)
    wanted = (
        select(Interview, Seat, Loop, Opening)
        .add_columns(col(Scorecard.draft_at))
        .join(Seat, seat_of)
        .join(Loop, col(Loop.id) == col(Interview.loop_id))
        .join(Opening, col(Opening.id) == col(Loop.opening_id))
        .outerjoin(Scorecard, theirs)
        .where(
            col(Interview.id).in_(ids),
            team == team_id,
            col(Interview.state) == State.PLANNED,
            col(Loop.team_id) == team_id,
            col(Loop.state) == "active",
            or_(col(Scorecard.id).is_(None), col(Scorecard.version) == 0),
        )
    )
    found = [Turn(*row) for row in session.execute(wanted)]
    return sorted(found, key=lambda turn: (turn.interview.starts_at, turn.interview.id))


def called(
    session: Session, team_id: str, opening_ids: Collection[str], names: Collection[str]
) -> list[Loop]:
    """Active loops of these openings whose candidates have one of these names, in lower case."""
    wanted = select(Loop).where(
        Loop.team_id == team_id,
        Loop.state == "active",
        col(Loop.opening_id).in_(opening_ids),
        func.lower(Loop.candidate).in_(names),
    )
    return list(session.exec(wanted))


def of_opening(session: Session, team_id: str, opening_id: str) -> list[Loop]:
    """Every loop of the opening, the newest first."""
    wanted = select(Loop).where(Loop.team_id == team_id, Loop.opening_id == opening_id)
    return list(session.exec(wanted.order_by(col(Loop.number).desc())))


def numbered(session: Session, team_id: str, code: str) -> Loop:
    """The loop of the candidate with this code, such as C-102. Raises Refusal without one."""
    number = code.upper().removeprefix("C-")
    found = None
    if number.isdigit() and len(number) < 10:
        wanted = select(Loop).where(Loop.team_id == team_id, Loop.number == int(number))
        found = session.exec(wanted).first()
    if found is None:
        raise Refusal(
            f"There is no candidate {escape(code[:40])}. `/safety-interview loops` shows the codes."
        )
    return found


def has_begun(session: Session, team_id: str, opening_id: str, now: datetime) -> bool:
    """Whether an interview of the opening has been held, or is being held."""
    wanted = (
        select(Interview.id)
        .where(Interview.loop_id == Loop.id, Interview.team_id == team_id)
        .where(Interview.starts_at <= now, Interview.state == State.PLANNED)
        .where(Loop.team_id == team_id, Loop.opening_id == opening_id)
    )
    return session.exec(wanted.limit(1)).first() is not None
