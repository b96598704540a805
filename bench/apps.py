"""The apps that are compared. `python -m bench.apps KIND PORT` serves one over HTTP."""

import os
import sys
from contextlib import ExitStack
from tempfile import TemporaryDirectory

from slack_bolt import App
from slack_sdk import WebClient

KEPT = ExitStack()  # What runs beside the apps ends with the process.
KINDS = ("bot", "default", "immediate")


def build(kind: str, token: str, secret: str, api_url: str) -> App:
    """The bot; an empty Bolt app with default settings, or one with process_before_response; or
    one that has also imported the libraries that the bot was asked to stand on."""
    if kind == "bot":
        from bot.launch import service
        from bot.settings import Settings

        folder = KEPT.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))
        settings = Settings(
            bot_token=token,
            signing_secret=secret,
            api_url=api_url,
            database_url=f"sqlite:///{folder}/bench.db",
        )
        return KEPT.enter_context(service.running(settings))
    if kind == "stack":
        import apscheduler.schedulers.background
        import sqlmodel

        _ = (apscheduler, sqlmodel)
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
    Server(lambda: wsgi(build(kind, *found)), port, "127.0.0.1").run()
