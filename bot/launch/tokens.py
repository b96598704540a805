"""Each team's token: found, and kept for a minute."""

from collections import OrderedDict
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from typing import Any

from slack_bolt import BoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.authorize import Authorize
from slack_sdk import WebClient

from bot.launch.app import Clock, Watch, WatchedClient
from bot.launch.certificates import trusted
from bot.launch.renewing import Renewals, end_of
from bot.records import SlackBot
from bot.settings import Settings
from bot.store import Db, workspaces
from handlers.tokens import Away

KEPT = timedelta(minutes=1)  # How long a removed bot may still try with the token that it had.
MOST = 10_000  # Teams kept in memory; the one used longest ago goes first.


class Tokens(Authorize):
    """Tells Bolt and the delivery which token is a team's."""

    def __init__(
        self, db: Db, settings: Settings, now: Clock, timeout: int, watch: Watch | None = None
    ) -> None:
        self._db, self._settings, self._now = db, settings, now
        self._timeout, self._watch = timeout, watch
        self._known: OrderedDict[str, tuple[datetime, SlackBot, WebClient]] = OrderedDict()
        self._lock = Lock()
        self._renewals = Renewals(db, settings, now)

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
            if kept is None:
                return None
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
        kept = self._keep(team_id, found) if found is not None else None
        if kept is None:
            raise Away(gone=False)
        return kept[1]

    def close(self) -> None:
        self._renewals.close()

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

    def _keep(self, team_id: str, found: SlackBot) -> tuple[SlackBot, WebClient] | None:
        """None when it works no more, and cannot be renewed."""
        bot = self._renewals.newest(found, partial(self.forget, team_id, found.enterprise_id))
        if self._renewals.is_over(bot):
            return None
        # The delivery decides itself what is tried again and when, so the client must not.
        client = WebClient(
            bot.bot_token, self._settings.api_url, timeout=self._timeout, retry_handlers=[],
            ssl=trusted(self._settings.api_url),
        )  # fmt: skip
        if self._watch is not None:
            client = WatchedClient.of(client, self._watch)
        with self._lock:
            self._known[team_id] = (end_of(bot, self._now() + KEPT), bot, client)
            self._known.move_to_end(team_id)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return bot, client
