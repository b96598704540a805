"""`safety-interview notices`: what is owed, what was given up and why, and how to try it again."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import select

from bot.records import Notice
from bot.schema import upgrade
from bot.store import Db, ledger, open_db
from tests.test_command_line import typed

SOON = datetime.now(UTC) + timedelta(hours=3)


def add(db: Db, id_: str, state: str = "pending", error: str = "") -> None:
    with db.begin() as session:
        session.add(
            Notice(
                id=id_, team_id="T1", kind="brief", recipient="U0INTA", subject="s", due_at=SOON,
                state=state, error=error, attempts=7, told={"candidate": "Candidate Twelve"},
            )
        )  # fmt: skip


def test_it_shows_what_is_owed_and_what_was_given_up(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'test.db'}"
    db = open_db(address)
    upgrade(db)
    assert "Nothing is owed" in typed("notices", DATABASE_URL=address).stdout
    add(db, "one")
    add(db, "two", "failed", "is_archived")
    add(db, "three", "sent")

    shown = typed("notices", DATABASE_URL=address).stdout
    assert "is_archived" in shown
    assert "in 3 h" in shown
    assert "three" not in shown
    assert "Twelve" not in shown

    found = json.loads(typed("notices", "--json", DATABASE_URL=address).stdout)
    assert [each["id"] for each in found["next"]] == ["one"]
    assert [each["error"] for each in found["failed"]] == ["is_archived"]

    assert typed("notices", "--retry", "nothing", DATABASE_URL=address).returncode == 1
    done = typed("notices", "--retry", "two", DATABASE_URL=address)
    assert "1 sent again" in done.stdout
    with db.begin() as session:
        again = session.exec(select(Notice).where(Notice.id == "two")).one()
    assert (again.state, again.attempts) == ("pending", 1)
    db.kw["bind"].dispose()


def test_all_that_was_given_up_is_tried_again_at_once(db: Db) -> None:
    for id_ in ("one", "two"):
        add(db, id_, "failed", "internal_error")
    add(db, "three", "skipped")
    with db.begin() as session:
        assert ledger.retry(session, "all", SOON) == 2
        assert [each.id for each in ledger.upcoming(session, 5)] == ["one", "two"]
        assert ledger.failed(session, 5) == []
