"""What somebody sees of their own scoring. Nobody else is ever shown it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.insights_numbers import Interval, interval

Scores = Mapping[int, int]  # How often each was given.


@dataclass(frozen=True)
class Leaning:
    """How far somebody's scores lie above the rest of their panels': one difference a loop."""

    person: str
    cases: int
    total: float
    squares: float

    @property
    def interval(self) -> Interval:
        """Raises ValueError for fewer than two cases."""
        return interval(self.cases, self.total, self.squares)


@dataclass(frozen=True)
class Mirror:
    """One person's opened scorecards, with how many cases stand behind each figure."""

    cards: int
    median: int  # Minutes from the interview's end to the scorecard.
    most: int  # Nine of ten came within so many.
    evidence: int  # Characters for each question that was scored, on average.
    leaning: Leaning  # Counted in loops.
    own: Scores = field(default_factory=dict)
    panels: Scores = field(default_factory=dict)  # Of everybody else in the same loops.
    drills: int = 0
    near: int = 0  # Of these, within a point of the intended score.

    def compares(self, fewest: int) -> bool:
        return self.leaning.cases >= fewest
