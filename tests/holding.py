"""Who keeps a connection of the database during something that can take long: such threads wait for
each other in ways that neither the database nor Python can see."""

import sys
import traceback
from pathlib import Path
from threading import local
from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import Pool

ROOT = Path(__file__).parent.parent
OURS = (str(ROOT / "bot"), str(ROOT / "handlers"))


class Holding:
    """Watches all threads of this process: those in which the bot takes a second connection, or
    calls a server such as Slack, while it holds one."""

    def __init__(self, ours: tuple[str, ...] = OURS) -> None:
        """`ours` is how the files begin whose code is watched."""
        self._ours, self._mine, self._watching = ours, local(), True
        self._new: list[str] = []
        event.listen(Pool, "checkout", self._taken)
        event.listen(Pool, "checkin", self._given)
        sys.addaudithook(self._audited)  # It stays for as long as the process.

    def close(self) -> None:
        self._watching = False
        event.remove(Pool, "checkout", self._taken)
        event.remove(Pool, "checkin", self._given)

    def since(self) -> list[str]:
        """What was seen since the last call: what, and the lines of the bot that led there."""
        new, self._new = self._new, []
        return sorted(set(new))

    @property
    def _held(self) -> list[int]:
        held: list[int] = self._mine.__dict__.setdefault("held", [])
        return held

    # By the pool's record: of a connection that broke, nothing else is known when it comes back.

    def _taken(self, _: Any, record: Any, __: Any) -> None:
        if self._held:
            self._note("takes a second connection")
        self._held.append(id(record))

    def _given(self, _: Any, record: Any) -> None:
        if id(record) in self._held:
            self._held.remove(id(record))

    def _audited(self, name: str, _: tuple[Any, ...]) -> None:
        if self._watching and name == "http.client.connect" and self._held:
            self._note("calls a server")

    def _note(self, what: str) -> None:
        stack = [each for each in traceback.extract_stack() if each.filename.startswith(self._ours)]
        if stack:
            lines = [f"{Path(each.filename).relative_to(ROOT)}:{each.lineno}" for each in stack]
            self._new.append(f"{what} within a transaction: {' > '.join(lines[-4:])}")
