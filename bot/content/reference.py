"""What questions refer to: levels, areas, specializations, sources and the hiring guide."""

from datetime import date
from typing import Literal

from pydantic import Field

from bot.content.question import Frozen
from bot.content.words import Area


class Card(Frozen):
    title: str
    aliases: tuple[str, ...] = ()  # What people type for it, besides its id and title.


class LevelCard(Card):
    years: str
    theme: str
    meets: str  # What a 3 means at this level.
    must_reach: tuple[Area, ...]  # Where a 3 is expected (a proposal for the panel).
    mapped: tuple[str, ...] = ()  # Aliases that are another company's level: said when used.


class AreaCard(Card):
    letter: str  # A to F: the shortest way to ask for it.


class SpecializationCard(Card):
    focus: str


class Source(Frozen):
    title: str
    id_or_url: str
    kind: Literal["paper", "standard", "law", "framework", "tool"]
    edition_or_date: str
    licence_note: str
    checked_on: date

    @property
    def url(self) -> str:
        """Where to read it; "" for a text that is sold rather than published."""
        scheme, _, rest = self.id_or_url.partition(":")
        known = {"arxiv": "https://arxiv.org/abs/", "doi": "https://doi.org/", "https": "https:"}
        return known[scheme] + rest if scheme in known and rest else ""


class Guide(Frozen):
    """The keys that questions may cite, and the flags to listen for."""

    red_flags: dict[str, str] = Field(min_length=1)
    green_flags: dict[str, str] = Field(min_length=1)
    skills: dict[str, str] = Field(min_length=1)
    sections: dict[str, int]  # Section to its number of facts: `dil.redteam: 6`.

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(
            f"{section}.{number}"
            for section, count in self.sections.items()
            for number in range(1, count + 1)
        )
