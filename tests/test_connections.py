"""Nobody keeps others waiting for the database, and nobody waits for it for ever."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event, Thread

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolEmpty

from bot.launch.service import WANT
from bot.store import Db, connections, open_db
from bot.store.connections import Serving
from tests.databases import new_database
from tests.wires import Wire

SHORT = Serving(pool=2, for_pool=0.2, lock=0.2, statement=0.5, idle=0.5, silence=2.0)


@pytest.fixture
def db(server: str) -> Iterator[Db]:
    found = open_db(new_database(server), serving=SHORT)
    with found.begin() as session:
        session.execute(text("CREATE TABLE t (n int)"))
        session.execute(text("INSERT INTO t VALUES (1)"))
    yield found
    found.kw["bind"].dispose()


HOLD = text("UPDATE t SET n = n + 1")


def test_who_waits_for_a_row_hears_soon_that_it_is_taken(db: Db) -> None:
    with db.begin() as holder:
        holder.execute(HOLD)
        with pytest.raises(OperationalError, match="LockNotAvailable"), db.begin() as session:
            session.execute(HOLD)


def test_who_sleeps_in_a_transaction_loses_it_and_its_rows(db: Db) -> None:
    sleeper = db()
    sleeper.execute(HOLD)
    time.sleep(1.5)
    with db.begin() as other:
        other.execute(HOLD)
    with pytest.raises(DBAPIError):
        sleeper.commit()
    sleeper.close()
    with db.begin() as session:
        assert session.execute(text("SELECT n FROM t")).scalar_one() == 2


def test_a_statement_has_an_end(db: Db) -> None:
    with pytest.raises(OperationalError, match="QueryCanceled"), db.begin() as session:
        session.execute(text("SELECT pg_sleep(20)"))


def test_a_pool_that_is_empty_says_so_soon(db: Db) -> None:
    with db.begin() as one, db.begin() as two:
        one.execute(text("SELECT 1"))
        two.execute(text("SELECT 1"))
        with pytest.raises(PoolEmpty), db.begin() as session:
            session.execute(text("SELECT 1"))


def test_there_is_a_connection_for_each_thread_that_may_want_one(server: str) -> None:
    db, full = open_db(server, serving=Serving(WANT, for_pool=0.1)), Event()

    def hold() -> None:
        with db.begin() as session:
            session.execute(text("SELECT 1"))
            full.wait(60)

    with ThreadPoolExecutor(WANT) as threads:
        held = [threads.submit(hold) for _ in range(WANT)]
        pool = db.kw["bind"].pool
        until = time.monotonic() + 60
        while pool.checkedout() < WANT and not any(each.done() for each in held):
            assert time.monotonic() < until
            time.sleep(0.01)
        full.set()
        for each in held:
            each.result(60)
    db.kw["bind"].dispose()


def test_connections_that_the_server_closed_are_replaced_unseen(db: Db, server: str) -> None:
    with db.begin() as session:
        session.execute(text("SELECT 1"))
    admin = open_db(server)
    with admin.begin() as session:
        session.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": db.kw["bind"].url.database},
        )
    admin.kw["bind"].dispose()
    with db.begin() as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1


def test_a_server_that_says_nothing_any_more_is_given_up_and_found_again(server: str) -> None:
    with Wire(server) as wire:
        db = open_db(wire.address, serving=SHORT)
        with db.begin() as session:
            session.execute(text("SELECT 1"))
        wire.swallow()
        with connections.within(1.0):  # A request's time, in all.
            begun = time.monotonic()
            with suppress(DBAPIError), db.begin() as session:
                session.execute(text("SELECT 1"))
                pytest.fail("it was answered")
            assert time.monotonic() - begun < 20  # For ever, it would be without.
        wire.mend()
        with db.begin() as session:
            assert session.execute(text("SELECT 1")).scalar_one() == 1
        db.kw["bind"].dispose()


def test_a_request_whose_time_is_over_does_not_begin_to_connect() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgresql://postgres@127.0.0.1:{silent.getsockname()[1]}/postgres"
        db = open_db(address, serving=SHORT)
        with (
            connections.within(0.1),
            pytest.raises(OperationalError, match="no time left"),
            db.begin() as session,
        ):
            session.execute(text("SELECT 1"))
        db.kw["bind"].dispose()


def test_what_the_address_says_counts() -> None:
    address = make_url("postgresql+psycopg://host/db?connect_timeout=7&application_name=ours")
    given = connections.arguments(address, SHORT)["connect_args"]
    assert not {"connect_timeout", "application_name"} & set(given)
    assert given["keepalives"] == 1


def test_an_upgrade_has_no_limit(server: str) -> None:
    db = open_db(server)
    with db.begin() as session:
        assert session.execute(text("SHOW statement_timeout")).scalar_one() == "0"
    db.kw["bind"].dispose()


def test_a_file_needs_none_of_it(tmp_path: object) -> None:
    assert connections.arguments(make_url(f"sqlite:///{tmp_path}/x.db"), SHORT) == {}


def test_others_wait_no_longer_for_a_request_that_hangs(db: Db) -> None:
    """One thread sleeps with the row; a request of another process is told in its time."""
    asleep, wake = Event(), Event()

    def hold() -> None:
        with suppress(DBAPIError), db.begin() as session:
            session.execute(HOLD)
            asleep.set()
            wake.wait(60)

    holder = Thread(target=hold)
    holder.start()
    assert asleep.wait(60)
    with connections.within(2.5), pytest.raises(OperationalError), db.begin() as session:
        session.execute(HOLD)
    wake.set()
    holder.join(60)
