"""What lies in a database that has this version's schema, and how it lies there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot import store
from bot.launch import gauges, service
from bot.launch.app import Clock
from bot.launch.checks import machine
from bot.launch.checks.finding import Finding, fine, odd, wrong
from bot.settings import Settings
from bot.store import calls, keys, leases, notices, rights
from bot.store.disks import reason
from bot.vault import VaultError

SAMPLE = 200  # Rows of each table that are read.


@contextmanager
def opened(settings: Settings) -> Iterator[Session]:
    db = store.open_db(settings.database_url, settings.data_keys)
    try:
        with db.begin() as session:
            yield session
    finally:
        db.kw["bind"].dispose()


def findings(settings: Settings, now: Clock) -> Iterator[Finding]:
    db = store.open_db(settings.database_url, settings.data_keys)
    try:
        for about, look in (
            ("writing", _writing),
            ("keys", lambda db: _keys(db, settings)),
            ("notices", lambda db: _notices(db, now())),
            ("webhooks", _webhooks),
            ("connections", lambda db: _connections(db, settings)),
            ("clock and database", lambda db: _clock(db, now)),
        ):
            try:
                yield from look(db)
            except SQLAlchemyError as error:
                told = f"the database failed ({reason(error)}): see “database” above"
                yield wrong(about, told)
        path = gauges.file_of(db.kw["bind"])
        if path is not None:
            yield machine.disk(path.parent, path.stat().st_size)
    finally:
        db.kw["bind"].dispose()


def _writing(db: store.Db) -> Iterator[Finding]:
    try:
        with db() as session:
            rights.try_writing(session)
    except SQLAlchemyError as error:
        yield wrong("writing", f"refused ({reason(error)}): {_right(db)}")
    else:
        yield fine("writing", "the database takes what is written")


def _right(db: store.Db) -> str:
    if db.kw["bind"].dialect.name == "sqlite":
        return "give the bot's user the right to write to the file and its folder"
    return "give its user the right to write, and do not point DATABASE_URL at a standby"


def _keys(db: store.Db, settings: Settings) -> Iterator[Finding]:
    try:
        with db.begin() as session:
            found = keys.sample(session, SAMPLE)
    except VaultError as error:
        yield wrong("keys", str(error))
        return
    if not settings.data_keys:
        return  # “at rest” says what that means.
    if found.stale:
        told = f"{found.stale} of {found.read} texts that were looked at are not under the newest"
        yield odd("keys", f"{told} key: `safety-interview keys rotate` writes them anew")
    else:
        yield fine("keys", f"{found.read} texts were looked at, all under the newest key")


def _notices(db: store.Db, now: datetime) -> Iterator[Finding]:
    with db.begin() as session:
        found = notices.backlog(session, now)
    failed, late, due = (found.counts[each] for each in ("failed", "late", "due"))
    if late:
        minutes = found.lag // timedelta(minutes=1)
        told = f"{late} late, one for {minutes} minutes: is the bot running, and what says its log?"
        yield odd("notices", told)
    if failed:
        told = "`safety-interview notices` says why, `notices --retry all` sends them after all"
        yield odd("notices", f"{failed} given up: {told}")
    if not late and not failed:
        yield fine("notices", f"{due} due now, none late, none given up")


def _webhooks(db: store.Db) -> Iterator[Finding]:
    with db.begin() as session:
        found = calls.backlog(session)
    if found["failed"]:
        told = "`safety-interview notices` says why, and `--retry all` tells them after all"
        yield odd("webhooks", f"{found['failed']} events given up: {told}")
    else:
        yield fine("webhooks", f"{found['pending']} events to be told, none given up")


def _connections(db: store.Db, settings: Settings) -> Iterator[Finding]:
    with db.begin() as session:
        room = rights.room(session)
    if room is not None:
        yield connections(settings.database_pool or service.WANT, room.most, room.used)


def connections(wanted: int, most: int, used: int) -> Finding:
    """Whether a process that opens up to `wanted` fits on a server that gives `most`."""
    told = f"a process opens up to {wanted}, the server gives {most}, {used} are in use"
    fix = "raise its max_connections, or set a smaller DATABASE_POOL"
    if wanted > most:
        return wrong("connections", f"{told}: {fix}")
    if wanted > most - used:
        return odd("connections", f"{told}, so one process more may be refused: {fix}")
    return fine("connections", f"{told}: room for {(most - used) // wanted} processes more")


def _clock(db: store.Db, now: Clock) -> Iterator[Finding]:
    with db.begin() as session:
        theirs, ours = leases.clock(session), now()
    yield machine.clocks("database", theirs, ours)
