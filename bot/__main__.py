"""The command line: `safety-interview`, also `python -m bot`."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from dotenv import dotenv_values
from rich.console import Console

from bot import settings
from bot.content import Bank, ContentError, load
from bot.settings import SHIPPED_CONTENT, Mode, Settings, SettingsError

cli = typer.Typer(
    help="Interview questions, rubrics and scorecards in Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # They would show tokens.
)
content_cli = typer.Typer(help="The question bank.", no_args_is_help=True)
cli.add_typer(content_cli, name="content")
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


@cli.command()
def run() -> None:
    """Connect to Slack by Socket Mode and answer."""
    from bot.launch import logs, socket
    from bot.launch.app import build

    found = _settings("socket")
    logs.configure(found)
    socket.run(build(found, _bank(found.content_dir)), found)


@cli.command()
def serve() -> None:
    """Answer Slack over HTTP on $PORT, at /slack/events (health: /healthz)."""
    from bot.launch import http, logs
    from bot.launch.app import build

    found = _settings("http")
    logs.configure(found)
    http.run(build(found, _bank(found.content_dir)), found)


@cli.command()
def demo(
    port: Annotated[int, typer.Option(help="Where the page is; 0 takes a free port.")] = 3900,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Open the bot in a local Slack workspace in the browser; no Slack account needed."""
    from bot.launch import demo as demonstration

    try:
        demonstration.run(port, browser=browser)
    except OSError as error:
        err.print(f"[red]✗[/red] Port {port} cannot be used ({error.strerror}): try --port 0.")
        raise typer.Exit(1) from None


@cli.command()
def check(
    http: Annotated[bool, typer.Option(help="Check for HTTP instead of Socket Mode.")] = False,
) -> None:
    """Check token, scopes, content and database; one line each, with its fix."""
    from bot.launch.check import findings

    wrong = 0
    for finding in findings(_settings("http" if http else "socket")):
        wrong += not finding.fine
        mark = "[green]✓[/green]" if finding.fine else "[red]✗[/red]"
        out.print(f"{mark} {finding.about}: {finding.told}")
    raise typer.Exit(1 if wrong else 0)


@cli.command()
def manifest(
    url: Annotated[str, typer.Option(help="Where the bot answers HTTP: https://…")] = "",
) -> None:
    """Print the app manifest as JSON: for Socket Mode, or for HTTP with --url."""
    from bot.launch.manifest import manifest as described

    typer.echo(json.dumps(described(url), indent=2))


@content_cli.command("check")
def content_check(
    folder: Annotated[Path, typer.Argument(help="The bank's folder.")] = SHIPPED_CONTENT,
) -> None:
    """Check a question bank: every problem, with its file, field and fix."""
    bank = _bank(folder)
    out.print(f"[green]✓[/green] {len(bank.questions)} questions")


def _settings(mode: Mode) -> Settings:
    """The environment over `.env`; the process ends with every problem when there is one."""
    dotenv = {name: value or "" for name, value in dotenv_values().items()}
    # Slack's own command line, `slack run`, hands its tokens over under names of its own.
    given = {
        name: os.environ[theirs]
        for name, theirs in (
            ("SLACK_BOT_TOKEN", "SLACK_CLI_XOXB"),
            ("SLACK_APP_TOKEN", "SLACK_CLI_XAPP"),
        )
        if theirs in os.environ
    }
    try:
        return settings.read({**dotenv, **os.environ, **given}, mode)
    except SettingsError as error:
        for problem in error.problems:
            err.print(f"[red]✗[/red] {problem}", markup=True)
        raise typer.Exit(1) from None


def _bank(folder: Path) -> Bank:
    try:
        return load(folder)
    except ContentError as error:
        for problem in error.problems:
            err.print("[red]✗[/red]", end=" ")
            err.print(str(problem), markup=False)
        raise typer.Exit(1) from None


if __name__ == "__main__":
    cli()
