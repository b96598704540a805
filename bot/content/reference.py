"""What questions refer to: levels, areas, specializations, sources and the hiring guide."""

from datetime import date
from functools import cached_property
from typing import Literal, Self

from pydantic import Field, model_validator

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


class Section(Frozen):
    title: str
    facts: tuple[str, ...] = Field(min_length=1)


class Guide(Frozen):
    """The hiring guide, fact by fact: `dil.redteam.4` is the fourth of section `dil.redteam`."""

    sections: dict[str, Section]
    skills: dict[str, str] = Field(min_length=1)  # What questions may name, to the fact's key.

    @cached_property
    def facts(self) -> dict[str, str]:
        """Every fact by its key, in the guide's order."""
        return {
            f"{name}.{number}": fact
            for name, section in self.sections.items()
            for number, fact in enumerate(section.facts, start=1)
        }

    @cached_property
    def red_flags(self) -> dict[str, str]:
        return self.section("red")

    @cached_property
    def green_flags(self) -> dict[str, str]:
        return self.section("green")

    def section(self, name: str) -> dict[str, str]:
        """The facts of one section by key; {} when the guide has no such section."""
        return {key: fact for key, fact in self.facts.items() if key.rpartition(".")[0] == name}

    @model_validator(mode="after")
    def _skills_are_facts(self) -> Self:
        unknown = sorted(set(self.skills.values()) - set(self.facts))
        if unknown:
            raise ValueError(f"`skills` names facts that are not in `sections`: {unknown}")
        return self
