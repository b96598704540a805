"""Loops with their panels, read at once: no query for each row."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from bot.errors import Refusal
from bot.panels import Chair, Panel
from bot.records import Interview, Loop, Opening, Scorecard, Seat, Undo, Unreachable
from bot.store import decisions

GONE = "That loop is not here. `/safety-interview loops` lists yours."
NO_INTERVIEW = "That interview is not here. `/safety-interview loops` lists yours."


def read(session: Session, team_id: str, loop: Loop) -> Panel:
    return read_all(session, team_id, [loop])[0]


def find(session: Session, team_id: str, loop_id: str, *, alone: bool = False) -> Panel:
    """With `alone`, nobody else changes the loop until this transaction ends: for what is decided
    by how the panel is. Raises Refusal when the team has no such loop."""
    return _one(session, _by_id(alone=alone), {"team": team_id, "id": loop_id}, GONE)


def of_interview(
    session: Session, team_id: str, interview_id: str, *, alone: bool = False
) -> Panel:
    """The panel of the loop to which the interview belongs. Raises Refusal when there is none."""
    asked = {"team": team_id, "interview": interview_id}
    return _one(session, _by_interview(alone=alone), asked, NO_INTERVIEW)


def read_all(session: Session, team_id: str, found: Sequence[Loop]) -> list[Panel]:
    """In the order of `found`."""
    wanted = select(Opening).where(
        Opening.team_id == team_id, col(Opening.id).in_({loop.opening_id for loop in found})
    )
    openings = {each.id: each for each in session.exec(wanted)}
    return _read(session, team_id, [(loop, openings[loop.opening_id]) for loop in found])


Rows = Select[Loop, Opening]

# A panel is read with every letter that somebody types. To put its statements together takes longer
# than the database takes to answer them, so they are made once; what they ask for is bound.
TEAM: Any = bindparam("team")


@cache
def _by_id(*, alone: bool) -> Rows:
    return _whole(_of_team().where(col(Loop.id) == bindparam("id")), alone=alone)


@cache
def _by_interview(*, alone: bool) -> Rows:
    holds = select(Interview.loop_id).where(
        Interview.team_id == TEAM, col(Interview.id) == bindparam("interview")
    )
    return _whole(_of_team().where(col(Loop.id) == holds.scalar_subquery()), alone=alone)


def _of_team() -> Rows:
    of_opening = and_(col(Opening.id) == Loop.opening_id, col(Opening.team_id) == TEAM)
    return select(Loop, Opening).join(Opening, of_opening).where(Loop.team_id == TEAM)


def _whole(wanted: Rows, *, alone: bool) -> Rows:
    return wanted.with_for_update(of=Loop) if alone else wanted


def _one(session: Session, wanted: Rows, asked: dict[str, str], gone: str) -> Panel:
    found = session.exec(wanted, params=asked).first()
    if found is None:
        raise Refusal(gone)
    return _read(session, found[0].team_id, [found])[0]


@cache
def _seated() -> Any:
    """Who sits in which interview of `loops`, with their scorecard: one query for all of them."""
    theirs = and_(
        col(Scorecard.interview_id) == Interview.id,
        col(Scorecard.person) == Seat.person,
        col(Scorecard.team_id) == TEAM,
    )
    # By the loop, too: without statistics SQLite would look through all of the team's seats.
    sits = and_(
        col(Seat.interview_id) == Interview.id,
        col(Seat.loop_id) == Interview.loop_id,
        col(Seat.team_id) == TEAM,
    )
    lost = and_(col(Unreachable.recipient) == Seat.person, col(Unreachable.team_id) == TEAM)
    undoable = and_(col(Undo.loop_id) == Interview.loop_id, col(Undo.team_id) == TEAM)
    wanted = (
        select(Interview, Seat, Scorecard, Undo)
        .outerjoin(Seat, sits)
        .outerjoin(Scorecard, theirs)
        .outerjoin(Undo, undoable)
        .outerjoin(Unreachable, lost)
        .where(
            Interview.team_id == TEAM,
            col(Interview.loop_id).in_(bindparam("loops", expanding=True)),
        )
    )
    return wanted.add_columns(col(Unreachable.recipient))  # SQLModel's own `select` takes four.


def _read(session: Session, team_id: str, found: Sequence[tuple[Loop, Opening]]) -> list[Panel]:
    asked = {"team": team_id, "loops": [loop.id for loop, _ in found]}
    rows = session.exec(_seated(), params=asked).all()
    by_loop: dict[str, list[Any]] = {}
    for row in rows:
        by_loop.setdefault(row[0].loop_id, []).append(row)
    found_panels = [_panel(loop, opening, by_loop.get(loop.id, [])) for loop, opening in found]
    return _with_what_followed(session, team_id, found_panels)


def _with_what_followed(session: Session, team_id: str, found: list[Panel]) -> list[Panel]:
    """With what came after the reveal: the newest view of each person, decisions, and where people
    stand on them."""
    ids = [panel.loop.id for panel in found if panel.is_revealed]
    if not ids:
        return found
    views = {(each.loop_id, each.person): each for each in decisions.views(session, team_id, ids)}
    decided = decisions.decisions(session, team_id, ids)
    stances = decisions.stances(session, team_id, ids) if decided else []
    return [
        replace(
            panel,
            decisions=tuple(each for each in decided if each.loop_id == panel.loop.id),
            stances=tuple(each for each in stances if each.loop_id == panel.loop.id),
            views=tuple(each for each in views.values() if each.loop_id == panel.loop.id),
        )
        for panel in found
    ]


def _panel(loop: Loop, opening: Opening, rows: Sequence[Any]) -> Panel:
    """From rows of interview, seat, scorecard, undo, and the person when no message reaches them;
    all but the first may be None."""
    # Sorted here: asked to sort, SQLite would walk through all of the team's by time.
    interviews = sorted(
        {row[0].id: row[0] for row in rows}.values(), key=lambda each: (each.starts_at, each.id)
    )
    place = {each.id: at for at, each in enumerate(interviews)}
    chairs = sorted(
        (Chair(seat, interview, card) for interview, seat, card, *_ in rows if seat is not None),
        key=lambda each: (place[each.interview.id], each.role != "lead", each.seat.person),
    )
    return Panel(
        loop,
        opening,
        tuple(interviews),
        tuple(each for each in chairs if each.seat.state != "off" or each.is_in),
        rows[0][3] if rows else None,
        frozenset(row[4] for row in rows if row[4] is not None),
    )
