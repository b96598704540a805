"""The bot in a local Slack workspace, in the browser: no Slack account, no network."""

import signal
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager

from bot import content
from bot.launch import socket
from bot.launch.app import build
from bot.launch.manifest import manifest
from bot.settings import Settings
from playground import Playground


@contextmanager
def workspace(port: int) -> Iterator[Playground]:
    """A workspace on `port` (0: any that is free) with the bot connected to it."""
    with Playground(manifest=manifest(), port=port) as play:
        settings = Settings(
            bot_token=play.bot_token, app_token=play.app_token, api_url=play.api_url
        )
        app = build(settings, content.load(), play.clock.now)
        handler = socket.connect(app, settings)
        try:
            play.wait_connected()
            yield play
        finally:
            socket.close(handler)


def run(port: int, *, browser: bool) -> None:
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with workspace(port) as play:
        print(f"\nThe workspace is at {play.url} — type /safety-interview senior")  # noqa: T201
        print("Ctrl-C stops it.")  # noqa: T201
        if browser:
            webbrowser.open(play.url)
        stop.wait()
