"""One transaction at a time, in one process on SQLite.

SQLite lets one write and has the others look again at growing intervals, so that on a busy machine
whoever has waited longest may wait on. Within a process a lock passes the turn on at once.
Other processes (a command somebody typed, a backup) still wait as SQLite does.
"""

import os
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

MINE = "turn"
_turns: dict[str, Lock] = {}  # By file: whoever opens it again in this process queues up with all.


def in_turn(engine: Engine, patience: float) -> None:
    """Have the transactions of `engine` begin one after the other. Who waits longer than
    `patience`, in seconds, gets the error that SQLite itself would give."""
    turn = _turns.setdefault(os.path.realpath(engine.url.database or ""), Lock())

    def begin(connection: Connection) -> None:
        if not turn.acquire(timeout=patience):
            raise OperationalError("BEGIN", {}, TimeoutError("database is locked"))
        connection.info[MINE] = True

    def done(_: Any, record: Any, *__: Any) -> None:
        if record.info.pop(MINE, False):
            turn.release()

    event.listen(engine, "begin", begin)
    for end in ("checkin", "invalidate"):
        event.listen(engine, end, done)
