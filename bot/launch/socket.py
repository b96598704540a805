"""Socket Mode: the bot connects to Slack, so it needs no public address."""

import os
import signal
import threading

from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.launch import service
from bot.launch.app import BotApp, sign_in
from bot.launch.waiting import slack_is_away, until_there
from bot.settings import Settings

PING = 3  # Seconds. A connection that went away in silence is noticed and replaced after these.
LAST = 4.5  # Seconds after a signal to stop at which whatever still hangs is left as it is.


def run(settings: Settings) -> None:
    """Answer until SIGTERM or Ctrl-C; what is being answered or sent then is finished first. A
    Slack that is away is waited for. Raises SlackApiError for a token that Slack refuses.
    """
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    if not until_there(lambda: sign_in(settings), slack_is_away, stop):
        return
    with service.running(settings, stopping=stop) as app:
        handler = handler_of(app, settings)
        if until_there(handler.client.connect, slack_is_away, stop):
            stop.wait()
        # What hangs is safe: nothing is acknowledged before it is saved, and a notice under way is
        # looked for by the next process.
        end = threading.Timer(LAST, os._exit, [0])
        end.daemon = True
        end.start()
        close(handler)


def connect(app: BotApp, settings: Settings) -> SocketModeHandler:
    handler = handler_of(app, settings)
    handler.client.connect()
    return handler


def handler_of(app: BotApp, settings: Settings) -> SocketModeHandler:
    handler = SocketModeHandler(app, settings.app_token, ping_interval=PING)
    if app.watch is not None:
        app.watch.connects(handler.client.is_connected)
    return handler


def close(handler: SocketModeHandler) -> None:
    handler.client.message_workers.shutdown(wait=True)
    handler.client.close()
