"""The command that says whether the bot can work here."""

from typing import Annotated

import typer

from bot.launch.cli.telling import out, settings_of
from bot.settings import Mode

cli = typer.Typer()


@cli.command()
def check(
    http: Annotated[bool, typer.Option(help="Check for HTTP instead of Socket Mode.")] = False,
    *,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail on what is only odd (!), too.")
    ] = False,
) -> None:
    """Check settings, content, database, keys, notices, ports, disk, clocks, tokens and scopes: one
    line each, with its fix. Ends with 1 when something is wrong (✗)."""
    from bot.launch.check import findings

    mode: Mode = "http" if http else "socket"
    failed = False
    for finding in findings(settings_of(mode), mode):
        failed |= not finding.fine or (strict and finding.odd)
        mark = "[red]✗[/red]" if not finding.fine else "[green]✓[/green]"
        mark = "[yellow]![/yellow]" if finding.odd else mark
        out.print(mark, end=" ")
        out.print(f"{finding.about}: {finding.told}", markup=False, soft_wrap=True)
    raise typer.Exit(1 if failed else 0)
