"""Working hours: zones, days on which clocks change, public holidays, days away."""

from datetime import UTC, date, datetime, time

import pytest

from bot import hours
from bot.hours import Hours
from bot.records import PersonSettings

BERLIN = Hours("Europe/Berlin")


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (datetime(2026, 3, 4, 8, tzinfo=UTC), ""),  # 9:00 there.
        (datetime(2026, 3, 4, 7, tzinfo=UTC), "works 09:00-18:00, and it would be 08:00-08:45"),
        (datetime(2026, 3, 4, 16, 30, tzinfo=UTC), "works 09:00-18:00"),
        (datetime(2026, 3, 7, 9, tzinfo=UTC), "does not work on Saturdays"),
        (datetime(2026, 5, 1, 9, tzinfo=UTC), "has a public holiday (Labor Day)"),
    ],
)
def test_why_a_time_does_not_suit(at: datetime, told: str) -> None:
    found = hours.trouble(BERLIN, at, 45)
    assert found == told or (told and found.startswith(told))


def test_the_hour_follows_the_clock_when_it_changes() -> None:
    winter, summer = datetime(2026, 3, 27, 8, tzinfo=UTC), datetime(2026, 3, 30, 7, tzinfo=UTC)
    assert hours.local(BERLIN, winter).time() == hours.local(BERLIN, summer).time() == time(9)
    assert hours.trouble(BERLIN, summer, 45) == ""


def test_a_leap_day_is_a_day() -> None:
    assert hours.day_off(Hours("UTC"), date(2028, 2, 29)) == ""
    assert hours.next_working_day(Hours("UTC"), date(2028, 2, 28)) == date(2028, 2, 29)


def test_somebody_away_is_back_on_the_day_they_said() -> None:
    away = Hours("UTC", away_until=date(2026, 3, 6))
    assert "is away until" in hours.day_off(away, date(2026, 3, 5))
    assert hours.day_off(away, date(2026, 3, 6)) == ""
    assert hours.next_working_day(away, date(2026, 3, 3)) == date(2026, 3, 6)


def test_the_search_for_a_working_day_ends() -> None:
    never = Hours("UTC", days=frozenset())
    assert hours.next_working_day(never, date(2026, 3, 3)) == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("zone", "country"), [("Asia/Kolkata", "IN"), ("America/New_York", "US"), ("UTC", "")]
)
def test_a_zone_has_a_country(zone: str, country: str) -> None:
    assert hours.country_of(zone) == country


def test_what_somebody_said_about_their_country_comes_first() -> None:
    thanksgiving = date(2026, 11, 26)
    assert hours.day_off(Hours("America/New_York"), thanksgiving)
    assert hours.day_off(Hours("America/New_York", country="DE"), thanksgiving) == ""


def test_unknown_zones_and_countries_do_no_harm() -> None:
    odd = Hours("Mars/Olympus", country="QQ")
    assert hours.trouble(odd, datetime(2026, 3, 4, 12, tzinfo=UTC), 45) == ""


def test_settings_are_laid_over_the_usual_week() -> None:
    kept = PersonSettings(team_id="T1", person="U1", starts="08:00", ends="12:00", days=[0, 1])
    found = hours.of(kept, "UTC")
    assert (found.starts, found.ends, found.days) == (time(8), time(12), frozenset({0, 1}))
    assert hours.of(None, "Asia/Tokyo") == Hours("Asia/Tokyo")
