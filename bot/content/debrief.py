"""How the bot runs a debrief: content/debrief.yaml."""

from typing import Self

from pydantic import Field, model_validator

from bot.content.question import Frozen


class DebriefPolicy(Frozen):
    minutes: int = Field(default=25, ge=5, le=240)
    deciding: int = Field(default=5, ge=1, le=60)
    most: int = Field(default=5, ge=1, le=60)
    least: int = Field(default=2, ge=1, le=60)
    more: int = Field(default=2, ge=1, le=30)
    thin_evidence: int = Field(default=80, ge=0, le=1000)  # Characters.

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.least > self.most:
            raise ValueError("`least` must not exceed `most`")
        return self
