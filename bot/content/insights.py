"""What is shown of how a team scores, and from how many cases on: content/insights.yaml."""

from pydantic import Field

from bot.content.question import Frozen


class InsightPolicy(Frozen):
    fewest: int = Field(default=5, ge=5)  # With fewer, a figure would be somebody's answer.
    theirs_first: int = Field(default=7, ge=1)  # Days.
    worn_after: int = Field(default=12, ge=2)  # Times asked.
    worn_months: int = Field(default=6, ge=1)
    same_share: float = Field(default=0.9, gt=0.5, le=1)
    echo_days: int = Field(default=180, ge=180)  # Sooner, nobody can say.
