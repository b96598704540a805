"""When somebody is asked for a scorecard: in their hours, planned back from when it is due."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import hours as working
from bot import nudges
from bot.content.nudges import NudgePolicy
from bot.hours import Hours
from bot.nudges import Heard

POLICY = NudgePolicy()
BERLIN = Hours("Europe/Berlin")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# Whole, half and quarter hours; clocks that change in spring and in autumn, on both halves of the
# globe, by half an hour (Lord Howe), and not at all.
ZONES = st.sampled_from(
    [
        "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York", "America/St_Johns",
        "Australia/Adelaide", "Australia/Lord_Howe", "Pacific/Chatham", "America/Sao_Paulo", "UTC",
    ]
)  # fmt: skip
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 (what Hypothesis asks for)
AWAY = st.none() | st.dates(date(2024, 1, 1), date(2030, 6, 30))
WEEKS = st.frozensets(st.integers(0, 6), min_size=1)
LEAP = datetime(2028, 2, 29, 9, 30, tzinfo=UTC)
NEW_YEAR = datetime(2027, 12, 31, 23, 59, tzinfo=UTC)
SPRING = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)  # Clocks go forward in Berlin.
AUTUMN = datetime(2026, 10, 25, 0, 59, tzinfo=UTC)  # And back.


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in March 2026, in Berlin before the clocks change."""
    return datetime(2026, 3, day, hour - 1, minute, tzinfo=UTC)


def works(hours: Hours, moment: datetime) -> bool:
    """The plain oracle: whether the clock on the wall shows working hours of a working day."""
    here = moment.astimezone(ZoneInfo(hours.zone))
    if hours.away_until is not None and here.date() < hours.away_until:
        return False
    if here.weekday() not in hours.days:
        return False
    if working.public_holiday(hours.country or working.country_of(hours.zone), here.date()):
        return False
    return hours.starts <= here.time() < hours.ends


class TestOneScorecard:
    def test_eight_working_hours_after_the_interview(self) -> None:
        found = nudges.schedule(POLICY, BERLIN, at(3, 11), None)
        assert found.asked_at == at(3, 11)
        assert found.due_at == at(4, 10)  # Seven hours are left of Tuesday, and one of Wednesday.
        assert found.reminders == (at(3, 15), at(4, 9))

    def test_the_debrief_may_come_first(self) -> None:
        found = nudges.schedule(POLICY, BERLIN, at(3, 11), at(3, 17))
        assert found.due_at == at(3, 15)
        # Four hours before would be the question itself; two before the debrief is too near.
        assert found.reminders == (at(3, 14),)

    def test_before_a_late_debrief_they_are_reminded_once_more(self) -> None:
        found = nudges.schedule(POLICY, BERLIN, at(3, 11), at(6, 15))
        assert found.due_at == at(4, 10)
        assert found.reminders == (at(3, 15), at(4, 9), at(6, 13))

    def test_what_ends_in_the_evening_is_asked_in_the_morning(self) -> None:
        found = nudges.schedule(POLICY, BERLIN, at(6, 19), None)  # A Friday.
        assert found.asked_at == at(9, 9)
        assert found.due_at == at(9, 17)

    def test_a_debrief_that_is_too_early_still_leaves_a_moment(self) -> None:
        found = nudges.schedule(POLICY, BERLIN, at(3, 11), at(3, 11))
        assert found.due_at == at(3, 12)
        assert found.reminders == ()

    def test_who_is_asked_late_still_gets_a_moment(self) -> None:
        found = nudges.schedule(POLICY, BERLIN, at(3, 11), at(5, 15), at(5, 10))
        assert found.asked_at == at(5, 10)
        assert found.due_at == at(5, 11)

    def test_the_hour_on_the_wall_counts_when_clocks_change(self) -> None:
        friday = datetime(2026, 3, 27, 16, tzinfo=UTC)  # 17:00; on Sunday clocks go forward.
        later = datetime(2026, 3, 30, 8, tzinfo=UTC)
        assert nudges.later(BERLIN, friday, 2 * HOUR) == later
        assert nudges.earlier(BERLIN, later, 2 * HOUR) == friday

    @given(ZONES, MOMENTS, st.none() | st.floats(0, 400))
    @example("Europe/Berlin", SPRING, None)
    @example("Europe/Berlin", AUTUMN, 30.0)
    @example("Asia/Kolkata", LEAP, 24.0)
    @example("Asia/Kathmandu", NEW_YEAR, 24.0)
    def test_it_holds_to_the_policy_whatever_the_day(
        self, zone: str, ends: datetime, debrief_in: float | None
    ) -> None:
        hours = Hours(zone)
        debrief = None if debrief_in is None else ends + timedelta(hours=debrief_in)
        found = nudges.schedule(POLICY, hours, ends, debrief)
        assert found.asked_at >= ends
        assert len(found.reminders) <= POLICY.most_reminders
        assert list(found.times) == sorted(found.times)
        for each in found.times:
            assert works(hours, each) or works(hours, each - MINUTE)  # The end of the day counts.
        for one, other in zip(found.times, found.times[1:], strict=False):
            assert other - one >= timedelta(minutes=POLICY.apart)
        assert found.due_at > ends
        assert debrief is None or debrief <= found.asked_at or found.due_at <= debrief


class TestTheNextMinuteAtWork:
    @given(ZONES, MOMENTS, AWAY, WEEKS)
    @example("Europe/Berlin", SPRING, None, frozenset(range(7)))
    @example("Europe/Berlin", AUTUMN, None, frozenset(range(7)))
    @example("Australia/Lord_Howe", LEAP, date(2028, 3, 1), frozenset({2}))
    @example("UTC", NEW_YEAR, date(2028, 1, 1), frozenset(range(5)))
    def test_it_is_the_first_one(
        self, zone: str, moment: datetime, away: date | None, days: frozenset[int]
    ) -> None:
        hours = Hours(zone, days=days, away_until=away)
        found = nudges.allowed(hours, moment)
        assert found >= moment
        assert works(hours, found)
        if found > moment:
            # Nothing before it was working time; the minute before is the nearest to look at, and
            # so are the same minutes of the days between.
            assert not works(hours, moment)
            assert not works(hours, found - MINUTE)
            for ahead in range(min(60, (found - moment).days)):
                assert not works(hours, moment + timedelta(days=ahead))

    @given(ZONES, MOMENTS, st.floats(0, 60))
    def test_working_time_forwards_and_back_is_counted_alike(
        self, zone: str, moment: datetime, hours_more: float
    ) -> None:
        hours = Hours(zone)
        start = nudges.allowed(hours, moment)
        wait = timedelta(hours=hours_more)
        later = nudges.later(hours, start, wait)
        assert later >= start
        back = nudges.earlier(hours, later, wait)
        assert abs(nudges.allowed(hours, back) - start) <= timedelta(seconds=1)

    def test_it_waits_until_they_want_to_be_disturbed_again(self) -> None:
        quiet = (at(3, 10), at(3, 12, 30))
        assert nudges.allowed(BERLIN, at(3, 11), quiet) == at(3, 12, 30)
        assert nudges.allowed(BERLIN, at(3, 9, 30), quiet) == at(3, 9, 30)
        assert nudges.allowed(BERLIN, at(3, 11), (at(3, 8), at(3, 20))) == at(4, 9)

    def test_hours_that_begin_in_the_missing_hour_of_spring_are_hours(self) -> None:
        night = Hours("Europe/Berlin", starts=time(2, 30), ends=time(4), days=frozenset(range(7)))
        found = nudges.allowed(night, datetime(2026, 3, 29, 0, tzinfo=UTC))
        assert found == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
        assert nudges.later(night, found, 3 * HOUR) > found


class TestBefore:
    def test_the_morning_before_a_monday_is_friday_s(self) -> None:
        assert nudges.morning(BERLIN, at(9, 14)) == at(6, 9)

    def test_it_is_their_own_hour_and_no_public_holiday(self) -> None:
        early = Hours("Asia/Kolkata", starts=time(7, 30))
        found = nudges.morning(early, datetime(2026, 3, 5, 5, tzinfo=UTC))
        assert found == datetime(2026, 3, 3, 2, tzinfo=UTC)  # The fourth is Holi.


class TestHowMuch:
    def test_four_a_day_then_one_digest_then_the_next_morning(self) -> None:
        noon, half_past_four = at(3, 12), at(3, 16, 30)
        turn = nudges.turn
        assert turn(POLICY, BERLIN, None, noon, Heard(3)) == (noon, False)
        assert turn(POLICY, BERLIN, None, noon, Heard(4)) == (half_past_four, False)
        assert turn(POLICY, BERLIN, None, half_past_four, Heard(4)) == (half_past_four, True)
        assert turn(POLICY, BERLIN, None, noon, Heard(5, digest=True)) == (at(4, 9), False)

    @given(ZONES, MOMENTS, st.integers(0, 9), st.booleans())
    def test_it_never_sends_beyond_that_and_never_stands_still(
        self, zone: str, moment: datetime, messages: int, digest: bool
    ) -> None:
        hours = Hours(zone)
        when, is_digest = nudges.turn(POLICY, hours, None, moment, Heard(messages, digest))
        if when > moment:
            assert when > moment + nudges.SLACK
        elif messages >= POLICY.messages_a_day:
            assert is_digest
            assert not digest


class TestPuttingOff:
    @pytest.mark.parametrize(
        ("choice", "now", "until"),
        [
            ("hour", at(3, 11), at(3, 12)),
            ("afternoon", at(3, 11), at(3, 15)),
            ("afternoon", at(3, 14, 45), at(4, 9)),
            ("tomorrow", at(6, 11), at(9, 9)),  # Friday's tomorrow is Monday.
        ],
    )
    def test_until_when(self, choice: str, now: datetime, until: datetime) -> None:
        assert nudges.put_off(POLICY, BERLIN, choice, now) == until


class TestAway:
    def test_whose_return_is_after_the_interview_is_absent(self) -> None:
        away = Hours("Europe/Berlin", away_until=date(2026, 3, 9))
        assert nudges.absent(away, at(6, 12), at(2, 9))
        assert not nudges.absent(away, at(9, 12), at(2, 9))
        assert not nudges.absent(away, at(6, 12), at(9, 10))  # They are back by now.
        assert not nudges.absent(BERLIN, at(6, 12), at(2, 9))


class TestChanges:
    def test_several_within_five_minutes_are_told_at_once_and_none_while_it_can_be_undone(
        self,
    ) -> None:
        undo = MINUTE
        first = nudges.told_in(POLICY, None, undo, at(3, 11))
        assert first == at(3, 11, 5)
        assert nudges.told_in(POLICY, first, undo, at(3, 11, 2)) == first
        last = at(3, 11, 4) + timedelta(seconds=50)
        assert nudges.told_in(POLICY, first, undo, last) == last + undo
