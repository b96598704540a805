"""Commands about the database, its copies and its keys."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.launch.cli.telling import database, err, out, settings_of

cli = typer.Typer()
db_cli = typer.Typer(help="The database.", no_args_is_help=True)
keys_cli = typer.Typer(help="Keys for what is kept encrypted.", no_args_is_help=True)


@db_cli.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to this version's schema. The bot does so too when it starts."""
    database(settings_of("offline"))
    out.print("[green]✓[/green] The database has this version's schema")


@db_cli.command("contract")
def db_contract(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """Remove what only older versions of the bot need, once none of them runs any more."""
    from bot import schema

    db = database(settings_of("offline"))
    due = schema.due(db)
    if not due:
        out.print("[green]✓[/green] Nothing is left from older versions")
        return
    if not yes:
        told = (
            f"Versions that do not know schema {due[-1]} cannot work with this database then. Go on"
        )
        typer.confirm(told, abort=True)
    try:
        schema.contract(db)
    except schema.SchemaError as error:
        err.print(f"[red]✗[/red] {error}")
        raise typer.Exit(1) from None
    out.print(f"[green]✓[/green] Removed: {', '.join(due)}")


@db_cli.command("digest")
def db_digest() -> None:
    """Print each table's rows, counted and hashed: what two databases are compared by."""
    from bot.store.digest import digest

    with database(settings_of("offline")).begin() as session:
        for name, each in digest(session.connection()).items():
            typer.echo(f"{name:20} {each.rows:9} {each.sha256}")


@cli.command()
def backup(
    file: Annotated[
        Path | None, typer.Argument(help="Where to put the copy; for PostgreSQL, leave it out.")
    ] = None,
) -> None:
    """Copy the database while the bot works. For PostgreSQL: print the commands to use."""
    from sqlalchemy import make_url

    from bot.launch import backup as copies

    if file is None:
        address = make_url(settings_of("offline").database_url)
        if address.get_backend_name() != "sqlite":
            typer.echo(copies.instead(address))
            return
        err.print("[red]✗[/red] Say where to put the copy: `safety-interview backup FILE`.")
        raise typer.Exit(2)
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

    url = settings_of("offline").database_url
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

    found = settings_of("offline")
    if not found.data_keys:
        err.print("[red]✗[/red] DATA_KEYS is empty: `safety-interview keys new` makes a key.")
        raise typer.Exit(1)
    db = database(found)
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
