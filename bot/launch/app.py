"""The Bolt app, with every handler bound."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from slack_bolt import App
from slack_sdk import WebClient

import handlers
from bot.settings import Settings
from bot.store import Db
from handlers.bank import CurrentBank

Clock = Callable[[], datetime]

SIGN_IN = 10  # Seconds that Slack has to answer it.
SLACK_TIMEOUT = 2  # Seconds for one call: an answer has three, and most take a tenth of one.


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
) -> App:
    """An app that has not called Slack yet: it signs in with the first request. It calls `wake`
    when it owes somebody a notice."""
    app = App(
        client=WebClient(settings.bot_token, settings.api_url, timeout=SLACK_TIMEOUT),
        # Socket Mode checks no signatures; Bolt wants a secret all the same.
        signing_secret=settings.signing_secret or "unused in Socket Mode",
        # By default Bolt looks for the acknowledgement every 10 ms; this way it is there at once.
        process_before_response=True,
        token_verification_enabled=False,
        logger=logging.getLogger("slack_bolt"),
    )
    handlers.register(app, current, db, now, wake)
    return app
