"""Commands that do what Slack does too, in the name of a person."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.launch.cli.telling import bank_of, database, err, out, settings_of, slack_answers

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from handlers.here import Here


cli = typer.Typer()

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

    with acting(person) as (here, client):
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

    with acting(person) as (here, client):
        sys.stdout.write(office.export(here, client, code, format_))


@cli.command()
def forget(
    code: Code,
    person: Person,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """Erase a candidate: name, notes and evidence go; scores without text stay."""
    from bot.launch import office

    with acting(person) as (here, _):
        if not yes:
            typer.confirm(f"Erase {code}? This cannot be undone", abort=True)
        office.forget(here, code)
        out.print(f"[green]✓[/green] {code} is erased; the running bot takes back its messages")


@cli.command()
def audit(
    code: Code,
    person: Person,
    format_: Annotated[str, typer.Option("--format", help="text, or csv.")] = "text",
) -> None:
    """Print who saw, wrote, changed, opened and decided what in a loop, and when."""
    from bot.launch import office

    with acting(person) as (here, client):
        sys.stdout.write(office.audit(here, client, code, format_))


@cli.command()
def record(
    code: Code,
    person: Person,
    format_: Annotated[str, typer.Option("--format", help="json, or md to read.")] = "json",
) -> None:
    """Print the record of a loop's decision: a file that `verify` checks."""
    from bot.launch import office

    with acting(person) as (here, client):
        sys.stdout.write(office.record(here, client, code, format_))


@contextmanager
def acting(person: str) -> "Iterator[tuple[Here, WebClient]]":
    """In the name of `person`; a refusal ends the process with its sentence."""
    from bot.errors import Refusal
    from bot.launch import office

    found = settings_of("client")
    bank_of(found.content_dir)
    try:
        with slack_answers(), office.acting(found, database(found), person) as both:
            yield both
    except Refusal as refusal:
        told = re.sub(r"<@(\w+)>", r"\1", str(refusal))  # A terminal knows nobody by name.
        err.print("[red]✗[/red]", end=" ")
        err.print(told, markup=False)
        raise typer.Exit(1) from None
