"""Rows of loops, made at once rather than through Slack: for what depends on how many there are."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session, insert

from bot.records import Interview, Loop, Opening, Scorecard, Seat
from tests.test_openings import made

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PANEL = 4  # Interviews of a loop, each with one interviewer and a scorecard.
OPENINGS = 10


def person(number: int) -> str:
    return f"UPERSON{number % 50}"


def fill(
    session: Session, loops: int, *, since: int = 0, team_id: str = "T1", planner: str = "UCOORD"
) -> None:
    """`loops` more of them, numbered from `since` on, over ten openings and fifty interviewers.
    The first opening is `planner`'s.
    Of each panel three have handed in, and the fourth's interview lies ahead."""
    if since == 0:
        for number in range(OPENINGS):
            session.add(_opening(number, team_id, planner))
        session.flush()
    every = range(since, since + loops)
    rows: dict[type, list[dict[str, object]]] = {Loop: [], Interview: [], Seat: [], Scorecard: []}
    for number in every:
        loop_id = f"loop{number}"
        rows[Loop].append(
            Loop(
                id=loop_id,
                team_id=team_id,
                opening_id=f"opening{number % OPENINGS}",
                number=number,
                candidate=f"Candidate {number}",
                created_by="UCOORD",
                created_at=NOON + timedelta(minutes=number),
            ).model_dump()
        )
        for at in range(PANEL):
            keys: dict[str, Any] = {"id": f"{loop_id}-{at}", "team_id": team_id, "loop_id": loop_id}
            who = person(number * PANEL + at)
            ahead = timedelta(days=1 if at == PANEL - 1 else -1, hours=at)
            interview = Interview(**keys, round="onsite_a", minutes=45, starts_at=NOON + ahead)
            seat = Seat(
                **keys, interview_id=keys["id"], person=who, role="lead", owes=at == PANEL - 1
            )
            version = 0 if at == PANEL - 1 else 1
            card = Scorecard(**keys, interview_id=keys["id"], person=who, draft={}, version=version)
            for row in (interview, seat, card):
                rows[type(row)].append(row.model_dump())
    for kind in (Loop, Interview, Seat, Scorecard):
        session.connection().execute(insert(kind), rows[kind])


def _opening(number: int, team_id: str, planner: str) -> Opening:
    return made(
        id=f"opening{number}", team_id=team_id, coordinators=[planner if number == 0 else "UELSE"],
        hiring_manager="UMANAGER" if number == 0 else "UELSE",
    )  # fmt: skip
