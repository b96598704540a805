"""The plan of one round, before questions are chosen for it (content-spec.md, section 7)."""

from typing import Literal, Self

from pydantic import Field, model_validator

from bot.content.question import Frozen
from bot.content.words import Area, Level, Round


class Item(Frozen):
    """One line of a round's agenda: something to say, or something to ask."""

    talk: str = ""
    ask: Area | Literal["specialization"] | None = None
    questions: int = Field(default=1, ge=1)  # How many share the minutes.
    minutes: int = Field(default=0, ge=0)
    by_level: dict[Level, int] = Field(default_factory=dict)

    def at(self, level: Level) -> int:
        """Minutes of this line at `level`; 0 when it is left out there."""
        return self.by_level.get(level, self.minutes)

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if bool(self.talk) == (self.ask is not None):
            raise ValueError("a line of an agenda has either `talk` or `ask`")
        return self


class RoundPlan(Frozen):
    title: str
    round: Round  # Only questions that are asked in this round are chosen.
    minutes: int
    agenda: tuple[Item, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for level in Level:
            needed = sum(item.at(level) for item in self.agenda)
            if needed > self.minutes:
                raise ValueError(
                    f"the agenda takes {needed} minutes at {level}, the round has {self.minutes}"
                )
        return self
