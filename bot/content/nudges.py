"""What the bot sends by itself, and when: content/nudges.yaml."""

from datetime import time
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from bot.content.question import Frozen

Hours = Annotated[float, Field(gt=0, le=80)]


class NudgePolicy(Frozen):
    """Hours are working hours of whom the message is for, unless content/nudges.yaml says
    otherwise."""

    urgent_within: float = Field(default=4, ge=0, le=48)
    changes_within: int = Field(default=5, ge=1, le=60)
    morning_before: bool = True
    told_lately: float = Field(default=3, ge=0, le=48)
    minutes_before: int = Field(default=15, ge=0, le=120)
    due_after: float = Field(default=8, gt=0, le=80)
    due_before_debrief: float = Field(default=2, ge=0, le=40)
    least_time: float = Field(default=1, ge=0, le=8)
    reminders: tuple[Hours, ...] = Field(default=(4, 1), max_length=3)
    most_reminders: int = Field(default=3, ge=0, le=3)
    apart: int = Field(default=30, ge=1, le=240)
    entered_late: int = Field(default=60, ge=1, le=1440)
    afternoon: time = time(15)
    nudge_again_after: float = Field(default=4, ge=0.5, le=72)
    ready: tuple[Hours, ...] = Field(default=(9, 2), max_length=3)
    final_before: int = Field(default=15, ge=0, le=120)
    decision_after: float = Field(default=2, ge=0, le=40)
    decisions_asked: int = Field(default=5, ge=0, le=20)
    messages_a_day: int = Field(default=4, ge=1, le=50)
    digest_at: time = time(16, 30)
    together_within: int = Field(default=60, ge=0, le=240)

    @field_validator("afternoon", "digest_at", mode="before")
    @classmethod
    def _is_a_time_of_day(cls, given: object) -> object:
        """A number is none: whoever writes 15 may mean an hour or a minute."""
        if isinstance(given, str | time):
            return given
        raise ValueError('is no time of day: write it in quotes, such as "15:00"')

    @field_validator("reminders", "ready")
    @classmethod
    def _fall(cls, given: tuple[float, ...]) -> tuple[float, ...]:
        if any(later >= earlier for earlier, later in pairwise(given)):
            raise ValueError("must fall, the earliest first: write them as [4, 1]")
        return given

    @model_validator(mode="after")
    def _reminded_before_it_is_due(self) -> Self:
        if self.reminders and self.reminders[0] >= self.due_after:
            raise ValueError(
                f"`reminders` starts {self.reminders[0]:g} hours before it is due, but `due_after` "
                f"is {self.due_after:g}: make the first reminder smaller"
            )
        return self
