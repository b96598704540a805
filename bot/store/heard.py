"""What Slack has sent and was done: it may send the same again, to any replica, after a restart."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, text
from sqlmodel import Session, col
from sqlmodel.sql.sqltypes import UTCDateTime

from bot.records import Heard

KEPT = timedelta(days=1)  # Slack gives up on an event after an hour; a form is open for a while.

# As SQLite and PostgreSQL both understand it: importing what SQLAlchemy has for each takes 0.1 s.
MARK = text(
    "INSERT INTO heard (team_id, key, at) VALUES (:team_id, :key, :at) "
    "ON CONFLICT DO NOTHING RETURNING key"
).bindparams(bindparam("at", type_=UTCDateTime()))


def is_new(session: Session, team_id: str, key: str, at: datetime) -> bool:
    """Whether `key` was not heard before; it is from now on, unless this transaction fails.
    Whoever hears the same meanwhile waits for it."""
    row = {"team_id": team_id, "key": key, "at": at}
    return session.connection().execute(MARK, row).first() is not None


def unhear(session: Session, team_id: str, key: str) -> None:
    """As if `key` had not come: what it asked for could not be done."""
    session.connection().execute(
        delete(Heard).where(col(Heard.team_id) == team_id, col(Heard.key) == key)
    )


def forget(session: Session, now: datetime) -> None:
    """Of every team, what cannot come again any more."""
    session.connection().execute(delete(Heard).where(col(Heard.at) < now - KEPT))
