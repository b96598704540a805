"""Who is asking: looked up with Slack, kept for a few minutes, refused when it cannot be known."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from slack_bolt import BoltContext, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import people
from bot.errors import Refusal
from bot.nudges import Window
from handlers.errors import NO_ANSWER

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

KEPT = timedelta(minutes=5)  # How long somebody who became a guest may still get an answer.
QUIET_KEPT = timedelta(minutes=1)  # How long what was heard of their do-not-disturb counts.
MOST = 10_000  # People kept; the one looked up longest ago goes first.


@dataclass(frozen=True)
class Member:
    """Somebody as Slack knows them. `refusal` says why they may not see interview material."""

    id: str
    name: str = ""
    zone: str = "UTC"
    refusal: str = ""
    gone: bool = False  # Deactivated: Slack takes messages to them, and nobody reads them.
    admin: bool = False  # An admin or owner of the workspace.


class Directory:
    """People as Slack knows them, each kept for a few minutes."""

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._known: OrderedDict[tuple[str, str], tuple[datetime, Member]] = OrderedDict()
        self._quiet: OrderedDict[tuple[str, str], tuple[datetime, Window | None]] = OrderedDict()
        self._lock = Lock()

    def member(self, team_id: str, user_id: str, client: WebClient) -> Member:
        """Who cannot be looked up just now is refused, and asked for anew the next time."""
        if not user_id:  # Out of a value that nobody's screen holds: Slack knows nobody so.
            return Member(user_id, refusal=people.NOT_SURE)
        key, now = (team_id, user_id), self._now()
        with self._lock:
            until, known = self._known.get(key, (now, Member(user_id)))
        if now < until:
            return known
        try:
            user = client.users_info(user=user_id).get("user") or {}
        except NO_ANSWER:
            return Member(user_id, refusal=people.NOT_SURE)
        found = _member(user, user_id, team_id)
        with self._lock:
            self._known[key] = (now + KEPT, found)
            self._known.move_to_end(key)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return found

    def is_gone(self, team_id: str, user_id: str, client: WebClient) -> bool:
        """Whether they are deactivated. A yes is never an old one: it makes messages fail."""
        if not self.member(team_id, user_id, client).gone:
            return False
        with self._lock:
            self._known.pop((team_id, user_id), None)
        return self.member(team_id, user_id, client).gone

    def zone(self, team_id: str, user_id: str, otherwise: str = "UTC") -> str:
        """The zone of somebody who was looked up lately, without asking Slack."""
        with self._lock:
            _, known = self._known.get((team_id, user_id), (None, Member(user_id, "", otherwise)))
        return known.zone

    def look(self, team_id: str, user_id: str, client: WebClient) -> None:
        """Have `zone` and `quiet` know how things are now. While Slack does not answer they stay
        as they were."""
        try:
            self.member(team_id, user_id, client)
            self._look_for_quiet(team_id, user_id, client)
        except SlackApiError as error:  # Such as somebody who is gone: sending finds out.
            log.warning("could not look somebody up: %s", error.response.get("error"))

    def quiet(self, team_id: str, user_id: str) -> Window | None:
        """From when until when this person's Slack is set not to disturb them: the time that is
        or comes next, as it was looked up lately."""
        with self._lock:
            _, window = self._quiet.get((team_id, user_id), (None, None))
        return window

    def _look_for_quiet(self, team_id: str, user_id: str, client: WebClient) -> None:
        key, now = (team_id, user_id), self._now()
        with self._lock:
            until, _ = self._quiet.get(key, (now, None))
        if now < until:
            return
        try:
            answer = client.dnd_info(user=user_id)
        except NO_ANSWER:  # Also when the app may not ask: everybody can be disturbed then.
            return
        window = None
        if answer.get("dnd_enabled") and answer.get("next_dnd_end_ts"):
            starts, ends = answer["next_dnd_start_ts"], answer["next_dnd_end_ts"]
            window = datetime.fromtimestamp(starts, UTC), datetime.fromtimestamp(ends, UTC)
        with self._lock:
            self._quiet[key] = (now + QUIET_KEPT, window)
            self._quiet.move_to_end(key)
            while len(self._quiet) > MOST:
                self._quiet.popitem(last=False)


def _member(user: Mapping[str, Any], user_id: str, team_id: str) -> Member:
    name = user.get("real_name") or user.get("name") or user_id
    try:
        people.require_member(user, team_id)
    except Refusal as refusal:
        gone = bool(user.get("deleted"))
        return Member(user_id, name, user.get("tz") or "UTC", str(refusal), gone)
    admin = bool(user.get("is_admin") or user.get("is_owner"))
    return Member(user_id, name, user.get("tz") or "UTC", admin=admin)


class Doorkeeper:
    """Middleware that lets only members of the workspace pass."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def __call__(
        self, context: BoltContext, client: WebClient, next_: Callable[[], BoltResponse]
    ) -> BoltResponse:
        if context.user_id:  # Events such as tokens_revoked are nobody's.
            member = self._directory.member(context.team_id or "", context.user_id, client)
            if member.refusal:
                raise Refusal(member.refusal)
        return next_()
