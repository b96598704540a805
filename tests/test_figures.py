"""A scorecard is counted when it is opened, and not before; a shadow's never is."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlmodel import SQLModel, select

from bot.records import Loop, Rating, ScoredCard, SealedVersion
from bot.store import Db
from playground import Playground
from tests.offices import (
    coordinator,
    make_opening,
    plan_loop,
    shown,
    wait_for_mail,
)
from tests.test_scorecards import hand_in


@pytest.fixture
def db(lasting: tuple[Playground, Db]) -> Db:
    return lasting[1]


@pytest.fixture
def office(office: Playground) -> Playground:
    """Interviewer C with Interviewer D as shadow, and Interviewer A in another round."""
    make_opening(office)
    second = {"onsite_a": ("U0INTD", "shadow")}
    plan_loop(office, {"onsite_a": "U0INTC", "onsite_c": "U0INTA"}, second=second)
    coordinator(office).close()
    return office


def hands_in(office: Playground, name: str) -> None:
    person = office.person(name)
    wait_for_mail(office, person, 1)
    hand_in(person)
    person.close()


def every(db: Db, kind: type[Any]) -> list[Any]:
    with db.begin() as session:
        return list(session.exec(select(kind)))


def test_nothing_is_counted_before_the_last_one_is_in(office: Playground, db: Db) -> None:
    for name in ("Interviewer C", "Interviewer D"):
        hands_in(office, name)
    assert every(db, ScoredCard) == every(db, Rating) == []
    hands_in(office, "Interviewer A")
    assert {each.person for each in every(db, ScoredCard)} == {"U0INTC", "U0INTA"}
    found = every(db, Rating)
    assert {each.person for each in found} == {"U0INTC", "U0INTA"}
    assert {each.score for each in found} == {3}
    card = next(each for each in every(db, ScoredCard) if each.person == "U0INTC")
    assert (card.rated, card.total, card.recommendation, card.after_reveal) == (2, 6, 3, False)
    assert card.evidence == 2 * 60


def test_what_comes_after_an_early_reveal_is_counted_as_such(office: Playground, db: Db) -> None:
    hands_in(office, "Interviewer C")
    planner = coordinator(office)
    planner.slash("/safety-interview loops")
    planner.click("Show", on=planner.last)
    planner.click("Open scorecards…")
    planner.fill("reason", "The offer expires today")
    planner.submit()
    planner.close()
    assert [each.after_reveal for each in every(db, ScoredCard)] == [False]
    hands_in(office, "Interviewer D")
    hands_in(office, "Interviewer A")
    found = {each.person: each.after_reveal for each in every(db, ScoredCard)}
    assert found == {"U0INTC": False, "U0INTA": True}


def test_an_amendment_after_the_reveal_changes_no_figure(office: Playground, db: Db) -> None:
    for name in ("Interviewer C", "Interviewer A"):
        hands_in(office, name)
    before = repr(sorted(each.model_dump_json() for each in every(db, Rating)))
    person = office.person("Interviewer C")
    person.click("Scorecard", channel="app")
    person.click("Question 1 ✓")
    name = next(each["block_id"] for each in shown(person).blocks if "score." in each["block_id"])
    person.fill(name, "1")
    for _ in range(3):
        person.submit()
    assert len(every(db, SealedVersion)) == 3
    assert repr(sorted(each.model_dump_json() for each in every(db, Rating))) == before


def test_of_an_erased_candidate_the_numbers_stay(office: Playground, db: Db) -> None:
    for name in ("Interviewer C", "Interviewer A"):
        hands_in(office, name)
    before = [each.model_dump() for each in every(db, ScoredCard)]
    planner = coordinator(office)
    planner.slash("/safety-interview loops")
    planner.click("Show", on=planner.last)
    planner.click("Erase…")
    planner.fill("sure", "ERASE")
    planner.submit()
    assert every(db, Loop)[0].erased_at is not None
    assert [each.model_dump() for each in every(db, ScoredCard)] == before


def test_the_migration_counts_what_was_opened_before(
    office: Playground, db: Db, migration: Callable[[Any], None]
) -> None:
    for name in ("Interviewer C", "Interviewer D", "Interviewer A"):
        hands_in(office, name)
    wanted = [sorted(map(repr, rows(db, kind))) for kind in (ScoredCard, Rating)]
    assert all(wanted)
    names = ("scored_card", "rating", "drill", "leaked_question", "echo", "echo_answer")
    with db.begin() as session:
        connection = session.connection()
        for name in names:
            SQLModel.metadata.tables[name].drop(connection)
        migration(connection)
    assert [sorted(map(repr, rows(db, kind))) for kind in (ScoredCard, Rating)] == wanted


def rows(db: Db, kind: type[Any]) -> list[Any]:
    return [sorted(each.model_dump().items()) for each in every(db, kind)]


@pytest.fixture
def migration() -> Callable[[Any], None]:
    """Runs the step that makes and fills the tables of insights."""
    step = import_module("bot.migrations.versions.0008_insights")

    def run(connection: Any) -> None:
        with Operations.context(MigrationContext.configure(connection)):
            step.upgrade()

    return run
