"""A deploy that rolls: this version answers while another process upgrades the database to the next
one's schema."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot import schema
from bot.launch import demo
from bot.records import Loop, Opening
from bot.schema import History
from bot.store import Db, open_db
from playground import Playground
from tests.databases import new_database
from tests.histories import to_come
from tests.offices import always_at_work, make_opening
from tests.rows import fill

HELD = 0.7  # Seconds that a step holds its tables: far longer than one that adds does.
PATIENCE = 120.0
# What the next version adds, and on PostgreSQL an index on what is being written.
NEXT = {
    "9001": "op.add_column('opening', sa.Column('source', sa.String(), nullable=False, "
    "server_default=''))\n"
    "op.add_column('notice', sa.Column('urgent', sa.Boolean()))\n"
    "op.create_table('tag', sa.Column('id', sa.String(), primary_key=True))\n"
    f"import time\ntime.sleep({HELD})",
    "9002": "indexes.create('ix_opening_channel', 'opening', ['team_id', 'channel'])",
    "9003": "op.add_column('kept_question', sa.Column('x', sa.Integer()))\n"
    f"import time\ntime.sleep({HELD})",
}
UPGRADE = (
    "import sys; from pathlib import Path; from bot import schema, store;"
    "schema.upgrade(store.open_db(sys.argv[1]), schema.History(Path(sys.argv[2]), sys.argv[3]))"
)


@contextmanager
def upgrading(address: str, history: History) -> Iterator[subprocess.Popen[bytes]]:
    """Another process, at it."""
    command = [sys.executable, "-c", UPGRADE, address, str(history.folder), history.head]
    with subprocess.Popen(command) as running:
        try:
            yield running
        finally:
            running.kill()


@pytest.fixture
def coming(tmp_path: Path) -> History:
    return to_come(tmp_path / "history", NEXT)


@contextmanager
def working(address: str) -> Iterator[tuple[Playground, Db]]:
    with demo.workspace(port=0, database_url=address) as play:
        db = open_db(address)
        try:
            yield play, db
        finally:
            db.kw["bind"].dispose()


def test_no_request_is_refused_while_another_process_upgrades(
    address: str, coming: History
) -> None:
    with working(address) as (play, db):
        with db.begin() as session:
            session.add_all(always_at_work())
        person = play.person("Recruiting coordinator")
        asked = opened = 0
        with upgrading(address, coming) as other:
            while other.poll() is None:
                assert person.slash("/safety-interview senior") == {"ok": True}
                assert "Senior interview sheet" in person.messages()[-1].text
                asked += 1
                make_opening(play, title=f"Role {asked}")
                opened += 1
            assert other.returncode == 0
        # And on the larger schema, which it does not know.
        make_opening(play, title="Afterwards")
        with db.begin() as session:
            assert schema.current(session.connection()) == "9003"
            titles = sorted(session.exec(select(Opening.title)))
        assert titles == sorted([*(f"Role {each + 1}" for each in range(opened)), "Afterwards"])
        assert asked >= 1
        assert play.problems == []
    with working(address) as (play, _):  # The deploy is rolled back: this version starts again.
        assert play.person("Recruiting coordinator").slash("/safety-interview openings")["ok"]


@pytest.fixture
def served(server: str) -> Iterator[Db]:
    db = open_db(new_database(server))
    schema.upgrade(db)
    with db.begin() as session:
        fill(session, 20)
    yield db
    db.kw["bind"].dispose()


def waits(db: Db, like: str) -> bool:
    """Whether a statement like this waits for a lock."""
    with db.begin() as session:
        asked = text(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
            "AND query LIKE :like AND datname = current_database()"
        )
        return bool(session.connection().execute(asked, {"like": f"%{like}%"}).scalar())


def wait_until_it_waits(db: Db, like: str) -> None:
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.01)):
        if waits(db, like):
            return
        pause.wait(0.01)
    pytest.fail(f"{like} never waited")


def test_a_step_that_waits_for_its_table_lets_requests_pass(served: Db, tmp_path: Path) -> None:
    """Somebody reads loops for long. A step that wants the table waits for them, and whoever asks
    for loops meanwhile queues behind the step: not for longer than Slack waits for an answer."""
    history = to_come(
        tmp_path / "history", {"9001": "op.add_column('loop', sa.Column('x', sa.Integer()))"}
    )
    address = served.kw["bind"].url.render_as_string(hide_password=False)
    with served() as reading:
        reading.exec(select(Loop)).first()
        with upgrading(address, history) as other:
            wait_until_it_waits(served, "ALTER TABLE loop")
            with served.begin() as session:
                session.connection().execute(text("SET LOCAL statement_timeout = '3s'"))
                assert len(session.exec(select(Loop)).all()) == 20
            wait_until_it_waits(served, "ALTER TABLE loop")  # It tries again.
            reading.rollback()
            assert other.wait(PATIENCE) == 0


def test_an_index_that_was_interrupted_is_made_anew(served: Db, tmp_path: Path) -> None:
    """What remains of it is written to and never used, until the next start."""
    history = to_come(
        tmp_path / "history", {"9001": "indexes.create('ix_loop_link', 'loop', ['link'])"}
    )
    address = served.kw["bind"].url.render_as_string(hide_password=False)
    with served() as writing:
        writing.connection().execute(text("UPDATE loop SET link = 'x' WHERE number = 1"))
        with upgrading(address, history) as other:
            wait_until_it_waits(served, "CREATE INDEX CONCURRENTLY")
            with served.begin() as session:  # Writers are not kept waiting meanwhile.
                session.connection().execute(text("SET LOCAL lock_timeout = '2s'"))
                session.connection().execute(text("UPDATE loop SET link = 'y' WHERE number = 2"))
            os.kill(other.pid, signal.SIGKILL)
            other.wait(PATIENCE)
            with served.begin() as session:
                session.connection().execute(
                    text(
                        "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity "
                        "WHERE query LIKE 'CREATE INDEX CONCURRENTLY%'"
                    )
                )
        writing.commit()
    assert valid(served) == [False]
    assert schema.upgrade(served, history) is True
    assert valid(served) == [True]


def valid(db: Db) -> list[bool]:
    with db.begin() as session:
        asked = text(
            "SELECT indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid "
            "WHERE relname = 'ix_loop_link'"
        )
        return list(session.connection().execute(asked).scalars())
