"""The Bolt app, with every handler bound."""

import logging
import os
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

from slack_bolt import App, BoltContext, BoltRequest, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

import handlers
from bot import references
from bot.launch import kinds
from bot.launch.certificates import trusted
from bot.pace import Rate
from bot.settings import Settings
from bot.store import Db, connections
from bot.store.leases import Result
from handlers.bank import CurrentBank
from handlers.errors import NO_ANSWER
from handlers.pace import Pace

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from bot.launch.tokens import Tokens

Clock = Callable[[], datetime]

SIGN_IN = 10  # Seconds that Slack has to answer it.
NOT_INSTALLED = (
    "I am no longer installed in this workspace, so I cannot answer. Ask an admin to install me."
)
DATABASE_TIMEOUT = 2.0  # Seconds from the begin of a request: the third is to say what is wrong.
SLACK_TIMEOUT = 2  # Seconds for one call: an answer has three, and most take a tenth of one.


SLOW = 2.0  # Seconds after which an answer is a warning: Slack waits for three.

log = logging.getLogger(__name__)


class Watch(Protocol):
    """Told how long an answer took and what came in its way, and of calls to Slack: `error` is
    Slack's code, no_answer, or "" for none."""

    def begun(self) -> None: ...

    def answered(self, request: str, seconds: float, trouble: str) -> None: ...

    def called(self, method: str, seconds: float, error: str) -> None: ...

    def settled(self, results: Collection[Result], now: datetime) -> None: ...

    def connects(self, is_connected: Callable[[], bool]) -> None: ...


class BotApp(App):
    """Bolt runs middleware before the listener, not around it: only here both are seen."""

    watch: Watch | None = None
    web: "WSGIApplication | None" = None  # What answers others than Slack.
    trouble: Callable[[], str] = staticmethod(lambda: "")  # Why it cannot answer now; "" if it can.

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        start, name, refused = time.perf_counter(), kinds.of(req.body), False
        if self.watch is not None:
            self.watch.begun()
        with references.work(name, team=kinds.team(req.body)) as work:
            try:
                with connections.within(DATABASE_TIMEOUT):
                    answer = super().dispatch(req)
                refused = answer.status == HTTPStatus.UNAUTHORIZED
            finally:
                seconds = time.perf_counter() - start
                if self.watch is not None:
                    told = "unsigned" if refused else name
                    self.watch.answered(told, seconds, work.trouble)
                level = logging.WARNING if seconds > SLOW else logging.DEBUG
                log.log(level, "answered a %s after %.3f s", name, seconds)
        return answer


class WatchedClient(WebClient):
    watch: Watch | None = None

    @classmethod
    def of(cls, client: WebClient, watch: Watch) -> "WatchedClient":
        """The same as `client`, and watched."""
        made = cls.__new__(cls)
        made.__dict__ = {**client.__dict__, "watch": watch}
        return made

    def api_call(self, api_method: str, **arguments: Any) -> SlackResponse:
        start, error = time.perf_counter(), ""
        try:
            return super().api_call(api_method, **arguments)
        except SlackApiError as refused:
            error = str(refused.response.get("error", "unknown"))
            raise
        except NO_ANSWER:
            error = "no_answer"
            raise
        finally:
            if self.watch is not None:
                self.watch.called(api_method, time.perf_counter() - start, error)


def wall_clock() -> datetime:
    return datetime.now(UTC)


def sign_in(settings: Settings) -> None:
    """Find out whether Slack takes the token: a bot with a wrong one hears, and cannot answer.
    Where teams install the bot, each has its own.

    Raises SlackApiError when it does not, and others when Slack does not answer.
    """
    if not settings.client_secret:
        WebClient(settings.bot_token, settings.api_url, timeout=SIGN_IN).auth_test()


def build(
    settings: Settings,
    current: CurrentBank,
    db: Db,
    now: Clock = wall_clock,
    wake: Callable[[], None] = lambda: None,
    watch: Watch | None = None,
    tokens: "Tokens | None" = None,
) -> BotApp:
    """An app that has not called Slack yet: it signs in with the first request. It calls `wake`
    when it owes somebody a notice. With `tokens` it works for every team that installs it."""
    for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        os.environ.pop(name, None)  # Bolt would read them by itself, and keep tokens in files.
    many: dict[str, Any] = {}
    if tokens is not None:
        from bot.launch import installs  # It loads SQLAlchemy's asyncio, for nobody else.

        flow = installs.flow(settings, db, tokens, now, wake)
        many = {"oauth_flow": flow, "oauth_settings": flow.settings, "authorize": tokens}
    app = BotApp(
        **many,
        client=WebClient(
            None if many else settings.bot_token,
            settings.api_url,
            timeout=SLACK_TIMEOUT,
            ssl=trusted(settings.api_url),
        ),
        # Socket Mode checks no signatures; Bolt wants a secret all the same.
        signing_secret=settings.signing_secret or "unused in Socket Mode",
        # By default Bolt looks for the acknowledgement every 10 ms; this way it is there at once.
        process_before_response=True,
        token_verification_enabled=False,
        logger=logging.getLogger("slack_bolt"),
        user_facing_authorize_error_message=NOT_INSTALLED,
    )
    if watch is not None:
        _have_watched(app, watch)
    forget = tokens.forget if tokens is not None else lambda *_: None
    pace = Pace(now, Rate(settings.person_rate), Rate(settings.team_rate))
    handlers.register(app, current, db, now, wake, forget, pace, settings.public_url)
    return app


def _have_watched(app: BotApp, watch: Watch) -> None:
    app.watch = watch

    @app.use  # Bolt makes a client of its own for each request.
    def calls(context: BoltContext, next_: Callable[[], BoltResponse]) -> BoltResponse:
        if context.client is not None:
            context["client"] = WatchedClient.of(context.client, watch)
        return next_()
