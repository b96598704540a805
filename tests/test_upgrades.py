"""Databases that earlier versions filled, brought to this one: every answer stays as it was,
whenever the upgrade is killed and whoever does it at the same time."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, SQLModel, select

from bot import schema, scorecards, votes
from bot.migrations import HEAD
from bot.records import RecordedView, Scorecard, SealedVersion
from bot.schema import OURS
from bot.store import open_db
from tests.histories import KEY, ROWS, held, left_by

EARLIER = OURS.steps[:-1]


@pytest.mark.parametrize("step", EARLIER)
def test_what_an_earlier_version_wrote_is_unchanged_after_the_upgrade(
    address: str, step: str
) -> None:
    db, tables = left_by(address, step)
    before = held(db, tables)
    assert all(len(each) == ROWS for each in before.values())
    assert schema.upgrade(db) is True
    assert held(db, tables) == before
    with db.begin() as session:
        assert schema.current(session.connection()) == HEAD
        _read_by_this_version(session)
        assert _seals(session) == (ROWS if step >= "0003" else 0, ROWS if step >= "0007" else 0)
    db.kw["bind"].dispose()


def _read_by_this_version(session: Session) -> None:
    for mapper in SQLModel._sa_registry.mappers:
        session.exec(select(mapper.class_)).all()


def _seals(session: Session) -> tuple[int, int]:
    """How many seals fit what they seal; one that does not fails."""
    cards = {card.id: card for card in session.exec(select(Scorecard))}
    sealed = session.exec(select(SealedVersion)).all()
    for each in sealed:
        card = cards[each.scorecard_id]
        made = scorecards.seal(each.answers, card.interview_id, card.person, each.submitted_at)
        assert made == each.seal
    views = session.exec(select(RecordedView)).all()
    for view in views:
        assert votes.seal(view.views, view.loop_id, view.person, view.recorded_at) == view.seal
    return len(sealed), len(views)


def test_the_rows_are_made_of_every_kind_of_column(place: str) -> None:
    """Nothing is compared that was never there."""
    db, tables = left_by(place, EARLIER[-1])
    found = held(db, tables)
    db.kw["bind"].dispose()
    assert {"sealed_version", "notice", "audit_entry", "thread_note", "writing"} <= set(found)
    full = [value for each in found.values() for value in each[0].values()]
    assert all(value not in (None, "") for value in full)
    kinds = {type(value).__name__ for value in full}
    assert {"str", "int", "float", "bool", "dict", "datetime", "date"} <= kinds
    assert "sealed:" in str(found["sealed_version"][2]["answers"])


def test_an_upgrade_that_is_killed_anywhere_is_finished_by_the_next_start(address: str) -> None:
    db, tables = left_by(address, "0003")
    before = held(db, tables)
    db.kw["bind"].dispose()
    done = subprocess.run(
        [sys.executable, "-m", "tests.killing", address],
        capture_output=True, text=True, check=False, timeout=250,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    # At the least once before each step's changes, once before its mark, and once before its end.
    assert int(done.stdout) >= 3 * len([step for step in EARLIER if step > "0003"])
    assert held(db, tables) == before
    with db.begin() as session:
        assert schema.current(session.connection()) == HEAD
        assert _seals(session) == (ROWS, 0)
    assert schema.upgrade(db) is False
    db.kw["bind"].dispose()


def test_of_processes_that_upgrade_at_once_one_does_and_the_others_wait(address: str) -> None:
    db, tables = left_by(address, "0003")
    before = held(db, tables)
    dbs = [open_db(address, [KEY]) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert any(pool.map(schema.upgrade, dbs))
    for each in dbs:
        each.kw["bind"].dispose()
    assert held(db, tables) == before
    with db.begin() as session:
        assert schema.current(session.connection()) == HEAD
    db.kw["bind"].dispose()
