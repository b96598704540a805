"""A scorecard that is owed is asked for as printed, and never again once it is in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.launch import demo
from playground import Person, Playground
from tests.offices import coordinator, mail, make_opening, plan_loop, shown, wait_for_text
from tests.test_scorecards import hand_in

END = datetime(2031, 3, 12, 10, 45, tzinfo=UTC)  # Of onsite A: 11:45 in Berlin, 20:45 in Tokyo.
QUIET = 1.8  # Seconds in which a bot that had something to say would have said it.


@pytest.fixture
def office(address: str) -> Iterator[Playground]:
    """One in which Interviewer C (Berlin) holds onsite A, shadowed by Interviewer D (Tokyo)."""
    with demo.workspace(0, address) as play:
        make_opening(play)
        plan_loop(
            play, {"onsite_a": "U0INTC", "onsite_c": "U0INTB"},
            second={"onsite_a": ("U0INTD", "shadow")},
        )  # fmt: skip
        coordinator(play).close()
        wait_for_text(play, play.person("Interviewer C"), "You interview")
        yield play
        assert play.problems == []


def asked(person: Person) -> list[str]:
    words = ("How was", "your scorecard is due", "has not handed in")
    return [each.text for each in mail(person) if any(word in each.text for word in words)]


def move(play: Playground, to: datetime) -> None:
    play.clock.move_to(to)


def wait_for(play: Playground, person: Person, count: int) -> str:
    play.wait_until(lambda: len(asked(person)) == count, f"{person.name}: {asked(person)}")
    return asked(person)[-1]


def hear_nothing_more(play: Playground, person: Person, count: int) -> None:
    with pytest.raises(TimeoutError):
        play.wait_until(lambda: len(asked(person)) > count, "nothing came", QUIET)


def test_asked_at_the_end_reminded_as_printed_then_the_coordinator_is_told(
    office: Playground,
) -> None:
    person, planner = office.person("Interviewer C"), coordinator(office)
    move(office, END - timedelta(seconds=6))
    hear_nothing_more(office, person, 0)
    move(office, END)
    text = wait_for(office, person, 1)
    assert "I ask again" in text
    assert "That's all." in text
    # Eight working hours later: 10:45 in Berlin on the next day.
    due = datetime(2031, 3, 13, 9, 45, tzinfo=UTC)
    assert f"<!date^{int(due.timestamp())}^" in text
    move(office, due - timedelta(hours=4) + timedelta(hours=-15))  # 15:45 on the same day.
    assert "your scorecard is due" in wait_for(office, person, 2)
    move(office, due - timedelta(hours=1))
    wait_for(office, person, 3)
    move(office, due)
    assert "<@U0INTC> has not handed in the scorecard" in wait_for(office, planner, 1)
    move(office, due + timedelta(days=3))
    hear_nothing_more(office, person, 3)
    assert asked(office.person("Interviewer D")) == []  # A shadow's is never waited for.


def test_once_it_is_in_nobody_hears_more_and_the_question_says_so(office: Playground) -> None:
    person = office.person("Interviewer C")
    move(office, END)
    wait_for(office, person, 1)
    hand_in(person)
    wait_for_text(office, person, "✓ The scorecard is in. Thank you.")
    move(office, END + timedelta(days=3))
    hear_nothing_more(office, person, 0)
    assert asked(coordinator(office)) == [
        each for each in asked(coordinator(office)) if "U0INTC" not in each
    ]


def test_put_off_until_tomorrow_at_nine(office: Playground) -> None:
    person = office.person("Interviewer C")
    move(office, END)
    wait_for(office, person, 1)
    person.click("Tomorrow 9:00", channel="app")
    assert "Until <!date^" in person.messages("app")[-1].text
    move(office, END + timedelta(hours=6))  # After the first reminder that was printed.
    hear_nothing_more(office, person, 1)
    move(office, datetime(2031, 3, 13, 8, tzinfo=UTC))
    wait_for(office, person, 2)


def test_at_night_nobody_is_asked(office: Playground) -> None:
    """Interviewer B is in Los Angeles, where onsite C ends at 4:45 in the morning."""
    person = office.person("Interviewer B")
    move(office, datetime(2031, 3, 12, 12, tzinfo=UTC))
    hear_nothing_more(office, person, 0)
    move(office, datetime(2031, 3, 12, 16, tzinfo=UTC))  # Nine o'clock there.
    wait_for(office, person, 1)


def test_an_interview_that_was_moved_is_asked_about_when_it_is_over(office: Playground) -> None:
    person, planner = office.person("Interviewer C"), coordinator(office)
    planner.slash("/safety-interview loops")
    planner.click("Show", on=planner.last)
    planner.click("Change…")
    planner.fill("starts_0", int((END + timedelta(hours=1)).timestamp()))
    planner.submit()
    planner.submit()
    assert "told in a minute" in shown(planner).text
    move(office, END + timedelta(minutes=2))
    hear_nothing_more(office, person, 0)
    move(office, END + timedelta(hours=1, minutes=45))
    wait_for(office, person, 1)
