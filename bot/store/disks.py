"""What is wrong when a database fails, in words: a disk that is full or read-only, a damaged file.

For whoever asked in Slack it is a sentence, for the operator a reason with what to do."""

import builtins
import errno
from enum import StrEnum
from typing import Any

from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError  # noqa: A004 (a pool's)


class Ailment(StrEnum):
    FULL = "full"
    READ_ONLY = "read-only"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"
    LOCKED = "locked"
    SLOW = "slow"
    AWAY = "away"
    OTHER = "other"


FIXES = {
    Ailment.FULL: "its disk is full: free some space; nothing that was saved is lost",
    Ailment.READ_ONLY: "it is read-only: let the bot's user write the file and its folder",
    Ailment.DAMAGED: "the file is damaged or is no database: restore the last backup "
    "(`safety-interview restore FILE --replace`)",
    Ailment.UNREADABLE: "its file cannot be opened: check that the folder in DATABASE_URL is there "
    "and that the bot's user may write in it",
    Ailment.LOCKED: "another process holds it: see what else uses it",
    Ailment.SLOW: "it did not answer in time: look at its load, and at what holds it",
    Ailment.AWAY: "it does not answer: check DATABASE_URL, and that the server runs",
}
SQLITE = {  # Primary result codes: https://www.sqlite.org/rescode.html
    5: Ailment.LOCKED,
    6: Ailment.LOCKED,
    8: Ailment.READ_ONLY,
    10: Ailment.UNREADABLE,
    11: Ailment.DAMAGED,
    13: Ailment.FULL,
    14: Ailment.UNREADABLE,
    26: Ailment.DAMAGED,
}
# Writing, syncing, truncating, and making the shared memory larger: as at a quota.
NO_ROOM = {778, 1034, 1290, 1546, 4874}
POSTGRESQL = {
    "53100": Ailment.FULL,
    "25006": Ailment.READ_ONLY,
    "55P03": Ailment.LOCKED,
    "57014": Ailment.SLOW,
    "XX001": Ailment.DAMAGED,
    "XX002": Ailment.DAMAGED,
}
# How PostgreSQL says that it lets nobody in; it tells no code of that. Its words are not passed on:
# they name people and addresses. By what they hold, in this order.
REFUSALS = {
    "no password": "it wants a password, and DATABASE_URL has none",
    "password authentication failed": "it refuses the password in DATABASE_URL, or its user",
    "authentication failed": "it refuses the user in DATABASE_URL: see its pg_hba.conf",
    "pg_hba.conf": "it lets nobody in from here with DATABASE_URL: see its pg_hba.conf",
    "does not exist": "the database in DATABASE_URL, or its user, is not there: create it",
}


def refusal(error: BaseException) -> str:
    """Why PostgreSQL lets nobody in, which no waiting mends; "" when that is not what is wrong."""
    cause = error.orig if isinstance(error, OperationalError) else None
    # What has a code was said of a statement, once somebody was in.
    if cause is None or hasattr(cause, "sqlite_errorcode") or getattr(cause, "sqlstate", None):
        return ""
    said = str(cause)
    return next((told for words, told in REFUSALS.items() if words in said), "")


def ailment(error: BaseException) -> Ailment:
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(error, TimeoutError):
        return Ailment.SLOW
    if isinstance(cause, builtins.TimeoutError):  # bot.store.turns
        return Ailment.LOCKED
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        if code in NO_ROOM:
            return Ailment.FULL
        return SQLITE.get(code & 0xFF, Ailment.OTHER)
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return POSTGRESQL.get(state, Ailment.OTHER)
    if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Ailment.FULL
    if isinstance(cause, OSError) and cause.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return Ailment.READ_ONLY
    # What has no code at all: no connection was made, or it broke.
    return Ailment.AWAY if isinstance(error, OperationalError) else Ailment.OTHER


def reason(error: BaseException) -> str:
    """For the operator: what is wrong, by the database's own code, and what to do. Nothing of what
    was being written: its text could hold that."""
    cause = getattr(error, "orig", None)
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
    name = f"{type(error).__name__} {code}" if code else type(error).__name__
    fix = refusal(error) or FIXES.get(ailment(error))
    return f"{fix} ({name})" if fix else f"{name}: check DATABASE_URL"
