"""The command that shows what is owed to whom."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.launch.cli.telling import database, err, out, settings_of, show

cli = typer.Typer()


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
    from bot.launch import ledger as shown
    from bot.store import ledger

    db, now = database(settings_of("offline")), datetime.now(UTC)
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
        show(table)
    if not found["counts"]:
        out.print("[green]✓[/green] Nothing is owed to anybody")
