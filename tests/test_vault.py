"""What people wrote, encrypted at rest: with keys, without, and while keys change."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt import BoltRequest
from sqlalchemy import func, text
from sqlmodel import select

from bot import references, schema
from bot.records import KeyUse, Scorecard, SealedVersion, ThreadNote
from bot.schema import upgrade
from bot.store import Db, keys, open_db
from bot.vault import Vault, VaultError, fingerprint
from handlers.errors import explain
from tests.rows import NOON

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
EVIDENCE = "They said: “measure each class of attack”. <&> سلام 🙂"
FIELDS = {"rev": 1, "fields": {"evidence.one": {"value": EVIDENCE, "rev": 1, "window": "V"}}}

Opened = Callable[..., Db]


@pytest.fixture
def opened(address: str, request: pytest.FixtureRequest) -> Opened:
    """Opens the test's database with these keys, as a process that starts does."""

    def with_keys(*given: str) -> Db:
        db = open_db(address, given)
        request.addfinalizer(db.kw["bind"].dispose)
        upgrade(db)
        with db.begin() as session:
            keys.register(session, NOON)
        return db

    return with_keys


def write(db: Db, number: int = 1) -> None:
    note: dict[str, Any] = {"channel": "D1", "ts": str(number), "interview_id": "i", "person": "U1"}
    card: dict[str, Any] = {"id": f"card{number}", "loop_id": "l", "interview_id": f"i{number}"}
    sealed: dict[str, Any] = {"scorecard_id": f"card{number}", "number": 1, "seal": "s"}
    with db.begin() as session:
        session.add(Scorecard(team_id="T1", person="U1", draft=FIELDS, **card))
        session.add(ThreadNote(team_id="T1", text=EVIDENCE, at=NOON, **note))
        session.add(
            SealedVersion(
                team_id="T1", answers=FIELDS, submitted_at=NOON, after_reveal=False, **sealed
            )
        )


def read(db: Db, number: int = 1) -> list[Any]:
    with db.begin() as session:
        return [
            session.get_one(Scorecard, f"card{number}").draft,
            session.get_one(SealedVersion, (f"card{number}", 1)).answers,
            session.get_one(ThreadNote, ("T1", "D1", str(number))).text,
        ]


def raw(db: Db) -> str:
    """All that lies in the three columns, as the database has it."""
    with db.begin() as session:
        connection = session.connection()
        found: list[object] = []
        for table, column in (
            ("scorecard", "draft"),
            ("sealed_version", "answers"),
            ("thread_note", "text"),
        ):
            found += connection.execute(text(f"SELECT {column} FROM {table}")).scalars().all()
    return str(found)


def test_with_a_key_nothing_that_was_written_is_readable_in_the_database(opened: Opened) -> None:
    db = opened(NEW)
    write(db)
    assert "measure" not in raw(db)
    assert read(db) == [FIELDS, FIELDS, EVIDENCE]


def test_without_a_key_all_is_as_it_was_typed(opened: Opened) -> None:
    db = opened()
    write(db)
    assert raw(db).count("measure") == 3
    assert read(db) == [FIELDS, FIELDS, EVIDENCE]


def test_a_key_can_come_later_and_a_newer_one_after_it(opened: Opened) -> None:
    write(opened(), 1)
    write(opened(OLD), 2)
    db = opened(NEW, OLD)
    write(db, 3)
    assert [read(db, number) for number in (1, 2, 3)] == [[FIELDS, FIELDS, EVIDENCE]] * 3


def test_a_process_without_the_key_does_not_start_and_says_what_to_do(opened: Opened) -> None:
    write(opened(OLD))
    for given_ in ((), (NEW,)):
        with pytest.raises(VaultError, match=f"lacks a key .*{fingerprint(OLD)}.*keys rotate"):
            opened(*given_)


def test_after_rotating_the_older_key_is_not_needed(opened: Opened) -> None:
    write(opened(), 1)
    write(opened(OLD), 2)
    done = dict(keys.rotate(opened(NEW, OLD)))
    found = {table: count for table, count in done.items() if count}
    assert found == {"scorecard": 2, "sealed_version": 2, "thread_note": 2}
    db = opened(NEW)
    assert "measure" not in raw(db)
    assert [read(db, number) for number in (1, 2)] == [[FIELDS, FIELDS, EVIDENCE]] * 2


def test_rotating_that_is_interrupted_goes_on_with_the_rest(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "BATCH", 2)
    db = opened(OLD)
    for number in range(7):
        write(db, number)
    db = opened(NEW, OLD)
    for done in keys.rotate(db):
        if done == ("scorecard", 2):
            break
    assert [read(db, number) for number in range(7)] == [[FIELDS, FIELDS, EVIDENCE]] * 7
    with db.begin() as session:  # The old key is still needed, and known to be.
        assert session.exec(select(func.count()).select_from(KeyUse)).one() == 2
    again = list(keys.rotate(db))
    assert sum(count for table, count in again if table == "scorecard") == 5
    assert not any(count for _, count in keys.rotate(db))
    assert read(opened(NEW), 6) == [FIELDS, FIELDS, EVIDENCE]


def test_on_sqlite_the_file_forgets_what_was_readable(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'test.db'}"
    db = open_db(address)
    upgrade(db)
    write(db)
    db.kw["bind"].dispose()
    assert b"measure" in (tmp_path / "test.db").read_bytes()
    db = open_db(address, [NEW])
    assert sum(count for _, count in keys.rotate(db)) == 3
    assert keys.wipe(db)
    db.kw["bind"].dispose()
    assert b"measure" not in (tmp_path / "test.db").read_bytes()


@given(st.text(), st.booleans())
def test_every_text_comes_back(typed: str, encrypted: bool) -> None:
    vault = Vault([NEW] if encrypted else [])
    try:
        typed.encode()
    except UnicodeEncodeError:
        return  # Half a surrogate pair: neither Slack nor a database lets it through.
    assert vault.open(vault.close(typed)) == typed
    kept = vault.close(typed)
    assert vault.open(vault.close(kept)) == kept  # Somebody may type what the database holds.


@pytest.mark.parametrize("typed", ["sealed:gAAAA", "plain:", "plain:sealed:"])
def test_a_text_that_looks_encrypted_is_kept_all_the_same(typed: str) -> None:
    vault = Vault()
    assert vault.open(vault.close(typed)) == typed


def test_a_replica_without_the_key_of_another_is_not_ready_and_says_which(opened: Opened) -> None:
    behind, ahead = opened(OLD), opened(NEW, OLD)
    told = schema.trouble(behind)
    assert fingerprint(NEW) in told
    assert NEW not in told
    assert schema.trouble(ahead) == ""


def test_replicas_that_learn_to_read_a_key_before_any_writes_it_stay_ready(opened: Opened) -> None:
    """The order that the README gives."""
    both = opened(OLD), opened(OLD, NEW)
    assert [schema.trouble(each) for each in both] == ["", ""]
    both = opened(OLD, NEW), opened(NEW, OLD)
    write(both[1])
    assert read(both[0]) == [FIELDS, FIELDS, EVIDENCE]
    assert [schema.trouble(each) for each in both] == ["", ""]
    list(keys.rotate(both[1]))
    assert [schema.trouble(each) for each in (*both, opened(NEW))] == ["", "", ""]


def test_who_asks_for_what_has_no_key_here_is_told_so_under_a_reference(
    opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    behind, ahead = opened(OLD), opened(NEW, OLD)
    write(ahead)
    with pytest.raises(VaultError) as raised:
        read(behind)
    with references.work() as work:
        answer = explain(raised.value, BoltRequest(body="command=%2Fsafety-interview"))
    assert "I have not got the key" in answer.body
    assert work.reference in answer.body
    assert "a key is missing: The key of this text" in caplog.text
    assert not any(key in answer.body + caplog.text for key in (OLD, NEW))
