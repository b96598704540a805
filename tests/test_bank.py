"""The bank in use: read anew on order, and every version that was served kept."""

import logging
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from bot.content import Bank, ContentError, Level, Problem
from bot.content.reading import EDITED
from bot.errors import Refusal
from bot.sheets import Given
from bot.store import Db, served
from handlers.bank import CurrentBank
from tests.banks import bank, question

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NAME = "adv-junior-toy-case"
OLD = bank(question())
NEW = bank(question(version=2, prompt="Why would a toy train stop before its station?"))
GONE = bank(question("adv-junior-other-case"))


class Folder:
    """Stands for files on a disk: what they hold now is what is read."""

    def __init__(self, holds: Bank | ContentError) -> None:
        self.holds = holds

    def __call__(self) -> Bank:
        if isinstance(self.holds, ContentError):
            raise self.holds
        return self.holds


def order(db: Db) -> None:
    with db.begin() as session:
        served.order_reading(session, NOON)


@pytest.fixture
def folder() -> Folder:
    return Folder(OLD)


@pytest.fixture
def current(folder: Folder, db: Db) -> CurrentBank:
    return CurrentBank(folder, db, lambda: NOON)


def test_the_bank_is_read_anew_only_when_ordered(
    current: CurrentBank, folder: Folder, db: Db
) -> None:
    folder.holds = NEW
    current.refresh()
    assert current.bank is OLD
    order(db)
    current.refresh()
    assert current.bank is NEW


def test_each_process_reads_it_once_for_an_order(
    current: CurrentBank, folder: Folder, db: Db
) -> None:
    other = CurrentBank(folder, db, lambda: NOON)
    folder.holds = NEW
    order(db)
    for process in (current, other, current):
        process.refresh()
        assert process.bank is NEW
    folder.holds = GONE
    current.refresh()
    assert current.bank is NEW


def test_a_bank_with_a_problem_leaves_the_one_in_use(
    current: CurrentBank, folder: Folder, db: Db, caplog: pytest.LogCaptureFixture
) -> None:
    folder.holds = ContentError([Problem("questions/a.yaml", "title", "is missing: add it")])
    order(db)
    current.refresh()
    assert current.bank is OLD
    assert "questions/a.yaml: title: is missing: add it" in caplog.text


def test_a_bank_that_was_being_edited_is_read_the_next_time(
    current: CurrentBank, folder: Folder, db: Db
) -> None:
    folder.holds = ContentError([Problem("content", "", EDITED)])
    order(db)
    current.refresh()
    assert current.bank is OLD
    folder.holds = NEW
    current.refresh()
    assert current.bank is NEW


def test_what_was_given_stays_as_it_was(current: CurrentBank, folder: Folder, db: Db) -> None:
    given = Given(NAME, Level.JUNIOR, 1)
    for holds in (NEW, GONE):
        folder.holds = holds
        order(db)
        current.refresh()
        shown, level = current.as_given(given)
        assert (shown.version, shown.prompt, level) == (1, OLD.questions[NAME].prompt, Level.JUNIOR)


def test_what_was_given_stays_after_a_restart(db: Db) -> None:
    CurrentBank(Folder(OLD), db, lambda: NOON)
    restarted = CurrentBank(Folder(GONE), db, lambda: NOON)
    assert restarted.as_given(Given(NAME, Level.JUNIOR, 1))[0] == OLD.questions[NAME]


def test_without_a_version_it_is_the_bank_s(current: CurrentBank, folder: Folder, db: Db) -> None:
    folder.holds = NEW
    order(db)
    current.refresh()
    assert current.as_given(Given(NAME, Level.JUNIOR))[0].version == 2


@pytest.mark.parametrize(
    "given", [Given("nobody-knows", Level.JUNIOR, 1), Given(NAME, Level.STAFF, 1)]
)
def test_what_was_never_given_is_refused(current: CurrentBank, given: Given) -> None:
    with pytest.raises(Refusal):
        current.as_given(given)


def test_other_words_under_the_same_version_are_told(
    db: Db, caplog: pytest.LogCaptureFixture
) -> None:
    CurrentBank(Folder(OLD), db, lambda: NOON)
    changed = bank(question(prompt="Why would a toy train stop before its station?"))
    CurrentBank(Folder(changed), db, lambda: NOON)
    assert f"question {NAME} changed without a higher version than 1" in caplog.text


def test_a_database_that_fails_leaves_the_bank_in_use(
    current: CurrentBank, db: Db, caplog: pytest.LogCaptureFixture
) -> None:
    with db.begin() as session:
        session.connection().execute(text("DROP TABLE content_order"))
    caplog.set_level(logging.WARNING)
    current.refresh()
    assert current.bank is OLD
    assert "the database did not say whether to read the bank" in caplog.text
