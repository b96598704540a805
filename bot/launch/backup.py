"""A copy of a running bot's database, and what is needed to trust it: `backup` and `restore`."""

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from bot import schema
from bot.errors import Refusal
from bot.migrations import HEAD
from bot.store import open_db
from bot.store.digest import Digest, digest

PAGES = 2000  # Copied at once; between two of these steps progress is told.
RESTORED = "restored"  # The database that PostgreSQL's commands restore into.
Progress = Callable[[float], None]  # Takes the share that is done, 0 to 1.


@dataclass(frozen=True)
class Manifest:
    """What stands in the file beside a backup."""

    made_at: str
    schema: str
    file_sha256: str
    tables: dict[str, Digest]


def database_file(url: str) -> Path:
    """The file of an SQLite database. Raises Refusal with the commands to use for PostgreSQL."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        if not address.database or address.database == ":memory:":
            raise Refusal("This database lives in memory: there is no file to copy.")
        return Path(address.database)
    raise Refusal(f"Nothing was done. {instead(address)}")


def instead(address: URL) -> str:
    """What does for PostgreSQL what `backup` and `restore` do for SQLite."""
    return "\n".join(
        [
            "PostgreSQL brings its own commands (they ask for the password, or read PGPASSWORD):",
            *postgresql_commands(address),
            "The second is for root, on the server; the third changes nothing in a database that "
            "is not empty.",
            "Then point DATABASE_URL at the new one. `safety-interview db digest` of both shows "
            "whether all came back.",
        ]
    )


def postgresql_commands(address: URL) -> list[str]:
    """To copy, to make an empty database, to restore into it."""
    # `set` leaves out what is None, so it cannot take a password away.
    bare = address.set(drivername="postgresql")._replace(password=None)
    shown, fresh = (each.render_as_string() for each in (bare, bare.set(database=RESTORED)))
    owner = f"--owner='{address.username}' " if address.username else ""
    return [
        f"pg_dump --format=custom --file=safety-interview.dump --dbname='{shown}'",
        f"runuser -u postgres -- createdb {owner}{RESTORED}",
        f"pg_restore --no-owner --single-transaction --dbname='{fresh}' safety-interview.dump",
    ]


def manifest_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.manifest.json")


def backup(url: str, target: Path, progress: Progress) -> Manifest:
    """Copy the database of a bot, which may go on working, to `target`, with a manifest beside it.

    Raises Refusal when there is nothing to copy, or something at `target` already.
    """
    source = database_file(url)
    if not source.exists():
        raise Refusal(f"There is no database at {source}.")
    if target.exists() or manifest_of(target).exists():
        raise Refusal(f"{target} is there already: choose another name.")
    if not target.parent.is_dir():
        raise Refusal(f"There is no folder {target.parent}: make it first.")
    with _partly(target) as part:
        _copy(source, part, progress)
        made = _describe(part)
        part.replace(target)
    manifest_of(target).write_text(json.dumps(asdict(made), indent=2) + "\n", "utf-8")
    return made


def restore(url: str, file: Path, progress: Progress, *, replace: bool = False) -> Manifest:
    """Put a backup where the bot looks for its database. What is there already is kept beside it.

    Raises Refusal for a backup that is damaged, was changed, or is of a newer version, and when
    something is at the place already, unless `replace`; nothing has been touched then.
    """
    target = database_file(url)
    expected = _read(file)
    if expected.schema > HEAD:
        raise Refusal(
            f"This backup is of a newer version of the bot (schema {expected.schema}, this one "
            f"knows {HEAD}): restore it with that version."
        )
    if expected.schema not in schema.OURS.steps:
        raise Refusal(f"{file} holds no database of the bot: nobody knows {expected.schema}.")
    if _sha256(file) != expected.file_sha256:
        raise Refusal(f"{file} is damaged or was changed: it does not match its manifest.")
    if target.exists() and not replace:
        raise Refusal(
            f"{target} is there already: stop the bot, then say --replace to put it aside."
        )
    with _partly(target) as part:
        _copy(file, part, progress)
        found = _describe(part)
        if (found.schema, found.tables) != (expected.schema, expected.tables):
            raise Refusal(f"What came back is not what {file} held: nothing was replaced.")
        if target.exists():
            _put_aside(target)
        part.replace(target)
    return found


@contextmanager
def _partly(target: Path) -> Iterator[Path]:
    """A file beside `target` to be finished first: what is interrupted leaves no half one."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield part
    except (sqlite3.Error, SQLAlchemyError) as error:
        raise Refusal(f"The database cannot be read: it is damaged ({error.args[0]}).") from None
    except OSError as error:
        raise Refusal(
            f"{error.filename or target}: {error.strerror}. Nothing was changed."
        ) from None
    finally:
        for each in (part, *_beside(part)):
            each.unlink(missing_ok=True)


def _copy(source: Path, target: Path, progress: Progress) -> None:
    """SQLite's online backup: a consistent copy, whoever writes meanwhile."""

    def told(_: int, remaining: int, total: int) -> None:
        progress(1 - remaining / max(total, 1))

    read_only = f"{source.resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(read_only, uri=True)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        # One reading for all of the copy: without it every write of the bot begins it anew.
        reading.isolation_level = None
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM sqlite_master").fetchone()
        reading.backup(writing, pages=PAGES, progress=told)
        writing.execute("PRAGMA journal_mode=DELETE")
        found = writing.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)
    with target.open("rb+") as kept:
        os.fsync(kept.fileno())


def _describe(file: Path) -> Manifest:
    db = open_db(f"sqlite:///{file}")
    try:
        with db.begin() as session:
            connection = session.connection()
            version = schema.current(connection)
            if version is None:
                raise Refusal(f"{file.name} holds no database of the bot.")
            tables = digest(connection)
        connection = db.kw["bind"].raw_connection()
        connection.cursor().execute("PRAGMA journal_mode=DELETE")  # One file, with nothing beside.
        connection.close()
    finally:
        db.kw["bind"].dispose()
    return Manifest(datetime.now(UTC).isoformat(timespec="seconds"), version, _sha256(file), tables)


def _read(file: Path) -> Manifest:
    beside = manifest_of(file)
    try:
        held: dict[str, Any] = json.loads(beside.read_text("utf-8"))
        tables = {name: Digest(**each) for name, each in held.pop("tables").items()}
        found = Manifest(tables=tables, **held)
    except OSError as error:
        raise Refusal(
            f"{beside}: {error.strerror}. A backup needs its manifest beside it."
        ) from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Refusal(f"{beside} is not a manifest of `safety-interview backup`.") from None
    if not file.exists():
        raise Refusal(f"There is no backup at {file}.")
    return found


def _sha256(file: Path) -> str:
    with file.open("rb") as kept:
        return hashlib.file_digest(kept, "sha256").hexdigest()


def _beside(file: Path) -> list[Path]:
    return [file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm", "-journal")]


def _put_aside(target: Path) -> None:
    """The database that is replaced, with what SQLite keeps beside it."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    for each in (target, *_beside(target)):
        if each.exists():
            ending = each.name.removeprefix(target.name)
            shutil.move(each, target.with_name(f"{target.name}.before-{stamp}{ending}"))
