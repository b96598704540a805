"""Two weeks of one loop: all hear what a considerate coordinator would have said, and no more."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.databases import new_database
from tests.fortnight import ZONES, Line, database, played, printed

LOG = Path(__file__).parent.parent / "docs" / "two-weeks.md"


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    with database() as address:
        return played(address)


def test_it_is_exactly_the_log_that_is_printed(lines: list[Line]) -> None:
    assert printed(lines) == LOG.read_text("utf-8")


def test_on_postgresql_it_is_the_same(server: str) -> None:
    assert printed(played(new_database(server))) == LOG.read_text("utf-8")


def test_nobody_hears_anything_twice(lines: list[Line]) -> None:
    heard = Counter((line.who, line.what) for line in lines if not line.did)
    assert set(heard.values()) == {1}


def test_nobody_hears_anything_at_night_but_what_comes_right_before(lines: list[Line]) -> None:
    for line in lines:
        here = line.at.astimezone(ZoneInfo(ZONES[line.who]))
        right_before = line.what.startswith("In 15 minutes")
        gone = "no longer needed" in line.what  # Before their next morning at work.
        if not (line.did or right_before or gone):
            assert 9 <= here.hour < 18, line
            assert here.weekday() < 5, line


def test_nobody_hears_more_than_four_in_a_day(lines: list[Line]) -> None:
    days = Counter(
        (line.who, line.at.astimezone(ZoneInfo(ZONES[line.who])).date())
        for line in lines
        if not line.did
    )
    assert max(days.values()) <= 4


def test_who_handed_in_is_asked_no_more(lines: list[Line]) -> None:
    """Interviewer A hands in at once, Interviewer B late: nobody asks them after that."""
    for who in ("Interviewer A", "Interviewer B"):
        theirs = [line for line in lines if line.who == who]
        (done,) = [line.at for line in theirs if line.did and "hands in" in line.what]
        after = [line.what for line in theirs if line.at > done + timedelta(minutes=1)]
        assert not any("scorecard is due" in what for what in after)
        assert not any("asks for your scorecard" in what for what in after)
