"""Commands about the question bank."""

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.content import ContentError, Level, read
from bot.launch.cli.telling import bank_of, database, out, settings_of, tell, told
from bot.settings import SHIPPED_CONTENT

cli = typer.Typer(help="The question bank.", no_args_is_help=True)


@cli.command("check")
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
        with told():
            raise ContentError(problems)
    problems += [*checks.problems(bank), *messages.problems(bank)]
    reach = checks.coverage(bank)
    for table in tables(bank, reach):
        out.print(table)
    holes = (*reach.holes, *kits.holes(bank))
    for hole in holes:
        out.print(f"[yellow]![/yellow] {hole}")
    for problem in sorted(problems, key=lambda each: each.file):
        tell(problem)
    counted = f"{len(bank.questions)} questions, {reach.units} units, {reach.reviewed} reviewed"
    fine = not problems and not (complete and holes)
    mark = "[green]✓[/green]" if fine else "[red]✗[/red]"
    out.print(f"{mark} {counted}; {len(problems)} problems, {len(holes)} holes in coverage")
    raise typer.Exit(0 if fine else 1)


@cli.command("reload")
def content_reload() -> None:
    """Have the running bot read the bank anew; first, every problem in it is named here."""
    from bot.store import served

    found = settings_of("offline")
    bank = bank_of(found.content_dir)
    db = database(found)
    with db.begin() as session:
        served.order_reading(session, datetime.now(UTC))
    out.print(f"[green]✓[/green] {len(bank.questions)} questions; the bot reads them within 5 s")


@cli.command("calibration")
def content_calibration(
    ladder: Annotated[str, typer.Argument(help="The question's id, such as ali-family-rlhf-…")],
    level: Annotated[Level, typer.Option(help="The level to score at.")] = Level.SENIOR,
    folder: Annotated[Path, typer.Option(help="The bank's folder.")] = SHIPPED_CONTENT,
) -> None:
    """Print the invented answers of a ladder as CSV, for a reader to score."""
    from bot import cells
    from bot.content import calibration

    with told():
        answers = calibration.load(ladder, folder).answers
        sheet = csv.writer(sys.stdout)
        sheet.writerow(calibration.COLUMNS)
        for number, answer in enumerate(answers, start=1):
            sheet.writerow((f"{ladder} {number}", level, "", cells.text(answer.heard)))


@cli.command("agreement")
def content_agreement(
    first: Annotated[Path, typer.Argument(help="One reader's sheet.")],
    second: Annotated[Path, typer.Argument(help="The other reader's.")],
) -> None:
    """Say how far two readers' scores of the same answers agree, and whether that suffices."""
    from bot.content import calibration

    with told():
        found = calibration.agreement(calibration.scores(first), calibration.scores(second))
    mark = "[green]✓[/green]" if found.suffices else "[red]✗[/red]"
    out.print(
        f"{mark} same {found.same:.0%} (at least {calibration.SAME:.0%}), within one "
        f"{found.within_one:.0%} (at least {calibration.WITHIN_ONE:.0%}), weighted kappa "
        f"{found.kappa:.2f} (at least {calibration.KAPPA:.2f})"
    )
    raise typer.Exit(0 if found.suffices else 1)
