"""Half a year after a hire: how what the panel scored turned out at work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.content import Area
from bot.content.insights import InsightPolicy
from bot.insights_numbers import Sums

QUESTIONS = 4  # Areas that a manager is asked about.
NOT_SEEN = 0
TURNED_OUT = {
    4: "Better than the level asks",
    3: "As the level asks",
    2: "Below what the level asks",
    1: "Well below what the level asks",
}
AREAS = tuple(area for area in Area if area is not Area.RECRUITER_SCREEN)


@dataclass(frozen=True)
class Assessed:
    """What a panel scored in one area."""

    area: Area
    ratings: int
    mean: float


def due_at(policy: InsightPolicy, decided_at: datetime) -> datetime:
    return decided_at + timedelta(days=policy.echo_days)


def asked(found: Sequence[Assessed]) -> list[Assessed]:
    """What the manager is asked about: the areas with the most ratings, in the order in which
    areas are always shown."""
    most = sorted(found, key=lambda each: (-each.ratings, AREAS.index(each.area)))[:QUESTIONS]
    return sorted(most, key=lambda each: AREAS.index(each.area))


@dataclass(frozen=True)
class Foretold:
    """One area over all hires that a manager answered for. `pairs` are of the panel's mean and how
    it turned out."""

    area: Area
    pairs: Sums
    not_seen: int


def read(typed: Mapping[str, str], found: Sequence[Assessed]) -> dict[Area, int] | None:
    """A manager's answers by area; None unless every area that was asked has one."""
    try:
        answers = {each.area: int(typed[each.area]) for each in found}
    except (KeyError, ValueError):
        return None
    known = {NOT_SEEN, *TURNED_OUT}
    return answers if all(each in known for each in answers.values()) else None
