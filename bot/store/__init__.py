"""The database. Every query stands in this package, each filtered by team."""

import sqlite3
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import event, make_url, text
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, create_engine

from bot import vault
from bot.store import connections
from bot.store.connections import Serving
from bot.store.turns import in_turn
from bot.vault import Vault

Db = sessionmaker[Session]

BUSY_TIMEOUT = 5000  # Milliseconds that a writer waits for another one on SQLite.


def open_db(url: str, keys: Sequence[str] = (), serving: Serving | None = None) -> Db:
    """Connect to `url` as platforms give it: sqlite:///…, postgres://… or postgresql://…
    What people wrote is encrypted with the first of `keys` (bot.vault). Without `serving` nothing
    has a limit: an upgrade, or a copy, may take its time."""
    address = make_url(url)
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(address, **connections.arguments(address, serving))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        in_turn(engine, BUSY_TIMEOUT / 1000)
    elif serving is not None:
        connections.prepare(engine, serving)
    vault.use(engine, Vault(keys))
    return sessionmaker(engine, class_=Session, expire_on_commit=False)


def _prepare(connection: Any, _: object) -> None:
    # The driver would begin transactions by itself, too late and deferred (design.md, section 10).
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _write_ahead(connection: Any) -> None:
    """Switch to WAL. SQLite does not wait with that for others who do the same: we do."""
    until = time.monotonic() + BUSY_TIMEOUT / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def take_turns(session: Session, name: str) -> None:
    """Until this transaction ends, whoever else calls this with `name` waits. On SQLite every
    transaction that writes does so anyway."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtext(:name))")
        connection.execute(lock, {"name": name})
