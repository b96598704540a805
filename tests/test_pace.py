"""Who asks too much at once is told when to come back; what is typed is never refused for it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import pace
from bot.pace import Bucket, Rate, Taken
from handlers.pace import MOST, Pace
from playground import Person
from tests.databases import new_database
from tests.many import Deployment, deployment
from tests.offices import coordinator, make_opening, plan_loop, shown, wait_for_mail

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MUCH = 60  # Requests; more than any bucket here ever holds while they are made.
SLOW_DOWN = "You ask more than I can answer at once. Please come back in "


def ask(rate: Rate, *seconds: float) -> list[Taken]:
    """One request at each of these seconds after noon."""
    bucket, found = pace.full(rate, NOON), []
    for second in seconds:
        taken = pace.take(bucket, rate, NOON + second * SECOND)
        bucket = taken.bucket
        found.append(taken)
    return found


def test_a_minute_s_requests_fit_at_once_and_no_more() -> None:
    found = ask(Rate(12), *[0] * 14)
    assert [each.back_at is None for each in found] == [True] * 12 + [False] * 2


def test_the_first_that_is_refused_says_when_and_the_others_nothing_new() -> None:
    *_, first, second = ask(Rate(12), *[0] * 13, 4)
    assert (first.first, second.first) == (True, False)
    assert first.back_at == second.back_at == NOON + 10 * SECOND


def test_after_the_rest_some_fit_again() -> None:
    found = ask(Rate(12), *[0] * 13, 10, 10, 10)
    assert [each.back_at is None for each in found[-3:]] == [True, True, False]
    assert found[-1].first


@given(st.lists(st.floats(0, 600), min_size=1, max_size=200))
def test_never_more_pass_than_a_burst_and_what_was_made_up_for(seconds: list[float]) -> None:
    seconds.sort()
    passed = [
        at
        for at, taken in zip(seconds, ask(Rate(30), *seconds), strict=True)
        if taken.back_at is None
    ]
    assert all(
        later - since >= (number - 30) * 2 - 1e-6
        for first, since in enumerate(passed)
        for number, later in enumerate(passed[first:])
    )


@given(st.floats(-100_000, 100_000), st.booleans())
def test_a_clock_that_is_moved_locks_nobody_out(moved: float, rests: bool) -> None:
    rate, now = Rate(30), NOON + moved * SECOND
    emptied = Bucket(0, NOON, NOON + rate.rest if rests else None)
    taken = pace.take(emptied, rate, now)
    assert taken.back_at is None or taken.back_at - now <= rate.rest


def test_what_is_remembered_is_bounded() -> None:
    kept = Pace(lambda: NOON, Rate(30), Rate(0))
    for number in range(MOST + 10):
        kept._take(("T1", f"U{number}"), kept.person, NOON)
    assert len(kept._buckets) == MOST


@pytest.fixture
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    address = f"sqlite:///{tmp_path_factory.mktemp('pace') / 'test.db'}"
    with deployment(address, many=False, person_rate=6, team_rate=0) as made:
        yield made
        assert made.play.problems == []


def press_until_refused(person: Person) -> str:
    for _ in range(MUCH):
        person.slash("/safety-interview about")
        if SLOW_DOWN in person.last.text:
            return person.last.text
    pytest.fail("they were never refused")


def test_somebody_is_told_once_and_is_answered_later(slow: Deployment) -> None:
    person = slow.play.person("Interviewer A")
    told = press_until_refused(person)
    assert told == f"{SLOW_DOWN}10 seconds."
    assert person.last.raw["ephemeral"]
    heard = len(person.messages())
    assert person.slash("/safety-interview about") == {"ok": True}
    assert len(person.messages()) == heard
    slow.play.clock.advance(11 * SECOND)
    person.slash("/safety-interview about")
    assert SLOW_DOWN not in person.last.text


def test_others_are_answered_meanwhile(slow: Deployment) -> None:
    press_until_refused(slow.play.person("Interviewer A"))
    other = slow.play.person("Interviewer B")
    other.slash("/safety-interview about")
    assert SLOW_DOWN not in other.last.text


def test_a_form_that_comes_too_soon_stays_open_with_what_was_typed(slow: Deployment) -> None:
    person = coordinator(slow.play)
    person.slash("/safety-interview open")
    person.fill("title", "Engineer")
    person.fill("level", "senior")
    press_until_refused(person)
    answer = person.submit()
    assert answer["response_action"] == "errors"
    assert "What you typed is still here." in next(iter(answer["errors"].values()))
    slow.play.clock.advance(11 * SECOND)
    person.submit()
    assert "Engineer" in shown(person).text


def test_a_draft_is_kept_however_much_was_asked(slow: Deployment) -> None:
    later = timedelta(minutes=2)
    slow.always_at_work()
    make_opening(slow.play)
    slow.play.clock.advance(later)
    plan_loop(slow.play, {"onsite_a": "U0INTA"})
    person = slow.play.person("Interviewer A")
    wait_for_mail(slow.play, person, 1)
    person.click("Scorecard", channel="app")
    press_until_refused(person)
    person.fill("card_text", "They named the trust boundary.")
    person.close()
    slow.play.clock.advance(later)
    person.click("Scorecard", channel="app")
    assert "They named the trust boundary." in str(shown(person).raw)


def test_a_workspace_that_asks_too_much_is_told_so(server: str) -> None:
    with deployment(new_database(server), many=False, person_rate=0, team_rate=6) as made:
        people = [made.play.person(f"Interviewer {letter}") for letter in "ABCDE"]
        for number in range(MUCH):
            person = people[number % len(people)]
            person.slash("/safety-interview about")
            if "Your workspace asks more" in person.last.text:
                break
        else:
            pytest.fail("nobody was refused")
