"""The database. Every query stands here."""

from typing import Any

from sqlalchemy import Connection, event, make_url
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, create_engine

Db = sessionmaker[Session]

BUSY_TIMEOUT = 5000  # Milliseconds that a writer waits for another one on SQLite.


def open_db(url: str) -> Db:
    """Connect to `url` as platforms give it: sqlite:///…, postgres://… or postgresql://…"""
    address = make_url(url)
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(address)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return sessionmaker(engine, class_=Session, expire_on_commit=False)


def _prepare(connection: Any, _: object) -> None:
    # The driver would begin transactions by itself, too late and deferred (design.md, section 10).
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
