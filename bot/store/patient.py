"""A connection to PostgreSQL that does not wait for ever. Apart, because it loads psycopg."""

import time
from collections.abc import Callable
from typing import Any

import psycopg


class Patient(psycopg.Connection[Any]):
    """Whatever it waits for, it waits as long as `patience` says: the server's own limits do not
    help when the server is frozen, or when something on the way swallows what it says."""

    patience: Callable[[], float] | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        if timeout is None and self.patience is not None:
            timeout = self.patience()
        begun = time.monotonic()
        try:
            return super().wait(gen, interval, timeout)
        except psycopg.OperationalError:
            if timeout is not None and time.monotonic() - begun >= timeout:
                self.pgconn.finish()  # Nobody knows where the server is with it.
            raise
