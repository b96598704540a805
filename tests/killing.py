"""Kills a process that upgrades a database before each commit and each statement that writes.

`python -m tests.killing ADDRESS` prints how often it was killed. One that was killed at its n-th is
followed by one that is killed at the next, until nothing is left to do.
"""

import os
import signal
import sys
from typing import Any

from sqlalchemy import event

from bot import schema
from bot.migrations import applying  # noqa: F401 (loaded once, before the first process is made)
from bot.store import open_db
from tests.histories import KEY

FINISHED, KILLED = 0, -signal.SIGKILL


def start(address: str, at: int) -> int:
    """Upgrade in a process of its own, killed before the `at`-th of these; how it ended."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    db, seen = open_db(address, [KEY]), 0

    def count(*_: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if not statement.lstrip().startswith(("SELECT", "PRAGMA", "BEGIN")):
            count()

    event.listen(db.kw["bind"], "before_cursor_execute", note)
    event.listen(db.kw["bind"], "commit", count)
    try:
        schema.upgrade(db)
    except BaseException as error:  # noqa: BLE001 (this process is a copy: it may not go on)
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
        os._exit(1)
    os._exit(FINISHED)


def step(address: str) -> str | None:
    db = open_db(address, [KEY])
    with db.begin() as session:
        found = schema.current(session.connection())
    db.kw["bind"].dispose()
    return found


def main(address: str) -> None:
    kills, at, reached = 0, 1, step(address)
    while (ended := start(address, at)) == KILLED:
        kills, at = kills + 1, at + 1
        if (now := step(address)) != reached:
            # What was done stays done: the next start goes on behind it.
            reached, at = now, 1
    sys.exit(f"it failed: {ended}") if ended != FINISHED else print(kills)  # noqa: T201 (read by who starts it)


if __name__ == "__main__":
    main(sys.argv[1])
