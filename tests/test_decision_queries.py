"""After the reveal, too, an answer takes as many queries with twenty loops as with one."""

from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.records import Decision, Loop, RecordedView, Stance
from bot.store import Db
from tests.rows import NOON, fill
from tests.test_queries import (
    counted,
    interviewer_s_home,
    list_of_loops,
    one_panel,
    planner_s_home,
)


@pytest.mark.parametrize(
    ("ask", "most"),
    [(planner_s_home, 15), (interviewer_s_home, 7), (one_panel, 10), (list_of_loops, 11)],
)
def test_the_number_of_queries_does_not_grow(db: Db, ask: Any, most: int) -> None:
    with db.begin() as session:
        fill(session, 10)
        open_all(session)
    with db.begin() as session, counted(db) as few:
        ask(session)
    with db.begin() as session:
        fill(session, 200, since=10)
        open_all(session)
    with db.begin() as session, counted(db) as many:
        ask(session)
    assert len(few) == len(many) <= most


def open_all(session: Session) -> None:
    """Open the scorecards of every loop, with views and a decision in each."""
    for loop in session.exec(select(Loop).where(col(Loop.revealed_at).is_(None))).all():
        loop.revealed_at = NOON
        views = {"questions": [], "overall": [], "reason": "", "toward": 0}
        keys: dict[str, Any] = {"loop_id": loop.id, "team_id": "T1"}
        for who in ("U1", "U2"):
            session.add(
                RecordedView(**keys, person=who, number=1, views=views, seal="", recorded_at=NOON)
            )
        decision = Decision(
            **keys, id=loop.id, number=1, by="UMANAGER", outcome="hold", until=NOON.date(),
            rationale="", cites=[], state="in_effect", decided_at=NOON,
        )  # fmt: skip
        session.add(decision)
        session.flush()
        session.add(
            Stance(**keys, decision_id=loop.id, person="U1", role="panellist", asked_at=NOON)
        )
