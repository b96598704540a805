"""When somebody works: their zone, their hours, public holidays, and days off."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.records import PersonSettings

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONGEST_SEARCH = 60  # Days looked ahead for a working one; after these the search gives up.


@dataclass(frozen=True)
class Hours:
    """One person's week, in the zone that Slack knows of them."""

    zone: str = "UTC"
    starts: time = time(9)
    ends: time = time(18)
    days: frozenset[int] = frozenset(range(5))  # Monday is 0.
    country: str = ""  # ISO 3166; "" is the country of the zone.
    away_until: date | None = None  # The first day on which they are back.
    weekly_limit: int = 5

    @property
    def tz(self) -> ZoneInfo:
        """UTC for a zone that nobody knows."""
        try:
            return ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")


def of(settings: PersonSettings | None, zone: str) -> Hours:
    """What `settings` say, in the zone that Slack gave just now."""
    if settings is None:
        return Hours(zone)
    return Hours(
        zone,
        time.fromisoformat(settings.starts),
        time.fromisoformat(settings.ends),
        frozenset(settings.days),
        settings.country,
        settings.away_until,
        settings.weekly_limit,
    )


def local(hours: Hours, at: datetime) -> datetime:
    return at.astimezone(hours.tz)


def day_off(hours: Hours, day: date) -> str:
    """Why somebody does not work on `day`, as the end of a sentence; "" when they do."""
    if hours.away_until is not None and day < hours.away_until:
        return f"is away until {hours.away_until:%a %-d %b}"
    if day.weekday() not in hours.days:
        return f"does not work on {day:%A}s"
    name = public_holiday(hours.country or country_of(hours.zone), day)
    return f"has a public holiday ({name})" if name else ""


def trouble(hours: Hours, starts_at: datetime, minutes: int) -> str:
    """Why a meeting does not suit somebody, as the end of a sentence; "" when it does."""
    begins = local(hours, starts_at)
    ends = local(hours, starts_at + timedelta(minutes=minutes))
    off = day_off(hours, begins.date())
    if off:
        return off
    if begins.time() < hours.starts or ends.date() > begins.date() or ends.time() > hours.ends:
        return (
            f"works {hours.starts:%H:%M}-{hours.ends:%H:%M}, and it would be "
            f"{begins:%H:%M}-{ends:%H:%M} for them"
        )
    return ""


def next_working_day(hours: Hours, after: date) -> date:
    """The first working day after `after`; the day after it when none is found."""
    if hours.away_until is not None:
        after = max(after, hours.away_until - timedelta(days=1))
    for ahead in range(1, LONGEST_SEARCH):
        day = after + timedelta(days=ahead)
        if not day_off(hours, day):
            return day
    return after + timedelta(days=1)


def last_working_day(hours: Hours, before: date) -> date | None:
    """The last working day before `before`; None when there is none within LONGEST_SEARCH days."""
    for back in range(1, LONGEST_SEARCH):
        day = before - timedelta(days=back)
        if not day_off(hours, day):
            return day
    return None


def midnight(hours: Hours, at: datetime) -> datetime:
    """When the day of `at` began, where this person is."""
    return datetime.combine(local(hours, at).date(), time(), hours.tz).astimezone(UTC)


def public_holiday(country: str, day: date) -> str:
    """Its English name; "" for a working day, and for a country that is not known."""
    return _holidays(country, day.year).get(day, "")


def is_known(country: str) -> bool:
    """Whether its public holidays are known."""
    import holidays

    return country in holidays.list_supported_countries()


@lru_cache(maxsize=512)
def _holidays(country: str, year: int) -> dict[date, str]:
    import holidays  # Only now: a start without it is faster.

    if not is_known(country):
        return {}
    return dict(holidays.country_holidays(country, years=year, language="en_US"))


def country_of(zone: str) -> str:
    """The country in which most of a zone's clocks hang; "" for zones of no country."""
    return _countries().get(zone, "")


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return {row[2]: row[0] for row in rows}
