"""When a scorecard is due, and when its interviewer is asked for it: in their working hours."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot import hours as working
from bot.content.nudges import NudgePolicy
from bot.hours import Hours

SOON = timedelta(minutes=30)  # Two messages nearer than that are one too many.
FARTHEST = 30  # Working days that are counted forwards or back.


def allowed(hours: Hours, at: datetime) -> datetime:
    """`at`, or the next minute at which this person works."""
    here = working.local(hours, at)
    begins, ends = _day(hours, here)
    if not working.day_off(hours, here.date()) and here < ends:
        return max(at, begins.astimezone(UTC))
    day = working.next_working_day(hours, here.date())
    return datetime.combine(day, hours.starts, hours.tz).astimezone(UTC)


def later(hours: Hours, at: datetime, wait: timedelta) -> datetime:
    """`at` and so much working time more."""
    for _ in range(FARTHEST):
        at = allowed(hours, at)
        _, ends = _day(hours, working.local(hours, at))
        left = ends.astimezone(UTC) - at
        if wait <= left:
            return at + wait
        wait -= left
        at = ends.astimezone(UTC)
    return at


def earlier(hours: Hours, at: datetime, wait: timedelta) -> datetime:
    """`at` and so much working time less."""
    for _ in range(FARTHEST):
        here = working.local(hours, at)
        begins, ends = _day(hours, here)
        if not working.day_off(hours, here.date()) and here > begins:
            worked = min(here, ends).astimezone(UTC) - begins.astimezone(UTC)
            if wait <= worked:
                return min(here, ends).astimezone(UTC) - wait
            wait -= worked
        before = here.date() - timedelta(days=1)
        at = datetime.combine(before, hours.ends, hours.tz).astimezone(UTC)
    return at


def _day(hours: Hours, here: datetime) -> tuple[datetime, datetime]:
    """When the working day of `here` begins and ends, by the clock on the wall."""
    return (
        datetime.combine(here.date(), hours.starts, hours.tz),
        datetime.combine(here.date(), hours.ends, hours.tz),
    )


@dataclass(frozen=True)
class Schedule:
    """All that somebody hears about one scorecard: asked, reminded, then the coordinator."""

    asked_at: datetime
    reminders: tuple[datetime, ...]
    due_at: datetime

    @property
    def times(self) -> tuple[datetime, ...]:
        return (self.asked_at, *self.reminders)


def schedule(
    policy: NudgePolicy, hours: Hours, ends_at: datetime, debrief_at: datetime | None
) -> Schedule:
    """When the scorecard of an interview that ends at `ends_at` is asked for. The reminders are
    planned back from when it is due; those that would follow the question at once are left out."""
    asked = allowed(hours, ends_at)
    due = later(hours, ends_at, timedelta(hours=policy.due_after))
    if debrief_at is not None:
        before = earlier(hours, debrief_at, timedelta(hours=policy.due_before_debrief))
        due = max(min(due, before), asked)
    planned = sorted(earlier(hours, due, timedelta(hours=each)) for each in policy.reminders)
    return Schedule(asked, tuple(at for at in planned if at >= asked + SOON), due)
