"""How many queries an answer takes: as many with twenty loops as with one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from bot.insights import weeks
from bot.store import (
    Db,
    debriefs,
    echo,
    insights,
    loops,
    mirror,
    panels,
    rotation,
    workload,
)
from bot.store.insights import Scope
from handlers import home
from tests import scored
from tests.banks import SHIPPED
from tests.panels import largest
from tests.rows import NOON, fill, person


@contextmanager
def counted(db: Db) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    found: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        found.append(statement)

    engine = db.kw["bind"]
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def planner_s_home(session: Session) -> None:
    assert home.desk(session, "T1", "UCOORD", NOON).total > 0


def interviewer_s_home(session: Session) -> None:
    assert home.desk(session, "T1", person(3), NOON).ahead


def one_panel(session: Session) -> None:
    assert panels.find(session, "T1", "loop0").chairs


def list_of_loops(session: Session) -> None:
    found, _ = loops.active(session, "T1", opening_ids={"opening0"}, limit=20)
    assert panels.read_all(session, "T1", found)


def every_insight(session: Session) -> None:
    """Whatever a section of insights and a mirror read."""
    scope, of = Scope("T1", [f"opening{number}" for number in range(10)]), ("T1", ["opening0"])
    insights.waited(session, scope, 5)
    insights.scores(session, scope)
    insights.on_questions(session, scope)
    insights.on_recommendations(session, scope)
    insights.on_drills(session, "T1")
    insights.leanings(session, scope, NOON + timedelta(days=1), 5, 50)
    insights.uses(session, scope, 5, 20)
    workload.queue(session, *of, NOON, 50)
    workload.loads(session, *of, weeks(NOON), 5, 50)
    mirror.own(session, "T1", person(3), 1)
    rotation.usage(session, "T1", NOON)
    assert echo.foretold(session, *of)[1] == 0


@pytest.mark.parametrize(
    ("ask", "most"),
    [
        (planner_s_home, 13),
        (interviewer_s_home, 7),
        (one_panel, 7),
        (list_of_loops, 8),
        (every_insight, 24),
    ],
)
def test_the_number_of_queries_does_not_grow(db: Db, ask: Any, most: int) -> None:
    with db.begin() as session:
        fill(session, 10)
        scored.fill(session, 40)
    with db.begin() as session, counted(db) as few:
        ask(session)
    with db.begin() as session:
        fill(session, 200, since=10)
        scored.fill(session, 800, since=40)
    with db.begin() as session, counted(db) as many:
        ask(session)
    assert len(few) == len(many) <= most


@pytest.mark.parametrize("people", [2, 12])
def test_a_packet_takes_as_many_queries_for_any_panel(db: Db, people: int) -> None:
    with db.begin() as session:
        rows = largest(people, 10, 200)
        rows.save(session)
        for kept in rows.versions.values():  # As they were asked before the bank changed.
            for each in kept[0].answers["questions"]:
                each["version"] = 7
        rows.keep(session, version=7)
    with db.begin() as session, counted(db) as found:
        panel = panels.find(session, "T1", "loop")
        packet = debriefs.packet(session, SHIPPED, panel)
    assert len(packet.rows) == 10
    assert all(row.question and row.question.version == 7 for row in packet.rows)
    assert len([each for each in found if not each.startswith("BEGIN")]) <= 7
