"""Bring a database to the schema that this version of the bot works with, while others work with it
(docs/decisions/0018-expand-then-contract.md)."""

import logging
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from bot.migrations import HEAD
from bot.store import Db, keys
from bot.store.disks import reason

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parent / "migrations"


class SchemaError(Exception):
    """The database cannot be used by this version. The message says why and what to do."""


@dataclass(frozen=True)
class History:
    """The steps of a schema: `versions` add to it, and `contracts` remove what none needs."""

    folder: Path
    head: str

    @property
    def steps(self) -> list[str]:
        return [each for each in _numbers(self.folder / "versions") if each <= self.head]

    @property
    def contracts(self) -> list[str]:
        """Each is named by the first schema whose code can do without what it removes."""
        return _numbers(self.folder / "contracts")


OURS = History(FOLDER, HEAD)


def upgrade(db: Db, history: History = OURS) -> bool:
    """Apply what is missing; True if there was something. Who comes while another process does it
    waits, and what was interrupted is finished.

    Raises SchemaError when a newer version of the bot has removed what this one needs.
    """
    with db.begin() as session:
        found = current(session.connection())
        _require_usable(session.connection(), found, history)
    if found is not None and found >= history.head:
        if found > history.head:
            log.warning("the database was made larger by a newer version (schema %s)", found)
        return False
    # Imported only when needed: a start with nothing to apply is a fifth faster without it.
    from bot.migrations import applying

    try:
        return applying.upgrade(db.kw["bind"], history)
    except applying.Busy as error:
        raise SchemaError(str(error)) from None


def due(db: Db, history: History = OURS) -> list[str]:
    """The contracts that can be run."""
    with db.begin() as session:
        found, lowest = current(session.connection()) or "", floor(session.connection())
    return [each for each in history.contracts if lowest < each <= min(found, history.head)]


def contract(db: Db, history: History = OURS) -> list[str]:
    """Remove what this version and those after it do not need: older ones cannot work with the
    database from then on. The contracts that were run."""
    from bot.migrations import applying

    try:
        return applying.contract(db.kw["bind"], history)
    except applying.Busy as error:
        raise SchemaError(str(error)) from None


def trouble(db: Db) -> str:
    """Why this version cannot work with the database just now; "" when it can."""
    try:
        with db.begin() as session:
            found = current(session.connection())
            if found is None or found < HEAD:
                return f"the database has schema {found}, this version needs {HEAD}"
            try_writing(session.connection())
            # A larger one is fine: in a rolling deploy older processes go on until they stop.
            return refusal(session.connection(), found) or keys.lacking(session)
    except SQLAlchemyError as error:
        return f"the database cannot be used: {reason(error)}"


def current(connection: Connection) -> str | None:
    """The newest step that was applied; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def try_writing(connection: Connection) -> None:
    """Raises SQLAlchemy's error for a database that can only be read: SQLite begins to write there
    without a word. Changes nothing."""
    connection.execute(text("UPDATE alembic_version SET version_num = version_num WHERE 1 = 0"))


def floor(connection: Connection) -> str:
    """The newest contract that was run; "" for none. Versions that are older than it cannot work
    with the database."""
    if not inspect(connection).has_table("schema_floor"):
        return ""
    return connection.execute(text("SELECT oldest FROM schema_floor")).scalar() or ""


def refusal(connection: Connection, found: str | None, history: History = OURS) -> str:
    """Why a database of schema `found` cannot be used by this version; "" when it can."""
    if found is None:
        return ""
    marked = inspect(connection).has_table("schema_floor")
    if found not in history.steps and (found < history.head or not found.isdigit()):
        return f"The database is not one of this bot: nobody knows its schema {found}."
    oldest = floor(connection) if marked else ""
    if found in history.steps or marked:
        if oldest <= history.head:
            return ""
    else:
        oldest = found  # It does not say what it was made for.
    return (
        f"The database was last used by a newer version of the bot (schema {found}, for versions "
        f"that know {oldest}; this one knows {history.head}). Start that version, or restore the "
        "backup from before it."
    )


def _require_usable(connection: Connection, found: str | None, history: History) -> None:
    told = refusal(connection, found, history)
    if told:
        raise SchemaError(told)
    if found is not None:
        try_writing(connection)


def _numbers(folder: Path) -> list[str]:
    return sorted(path.name.partition("_")[0] for path in folder.glob("[0-9]*.py"))
