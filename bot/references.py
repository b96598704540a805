"""Under which reference something is done: it stands in every log line of it, and people are told
it when it fails."""

import secrets
from base64 import b32encode
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

BYTES = 5  # Eight letters. Among 100,000 of a day, one day in 220 two are the same.


@dataclass
class Work:
    """One request, one attempt to send a notice, or one turn of the clock."""

    reference: str
    request: str = ""  # Its kind, such as block_actions.
    team: str = ""
    notice: str = ""  # Its id.
    trouble: str = ""  # What came in its way, one of the causes in metrics.md; "" for nothing.


_current: ContextVar[Work | None] = ContextVar("work", default=None)


def new() -> str:
    """Letters, and digits that are not mistaken for any of them when one is read out."""
    return b32encode(secrets.token_bytes(BYTES)).decode().lower()


def current() -> Work | None:
    """What this thread is at."""
    return _current.get()


@contextmanager
def work(request: str = "", *, team: str = "", notice: str = "") -> Iterator[Work]:
    """All that is done within has one reference. Work within work goes on under the same one."""
    outer = _current.get()
    reference = new() if outer is None else outer.reference
    begun = _current.set(Work(reference, request, team, notice))
    try:
        yield _current.get() or Work(reference)
    finally:
        _current.reset(begun)


def failed(trouble: str) -> str:
    """Note what came in the way of this work. Returns its reference."""
    doing = _current.get() or Work(new())
    doing.trouble = trouble
    return doing.reference
