"""Who is asking: looked up with Slack, kept for a few minutes, refused when it cannot be known."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from slack_bolt import BoltContext, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot import people
from bot.errors import Refusal

Clock = Callable[[], datetime]

KEPT = timedelta(minutes=5)  # How long somebody who became a guest may still get an answer.
MOST = 10_000  # People kept; the one looked up longest ago goes first.


class Doorkeeper:
    """Middleware that lets only members of the workspace pass."""

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._known: OrderedDict[tuple[str, str], tuple[datetime, Refusal | None]] = OrderedDict()
        self._lock = Lock()

    def __call__(
        self, context: BoltContext, client: WebClient, next_: Callable[[], BoltResponse]
    ) -> BoltResponse:
        if context.user_id:  # Events such as tokens_revoked are nobody's.
            refusal = self._verdict(context.team_id or "", context.user_id, client)
            if refusal is not None:
                raise refusal
        return next_()

    def _verdict(self, team_id: str, user_id: str, client: WebClient) -> Refusal | None:
        key, now = (team_id, user_id), self._now()
        with self._lock:
            until, verdict = self._known.get(key, (now, None))
        if now < until:
            return verdict
        try:
            user = client.users_info(user=user_id).get("user") or {}
        except (SlackClientError, OSError):  # OSError: refused, reset, timed out.
            # Not kept: the next try asks Slack again.
            return Refusal(people.NOT_SURE)
        try:
            people.require_member(user, team_id)
            verdict = None
        except Refusal as refusal:
            verdict = Refusal(*refusal.args)
        with self._lock:
            self._known[key] = (now + KEPT, verdict)
            self._known.move_to_end(key)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return verdict
