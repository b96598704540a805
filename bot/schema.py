"""Bring a database to the schema that this version of the bot works with."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from bot.migrations import HEAD
from bot.store import Db

HISTORY = Path(__file__).parent / "migrations"
LOCK = 5_310_211  # Any number: on PostgreSQL, replicas that start together take turns by it.


class SchemaError(Exception):
    """The database cannot be used by this version. The message says why and what to do."""


def upgrade(db: Db) -> bool:
    """Apply what is missing, in one transaction; True if there was something.

    Raises SchemaError when a newer version of the bot has been here: going back loses data.
    """
    with db.begin() as session:
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        found = current(connection)
        if found == HEAD:
            return False
        if found is not None and found not in _steps():
            raise SchemaError(
                f"The database was last used by a newer version of the bot (schema {found}, this "
                f"one knows {HEAD}). Start that version, or restore the backup from before it."
            )
        _apply(connection)
    return True


def trouble(db: Db) -> str:
    """Why this version cannot work with the database just now; "" when it can."""
    try:
        with db.begin() as session:
            found = current(session.connection())
    except SQLAlchemyError as error:
        return f"the database does not answer ({type(error).__name__})"
    # A newer one is fine: during a rolling upgrade older processes go on until they are stopped.
    return "" if found is not None and found >= HEAD else f"the database has schema {found}"


def current(connection: Connection) -> str | None:
    """The newest step that was applied; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _steps() -> set[str]:
    return {path.name.partition("_")[0] for path in (HISTORY / "versions").glob("[0-9]*.py")}


def _apply(connection: Connection) -> None:
    # Imported only when needed: a start with nothing to apply is a fifth faster without it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HISTORY))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
