"""The watch over connections that are held for too long sees what it is there for."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from slack_sdk import WebClient
from sqlalchemy import text

from bot.store import Db, open_db
from tests.holding import ROOT, Holding


@pytest.fixture
def watch() -> Iterator[Holding]:
    found = Holding((str(ROOT / "tests"),))
    yield found
    found.close()


def call() -> None:
    with suppress(OSError):
        WebClient("xoxb-none", "http://127.0.0.1:1/api/", timeout=1, retry_handlers=[]).auth_test()


def test_a_call_within_a_transaction_is_seen(db: Db, watch: Holding) -> None:
    call()
    assert watch.since() == []
    with db.begin() as session:
        session.connection()
        call()
    [seen] = watch.since()
    assert seen.startswith("calls a server within a transaction: tests/test_holding.py")


def test_a_second_connection_within_a_transaction_is_seen(server: str, watch: Holding) -> None:
    db = open_db(server)
    with db.begin() as one:
        one.execute(text("SELECT 1"))
    with db.begin() as one:
        one.execute(text("SELECT 1"))
        assert watch.since() == []
        with db.begin() as two:
            two.execute(text("SELECT 1"))
    [seen] = watch.since()
    assert seen.startswith("takes a second connection within a transaction: tests/test_holding.py")
    db.kw["bind"].dispose()
