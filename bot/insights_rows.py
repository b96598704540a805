"""What the database adds up for insights: bot.store.insights and bot.store.workload."""

from dataclasses import dataclass
from datetime import datetime

from bot.insights_numbers import Sums


@dataclass(frozen=True)
class Waited:
    """Minutes from the end of an interview to its scorecard: half came within `median`, nine of
    ten within `most`. `month` is "" for all of them."""

    month: str
    cases: int
    median: int
    most: int


@dataclass(frozen=True)
class Use:
    """How one version of a question has done. `beside` pairs its scores with the mean of all else
    that the candidate was given; `over_time` its place in the order of use with its scores."""

    question: str
    version: int
    cases: int
    commonest: int  # How often the commonest score was given.
    beside: Sums
    over_time: Sums


@dataclass(frozen=True)
class Owed:
    person: str
    scorecards: int
    since: datetime  # When the oldest of these interviews began.


@dataclass(frozen=True)
class Queue:
    """Loops that wait: for scorecards of interviews that are over, and for a decision."""

    scorecards: int
    decisions: int
    owed: list[Owed]  # The person who owes the most first.


@dataclass(frozen=True)
class Load:
    """Interviews of one person in each week asked for."""

    person: str
    weeks: tuple[int, ...]
    limit: int
