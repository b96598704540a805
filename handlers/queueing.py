"""What is to be sent, handed to those who send it, each when its conversation takes it."""

from heapq import heappop, heappush
from itertools import count
from threading import Condition

from bot.records import Notice
from handlers.room import elapsed

Job = tuple[Notice, float]  # With the end of its lease.


class Jobs:
    """Each comes out at its time, the earliest first; None at once, for whoever asks next."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Job | None]] = []
        self._number, self._changed = count(), Condition()

    def put(self, job: Job | None, at: float = 0.0) -> None:
        with self._changed:
            heappush(self._heap, (at, next(self._number), job))
            self._changed.notify()

    def get(self) -> Job | None:
        """Waits until it is time for one."""
        with self._changed:
            while True:
                wait = self._heap[0][0] - elapsed() if self._heap else None
                if wait is not None and wait <= 0:
                    return heappop(self._heap)[2]
                self._changed.wait(wait)
