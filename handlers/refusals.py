"""What comes of a notice that Slack refused, or did not answer."""

import logging
import socket
from datetime import timedelta
from secrets import SystemRandom

from slack_sdk.errors import SlackApiError

from bot import retrying
from bot.records import Notice
from bot.retrying import Outcome
from bot.store.leases import Result

log = logging.getLogger(__name__)


class Held(Exception):
    """Slack takes nothing of this team just now. `wait` is what it asked for, None for unknown."""

    def __init__(self, error: str, wait: timedelta | None = None) -> None:
        super().__init__(error)
        self.error, self.wait = error, wait


def refused(notice: Notice, error: SlackApiError, *, silent: bool) -> Result:
    """Raises Held. A `silent` notice says nothing, so it is done when what it was about is gone."""
    code = str(error.response.get("error"))
    if code == "ratelimited" or error.response.status_code == 429:
        raise Held("ratelimited", _retry_after(error)) from None
    match retrying.outcome(code):
        case Outcome.HOLD:
            raise Held(code) from None
        case Outcome.DONE if silent:
            return Result(notice, "skipped")
        case Outcome.UNREACHABLE:
            log.warning("notice %s: nobody can be reached there (%s)", notice.id, code)
            return Result(notice, "failed", error=code, unreachable=not silent)
        case Outcome.REFUSED:
            log.error("notice %s: Slack refused it (%s)", notice.id, code)
            return Result(notice, "failed", error=code)
    log.warning("notice %s: Slack refused it (%s)", notice.id, code)
    return later(notice, code)


def later(notice: Notice, error: str) -> Result:
    wait = retrying.wait(notice.attempts, SystemRandom().random())
    return Result(notice, "pending", wait, error=error[:200])


def require_arrival(error: BaseException) -> None:
    """Raises Held when nothing can have reached Slack: no connection was made."""
    if isinstance(getattr(error, "reason", error), (ConnectionRefusedError, socket.gaierror)):
        raise Held("no connection") from None


def _retry_after(error: SlackApiError) -> timedelta:
    headers = {name.lower(): value for name, value in error.response.headers.items()}
    asked = str(headers.get("retry-after", "1"))
    return timedelta(seconds=min(3600, int(asked) if asked.isdigit() else 1))
