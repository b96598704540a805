"""What is to be sent comes out when its conversation takes it."""

from typing import Any

from handlers.queueing import Jobs
from handlers.room import elapsed

LATER, SOON = 0.2, 0.1


def test_each_comes_out_at_its_time_the_earliest_first() -> None:
    jobs, begun = Jobs(), elapsed()
    first: Any = ("first", 0.0)
    second: Any = ("second", 0.0)
    jobs.put(second, begun + LATER)
    jobs.put(first, begun + SOON)
    assert jobs.get() == first
    assert elapsed() >= begun + SOON
    assert jobs.get() == second
    assert elapsed() >= begun + LATER


def test_who_is_told_to_end_does_not_wait_for_what_comes_later() -> None:
    jobs: Jobs = Jobs()
    later: Any = ("later", 0.0)
    jobs.put(later, elapsed() + 3600)
    jobs.put(None)
    assert jobs.get() is None
