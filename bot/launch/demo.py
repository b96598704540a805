"""The bot in a local Slack workspace, in the browser: no Slack account, no network."""

import signal
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from tempfile import TemporaryDirectory
from typing import Any

from bot import store
from bot.launch import example, proxies, service, socket
from bot.launch.manifest import manifest
from bot.settings import Settings
from playground import Playground

PORT = 3900  # Where the page is unless somebody says otherwise, or something else is there.

REST = 1.0  # Seconds: here the clock can be moved, which wakes nobody.


class PortTaken(Exception):
    """The port that was asked for cannot be used; the message is the system's reason."""


@contextmanager
def workspace(
    port: int | None, database_url: str = "", *, living: bool = False, **more: Any
) -> Iterator[Playground]:
    """A workspace on `port` with the bot connected to it. 0 takes any port that is free, and None
    takes PORT when it is. A `living` one has a hiring team at work in it. Without a
    `database_url` what the bot keeps goes when this ends; `more` are other settings of it. Raises
    PortTaken."""
    with _opened(port) as play, TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        proxies.heed_exceptions(play.api_url)
        settings = Settings(
            bot_token=play.bot_token,
            app_token=play.app_token,
            api_url=play.api_url,
            database_url=database_url or f"sqlite:///{folder}/demo.db",
            **more,
        )
        with service.running(settings, play.clock.now, REST) as app:
            handler = socket.connect(app, settings)
            try:
                play.wait_connected()
                if living:
                    _enliven(play, settings.database_url)
                yield play
            finally:
                socket.close(handler)


def _enliven(play: Playground, database_url: str) -> None:
    """Play the example; and once more whenever somebody resets the workspace."""
    db = store.open_db(database_url)

    def anew() -> None:
        example.forget(db)
        example.keep_awake(db, play)
        example.set_up(play)

    play.before_reset = partial(example.settle, db)
    play.on_reset = anew
    anew()


def _opened(port: int | None) -> Playground:
    try:
        return Playground(manifest=manifest(), port=PORT if port is None else port)
    except OSError as error:
        if port is not None:
            raise PortTaken(error.strerror) from None
        return Playground(manifest=manifest())


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 (at once, also into a pipe)


def run(port: int | None, *, browser: bool, metrics_port: int = 0) -> None:
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    _say("Setting a hiring team to work…")
    with workspace(port, living=True, metrics_port=metrics_port) as play:
        _say(f"\nThe workspace is at {play.url} — type /safety-interview senior,")
        _say("or look at Safety Interview · Home as each person.")
        _say("Ctrl-C stops it.")
        if browser:
            webbrowser.open(play.url)
        stop.wait()
