"""Slack sends an event again when it did not hear the acknowledgement: each is handled once."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from slack_bolt import BoltResponse

MOST = 10_000  # Events remembered; Slack gives up on one after an hour at most.


class Once:
    """Middleware that acknowledges an event seen before and goes no further."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def __call__(self, body: dict[str, Any], next_: Callable[[], BoltResponse]) -> BoltResponse:
        event_id = body.get("event_id")
        if event_id is not None and not self._is_new(event_id):
            return BoltResponse(status=200, body="")
        return next_()

    def _is_new(self, event_id: str) -> bool:
        with self._lock:
            if event_id in self._seen:
                return False
            self._seen[event_id] = None
            if len(self._seen) > MOST:
                self._seen.popitem(last=False)
            return True
