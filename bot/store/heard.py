"""What Slack has sent and was done: it may send the same again, to any replica, after a restart."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from bot.records import Heard

KEPT = timedelta(days=1)  # Slack gives up on an event after an hour; a form is open for a while.


def is_new(session: Session, team_id: str, key: str, at: datetime) -> bool:
    """Whether `key` was not heard before; it is from now on, unless this transaction fails.
    Whoever hears the same meanwhile waits for it."""
    connection = session.connection()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = insert(Heard).values(team_id=team_id, key=key, at=at).on_conflict_do_nothing()
    return connection.execute(row.returning(col(Heard.key))).first() is not None


def unhear(session: Session, team_id: str, key: str) -> None:
    """As if `key` had not come: what it asked for could not be done."""
    session.connection().execute(
        delete(Heard).where(col(Heard.team_id) == team_id, col(Heard.key) == key)
    )


def forget(session: Session, now: datetime) -> None:
    """Of every team, what cannot come again any more."""
    session.connection().execute(delete(Heard).where(col(Heard.at) < now - KEPT))
