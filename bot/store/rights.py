"""What the database lets the bot do. No team owns what is asked here."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text
from sqlmodel import Session

from bot.records import KeyUse


@dataclass(frozen=True)
class Room:
    """Connections of a server: how many it gives to this user, and how many are in use."""

    most: int
    used: int


def try_writing(session: Session) -> None:
    """Write a row and take it back. Raises SQLAlchemy's errors where that is refused."""
    session.add(KeyUse(fingerprint="a check", since=datetime.min.replace(year=2000, tzinfo=UTC)))
    try:
        session.flush()
    finally:
        session.rollback()


def room(session: Session) -> Room | None:
    """None for SQLite, which knows no such limit."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return None
    asked = """
        SELECT
            current_setting('max_connections')::int
                - current_setting('superuser_reserved_connections')::int
                - coalesce(current_setting('reserved_connections', true)::int, 0),
            (SELECT sum(numbackends) FROM pg_stat_database)::int,
            (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user),
            (SELECT datconnlimit FROM pg_database WHERE datname = current_database())
    """
    most, used, of_user, of_database = connection.execute(text(asked)).one()
    limits = [most, *(each for each in (of_user, of_database) if each is not None and each >= 0)]
    return Room(min(limits), used)
