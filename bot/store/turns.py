"""One transaction at a time on SQLite, and nobody passed over.

SQLite lets one write and has the others look again at growing intervals, so that on a busy machine
whoever has waited longest may wait on. Within a process a lock passes the turn on at once. Between
processes (a second bot, a command somebody typed) whoever waits looks a thousand times a second,
and a process that has had the file for a while leaves it alone for a moment.
"""

import os
import sqlite3
import time
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

MINE = "turn"
LOOK = 0.001  # Seconds between two looks whether another process has let go of the file.
MOMENT = 0.003  # Seconds that the file is left alone, for others who look …
STRETCH = 0.05  # … after so many in which it was passed on within the process.
_turns: dict[str, "Turn"] = {}  # By file: whoever opens it again in this process queues up, too.


class Turn:
    """Of one process, on one file."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._since, self._passed_on = 0.0, 0.0

    def take(self, patience: float) -> bool:
        if not self._lock.acquire(timeout=patience):
            return False
        now = time.monotonic()
        if now - self._passed_on > LOOK:
            self._since = now  # The file lay there for others to take.
        elif now - self._since > STRETCH:
            time.sleep(MOMENT)
            self._since = time.monotonic()
        return True

    def pass_on(self) -> None:
        self._passed_on = time.monotonic()
        self._lock.release()


def in_turn(engine: Engine, patience: float) -> None:
    """Have the transactions of `engine` begin one after the other, each ready to write. Who waits
    longer than `patience`, in seconds, gets the error that SQLite itself would give."""
    turn = _turns.setdefault(os.path.realpath(engine.url.database or ""), Turn())

    def begin(connection: Connection) -> None:
        until = time.monotonic() + patience
        if not turn.take(patience):
            raise OperationalError("BEGIN", {}, TimeoutError("database is locked"))
        connection.info[MINE] = True
        _begin(connection, until)

    def done(_: Any, record: Any, *__: Any) -> None:
        if record.info.pop(MINE, False):
            turn.pass_on()

    event.listen(engine, "begin", begin)
    for end in ("checkin", "invalidate"):
        event.listen(engine, end, done)


def _begin(connection: Connection, until: float) -> None:
    """Begin as soon as no other process writes."""
    raw: Any = connection.connection.driver_connection
    usual = raw.execute("PRAGMA busy_timeout").fetchone()[0]
    raw.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            except OperationalError as error:
                if not _is_busy(error) or time.monotonic() > until:
                    raise
                time.sleep(LOOK)
            else:
                return
    finally:
        raw.execute(f"PRAGMA busy_timeout={usual}")


def _is_busy(error: OperationalError) -> bool:
    cause = error.orig
    return isinstance(cause, sqlite3.OperationalError) and cause.sqlite_errorcode & 0xFF in (
        sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED
    )  # fmt: skip
