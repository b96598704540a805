"""What every command needs: its settings, its database, and words for what went wrong."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import typer
from dotenv import dotenv_values, find_dotenv
from rich.console import Console

from bot import settings
from bot.content import Bank, ContentError, load
from bot.content.reading import Problem
from bot.launch import proxies
from bot.settings import Mode, Settings, SettingsError

if TYPE_CHECKING:
    from rich.table import Table
    from sqlalchemy.orm import sessionmaker
    from sqlmodel import Session


out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def settings_of(mode: Mode) -> Settings:
    """The environment over `.env`; the process ends with every problem when there is one."""
    # From where the bot is started: by itself python-dotenv would look beside this file.
    found = dotenv_values(find_dotenv(usecwd=True))
    dotenv = {name: value or "" for name, value in found.items()}
    # Slack's own command line, `slack run`, hands its tokens over under names of its own.
    given = {
        name: os.environ[theirs]
        for name, theirs in (
            ("SLACK_BOT_TOKEN", "SLACK_CLI_XOXB"),
            ("SLACK_APP_TOKEN", "SLACK_CLI_XAPP"),
        )
        if theirs in os.environ
    }
    read = read_settings({**dotenv, **os.environ, **given}, mode)
    proxies.heed_exceptions(read.api_url)
    return read


def read_settings(environment: Mapping[str, str], mode: Mode) -> Settings:
    try:
        return settings.read(environment, mode)
    except SettingsError as error:
        for problem in error.problems:
            err.print(f"[red]✗[/red] {problem}", markup=True)
        raise typer.Exit(1) from None


def bank_of(folder: Path) -> Bank:
    with told():
        return load(folder)


def database(found: Settings, *, waits: bool = False) -> "sessionmaker[Session]":
    """The database with its schema; the process ends with a sentence when that cannot be. One that
    is away is waited for by whoever `waits`."""
    from bot import schema, store
    from bot.store import keys

    with database_works():
        db = store.open_db(found.database_url, found.data_keys)

        def prepare() -> None:
            schema.upgrade(db)
            with db.begin() as session:
                keys.register(session, datetime.now(UTC))

        if waits:
            from bot.launch import waiting

            waiting.until_there(prepare, waiting.database_is_away, Event())
        else:
            prepare()
        return db


@contextmanager
def database_works() -> Iterator[None]:
    """When the database cannot be used, the process ends with a sentence."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot.schema import SchemaError
    from bot.store.disks import reason
    from bot.vault import VaultError

    try:
        yield
    except (SchemaError, VaultError) as error:
        err.print(f"[red]✗[/red] {error}", soft_wrap=True)
    except SQLAlchemyError as error:
        err.print(f"[red]✗[/red] The database cannot be used: {reason(error)}.", soft_wrap=True)
    else:
        return
    raise typer.Exit(1)


@contextmanager
def slack_answers() -> Iterator[None]:
    """When Slack refuses or does not answer, the process ends with a sentence."""
    from slack_sdk.errors import SlackApiError

    from handlers.errors import NO_ANSWER

    try:
        yield
    except SlackApiError as error:
        code = error.response.get("error")
        err.print(f"[red]✗[/red] Slack says {code}: `safety-interview check` says what to do.")
    except NO_ANSWER as error:
        told = "check the network, HTTPS_PROXY and SLACK_API_URL"
        err.print(f"[red]✗[/red] Slack did not answer ({type(error).__name__}): {told}.")
    else:
        return
    raise typer.Exit(1)


@contextmanager
def told() -> Iterator[None]:
    """Content that cannot be used ends the process, with every problem named."""
    try:
        yield
    except ContentError as error:
        for problem in error.problems:
            tell(problem)
        raise typer.Exit(1) from None
    except ValueError as error:
        err.print(f"[red]✗[/red] {error}")
        raise typer.Exit(1) from None


def tell(problem: Problem) -> None:
    err.print("[red]✗[/red]", end=" ")
    err.print(str(problem), markup=False)


def show(table: "Table") -> None:
    """However narrow the terminal is, nothing is cut, and what can be typed stays in one piece."""
    for column in table.columns:
        column.overflow, column.no_wrap = "fold", column.header == "ID"
    out.print(table)
