"""What is away when the bot starts is waited for: a supervisor that starts it again and again knows
less of when."""

import logging
from collections.abc import Callable
from threading import Event

from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import OperationalError

from bot.store.disks import refusal
from handlers.errors import NO_ANSWER

log = logging.getLogger(__name__)

FIRST, LONGEST = 1.0, 30.0  # Seconds between two attempts: each time twice as long.
# Slack's words for what passes; a page of a proxy comes with a status alone.
PASSING = {"fatal_error", "internal_error", "ratelimited", "request_timeout", "service_unavailable"}


def until_there(
    attempt: Callable[[], None], passes: Callable[[Exception], str], stop: Event
) -> bool:
    """Make the attempt until it succeeds; False when `stop` was set before. `passes` says what is
    away and what to look at, and "" for what no waiting mends: that is raised."""
    wait = FIRST
    while not stop.is_set():
        try:
            attempt()
        except Exception as error:
            told = passes(error)
            if not told:
                raise
            log.warning("%s; I try again in %.0f s", told, wait)
            stop.wait(wait)
            wait = min(LONGEST, 2 * wait)
        else:
            return True
    return False


def slack_is_away(error: Exception) -> str:
    """For `until_there`: a Slack that cannot be reached, or is broken, is waited for; one that
    refuses the token is not."""
    if isinstance(error, SlackApiError):
        code = str(error.response.get("error"))
        status = error.response.status_code
        if status < 429 and code not in PASSING:
            return ""
        return f"Slack cannot work just now ({code if code in PASSING else status})"
    if isinstance(error, NO_ANSWER):
        told = "check the network, HTTPS_PROXY and SLACK_API_URL"
        return f"Slack did not answer ({type(error).__name__}): {told}"
    return ""


def database_is_away(error: Exception) -> str:
    """For `until_there`: a PostgreSQL that cannot be reached, or is not ready yet, is waited for.
    A wrong password is not, and no file appears by waiting."""
    if not isinstance(error, OperationalError) or "sqlite" in type(error.orig).__module__:
        return ""
    if refusal(error):
        return ""
    return f"the database does not answer ({type(error.orig).__name__}): check DATABASE_URL"
