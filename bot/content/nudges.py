"""When the bot asks for a scorecard: content/nudges.yaml."""

from pydantic import Field

from bot.content.question import Frozen


class NudgePolicy(Frozen):
    due_after: float = Field(default=8, gt=0, le=80)
    due_before_debrief: float = Field(default=2, ge=0, le=40)
    reminders: tuple[float, ...] = Field(default=(4, 1), max_length=3)
    entered_late: int = Field(default=60, ge=1)
