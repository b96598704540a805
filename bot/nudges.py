"""When somebody is reminded, asked and told: in their working hours, and only so often."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot import hours as working
from bot.content.nudges import NudgePolicy
from bot.hours import Hours
from bot.records import Notice

FARTHEST = 60  # Working days that are counted forwards or back.
SLACK = timedelta(minutes=1)  # What is due so soon is due now.

REMINDERS = ("nudge1", "nudge2", "nudge3")  # What may follow the question, at most.
NUDGES = ("nudge", *REMINDERS, "asked")
# What is sent together with others to the same person, counted, and put off to working hours.
TOGETHER = {
    *NUDGES, "morning", "late", "still", "arrived", "ready1", "ready2", "ready3", "decide", "away",
    "absent", "unheld", "reveal", "training",
}  # fmt: skip
# Of these, what may come a little earlier than planned, to be one message with something else.
EARLY = {*REMINDERS, "still", "arrived", "ready1", "ready2", "decide"}
# What is a message of its own, and counted all the same.
COUNTED = {"brief", "debrief", "cannot", "soon", "final"}
# Of these, what waits for the digest when somebody has had their messages for the day, unless they
# would hear it too late.
PATIENT = {"brief", "debrief"}

Window = tuple[datetime, datetime]


def place(notice: Notice) -> tuple[bool, datetime, str, str, str]:
    """Where a notice stands in a message with others: what only informs comes last."""
    return notice.kind == "arrived", notice.due_at, notice.kind, notice.subject, notice.about


def is_pressed(kind: str, told: Mapping[str, object]) -> bool:
    """Whether a coordinator pressed a button to have it sent now: then it waits for nobody's day
    to have room."""
    return kind == "asked" or bool(told.get("now"))


def allowed(hours: Hours, at: datetime, quiet: Window | None = None) -> datetime:
    """`at`, or the next minute at which this person works and is not in `quiet`, the time in which
    they do not want to be disturbed."""
    here = working.local(hours, at)
    begins, ends = _day(hours, here)
    if working.day_off(hours, here.date()) or at >= ends:
        day = working.next_working_day(hours, here.date())
        at = datetime.combine(day, hours.starts, hours.tz).astimezone(UTC)
    else:
        at = max(at, begins)
    if quiet is not None and quiet[0] <= at < quiet[1]:
        return allowed(hours, quiet[1])
    return at


def later(hours: Hours, at: datetime, wait: timedelta) -> datetime:
    """`at` and so much working time more."""
    for _ in range(FARTHEST):
        at = allowed(hours, at)
        _, ends = _day(hours, working.local(hours, at))
        if wait <= ends - at:
            return at + wait
        wait -= ends - at
        at = ends
    return at


def earlier(hours: Hours, at: datetime, wait: timedelta) -> datetime:
    """`at` and so much working time less."""
    for _ in range(FARTHEST):
        here = working.local(hours, at)
        begins, ends = _day(hours, here)
        if not working.day_off(hours, here.date()) and at > begins:
            worked = min(at, ends) - begins
            if wait <= worked:
                return min(at, ends) - wait
            wait -= worked
        day = working.last_working_day(hours, here.date())
        if day is None:
            return at
        at = datetime.combine(day, hours.ends, hours.tz).astimezone(UTC)
    return at


def _day(hours: Hours, here: datetime) -> tuple[datetime, datetime]:
    """When the working day of `here` begins and ends."""
    return (
        datetime.combine(here.date(), hours.starts, hours.tz).astimezone(UTC),
        datetime.combine(here.date(), hours.ends, hours.tz).astimezone(UTC),
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
    policy: NudgePolicy,
    hours: Hours,
    ends_at: datetime,
    debrief_at: datetime | None,
    asked_from: datetime | None = None,
) -> Schedule:
    """When the scorecard of an interview that ends at `ends_at` is asked for; not before
    `asked_from`. The reminders are planned back from when it is due, then from the debrief; those
    that would follow the question or one another at once are left out."""
    asked = allowed(hours, max(ends_at, asked_from or ends_at))
    least = later(hours, asked, timedelta(hours=policy.least_time))
    due = max(later(hours, ends_at, timedelta(hours=policy.due_after)), least)
    meeting = []
    if debrief_at is not None and debrief_at > asked:
        before = earlier(hours, debrief_at, timedelta(hours=policy.due_before_debrief))
        due = min(max(min(due, before), least), max(debrief_at, asked))
        meeting = [earlier(hours, debrief_at, timedelta(hours=each)) for each in policy.ready]
    elif debrief_at is not None:
        due = least
    apart = timedelta(minutes=policy.apart)
    together = max(timedelta(minutes=policy.together_within), apart)
    planned: list[datetime] = []
    for each in policy.reminders:
        at = earlier(hours, due, timedelta(hours=each))
        if at >= asked + apart and all(abs(at - other) >= apart for other in planned):
            planned.append(at)
    for at in reversed(meeting):
        if at >= asked + apart and all(abs(at - other) > together for other in planned):
            planned.append(at)
    return Schedule(asked, tuple(sorted(planned[: policy.most_reminders])), due)


def morning(hours: Hours, starts_at: datetime) -> datetime | None:
    """The start of this person's last working day before the day of an interview."""
    day = working.last_working_day(hours, working.local(hours, starts_at).date())
    return datetime.combine(day, hours.starts, hours.tz).astimezone(UTC) if day else None


def next_morning(hours: Hours, now: datetime) -> datetime:
    """The start of this person's next working day after today."""
    day = working.next_working_day(hours, working.local(hours, now).date())
    return datetime.combine(day, hours.starts, hours.tz).astimezone(UTC)


def kept_to(times: tuple[datetime, ...], printed: int) -> tuple[datetime, ...]:
    """Of a plan that was made anew, the last so many: no more than was printed before."""
    return times[len(times) - printed :] if printed < len(times) else times


def absent(hours: Hours, ends_at: datetime, now: datetime) -> bool:
    """Whether days away keep somebody from an interview, or from its scorecard."""
    if hours.away_until is None:
        return False
    back = datetime.combine(hours.away_until, hours.starts, hours.tz).astimezone(UTC)
    return max(now, ends_at) < back


def put_off(policy: NudgePolicy, hours: Hours, choice: str, now: datetime) -> datetime:
    """Until when `choice` (hour, afternoon or tomorrow) puts a reminder off. An afternoon that is
    over is the next working day's morning."""
    if choice == "hour":
        return now + timedelta(hours=1)
    afternoon = datetime.combine(
        working.local(hours, now).date(), policy.afternoon, hours.tz
    ).astimezone(UTC)
    if choice == "afternoon" and afternoon > now + timedelta(minutes=policy.apart):
        return afternoon
    return next_morning(hours, now)


@dataclass(frozen=True)
class Heard:
    """What somebody has heard today."""

    messages: int
    digest: bool = False


def turn(
    policy: NudgePolicy, hours: Hours, quiet: Window | None, now: datetime, heard: Heard
) -> tuple[datetime, bool]:
    """When somebody may hear what is due for them, and whether it is then a digest: now; when
    they work again; or, with as many messages as they get in a day, at the time of the digest."""
    at = allowed(hours, now, quiet)
    if at > now + SLACK:
        return at, False
    if heard.messages < policy.messages_a_day:
        return now, False
    if heard.digest:
        return next_morning(hours, now), False
    digest = datetime.combine(
        working.local(hours, now).date(), policy.digest_at, hours.tz
    ).astimezone(UTC)
    _, ends = _day(hours, working.local(hours, now))
    digest = max(min(digest, ends - timedelta(minutes=policy.apart)), now)
    return (now, True) if digest <= now + SLACK else (digest, False)


def decision_at(policy: NudgePolicy, hours: Hours, debrief_at: datetime) -> datetime:
    return later(hours, debrief_at, timedelta(hours=policy.decision_after))


def ready_at(hours: Hours, debrief_at: datetime, before: float) -> datetime:
    return earlier(hours, debrief_at, timedelta(hours=before))


def told_in(
    policy: NudgePolicy, first: datetime | None, undo: timedelta, now: datetime
) -> datetime:
    """When a change is told: a while after the `first` of those that are told with it, so that
    several are one message, and not while it can be undone."""
    window = timedelta(minutes=policy.changes_within)
    return max((first or now + window), now + undo)
