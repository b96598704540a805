"""The next token of a team, asked for before the one at hand ends (docs/decisions/0017)."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Lock, Thread

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.launch.app import Clock
from bot.records import SlackBot
from bot.settings import Settings
from bot.store import Db, workspaces
from handlers.errors import NO_ANSWER

log = logging.getLogger(__name__)

AHEAD = timedelta(hours=2)  # Of its end a token is renewed. Slack's last 12 hours.
LEASE = timedelta(minutes=2)  # One process at a time asks: longer than asking and writing take.
ASK = 15  # Seconds. Slack uses the refresh token up whether its answer arrives or not.
WRITE = 60.0  # Seconds in which what Slack gave is written down, should the database be away.
WAIT = 2.0  # Seconds that somebody waits whose token is over.
CLOSE = 3.0  # Seconds for what is being asked when the process ends.
# What Slack says of a refresh token that was used up: the answer to that was lost.
LOST = {"invalid_grant", "invalid_refresh_token"}


class Renewals:
    """Each in a thread of its own: whoever wants an answer goes on with the token at hand, and no
    haste of theirs breaks off a call that cannot be made twice."""

    def __init__(self, db: Db, settings: Settings, now: Clock) -> None:
        self._db, self._settings, self._now = db, settings, now
        self._under_way: dict[int, Thread] = {}  # By the token's row.
        self._lock, self._closing = Lock(), Event()

    def newest(self, bot: SlackBot, renewed: Callable[[], None]) -> SlackBot:
        """`bot`, or what has followed it. `renewed` is called when there is a next one."""
        if not self._ends(bot, AHEAD):
            return bot
        if bot.bot_refresh_token:
            self._begin(bot, renewed)
        return self._awaited(bot) if self._ends(bot) and bot.bot_refresh_token else bot

    def is_over(self, bot: SlackBot) -> bool:
        """Whether it works no more, and never will again."""
        return self._ends(bot) and not bot.bot_refresh_token

    def close(self) -> None:
        """What Slack is being asked for is waited for: it would be lost."""
        self._closing.set()
        until = time.monotonic() + CLOSE
        for each in list(self._under_way.values()):
            each.join(max(0.0, until - time.monotonic()))

    def _begin(self, bot: SlackBot, renewed: Callable[[], None]) -> None:
        with self._lock:
            if bot.id in self._under_way or self._closing.is_set():
                return
            thread = Thread(target=self._run, args=[bot, renewed], name="renewal", daemon=True)
            self._under_way[bot.id] = thread
        thread.start()

    def _run(self, bot: SlackBot, renewed: Callable[[], None]) -> None:
        try:
            if self._renew(bot.id):
                renewed()
        except SQLAlchemyError as error:
            log.warning("a token is not renewed yet: %s", type(error).__name__)
        finally:
            with self._lock:
                self._under_way.pop(bot.id, None)

    def _renew(self, id_: int) -> bool:
        with self._db.begin() as session:
            taken = workspaces.take_rotation(session, id_, self._now(), LEASE)
        if taken is None or not taken.bot_refresh_token or not self._ends(taken, AHEAD):
            return taken is not None
        used, place = taken.bot_refresh_token, taken.team_id or taken.enterprise_id
        client = WebClient(base_url=self._settings.api_url, timeout=ASK, retry_handlers=[])
        try:
            answer = client.oauth_v2_access(
                client_id=self._settings.client_id,
                client_secret=self._settings.client_secret,
                grant_type="refresh_token",
                refresh_token=used,
            )
        except SlackApiError as error:
            code = str(error.response.get("error"))
            if code in LOST:
                return self._lose(id_, used, place, code)
            log.warning("the token of %s is not renewed yet: %s", place, code)
            return False
        except NO_ANSWER as error:
            told = "Slack did not say whether it renewed the token of %s (%s): asked again in %s"
            log.warning(told, place, type(error).__name__, LEASE)
            return False
        return self._write(id_, used, answer)

    def _write(self, id_: int, used: str, answer: SlackResponse) -> bool:
        """Nobody else has this: it is not let go of while the database is away for a moment."""
        lasts = timedelta(seconds=int(answer.get("expires_in") or 0))
        until = time.monotonic() + WRITE
        while True:
            try:
                with self._db.begin() as session:
                    kept = workspaces.renewing(session, id_, used)
                    if kept is None:  # Removed meanwhile, or installed anew.
                        return False
                    kept.bot_token = str(answer["access_token"])
                    kept.bot_refresh_token = str(answer["refresh_token"])
                    kept.bot_token_expires_at = (self._now() + lasts).replace(tzinfo=None)
                    kept.rotating_until = None
                    session.add(kept)
            except SQLAlchemyError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)
            else:
                return True

    def _lose(self, id_: int, used: str, place: str | None, code: str) -> bool:
        """Without a refresh token nobody asks again; a token that ends and has none says so."""
        with self._db.begin() as session:
            kept = workspaces.renewing(session, id_, used)
            if kept is None:
                return False
            kept.bot_refresh_token, ends = None, kept.bot_token_expires_at
            session.add(kept)
        log.error(
            "the token of %s cannot be renewed (%s) and ends at %s UTC: until then somebody there "
            "has to open /slack/install once more; nothing is lost", place, code, ends,
        )  # fmt: skip
        return True

    def _awaited(self, bot: SlackBot) -> SlackBot:
        """What this or another process is asking Slack for."""
        until = time.monotonic() + WAIT
        while self._ends(bot) and time.monotonic() < until:
            time.sleep(0.05)
            with self._db.begin() as session:
                bot = session.get(SlackBot, bot.id) or bot
        return bot

    def _ends(self, bot: SlackBot, ahead: timedelta = timedelta()) -> bool:
        ends = bot.bot_token_expires_at
        return ends is not None and ends.replace(tzinfo=UTC) <= self._now() + ahead


def end_of(bot: SlackBot, otherwise: datetime) -> datetime:
    """When a token may be kept no longer."""
    ends = bot.bot_token_expires_at
    return otherwise if ends is None else min(otherwise, ends.replace(tzinfo=UTC))
