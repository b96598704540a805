"""Each team's token: found, kept for a minute, and renewed before it expires."""

import logging
import time
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from slack_bolt import BoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.authorize import Authorize
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.launch.app import Clock, Watch, WatchedClient
from bot.launch.certificates import trusted
from bot.records import SlackBot
from bot.settings import Settings
from bot.store import Db, workspaces
from handlers.errors import NO_ANSWER
from handlers.tokens import Away

log = logging.getLogger(__name__)

KEPT = timedelta(minutes=1)  # How long a removed bot may still try with the token that it had.
MOST = 10_000  # Teams kept in memory; the one used longest ago goes first.
AHEAD = timedelta(hours=2)  # Of its end a token is renewed. Slack's last 12 hours.
LEASE = timedelta(minutes=1)  # One process at a time asks for the next token.
RENEW_TIMEOUT = 2  # Seconds: somebody may be waiting for an answer.


class Tokens(Authorize):
    """Tells Bolt and the delivery which token is a team's."""

    def __init__(
        self, db: Db, settings: Settings, now: Clock, timeout: int, watch: Watch | None = None
    ) -> None:
        self._db, self._settings, self._now = db, settings, now
        self._timeout, self._watch = timeout, watch
        self._known: OrderedDict[str, tuple[datetime, SlackBot, WebClient]] = OrderedDict()
        self._lock = Lock()

    def __call__(
        self,
        *,
        context: BoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        **_: Any,
    ) -> AuthorizeResult | None:
        """Slack signed which team asks. Bolt's own would call auth.test for every request."""
        if team_id is None:
            return None
        kept = self._kept(team_id)
        if kept is None:
            org_wide = bool(context.is_enterprise_install)
            found = self._arrived(team_id, enterprise_id, org_wide=org_wide)
            if found is None:
                return None
            kept = self._keep(team_id, found)
        bot = kept[0]
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, user_id=user_id,
            bot_user_id=bot.bot_user_id, bot_id=bot.bot_id, bot_token=bot.bot_token,
            bot_scopes=bot.bot_scopes,
        )  # fmt: skip

    def client(self, team_id: str) -> WebClient:
        """For what the bot says by itself. Raises Away."""
        kept = self._kept(team_id)
        if kept is not None:
            return kept[1]
        with self._db.begin() as session:
            workspace = workspaces.workspace(session, team_id)
            if workspace is None or workspace.gone_at is not None:
                raise Away(gone=workspace is not None)
            place = (workspace.enterprise_id or None, None if workspace.org_wide else team_id)
            found = workspaces.token(session, self._settings.client_id, *place, lock=False)
        if found is None:
            raise Away(gone=False)
        return self._keep(team_id, found)[1]

    def forget(self, team_id: str | None, enterprise_id: str | None = None) -> None:
        """Look anew the next time, for all teams of an organisation when one is named."""
        with self._lock:
            for key, (_, bot, __) in list(self._known.items()):
                if key == team_id or (enterprise_id and bot.enterprise_id == enterprise_id):
                    del self._known[key]

    def _arrived(
        self, team_id: str, enterprise_id: str | None, *, org_wide: bool
    ) -> SlackBot | None:
        """The token; a team of an organisation is known from its first request on."""
        place = (enterprise_id, None if org_wide else team_id)
        with self._db.begin() as session:
            found = workspaces.token(session, self._settings.client_id, *place, lock=True)
            if found is not None:
                known = workspaces.workspace(session, team_id)
                told = (enterprise_id or "", org_wide, None)
                if known is None or (known.enterprise_id, known.org_wide, known.gone_at) != told:
                    now = self._now()
                    workspaces.arrive(session, team_id, told[0], now, org_wide=org_wide)
        return found

    def _kept(self, team_id: str) -> tuple[SlackBot, WebClient] | None:
        with self._lock:
            known = self._known.get(team_id)
            if known is None or known[0] <= self._now():
                return None
            self._known.move_to_end(team_id)
            return known[1], known[2]

    def _keep(self, team_id: str, found: SlackBot) -> tuple[SlackBot, WebClient]:
        bot = self._renewed(found)
        # The delivery decides itself what is tried again and when, so the client must not.
        client = WebClient(
            bot.bot_token, self._settings.api_url, timeout=self._timeout, retry_handlers=[],
            ssl=trusted(self._settings.api_url),
        )  # fmt: skip
        if self._watch is not None:
            client = WatchedClient.of(client, self._watch)
        with self._lock:
            self._known[team_id] = (self._now() + KEPT, bot, client)
            self._known.move_to_end(team_id)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return bot, client

    def _renewed(self, bot: SlackBot) -> SlackBot:
        """The next token when this one's end is near. Meanwhile it works on: whoever may not ask
        for the next, since somebody else does, uses it."""
        if not self._ends(bot):
            return bot
        with self._db.begin() as session:
            taken = workspaces.take_rotation(session, bot.id, self._now(), LEASE)
        if taken is None:
            return self._awaited(bot)
        if not self._ends(taken):
            return taken
        client = WebClient(base_url=self._settings.api_url, timeout=RENEW_TIMEOUT)
        place = taken.team_id or taken.enterprise_id
        try:
            answer = client.oauth_v2_access(
                client_id=self._settings.client_id,
                client_secret=self._settings.client_secret,
                grant_type="refresh_token",
                refresh_token=taken.bot_refresh_token,
            )
        except SlackApiError as error:
            code = error.response.get("error")
            log.warning("the token of %s is not renewed, until it ends: %s", place, code)
            return taken
        except NO_ANSWER as error:
            log.warning("the token of %s is not renewed yet: %s", place, type(error).__name__)
            return taken
        lasts = timedelta(seconds=int(answer.get("expires_in") or 0))
        with self._db.begin() as session:
            kept = session.get(SlackBot, taken.id)
            if kept is None:  # Removed meanwhile.
                return taken
            kept.bot_token, kept.bot_refresh_token = answer["access_token"], answer["refresh_token"]
            kept.bot_token_expires_at = (self._now() + lasts).replace(tzinfo=None)
            kept.rotating_until = None
            session.add(kept)
        return kept

    def _awaited(self, bot: SlackBot) -> SlackBot:
        """What somebody else is asking Slack for, unless the token at hand still works."""
        until = time.monotonic() + RENEW_TIMEOUT
        while self._ends(bot, timedelta()) and time.monotonic() < until:
            time.sleep(0.05)
            with self._db.begin() as session:
                bot = session.get(SlackBot, bot.id) or bot
        return bot

    def _ends(self, bot: SlackBot, ahead: timedelta = AHEAD) -> bool:
        ends = bot.bot_token_expires_at
        return ends is not None and ends.replace(tzinfo=UTC) <= self._now() + ahead
