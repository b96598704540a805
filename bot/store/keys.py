"""Which keys a database was written with, and writing it anew with the newest one.

These rows are the deployment's, so none of them has a team."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, and_, or_, select, type_coerce, update
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, SQLModel, col
from sqlmodel import select as rows

from bot.records import KeyUse
from bot.store import Db, take_turns
from bot.vault import Sealed, VaultError, of

BATCH = 200  # Rows written anew in one transaction: an interruption loses no more than these.


def register(session: Session, now: datetime) -> None:
    """Remember the key that is written with from now on.

    Raises VaultError when a key is missing with which something here was written.
    """
    take_turns(session, "keys")
    told = lacking(session)
    if told:
        raise VaultError(told)
    for newest in of(session.get_bind().dialect).prints[:1]:
        if session.get(KeyUse, newest) is None:
            session.add(KeyUse(fingerprint=newest, since=now))


def lacking(session: Session) -> str:
    """Which keys this process has not got, although something here may be written with them; "" for
    none. One look at a table of a few rows: it is asked every few seconds."""
    known = set(session.exec(rows(KeyUse.fingerprint)))
    missing = sorted(known - set(of(session.get_bind().dialect).prints))
    if not missing:
        return ""
    return (
        f"DATA_KEYS lacks a key that this database was written with ({', '.join(missing)}). "
        "Put it back, after the newest one; `safety-interview keys rotate` makes it unneeded."
    )


def rotate(db: Db) -> Iterator[tuple[str, int]]:
    """Write everything anew that is not under the newest key. Yields a table's name and how many of
    its rows that were, batch by batch; interrupted, it goes on with the rest the next time.

    Raises VaultError for a row whose key is missing.
    """
    for table, sealed in _tables():
        after: Place | None = None
        while True:
            with db.begin() as session:
                after, changed = _batch(session, table, sealed, after)
            yield table.name, changed
            if after is None:
                break
    with db.begin() as session:
        newest = of(session.get_bind().dialect).prints[:1]
        for use in session.exec(rows(KeyUse).where(col(KeyUse.fingerprint).not_in(newest))):
            session.delete(use)


@dataclass(frozen=True)
class Sample:
    read: int  # Texts.
    stale: int  # Of these, how many are not as they would be written now.


def sample(session: Session, most: int) -> Sample:
    """Read what is sealed in up to `most` rows of each table.

    Raises VaultError for a text whose key is missing.
    """
    vault, read, stale = of(session.get_bind().dialect), 0, 0
    for table, sealed in _tables():
        raw = [
            type_coerce(each, each.type.raw).label(f"raw_{each.name}")
            for each in sealed
            if isinstance(each.type, Sealed)
        ]
        # Keys of rows are random, mostly: the first ones are as good as any.
        wanted = select(*raw, *sealed).order_by(*table.primary_key.columns).limit(most)
        for row in session.connection().execute(wanted):
            texts = [held for held in row[: len(raw)] if held not in (None, "", {}, [])]
            read += len(texts)
            stale += sum(not (isinstance(each, str) and vault.is_current(each)) for each in texts)
    return Sample(read, stale)


def wipe(db: Db) -> bool:
    """Have SQLite forget what was in the rows before; False while somebody else uses the file. On
    PostgreSQL its autovacuum does so."""
    engine = db.kw["bind"]
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM")
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except OperationalError:
        return False
    finally:
        connection.close()
    return True


Place = tuple[Any, ...]  # A row's primary key.


def _tables() -> list[tuple[Table, list[Column[Any]]]]:
    """What holds sealed columns, with these."""
    found = []
    for table in SQLModel.metadata.sorted_tables:
        sealed = [each for each in table.columns if isinstance(each.type, Sealed)]
        if sealed:
            found.append((table, sealed))
    return found


def _batch(
    session: Session, table: Table, sealed: list[Column[Any]], after: Place | None
) -> tuple[Place | None, int]:
    """The next rows by primary key: the last one's, or None at the end, and how many changed."""
    vault, connection = of(session.get_bind().dialect), session.connection()
    key = list(table.primary_key.columns)
    raw = [
        type_coerce(each, each.type.raw).label(f"raw_{each.name}")
        for each in sealed
        if isinstance(each.type, Sealed)
    ]
    wanted = select(*key, *raw, *sealed).order_by(*key).limit(BATCH).with_for_update()
    if after is not None:
        wanted = wanted.where(_beyond(key, after))
    found, changed = connection.execute(wanted).all(), 0
    for row in found:
        place, kept, read = row[: len(key)], row[len(key) : -len(sealed)], row[-len(sealed) :]
        stale = {
            column.name: value
            for column, held, value in zip(sealed, kept, read, strict=True)
            if held is not None and not (isinstance(held, str) and vault.is_current(held))
        }
        if stale:
            same = and_(*(column == value for column, value in zip(key, place, strict=True)))
            connection.execute(update(table).where(same).values(stale))
            changed += 1
    return (tuple(found[-1][: len(key)]) if len(found) == BATCH else None), changed


def _beyond(key: list[Column[Any]], place: Place) -> Any:
    """Rows after `place`: written out, since not every database compares tuples."""
    return or_(
        *(
            and_(*(key[n] == place[n] for n in range(at)), key[at] > place[at])
            for at in range(len(key))
        )
    )
