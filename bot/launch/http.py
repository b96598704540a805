"""HTTP: Slack calls `/slack/events` and, where teams install the bot, `/slack/install` and
`/slack/oauth_redirect`; a load balancer asks `/healthz` (is the process alive?) and
`/readyz` (can it answer?); other programs and calendars, `/incoming/` and `/calendar/`."""

import logging
import signal
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, Any

from gunicorn import glogging
from gunicorn.app.base import BaseApplication
from gunicorn.errors import AppImportError
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from sqlalchemy.exc import SQLAlchemyError

from bot import references
from bot.launch import service
from bot.launch.app import BotApp, sign_in
from bot.launch.patience import REASONS
from bot.launch.requests import LARGEST
from bot.launch.waiting import slack_is_away
from bot.settings import Settings
from bot.store import connections
from bot.store.disks import reason
from handlers.errors import NO_ANSWER

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

CONNECTIONS = 1000  # At once; beyond them the one that has waited longest for its rest is closed.
READY = 2.0  # Seconds for the database to answer, or it is taken for away.
GRACE = 4  # Seconds that answers and notices under way have after SIGTERM.
KEPT_ALIVE = 5  # Seconds that a connection without a request stays open after an answer.
Headers = list[tuple[str, str]]


def wsgi(app: App, trouble: Callable[[], str] = lambda: "") -> "WSGIApplication":
    """`trouble` says why the app cannot answer just now; "" when it can."""
    slack = SlackRequestHandler(app, path="/slack/events")
    web = app.web if isinstance(app, BotApp) else None

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/healthz":
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [b"ok\n"]
        if environ["PATH_INFO"] == "/readyz":
            with connections.within(READY):
                why = trouble()
            status = "503 Service Unavailable" if why else "200 OK"
            start_response(status, [("Content-Type", "text/plain")])
            return [f"{why or 'ready'}\n".encode()]
        length = str(environ.get("CONTENT_LENGTH") or "0")
        if not length.isdigit() or int(length) > LARGEST:
            start_response("413 Content Too Large", [("Content-Type", "text/plain")])
            return [f"{REASONS['413 Content Too Large']}\n".encode()]
        with references.work() as work:

            def start(status: str, headers: Headers, *rest: Any) -> Any:
                return start_response(status, [*headers, ("X-Request-Id", work.reference)], *rest)

            asks_us = environ["PATH_INFO"].startswith(("/incoming/", "/calendar/"))
            return (web if web and asks_us else slack)(environ, start)

    return answer


class Logger(glogging.Logger):  # type: ignore[misc]  # gunicorn ships no types.
    """gunicorn's lines in the bot's own form, at the bot's own level."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.setLevel(logging.NOTSET)
        self.error_log.propagate = True


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types.
    """gunicorn around one WSGI app: one process, several threads, a graceful stop on SIGTERM."""

    def __init__(self, make: "Callable[[], WSGIApplication]", port: int, host: str) -> None:
        """`make` is called in the process that answers: threads and connections do not survive
        the fork that starts it."""
        self._make = make
        self._bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": self._bind,
            "logger_class": Logger,
            "worker_class": "bot.launch.patience.PatientWorker",
            "workers": 1,
            "threads": service.ANSWERS,
            "graceful_timeout": GRACE,
            "keepalive": KEPT_ALIVE,
            "worker_connections": CONNECTIONS,
            "accesslog": None,
            "control_socket_disable": True,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> "WSGIApplication":
        return self._make()


def run(settings: Settings) -> None:
    """Answer until SIGTERM. Raises SlackApiError when Slack refuses the bot's token; a Slack that
    does not answer now may when it has something to ask."""
    if settings.client_secret and settings.bot_token:
        log.warning("SLACK_BOT_TOKEN is not used: workspaces install the bot at /slack/install")
    try:
        sign_in(settings)
    except NO_ANSWER as error:
        told = slack_is_away(error)
        if not told:
            raise
        log.warning("nobody knows yet whether Slack takes the token: %s", told)
    with ExitStack() as kept:

        def make() -> "WSGIApplication":
            stop = Event()
            _also(stop.set)
            try:
                app = kept.enter_context(service.running(settings, stopping=stop))
            except SQLAlchemyError as error:
                # The server prints it and ends.
                raise AppImportError(f"The database cannot be used: {reason(error)}.") from None
            return wsgi(app, app.trouble)

        Server(make, settings.port, settings.host).run()


def _also(stop: Callable[[], None]) -> None:
    """Call `stop` at SIGTERM, at once: gunicorn's worker first waits for requests to end."""
    usual = signal.getsignal(signal.SIGTERM)

    def both(number: int, frame: FrameType | None) -> None:
        stop()
        if callable(usual):
            usual(number, frame)

    signal.signal(signal.SIGTERM, both)
