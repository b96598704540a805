"""The Bolt app, with every handler bound."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

from slack_bolt import App, BoltContext, BoltRequest, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

import handlers
from bot.settings import Settings
from bot.store import Db
from handlers.bank import CurrentBank
from handlers.errors import NO_ANSWER

Clock = Callable[[], datetime]

SIGN_IN = 10  # Seconds that Slack has to answer it.
SLACK_TIMEOUT = 2  # Seconds for one call: an answer has three, and most take a tenth of one.


class Watch(Protocol):
    """Told how long an answer took, and of calls that came to nothing."""

    def answered(self, body: dict[str, Any], seconds: float) -> None: ...

    def failed(self, method: str, error: str) -> None: ...


class BotApp(App):
    """Bolt runs middleware before the listener, not around it: only here both are seen."""

    watch: Watch | None = None
    trouble: Callable[[], str] = staticmethod(lambda: "")  # Why it cannot answer now; "" if it can.

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        start = time.perf_counter()
        try:
            return super().dispatch(req)
        finally:
            if self.watch is not None:
                self.watch.answered(req.body, time.perf_counter() - start)


class WatchedClient(WebClient):
    watch: Watch | None = None

    @classmethod
    def of(cls, client: WebClient, watch: Watch) -> "WatchedClient":
        """The same as `client`, and watched."""
        made = cls.__new__(cls)
        made.__dict__ = {**client.__dict__, "watch": watch}
        return made

    def api_call(self, api_method: str, **arguments: Any) -> SlackResponse:
        try:
            return super().api_call(api_method, **arguments)
        except SlackApiError as error:
            self._failed(api_method, str(error.response.get("error", "unknown")))
            raise
        except NO_ANSWER:
            self._failed(api_method, "no_answer")
            raise

    def _failed(self, method: str, error: str) -> None:
        if self.watch is not None:
            self.watch.failed(method, error)


def wall_clock() -> datetime:
    return datetime.now(UTC)


def sign_in(settings: Settings) -> None:
    """Find out whether Slack takes the token: a bot with a wrong one hears, and cannot answer.

    Raises SlackApiError when it does not, and others when Slack does not answer.
    """
    WebClient(settings.bot_token, settings.api_url, timeout=SIGN_IN).auth_test()


def build(
    settings: Settings,
    current: CurrentBank,
    db: Db,
    now: Clock = wall_clock,
    wake: Callable[[], None] = lambda: None,
    watch: Watch | None = None,
) -> BotApp:
    """An app that has not called Slack yet: it signs in with the first request. It calls `wake`
    when it owes somebody a notice."""
    app = BotApp(
        client=WebClient(settings.bot_token, settings.api_url, timeout=SLACK_TIMEOUT),
        # Socket Mode checks no signatures; Bolt wants a secret all the same.
        signing_secret=settings.signing_secret or "unused in Socket Mode",
        # By default Bolt looks for the acknowledgement every 10 ms; this way it is there at once.
        process_before_response=True,
        token_verification_enabled=False,
        logger=logging.getLogger("slack_bolt"),
    )
    if watch is not None:
        _have_watched(app, watch)
    handlers.register(app, current, db, now, wake)
    return app


def _have_watched(app: BotApp, watch: Watch) -> None:
    app.watch = watch

    @app.use  # Bolt makes a client of its own for each request.
    def calls(context: BoltContext, next_: Callable[[], BoltResponse]) -> BoltResponse:
        if context.client is not None:
            context["client"] = WatchedClient.of(context.client, watch)
        return next_()
