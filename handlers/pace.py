"""Who asks too much at once is told when to come back. What is typed is never refused for it."""

import re
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from threading import Lock
from typing import Any

from slack_bolt import BoltContext, BoltRequest, BoltResponse

from bot import pace, references
from bot.errors import Refusal
from bot.pace import Bucket, Rate, Taken
from handlers.people import Clock

Body = dict[str, Any]
Key = tuple[str, str]  # Team and person; nobody for the team as a whole.

MOST = 20_000  # Buckets kept; the one that was used longest ago goes first, as it is full by then.
# What Slack sends while somebody types in a form, so that it is kept.
TYPED = re.compile(
    r"card_(text|choice|flags)|vote_(text|choice)|decision_(text|choice)"
    r"|starts|other|role|debrief|place|lead|opening"
)


class Pace:
    """Middleware. What it remembers is of this process alone: it protects this process."""

    def __init__(self, now: Clock, person: Rate, team: Rate) -> None:
        self._now, self.person, self.team = now, person, team
        self._buckets: OrderedDict[Key, Bucket] = OrderedDict()
        self._lock = Lock()

    def __call__(
        self, context: BoltContext, request: BoltRequest, next_: Callable[[], BoltResponse]
    ) -> BoltResponse:
        body: Body = request.body
        if not context.user_id or _is_typed(body):
            return next_()
        now, team = self._now(), context.team_id or ""
        both = ((team, context.user_id), self.person), ((team, ""), self.team)
        for (key, rate), whose in zip(both, ("You ask", "Your workspace asks"), strict=True):
            taken = self._take(key, rate, now)
            if taken is not None and taken.back_at is not None:
                return _refused(body, whose, taken, taken.back_at - now)
        return next_()

    def _take(self, key: Key, rate: Rate, now: datetime) -> Taken | None:
        if rate.a_minute < 1:
            return None
        with self._lock:
            taken = pace.take(self._buckets.get(key) or pace.full(rate, now), rate, now)
            self._buckets[key] = taken.bucket
            self._buckets.move_to_end(key)
            while len(self._buckets) > MOST:
                self._buckets.popitem(last=False)
        return taken


def _is_typed(body: Body) -> bool:
    """Whether refusing this could lose what somebody wrote."""
    if body.get("type") == "block_actions":
        return any(TYPED.fullmatch(each.get("action_id", "")) for each in body["actions"])
    if body.get("type") == "view_submission":
        return not _field(body)  # A form without a field would close, and what it carries be lost.
    return bool((body.get("event") or {}).get("type") == "message")


def _field(body: Body) -> str:
    """The first field of a form, under which it can be told what is wrong; "" without any."""
    inputs = (each["block_id"] for each in body["view"]["blocks"] if each["type"] == "input")
    return next(inputs, "")


def _refused(body: Body, whose: str, taken: Taken, wait: timedelta) -> BoltResponse:
    references.failed("pace")
    seconds = max(1, ceil(wait.total_seconds()))
    told = f"{whose} more than I can answer at once. Please come back in {seconds} seconds."
    if body.get("type") == "view_submission":
        errors = {_field(body): f"{told} What you typed is still here."}
        return BoltResponse(status=200, body={"response_action": "errors", "errors": errors})
    if taken.first and (body.get("event") is None):
        raise Refusal(told)
    return BoltResponse(status=200, body="")
