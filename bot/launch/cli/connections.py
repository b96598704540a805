"""Commands that connect other programs (docs/connections.md)."""

from datetime import timedelta
from typing import Annotated

import typer

from bot.launch.cli.office import Person, acting
from bot.launch.cli.telling import err, out, settings_of, show

incoming_cli = typer.Typer(help="Let other programs plan interviews.", no_args_is_help=True)
cli = typer.Typer()
webhooks_cli = typer.Typer(help="Tell other programs what happens.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(help="As `list` shows it.")]
ONCE = "It is shown this once. Receivers check with it that it was the bot who sent."


@cli.command()
def schema(
    name: Annotated[str, typer.Argument(help="loops, candidate, record, webhook or incoming.")],
) -> None:
    """Print the JSON schema of an export, of a webhook's events, or of what a door takes."""
    from bot import schemas

    if name not in schemas.NAMES:
        err.print(
            f"[red]✗[/red] There is no such schema. There are: {', '.join(schemas.NAMES)}.",
            soft_wrap=True,
        )
        raise typer.Exit(1)
    typer.echo(schemas.written(name), nl=False)


@webhooks_cli.command("add")
def add(
    url: Annotated[str, typer.Argument(help="Where to: https://…")],
    person: Person,
    event: Annotated[list[str] | None, typer.Option(help="Only this; may be repeated.")] = None,
    with_: Annotated[
        list[str] | None,
        typer.Option("--with", help="Tell more than ids and states: candidate, outcome."),
    ] = None,
    *,
    everywhere: Annotated[
        bool, typer.Option("--all-openings", help="For admins: not only the openings you plan.")
    ] = False,
) -> None:
    """Have events told to another program, signed (Standard Webhooks)."""
    from bot.launch import connections

    networks = settings_of("client").webhook_networks
    with acting(person) as (here, client):
        hook = connections.add(
            here, client, url,
            events=event or [], content=with_ or [], everywhere=everywhere, networks=networks,
        )  # fmt: skip
    out.print(f"[green]✓[/green] {hook.id} is told {len(hook.events)} events")
    out.print(f"  Secret: {hook.secret}", soft_wrap=True)
    out.print(f"  {ONCE}")
    out.print(f"  Try it: safety-interview webhooks test {hook.id} --as {person}", soft_wrap=True)


@webhooks_cli.command("list")
def list_(
    person: Person, *, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
) -> None:
    """Show your webhooks, of an admin all: what they are told, and how that goes."""
    from rich.table import Table

    from bot.launch import connections

    with acting(person) as (here, client):
        found = connections.listed(here, client)
    if as_json:
        typer.echo(connections.as_json(found))
        return
    if not found:
        out.print("No webhook yet: `safety-interview webhooks add https://…` makes one.")
        return
    table = Table("ID", "Host", "State", "Events", "Tells", "Waiting", "Given up", "Last try")
    for hook, counts in found:
        told = ", ".join(["ids and states", *hook.content])
        table.add_row(
            hook.id, connections.host(hook), hook.state, str(len(hook.events)), told,
            str(counts.get("pending", 0)), str(counts.get("failed", 0)),
            hook.error or ("taken" if hook.heard_at else "none yet"),
        )  # fmt: skip
    show(table)


@webhooks_cli.command("remove")
def remove(id_: Id, person: Person) -> None:
    """Tell it nothing any more. What waits for it is thrown away."""
    from bot.launch import connections

    with acting(person) as (here, client):
        connections.remove(here, client, id_)
    out.print(f"[green]✓[/green] {id_} is removed")


@webhooks_cli.command("test")
def test(id_: Id, person: Person) -> None:
    """Send it an event at once, and say what it answered."""
    from bot.launch import connections

    networks = settings_of("client").webhook_networks
    with acting(person) as (here, client):
        answer = connections.test(here, client, id_, networks)
    out.print(f"[green]✓[/green] {id_} answered {answer}")


@webhooks_cli.command("rotate")
def rotate(
    id_: Id,
    person: Person,
    hours: Annotated[
        int, typer.Option(help="How long the old secret signs, too.", min=0, max=168)
    ] = 24,
) -> None:
    """Give it a new secret."""
    from bot.launch import connections

    with acting(person) as (here, client):
        hook = connections.rotate(here, client, id_, timedelta(hours=hours))
    out.print(f"[green]✓[/green] Secret: {hook.secret}", soft_wrap=True)
    out.print(f"  {ONCE}")
    if hours:
        out.print(f"  The old one signs, too, for {hours} h.")


SIGN = "It is shown this once. The other program signs with it what it sends."


@incoming_cli.command("add")
def add_door(person: Person) -> None:
    """Let another program plan interviews in your name, for the openings that you plan."""
    from bot.launch import doors

    url = settings_of("client").public_url
    with acting(person) as (here, _):
        door = doors.add(here)
    out.print(
        f"[green]✓[/green] {door.id} takes messages at {url}/incoming/{door.id}", soft_wrap=True
    )
    out.print(f"  Secret: {door.secret}", soft_wrap=True)
    out.print(f"  {SIGN}")


@incoming_cli.command("list")
def list_doors(person: Person) -> None:
    """Show your doors, of an admin all: when something came, and what was wrong with it."""
    from rich.table import Table

    from bot.launch import doors

    with acting(person) as (here, client):
        found = doors.listed(here, client)
    if not found:
        out.print("No door yet: `safety-interview incoming add` makes one.")
        return
    table = Table("ID", "In the name of", "Last message (UTC)", "Wrong in it")
    for each in found:
        at = f"{each.heard_at:%Y-%m-%d %H:%M}" if each.heard_at else "none yet"
        table.add_row(each.id, each.owner, at, each.problem)
    show(table)


@incoming_cli.command("remove")
def remove_door(id_: Id, person: Person) -> None:
    """Believe nothing any more that comes through it."""
    from bot.launch import doors

    with acting(person) as (here, client):
        doors.remove(here, client, id_)
    out.print(f"[green]✓[/green] {id_} is removed")


@incoming_cli.command("rotate")
def rotate_door(
    id_: Id,
    person: Person,
    hours: Annotated[
        int, typer.Option(help="How long the old secret fits, too.", min=0, max=168)
    ] = 24,
) -> None:
    """Give it a new secret."""
    from bot.launch import doors

    with acting(person) as (here, _):
        door = doors.rotate(here, id_, timedelta(hours=hours))
    out.print(f"[green]✓[/green] Secret: {door.secret}", soft_wrap=True)
    out.print(f"  {SIGN}")
