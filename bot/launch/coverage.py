"""The tables that `safety-interview content check` prints: how far a bank reaches."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TypeVar

from rich.console import RenderableType
from rich.table import Table

from bot.content import Area, Bank, Level, Specialization
from bot.content.checks import Coverage
from bot.content.checks.coverage import CORE, PER_FLAG, PER_SKILL, SCREEN, SPECIAL, SPECIALIZATIONS


def tables(bank: Bank, found: Coverage) -> Iterator[RenderableType]:
    """Units by area and level, by specialization and level, by skill, and questions by flag.

    A number below what the specification asks for is red.
    """
    areas: dict[Area, int] = dict.fromkeys(Area, CORE) | {Area.RECRUITER_SCREEN: SCREEN}
    specials: dict[Specialization, int] = dict.fromkeys(SPECIALIZATIONS, SPECIAL)
    flags = dict.fromkeys((*bank.guide.red_flags, *bank.guide.green_flags), PER_FLAG)
    skills = dict.fromkeys(bank.guide.skills, PER_SKILL)
    yield _by_level("Core units", areas, found.core)
    yield _by_level("Specialization units", specials, found.special)
    yield _counts("Skills", "units", skills, found.skills)
    yield _counts("Flags", "questions", flags, found.flags)


Row = TypeVar("Row", bound=StrEnum)


def _by_level(
    title: str, least: Mapping[Row, int], found: Mapping[tuple[Row, Level], int]
) -> Table:
    table = Table("", title=title, title_justify="left")
    for level in Level:
        table.add_column(level, justify="right")
    for row, needed in least.items():
        table.add_row(row, *(_cell(found.get((row, level), 0), needed) for level in Level))
    return table


def _counts(title: str, unit: str, least: Mapping[str, int], counted: Mapping[str, int]) -> Table:
    table = Table("", title=title, title_justify="left")
    table.add_column(unit, justify="right")
    for name, needed in least.items():
        table.add_row(name, _cell(counted.get(name, 0), needed))
    return table


def _cell(count: int, needed: int) -> str:
    return str(count) if count >= needed else f"[red]{count} of {needed}[/red]"
