"""Invented answers to a ladder, each with the step that it was written for: calibration/*.yaml."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from bot.content.question import FIRST_STEP, Folded, Frozen
from bot.content.words import Level


class Answer(Frozen):
    """An invented answer; `step` is the step of the ladder that it was written for."""

    step: Literal["D3", "D4", "D5", "D6"]
    heard: Annotated[Folded, StringConstraints(min_length=200, max_length=900)]

    def score(self, level: Level) -> int:
        """The score that follows from the step: 1 to 4."""
        return min(max(int(self.step[1]) - FIRST_STEP[level] + 1, 1), 4)


class Calibration(Frozen):
    answers: Annotated[tuple[Answer, ...], BeforeValidator(tuple)] = Field(min_length=8)
