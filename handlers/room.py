"""What is left of a lease, and what happens to a notice when it is too little."""

import time
from collections.abc import Callable
from datetime import timedelta

from bot.records import Notice
from bot.store.leases import Result

Room = Callable[[], bool]  # Whether the lease lasts for another call.

BACK = timedelta(seconds=1)  # Until a notice that was given back is due again.


def elapsed() -> float:
    """Seconds of a clock that nobody sets, and that goes on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def given_back(notice: Notice) -> Result:
    return Result(notice, "pending", BACK, tried=False)
