"""What Slack and the network do to an app now and then, on request."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "rate_limited", "server_error", "lost_answer", "lost_request", "late", "deliver_twice"
]
# What lasts until it is switched off again: playground/troubles.py.
Trouble = Literal["deactivated", "dm_closed", "archived", "app_removed", "token_revoked", "paced"]


@dataclass
class Fault:
    """`times` calls of `method` (any, when None) go wrong.

    `lost_answer` does the work and then breaks the connection off, `lost_request` breaks it off
    without; `late` answers as it should. Each of the three takes `seconds` first.
    """

    kind: Kind
    method: str | None = None
    times: int = 1
    retry_after: int = 1
    seconds: float = 0.0


@dataclass
class Faults:
    waiting: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def clear(self) -> None:
        self.waiting.clear()

    def take(self, method: str, kinds: tuple[Kind, ...]) -> Fault | None:
        """The next fault of `kinds` for `method`, used up by one."""
        for fault in self.waiting:
            if fault.kind in kinds and fault.method in (None, method):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None
