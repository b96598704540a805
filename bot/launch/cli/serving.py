"""Commands that start the bot, and that say how it stands."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from bot.launch.cli.telling import (
    bank_of,
    database,
    database_works,
    err,
    read_settings,
    settings_of,
    slack_answers,
)
from bot.settings import Mode, Settings

cli = typer.Typer()


@cli.command()
def run() -> None:
    """Connect to Slack by Socket Mode and answer."""
    from bot.launch import socket

    with _ready("socket") as found:
        socket.run(found)


@cli.command()
def serve() -> None:
    """Answer Slack over HTTP on $PORT, at /slack/events (health: /healthz)."""
    from bot.launch import http

    with _ready("http") as found:
        http.run(found)


@contextmanager
def _ready(mode: Mode) -> Iterator[Settings]:
    """All that a bot needs is there; what fails while it runs ends it with a sentence."""
    from bot.launch import logs

    found = settings_of(mode)
    logs.configure(found)
    bank_of(found.content_dir)
    database(found, waits=True).kw["bind"].dispose()
    with slack_answers(), database_works():
        yield found


@cli.command()
def demo(
    port: Annotated[
        int | None,
        typer.Option(help="Where the page is: 3900 when that is free.", min=0, max=65535),
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Open the bot in a local Slack workspace in the browser; no Slack account needed."""
    from bot.launch import demo as demonstration

    # All that it takes from the environment: it has its own Slack and its own database.
    given = {"METRICS_PORT": os.environ.get("METRICS_PORT", "")}
    metrics = read_settings(given, "offline").metrics_port
    try:
        demonstration.run(port, browser=browser, metrics_port=metrics)
    except demonstration.PortTaken as error:
        err.print(f"[red]✗[/red] Port {port} cannot be used ({error}): leave out --port.")
        raise typer.Exit(1) from None


@cli.command()
def manifest(
    url: Annotated[str, typer.Option(help="Where the bot answers HTTP: https://…")] = "",
    *,
    many: Annotated[
        bool, typer.Option("--many", help="With --url: for many workspaces, which install it.")
    ] = False,
) -> None:
    """Print the app manifest as JSON: for Socket Mode, or for HTTP with --url."""
    from bot.launch.manifest import manifest as described

    if many and not url:
        err.print("[red]✗[/red] --many needs --url: Slack sends people back there.")
        raise typer.Exit(2)
    typer.echo(json.dumps(described(url, many=many), indent=2))
