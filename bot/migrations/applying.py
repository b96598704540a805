"""Applying steps: one process at a time, each step whole or not at all, and nobody kept waiting."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.util import load_python_file
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from bot import schema
from bot.store.disks import Ailment, ailment

if TYPE_CHECKING:
    from bot.schema import History

log = logging.getLogger(__name__)

LOCK = 5_310_211  # Any number: on PostgreSQL, replicas that start together take turns by it.
# A step that waits for its table keeps everybody behind it waiting, too: it gives up after this and
# tries again. Slack waits three seconds for an answer.
LOCK_TIMEOUT = "1s"
PATIENCE = 600.0  # Seconds for another process, or for transactions that hold a table.
PAUSE = 0.1


Found = TypeVar("Found")
Begin = Callable[[], AbstractContextManager[Connection]]


class Busy(Exception):
    """Others did not let go of the database. The message says so."""


def upgrade(engine: Engine, history: "History") -> bool:
    """Apply what is missing; True if there was something."""
    if engine.dialect.name != "postgresql":
        return _patiently(partial(_upgrade_file, engine, history))
    with _alone(engine) as connection:
        return _patiently(partial(_upgrade_server, connection, history))


def contract(engine: Engine, history: "History") -> list[str]:
    """Run the contracts that are due."""
    if engine.dialect.name != "postgresql":
        return _patiently(partial(_contract_within, engine.begin, history))
    with _alone(engine) as connection:
        return _patiently(partial(_contract_within, partial(_begun, connection), history))


def _upgrade_file(engine: Engine, history: "History") -> bool:
    """SQLite. Each step is a transaction, so that a bot at work can write between two; a new file
    gets all in one."""
    done = False
    while True:
        with engine.begin() as connection:
            found = schema.current(connection)
            left = [step for step in history.steps if found is None or step > found]
            if not left:
                return done
            _migrate(connection, history, left[-1] if found is None else left[0])
            if found is None:
                _contract(connection, history)
        done = True


def _upgrade_server(connection: Connection, history: "History") -> bool:
    """PostgreSQL. Alembic makes each step a transaction, so that no table is held for longer."""
    with connection.begin():
        found = schema.current(connection)
    if found is not None and found >= history.head:
        return False
    _migrate(connection, history, history.head)
    if found is None:
        with connection.begin():
            _contract(connection, history)
    return True


def _migrate(connection: Connection, history: "History", step: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(history.folder))
    config.attributes["connection"] = connection
    command.upgrade(config, step)


@contextmanager
def _begun(connection: Connection) -> Iterator[Connection]:
    with connection.begin():
        yield connection


def _contract_within(begin: Begin, history: "History") -> list[str]:
    with begin() as connection:
        return _contract(connection, history)


def _contract(connection: Connection, history: "History") -> list[str]:
    """Part of the transaction of `connection`, with what it leaves as the floor."""
    found, lowest = schema.current(connection) or "", schema.floor(connection)
    due = [each for each in history.contracts if lowest < each <= min(found, history.head)]
    with Operations.context(MigrationContext.configure(connection)):
        for number in due:
            [path] = (history.folder / "contracts").glob(f"{number}_*.py")
            module = load_python_file(str(path.parent), path.name)
            module.contract()
    if due:
        connection.execute(text("DELETE FROM schema_floor"))
        kept = text("INSERT INTO schema_floor (id, oldest) VALUES (1, :oldest)")
        connection.execute(kept, {"oldest": due[-1]})
    return due


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """PostgreSQL: a connection of its own, while no other process has one by this. Asked for again
    and again: one that waits inside a query would hold up an index that is being made."""
    until, told = time.monotonic() + PATIENCE, False
    with engine.connect() as connection:
        try:
            while not _locked(connection):
                if time.monotonic() > until:
                    raise Busy(
                        "Another process has been upgrading the database for ten minutes: see "
                        "whether it still works, and stop it otherwise. Then start again."
                    )
                if not told:
                    log.info("another process upgrades the database: waiting for it")
                    told = True
                time.sleep(PAUSE)
            with connection.begin():
                connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
            yield connection
        finally:
            connection.invalidate()  # Closed for good, and the lock with it.


def _locked(connection: Connection) -> bool:
    with connection.begin():
        asked = text("SELECT pg_try_advisory_lock(:lock)")
        return bool(connection.execute(asked, {"lock": LOCK}).scalar())


def _patiently(work: Callable[[], Found]) -> Found:
    """Do `work` again for as long as others hold what it needs; what was done of it stays done."""
    until, told = time.monotonic() + PATIENCE, False
    while True:
        try:
            return work()
        except DBAPIError as error:
            if ailment(error) is not Ailment.LOCKED:
                raise
            if time.monotonic() > until:
                raise Busy(
                    "Something has held the database for ten minutes, so it could not be upgraded: "
                    "stop what else uses it, then start again. Nothing is lost."
                ) from None
            if not told:
                log.info("the upgrade of the database waits for a transaction that is under way")
                told = True
        time.sleep(PAUSE)
