"""When somebody is asked for a scorecard: in their hours, planned back from when it is due."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot import hours as working
from bot import nudges
from bot.content.nudges import NudgePolicy
from bot.hours import Hours

POLICY = NudgePolicy()
BERLIN = Hours("Europe/Berlin")
ZONES = st.sampled_from(
    ["Europe/Berlin", "Asia/Kolkata", "America/New_York", "Australia/Adelaide", "UTC"]
)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in March 2026, in Berlin before the clocks change."""
    return datetime(2026, 3, day, hour - 1, minute, tzinfo=UTC)


def test_eight_working_hours_after_the_interview() -> None:
    found = nudges.schedule(POLICY, BERLIN, at(3, 11), None)
    assert found.asked_at == at(3, 11)
    assert found.due_at == at(4, 10)  # Seven hours are left of Tuesday, and one of Wednesday.
    assert found.reminders == (at(3, 15), at(4, 9))


def test_the_debrief_may_come_first() -> None:
    found = nudges.schedule(POLICY, BERLIN, at(3, 11), at(3, 17))
    assert found.due_at == at(3, 15)
    assert found.reminders == (at(3, 14),)  # Four hours before would be the question itself.


def test_what_ends_in_the_evening_is_asked_in_the_morning() -> None:
    found = nudges.schedule(POLICY, BERLIN, at(6, 19), None)  # A Friday.
    assert found.asked_at == at(9, 9)
    assert found.due_at == at(9, 17)


def test_a_debrief_that_is_too_early_still_leaves_a_moment() -> None:
    found = nudges.schedule(POLICY, BERLIN, at(3, 11), at(3, 11))
    assert found.due_at == at(3, 12)
    assert found.reminders == ()


def test_the_hour_on_the_wall_counts_when_clocks_change() -> None:
    friday = datetime(2026, 3, 27, 16, tzinfo=UTC)  # 17:00; on Sunday the clocks go forward.
    assert nudges.later(BERLIN, friday, timedelta(hours=2)) == datetime(2026, 3, 30, 8, tzinfo=UTC)
    monday = datetime(2026, 3, 30, 8, tzinfo=UTC)
    assert nudges.earlier(BERLIN, monday, timedelta(hours=2)) == friday


@given(ZONES, MOMENTS)
def test_nobody_is_asked_outside_of_their_hours(zone: str, moment: datetime) -> None:
    hours = Hours(zone)
    found = nudges.schedule(POLICY, hours, moment, None)
    for each in found.times:
        here = working.local(hours, each)
        assert working.day_off(hours, here.date()) == ""
        assert hours.starts <= here.time() <= hours.ends
        assert each >= moment
    assert list(found.times) == sorted(found.times)
    assert found.due_at >= found.times[-1]
