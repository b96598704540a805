"""The command line: `safety-interview`, also `python -m bot`."""

import csv
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from dotenv import dotenv_values, find_dotenv
from rich.console import Console

from bot import settings
from bot.content import Bank, ContentError, Level, load, read
from bot.content.reading import Problem
from bot.launch import proxies
from bot.settings import SHIPPED_CONTENT, Mode, Settings, SettingsError

if TYPE_CHECKING:
    from slack_sdk import WebClient
    from sqlalchemy.orm import sessionmaker
    from sqlmodel import Session

    from handlers.here import Here

cli = typer.Typer(
    help="Interview questions, rubrics and scorecards in Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # They would show tokens.
)
content_cli = typer.Typer(help="The question bank.", no_args_is_help=True)
db_cli = typer.Typer(help="The database.", no_args_is_help=True)
keys_cli = typer.Typer(help="Keys for what is kept encrypted.", no_args_is_help=True)
cli.add_typer(content_cli, name="content")
cli.add_typer(db_cli, name="db")
cli.add_typer(keys_cli, name="keys")
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


@cli.command()
def run() -> None:
    """Connect to Slack by Socket Mode and answer."""
    from bot.launch import logs, socket

    found = _settings("socket")
    logs.configure(found)
    _bank(found.content_dir)
    _ready(found)
    with _slack_answers():
        socket.run(found)


@cli.command()
def serve() -> None:
    """Answer Slack over HTTP on $PORT, at /slack/events (health: /healthz)."""
    from bot.launch import http, logs

    found = _settings("http")
    logs.configure(found)
    _bank(found.content_dir)
    _ready(found)
    with _slack_answers():
        http.run(found)


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

    try:
        demonstration.run(port, browser=browser)
    except demonstration.PortTaken as error:
        err.print(f"[red]✗[/red] Port {port} cannot be used ({error}): leave out --port.")
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


Person = Annotated[
    str,
    typer.Option(
        "--as",
        help="Your Slack member ID: what you may do counts. With many workspaces, TEAM/MEMBER.",
    ),
]
Code = Annotated[str, typer.Argument(help="The candidate's code, such as C-102.")]


@cli.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A table of comma-separated values.")],
    person: Person,
    *,
    dry_run: Annotated[bool, typer.Option(help="Only say what would be done.")] = False,
) -> None:
    """Plan the interviews of a table: all of it, or nothing when a row is wrong."""
    from bot.launch import office

    with _acting(person) as (here, client):
        found, odd = office.import_(here, client, office.text_of(file), dry=dry_run)
        for problem in found.problems:
            err.print(f"[red]✗[/red] {problem}")
        if found.problems:
            raise typer.Exit(1)
        for each in odd:
            out.print(f"[yellow]![/yellow] {each}")
        done = "would be planned" if dry_run else "are planned"
        out.print(f"[green]✓[/green] {found.rows} rows read, {len(found.plans)} loops {done}")


@cli.command()
def export(
    code: Code,
    person: Person,
    format_: Annotated[
        str, typer.Option("--format", help="csv, json, md, or subject: the candidate's own copy.")
    ] = "json",
) -> None:
    """Print a loop as you may read it."""
    from bot.launch import office

    with _acting(person) as (here, _):
        sys.stdout.write(office.export(here, code, format_))


@cli.command()
def forget(
    code: Code,
    person: Person,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """Erase a candidate: name, notes and evidence go; scores without text stay."""
    from bot.launch import office

    with _acting(person) as (here, _):
        if not yes:
            typer.confirm(f"Erase {code}? This cannot be undone", abort=True)
        office.forget(here, code)
        out.print(f"[green]✓[/green] {code} is erased; the running bot takes back its messages")


@cli.command()
def notices(
    *,
    next_: Annotated[int, typer.Option("--next", help="How many that are due next.")] = 10,
    retry: Annotated[
        str, typer.Option(help="Send one that was given up after all, by its ID; or `all`.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what the bot owes whom and when, and what it gave up with Slack's error."""
    from datetime import UTC, datetime

    from bot.launch import ledger as shown
    from bot.store import ledger

    db, now = _ready(_settings("offline")), datetime.now(UTC)
    with db.begin() as session:
        again = ledger.retry(session, retry, now) if retry else 0
        found = shown.read(session, max(0, next_))
    if retry and not again:
        err.print(f"[red]✗[/red] Nothing that was given up is called {retry}.", soft_wrap=True)
        raise typer.Exit(1)
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    if again:
        out.print(f"[green]✓[/green] {again} sent again by the bot when it runs, within 30 s")
    for table in shown.tables(found, now):
        out.print(table)
    if not found["counts"]:
        out.print("[green]✓[/green] Nothing is owed to anybody")


def audit(
    code: Code,
    person: Person,
    format_: Annotated[str, typer.Option("--format", help="text, or csv.")] = "text",
) -> None:
    """Print who saw, wrote, changed, opened and decided what in a loop, and when."""
    from bot.launch import office

    with _acting(person) as (here, client):
        sys.stdout.write(office.audit(here, client, code, format_))


@cli.command()
def record(
    code: Code,
    person: Person,
    format_: Annotated[str, typer.Option("--format", help="json, or md to read.")] = "json",
) -> None:
    """Print the record of a loop's decision: a file that `verify` checks."""
    from bot.launch import office

    with _acting(person) as (here, client):
        sys.stdout.write(office.record(here, client, code, format_))


@cli.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A decision's record, JSON or Markdown.")],
    expect: Annotated[str, typer.Option(help="The hash that Slack or the audit says.")] = "",
) -> None:
    """Say whether a decision's record is as it was written, or exactly what was altered. Needs no
    database and no Slack. Ends with 1 when something was altered, 2 when it is no record."""
    from bot.verifying import NoRecordError
    from bot.verifying import verify as verified

    try:
        found, whole = verified(file.read_text("utf-8-sig"), expect)
    except (OSError, UnicodeDecodeError, NoRecordError) as error:
        told = error.strerror if isinstance(error, OSError) else error
        err.print(f"✗ {file} is not a record that can be checked: {told}", markup=False)
        raise typer.Exit(2) from None
    for each in found:
        err.print(f"✗ {each}", markup=False, soft_wrap=True)
    if found:
        raise typer.Exit(1)
    out.print("[green]✓[/green] Nothing was altered: every value fits its hash, and every seal.")
    out.print(f"  SHA-256 of the whole: {whole}", soft_wrap=True)
    if not expect:
        out.print("  Whoever rewrites a file can rewrite its hashes. Compare this one with the one")
        out.print("  in Slack, or in the bot's audit; --expect does it for you.")


@contextmanager
def _acting(person: str) -> "Iterator[tuple[Here, WebClient]]":
    """In the name of `person`; a refusal ends the process with its sentence."""
    from bot.errors import Refusal
    from bot.launch import office

    found = _settings("client")
    _bank(found.content_dir)
    try:
        with _slack_answers(), office.acting(found, _ready(found), person) as both:
            yield both
    except Refusal as refusal:
        err.print(f"[red]✗[/red] {refusal}", markup=True)
        raise typer.Exit(1) from None


@contextmanager
def _slack_answers() -> Iterator[None]:
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


@content_cli.command("check")
def content_check(
    folder: Annotated[Path, typer.Argument(help="The bank's folder.")] = SHIPPED_CONTENT,
    complete: Annotated[bool, typer.Option(help="Fail on holes in coverage, too.")] = False,
) -> None:
    """Check a question bank: every problem, with its file, field and fix; then its coverage."""
    from bot import kits
    from bot.content import checks
    from bot.launch import messages
    from bot.launch.coverage import tables

    bank, problems = read(folder)
    if bank is None:
        with _told():
            raise ContentError(problems)
    problems += [*checks.problems(bank), *messages.problems(bank)]
    reach = checks.coverage(bank)
    for table in tables(bank, reach):
        out.print(table)
    holes = (*reach.holes, *kits.holes(bank))
    for hole in holes:
        out.print(f"[yellow]![/yellow] {hole}")
    for problem in sorted(problems, key=lambda each: each.file):
        _tell(problem)
    counted = f"{len(bank.questions)} questions, {reach.units} units, {reach.reviewed} reviewed"
    fine = not problems and not (complete and holes)
    mark = "[green]✓[/green]" if fine else "[red]✗[/red]"
    out.print(f"{mark} {counted}; {len(problems)} problems, {len(holes)} holes in coverage")
    raise typer.Exit(0 if fine else 1)


@content_cli.command("reload")
def content_reload() -> None:
    """Have the running bot read the bank anew; first, every problem in it is named here."""
    from bot.store import served

    found = _settings("offline")
    bank = _bank(found.content_dir)
    db = _ready(found)
    with db.begin() as session:
        served.order_reading(session, datetime.now(UTC))
    out.print(f"[green]✓[/green] {len(bank.questions)} questions; the bot reads them within 5 s")


@content_cli.command("calibration")
def content_calibration(
    ladder: Annotated[str, typer.Argument(help="The question's id, such as ali-family-rlhf-…")],
    level: Annotated[Level, typer.Option(help="The level to score at.")] = Level.SENIOR,
    folder: Annotated[Path, typer.Option(help="The bank's folder.")] = SHIPPED_CONTENT,
) -> None:
    """Print the invented answers of a ladder as CSV, for a reader to score."""
    from bot.content import calibration

    with _told():
        answers = calibration.load(ladder, folder).answers
        sheet = csv.writer(sys.stdout)
        sheet.writerow(calibration.COLUMNS)
        for number, answer in enumerate(answers, start=1):
            sheet.writerow((f"{ladder} {number}", level, "", answer.heard))


@content_cli.command("agreement")
def content_agreement(
    first: Annotated[Path, typer.Argument(help="One reader's sheet.")],
    second: Annotated[Path, typer.Argument(help="The other reader's.")],
) -> None:
    """Say how far two readers' scores of the same answers agree, and whether that suffices."""
    from bot.content import calibration

    with _told():
        found = calibration.agreement(calibration.scores(first), calibration.scores(second))
    mark = "[green]✓[/green]" if found.suffices else "[red]✗[/red]"
    out.print(
        f"{mark} same {found.same:.0%} (at least {calibration.SAME:.0%}), within one "
        f"{found.within_one:.0%} (at least {calibration.WITHIN_ONE:.0%}), weighted kappa "
        f"{found.kappa:.2f} (at least {calibration.KAPPA:.2f})"
    )
    raise typer.Exit(0 if found.suffices else 1)


@db_cli.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to this version's schema. The bot does so too when it starts."""
    _ready(_settings("offline"))
    out.print("[green]✓[/green] The database has this version's schema")


@db_cli.command("digest")
def db_digest() -> None:
    """Print each table's rows, counted and hashed: what two databases are compared by."""
    from bot.store.digest import digest

    with _ready(_settings("offline")).begin() as session:
        for name, each in digest(session.connection()).items():
            typer.echo(f"{name:20} {each.rows:9} {each.sha256}")


@cli.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to put the copy.")],
) -> None:
    """Copy the database while the bot works. For PostgreSQL: the commands to use."""
    from bot.launch import backup as copies

    with _copying("Copying") as (url, progress):
        made = copies.backup(url, file, progress)
    rows = sum(each.rows for each in made.tables.values())
    out.print(f"[green]✓[/green] {file}: {rows} rows of {len(made.tables)} tables", soft_wrap=True)


@cli.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A copy of `backup`, with its manifest beside.")],
    *,
    replace: Annotated[bool, typer.Option(help="Put the present database aside.")] = False,
) -> None:
    """Put a backup back, after it has proved to be whole. Stop the bot first."""
    from rich.table import Table

    from bot.launch import backup as copies

    with _copying("Restoring") as (url, progress):
        found = copies.restore(url, file, progress, replace=replace)
    table = Table("table", "rows", "SHA-256")
    for name, each in found.tables.items():
        table.add_row(name, str(each.rows), each.sha256[:16])
    out.print(table)
    out.print("[green]✓[/green] All of it came back, as counted and hashed when it was copied")


@contextmanager
def _copying(what: str) -> "Iterator[tuple[str, Callable[[float], None]]]":
    """The database's address, and a progress bar; a refusal ends the process with its sentence."""
    from rich.progress import Progress

    from bot.errors import Refusal

    url = _settings("offline").database_url
    try:
        with Progress(console=err, transient=True) as bar:
            task = bar.add_task(what, total=1.0)
            yield url, lambda share: bar.update(task, completed=share)
    except Refusal as refusal:
        err.print(f"[red]✗[/red] {refusal}", soft_wrap=True)
        raise typer.Exit(1) from None


@keys_cli.command("new")
def keys_new() -> None:
    """Print a new key for DATA_KEYS. Keep it apart from the database and its backups."""
    from cryptography.fernet import Fernet

    typer.echo(Fernet.generate_key().decode())


@keys_cli.command("rotate")
def keys_rotate() -> None:
    """Encrypt everything with the first key of DATA_KEYS; it can be interrupted and run again."""
    from bot.store import keys
    from bot.vault import VaultError

    found = _settings("offline")
    if not found.data_keys:
        err.print("[red]✗[/red] DATA_KEYS is empty: `safety-interview keys new` makes a key.")
        raise typer.Exit(1)
    db = _ready(found)
    done: dict[str, int] = {}
    try:
        with out.status("") as status:
            for table, changed in keys.rotate(db):
                done[table] = done.get(table, 0) + changed
                status.update(f"{table}: {done[table]} rows written anew …")
    except VaultError as error:
        err.print(f"[red]✗[/red] {error}")
        raise typer.Exit(1) from None
    told = ", ".join(f"{count} of {table}" for table, count in done.items())
    out.print(f"[green]✓[/green] Written anew: {told}. The older keys are not needed any more.")
    if not keys.wipe(db):
        told = "the file still holds the former texts: stop the bot and run this again"
        out.print(f"[yellow]![/yellow] {told}")


def _ready(found: Settings) -> "sessionmaker[Session]":
    """The database with its schema; the process ends with a sentence when that cannot be."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot import schema, store
    from bot.store import keys
    from bot.vault import VaultError

    try:
        db = store.open_db(found.database_url, found.data_keys)
        schema.upgrade(db)
        with db.begin() as session:
            keys.register(session, datetime.now(UTC))
    except (schema.SchemaError, VaultError) as error:
        err.print(f"[red]✗[/red] {error}")
    except (SQLAlchemyError, OSError) as error:
        told = f"The database cannot be used ({type(error).__name__}): check DATABASE_URL."
        err.print(f"[red]✗[/red] {told}")
    else:
        return db
    raise typer.Exit(1)


def _settings(mode: Mode) -> Settings:
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
    try:
        read = settings.read({**dotenv, **os.environ, **given}, mode)
    except SettingsError as error:
        for problem in error.problems:
            err.print(f"[red]✗[/red] {problem}", markup=True)
        raise typer.Exit(1) from None
    proxies.heed_exceptions(read.api_url)
    return read


def _bank(folder: Path) -> Bank:
    with _told():
        return load(folder)


@contextmanager
def _told() -> Iterator[None]:
    """Content that cannot be used ends the process, with every problem named."""
    try:
        yield
    except ContentError as error:
        for problem in error.problems:
            _tell(problem)
        raise typer.Exit(1) from None
    except ValueError as error:
        err.print(f"[red]✗[/red] {error}")
        raise typer.Exit(1) from None


def _tell(problem: Problem) -> None:
    err.print("[red]✗[/red]", end=" ")
    err.print(str(problem), markup=False)


if __name__ == "__main__":
    cli()
