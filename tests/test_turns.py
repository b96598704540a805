"""Transactions of one process on SQLite begin one after the other."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from bot.store import open_db
from bot.store.turns import in_turn


def test_as_many_as_like_write_at_once_and_none_is_sent_away(place: str) -> None:
    db, again = open_db(place), open_db(place)
    with db.begin() as session:
        session.connection().execute(text("CREATE TABLE line (number INTEGER)"))

    def write(number: int) -> None:
        for each in range(20):
            with (db if number % 2 else again).begin() as session:
                session.connection().execute(text(f"INSERT INTO line VALUES ({each})"))

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(write, range(12)))
    with db.begin() as session:
        assert session.connection().execute(text("SELECT count(*) FROM line")).scalar() == 240


def test_a_transaction_that_fails_passes_its_turn_on(place: str) -> None:
    db = open_db(place)
    with pytest.raises(OperationalError), db.begin() as session:
        session.connection().execute(text("SELECT * FROM nothing_like_it"))
    with db.begin() as session:
        assert session.connection().execute(text("SELECT 1")).scalar() == 1


def test_one_that_another_process_keeps_out_passes_its_turn_on(tmp_path: Path) -> None:
    path = tmp_path / "test.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 0.01})
    in_turn(engine, 0.2)
    for _ in range(2):
        with pytest.raises(OperationalError, match="locked") as refused, engine.begin():
            pass
        assert isinstance(refused.value.orig, sqlite3.OperationalError)  # Not for want of a turn.
    other.execute("ROLLBACK")
    with engine.begin() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    other.close()
    engine.dispose()


def test_who_waits_too_long_is_told_what_sqlite_would_tell(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'test.db'}")
    in_turn(engine, 0.05)
    busy, free = threading.Event(), threading.Event()

    def hold() -> None:
        with engine.begin():
            busy.set()
            free.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    assert busy.wait(60)
    with pytest.raises(OperationalError, match="database is locked"), engine.begin():
        pass
    free.set()
    holder.join(60)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    engine.dispose()
