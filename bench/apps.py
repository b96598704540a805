"""The apps that are compared. `python -m bench.apps KIND PORT` serves one over HTTP."""

import os
import sys

from slack_bolt import App
from slack_sdk import WebClient

KINDS = ("bot", "default", "immediate")


def build(kind: str, token: str, secret: str, api_url: str) -> App:
    """The bot, an empty Bolt app with default settings, or one with process_before_response."""
    if kind == "bot":
        from bot import content
        from bot.launch import app
        from bot.settings import Settings

        settings = Settings(bot_token=token, signing_secret=secret, api_url=api_url)
        return app.build(settings, content.load())
    empty = App(
        client=WebClient(token, api_url),
        signing_secret=secret,
        process_before_response=kind == "immediate",
        token_verification_enabled=False,
    )
    empty.command("/safety-interview")(lambda ack: ack())
    return empty


if __name__ == "__main__":
    from bot.launch.http import Server, wsgi

    kind, port = sys.argv[1], int(sys.argv[2])
    found = (os.environ[name] for name in ("BENCH_TOKEN", "BENCH_SECRET", "BENCH_API_URL"))
    Server(wsgi(build(kind, *found)), port).run()
