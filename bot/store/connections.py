"""How connections to PostgreSQL are made, and how long anybody waits for one or on one.

A process may be frozen, and a database may be cut off without a word; neither may keep anybody
else for long (docs/decisions/0019-what-a-replica-keeps.md).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Engine, ExceptionContext, event
from sqlalchemy.exc import OperationalError

CONNECT = 2  # Seconds for a connection, in a process that answers: Slack waits for three.
CONNECT_CALMLY = 10  # In a command that somebody typed.
LEAST = 0.5  # Seconds that one step gets when the time of a request is nearly over.
# A connection on which nothing comes any more is given up after 30 + 3 × 5 s, and one that takes
# nothing any more after 15.
KEEPALIVE = {
    "keepalives": 1, "keepalives_idle": 30, "keepalives_interval": 5, "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}  # fmt: skip


@dataclass(frozen=True)
class Serving:
    """For a process that answers people, on PostgreSQL. All but the first in seconds."""

    pool: int  # Connections, at most: with one for each thread nobody waits for another's.
    for_pool: float = 1.5  # How long a thread waits when there are fewer than threads.
    lock: float = 1.5  # For a row that somebody else holds: then there is still time to say so.
    statement: float = 10.0
    # Between two statements of a transaction. Who sleeps longer loses it, and its locks.
    idle: float = 5.0
    silence: float = 15.0  # For any one answer of the server: more than it takes to say no itself.


_until: ContextVar[float | None] = ContextVar("until", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Whoever waits for PostgreSQL in here gets an error when the time is over, and its connection
    is closed: an answer that comes too late helps nobody, and one that says so does."""
    before = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(before)


def _left(usual: float) -> float:
    until = _until.get()
    return usual if until is None else min(usual, max(LEAST, until - time.monotonic()))


def arguments(address: URL, serving: Serving | None) -> dict[str, Any]:
    """For `create_engine`. What the address says itself counts."""
    if address.get_backend_name() != "postgresql":
        return {}
    usual: dict[str, Any] = {
        **KEEPALIVE,
        "connect_timeout": CONNECT if serving else CONNECT_CALMLY,
        "application_name": "safety-interview",
    }
    given = {name: value for name, value in usual.items() if name not in address.query}
    found: dict[str, Any] = {"pool_pre_ping": True, "connect_args": given}
    if serving is not None:
        # The one that was used last is used next: what a rush brought lies idle after it.
        found |= {"pool_size": serving.pool, "max_overflow": 0, "pool_timeout": serving.for_pool}
        found |= {"pool_use_lifo": True}
    return found


def prepare(engine: Engine, serving: Serving) -> None:
    """Have every connection of `engine`, to PostgreSQL, keep the limits of `serving`."""
    from bot.store.patient import Patient  # Loads psycopg, for nobody else.

    limits = {
        "lock_timeout": serving.lock,
        "statement_timeout": serving.statement,
        "idle_in_transaction_session_timeout": serving.idle,
    }
    ms = {name: str(round(seconds * 1000)) for name, seconds in limits.items()}
    settings = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in ms.items())

    def connect(_: Any, __: Any, args: Any, kwargs: Any) -> Patient:
        until = _until.get()
        if until is not None and until - time.monotonic() < LEAST:
            raise OperationalError("connect", {}, TimeoutError("no time left"))
        made = Patient.connect(*args, autocommit=True, **kwargs)
        made.patience = lambda: _left(serving.silence)
        # Not as options of the connection: poolers such as PgBouncer refuse these.
        made.execute(f"SELECT {settings}")
        made.autocommit = False
        return made

    def spare(context: ExceptionContext) -> None:
        # One that was too slow says nothing of the others; a ping says it of each in its turn.
        context.invalidate_pool_on_disconnect = False

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "handle_error", spare)
