"""What those who plan may see of how their panels score, and what is odd about a question."""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.content.insights import InsightPolicy
from bot.insights_numbers import Sums, rises

WEEK = timedelta(days=7)
BACK, AHEAD = 4, 2  # Weeks of load that are shown, this one among those ahead.
RISE = 0.5  # Points that a question's scores must have risen by, from its first use to its last.
ENOUGH = 10  # Cases from which on a correlation says something.


class Section(StrEnum):
    TIME = "time"
    WAITING = "waiting"
    SCORES = "scores"
    AGREEMENT = "agreement"
    PEOPLE = "people"
    QUESTIONS = "questions"
    LOAD = "load"
    ECHO = "echo"

    @property
    def word(self) -> str:
        """For a button: a phone's screen is narrow."""
        return {Section.PEOPLE: "Leniency", Section.ECHO: "Hires"}.get(self, self.capitalize())

    @property
    def counts_scores(self) -> bool:
        """Whether it counts opened scorecards, rather than who is to do what."""
        return self not in (Section.WAITING, Section.LOAD)

    @property
    def label(self) -> str:
        return {
            Section.TIME: "Time to scorecard",
            Section.PEOPLE: "Leniency",
            Section.ECHO: "How hires turned out",
        }.get(self, self.capitalize())


def weeks(now: datetime) -> list[datetime]:
    """When each week of load begins: Mondays, in UTC."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    return [monday + number * WEEK for number in range(-BACK, AHEAD)]


def theirs_until(policy: InsightPolicy, now: datetime) -> datetime:
    """What was opened after it is in people's own mirrors, and in nothing about them."""
    return now - timedelta(days=policy.theirs_first)


def oddities(
    policy: InsightPolicy, cases: int, commonest: int, beside: Sums, over_time: Sums
) -> list[str]:
    """What may be wrong with a question, in words; nothing for a sound one. `beside` pairs its
    scores with the rest of each candidate's, `over_time` its place in the order of use with them.
    """
    found = []
    if commonest / cases >= policy.same_share:
        found.append(f"the same score {commonest} of {cases} times")
    r = beside.correlation
    if beside.cases >= ENOUGH and r is not None and r <= 0:
        found.append("does not go with the candidates' other scores")
    if rises(over_time) and over_time.slope * (over_time.cases - 1) >= RISE:
        found.append("scores rise with use: it may have leaked")
    return found
