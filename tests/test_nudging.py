"""A scorecard that is owed is asked for as printed, and never again once it is in."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest

from playground import Seen
from tests.hand import Hand, by_hand
from tests.offices import coordinator, make_opening, plan_loop, shown
from tests.test_scorecards import hand_in

START = datetime(2031, 3, 5, 10, tzinfo=UTC)  # A Wednesday, a week before the interviews.
END = datetime(2031, 3, 12, 10, 45, tzinfo=UTC)  # Of onsite A: 11:45 in Berlin, 20:45 in Tokyo.
DUE = datetime(2031, 3, 13, 9, 45, tzinfo=UTC)  # Eight working hours later: 10:45 in Berlin.
DEBRIEF = datetime(2031, 3, 13, 15, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WORDS = ("How was", "your scorecard is due", "the debrief is <", "asks for your", "due *<")


@pytest.fixture
def office(place: str) -> Iterator[Hand]:
    """One in which Interviewer C (Berlin) holds onsite A, shadowed by Interviewer D (Tokyo), and
    Interviewer B (Los Angeles) onsite C."""
    with by_hand(place, START) as hand:
        make_opening(hand.play)
        plan_loop(
            hand.play, {"onsite_a": "U0INTC", "onsite_c": "U0INTB"},
            second={"onsite_a": ("U0INTD", "shadow")},
        )  # fmt: skip
        coordinator(hand.play).close()
        hand.deliver()
        yield hand


def asked(hand: Hand, name: str = "Interviewer C") -> list[str]:
    return [each for each in hand.texts(name) if any(word in each for word in WORDS)]


def told(hand: Hand, words: str, name: str = "Recruiting coordinator") -> list[str]:
    return [each for each in hand.texts(name) if words in each]


def stamp(at: datetime) -> str:
    return f"<!date^{int(at.timestamp())}^"


def change_times(hand: Hand, **typed: int | str) -> None:
    planner = coordinator(hand.play)
    planner.slash("/safety-interview loops")
    planner.click("Show", on=planner.last)
    planner.click("Change…")
    for name, value in typed.items():
        planner.fill(name, value)
    planner.submit()
    planner.submit()
    planner.close()


class TestTheQuestion:
    def test_asked_at_the_end_reminded_as_printed_then_the_coordinator_is_told(
        self, office: Hand
    ) -> None:
        office.run_until(END - timedelta(seconds=1))
        assert asked(office) == []
        office.run_until(END + MINUTE)
        (question,) = asked(office)
        times = [DUE - 19 * HOUR, DUE - HOUR, DEBRIEF - 2 * HOUR]
        for each in times:
            assert stamp(each) in question
        assert f"tell the coordinator {stamp(DUE)}" in question
        assert "That's all." in question
        for number, each in enumerate(times[:2], start=1):
            office.run_until(each - timedelta(seconds=5))
            assert len(asked(office)) == number
            office.run_until(each + MINUTE)
            assert len(asked(office)) == number + 1
        assert told(office, "has not handed in") == []
        office.run_until(DUE + MINUTE)
        (late,) = told(office, "<@U0INTC> has not handed in the scorecard")
        assert "They know that I tell you now." in late
        office.run_until(DUE + timedelta(days=4))
        assert len(asked(office)) == 4
        assert told(office, "has not handed in the scorecard of", "Hiring manager") == []

    def test_every_reminder_is_shorter_than_the_one_before(self, office: Hand) -> None:
        office.run_until(DEBRIEF)
        said = [each.raw["text"] for each in office.heard("Interviewer C")]
        lengths = [len(each) for each in said if any(word in each for word in WORDS)]
        assert lengths == sorted(lengths, reverse=True)
        assert len(set(lengths)) == 4

    def test_a_shadow_is_never_asked(self, office: Hand) -> None:
        office.run_until(DEBRIEF + timedelta(days=2))
        assert asked(office, "Interviewer D") == []

    def test_a_reminder_says_how_far_the_draft_is(self, office: Hand) -> None:
        office.run_until(END + MINUTE)
        person = office.person("Interviewer C")
        person.click("Open scorecard", channel="app")
        first = next(each["block_id"] for each in shown(person).blocks if each["type"] == "input")
        person.fill(first, "They named five classes of attack and measured each of them.")
        person.fill(next(
            each["block_id"] for each in shown(person).blocks
            if each["type"] == "input" and each["block_id"].startswith("score")
        ), "3")  # fmt: skip
        person.submit()
        person.close()
        office.run_until(DUE - 19 * HOUR + MINUTE)
        assert "Your draft has 1 of 2 questions done." in asked(office)[-1]
        assert "Finish scorecard" in office.heard("Interviewer C")[-1].labels

    def test_at_night_nobody_is_asked(self, office: Hand) -> None:
        """Interviewer B is in Los Angeles, where onsite C ends at 4:45 in the morning."""
        nine = datetime(2031, 3, 12, 16, tzinfo=UTC)
        office.run_until(nine - MINUTE)
        assert asked(office, "Interviewer B") == []
        office.run_until(nine + MINUTE)
        assert len(asked(office, "Interviewer B")) == 1

    def test_an_interview_that_was_moved_is_asked_about_when_it_is_over(self, office: Hand) -> None:
        change_times(office, starts_0=int((END + HOUR).timestamp()))
        office.run_until(END + HOUR)
        assert asked(office) == []
        office.run_until(END + HOUR + 46 * MINUTE)
        assert len(asked(office)) == 1

    def test_once_it_is_in_nobody_hears_more_and_the_question_is_struck_through(
        self, office: Hand
    ) -> None:
        office.run_until(END + MINUTE)
        person = office.person("Interviewer C")
        hand_in(person)
        person.close()
        office.deliver()
        (question,) = asked(office)
        assert question.startswith("~How was")
        assert question.endswith("✓ The scorecard is in. Thank you.")
        assert office.heard("Interviewer C")[-1].labels == []
        office.run_until(DEBRIEF + timedelta(days=3))
        assert len(asked(office)) == 1
        assert told(office, "<@U0INTC> has not handed in") == []

    def test_the_last_one_missing_is_told_so_instead_of_the_next_reminder(
        self, office: Hand
    ) -> None:
        nine = datetime(2031, 3, 12, 16, tzinfo=UTC)
        office.run_until(nine + MINUTE)
        before = len(asked(office, "Interviewer B"))
        planned = len(office.rows(recipient="U0INTB", state="waiting", subject=_subject(office)))
        person = office.person("Interviewer C")
        hand_in(person)
        person.close()
        office.run_until(nine + 31 * MINUTE)
        assert len(asked(office, "Interviewer B")) == before + 1
        assert "You are the last one: the other is in." in asked(office, "Interviewer B")[-1]
        left = len(office.rows(recipient="U0INTB", state="waiting", subject=_subject(office)))
        assert left == planned - 1


def _subject(hand: Hand) -> str:
    return next(each.subject for each in hand.rows(kind="nudge", recipient="U0INTB"))


class TestNeverMoreThanPrinted:
    @pytest.mark.parametrize("days", [-1, 1, 6])
    def test_when_the_debrief_moves(self, office: Hand, days: int) -> None:
        office.run_until(END + MINUTE)
        printed = asked(office)[0].count("<!date^") - 2  # When it is due stands there twice.
        to = max(DEBRIEF + timedelta(days=days), END + 4 * HOUR)
        change_times(office, debrief=int(to.timestamp()))
        office.run_until(END + timedelta(days=12))
        assert 1 <= len(asked(office)) <= printed + 1
        assert stamp(DUE) not in asked(office)[0] or days >= 0

    def test_when_their_hours_change(self, office: Hand) -> None:
        office.run_until(END + MINUTE)
        printed = asked(office)[0].count("<!date^") - 2
        person = office.person("Interviewer C")
        person.slash("/safety-interview hours")
        person.fill("starts", "06:00")
        person.fill("ends", "23:00")
        person.submit()
        office.run_until(END + timedelta(days=12))
        assert 1 < len(asked(office)) <= printed + 1

    def test_the_question_says_the_plan_as_it_is_now(self, office: Hand) -> None:
        office.run_until(END + MINUTE)
        to = DEBRIEF + timedelta(days=1)
        change_times(office, debrief=int(to.timestamp()))
        office.run_until(END + 10 * MINUTE)
        assert stamp(to - 2 * HOUR) in asked(office)[0]
        assert stamp(DEBRIEF - 2 * HOUR) not in asked(office)[0]


class TestPuttingOff:
    @pytest.mark.parametrize(
        ("choice", "until"),
        [
            ("In 1 hour", END + HOUR + MINUTE),
            ("This afternoon", datetime(2031, 3, 12, 14, tzinfo=UTC)),  # 15:00 in Berlin.
            ("Tomorrow 9:00", datetime(2031, 3, 13, 8, tzinfo=UTC)),
        ],
    )
    def test_the_next_reminder_comes_then_and_the_message_says_so(
        self, office: Hand, choice: str, until: datetime
    ) -> None:
        office.run_until(END + MINUTE)
        office.person("Interviewer C").click(choice, channel="app")
        office.deliver()
        assert "Put off until <!date^" in asked(office)[0]
        assert "does not change" in asked(office)[0]
        office.run_until(until - MINUTE)
        assert len(asked(office)) == 1
        office.run_until(until + MINUTE)
        assert len(asked(office)) == 2
        office.run_until(DUE + MINUTE)
        assert len(told(office, "<@U0INTC> has not handed in the scorecard")) == 1

    def test_a_time_of_their_own(self, office: Hand) -> None:
        office.run_until(END + MINUTE)
        person = office.person("Interviewer C")
        person.click("Pick a time…", channel="app")
        person.fill("until", int((END - HOUR).timestamp()))
        assert "still to come" in person.submit()["errors"]["until"]
        person.fill("until", int((END + 5 * HOUR).timestamp()))
        person.submit()
        assert "Put off until" in shown(person).text
        person.close()
        office.run_until(END + 5 * HOUR - MINUTE)
        assert len(asked(office)) == 1
        office.run_until(END + 5 * HOUR + MINUTE)
        assert len(asked(office)) == 2

    def test_a_plan_that_is_made_anew_keeps_to_it(self, office: Hand) -> None:
        office.run_until(END + MINUTE)
        office.person("Interviewer C").click("Tomorrow 9:00", channel="app")
        change_times(office, debrief=int((DEBRIEF + timedelta(days=2)).timestamp()))
        nine = datetime(2031, 3, 13, 8, tzinfo=UTC)
        office.run_until(nine - MINUTE)
        assert len(asked(office)) == 1
        office.run_until(nine + MINUTE)
        assert len(asked(office)) == 2

    def test_after_the_last_reminder_they_get_the_one_they_asked_for(self, office: Hand) -> None:
        office.run_until(DEBRIEF - 2 * HOUR + MINUTE)
        assert len(asked(office)) == 4
        office.person("Interviewer C").click("In 1 hour", channel="app")
        office.run_until(DEBRIEF - HOUR + 2 * MINUTE)
        assert len(asked(office)) == 5

    def test_an_old_message_is_answered_clearly(self, office: Hand) -> None:
        office.run_until(END + MINUTE)
        person = office.person("Interviewer C")
        old = Seen(deepcopy(office.heard("Interviewer C")[-1].raw))
        hand_in(person)
        person.close()
        office.deliver()
        person.click("In 1 hour", on=old)
        assert person.messages("app")[-1].text.startswith("Your scorecard is in;")
