"""The workspace's clock: real time plus what it was moved forward by."""

from datetime import UTC, datetime, timedelta
from threading import Lock


class Clock:
    def __init__(self) -> None:
        self._offset = timedelta()
        self._lock = Lock()

    @property
    def offset(self) -> timedelta:
        with self._lock:
            return self._offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def advance(self, by: timedelta) -> None:
        """Raises ValueError for a step back: no workspace has seen time run backwards."""
        if by < timedelta():
            raise ValueError("the clock only moves forward")
        with self._lock:
            self._offset += by

    def move_to(self, to: datetime) -> None:
        self.advance(to - self.now())
