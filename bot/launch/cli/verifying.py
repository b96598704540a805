"""The command that checks a decision's record; needs nothing but the file."""

from pathlib import Path
from typing import Annotated

import typer

from bot.launch.cli.telling import err, out

cli = typer.Typer()


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
