"""What coordinators hear of scorecards, once and then in a digest, and what they can do."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime, timedelta

import pytest

from playground import Person, Seen
from tests.hand import Hand, by_hand
from tests.offices import coordinator, make_opening, plan_loop, shown
from tests.test_nudging import DEBRIEF, DUE, END, HOUR, MINUTE, START, asked, told
from tests.test_scorecards import hand_in

NEXT_NINE = datetime.fromisoformat("2031-03-14T09:00:00+00:00")  # In London, the day after.
LATE = "has not handed in the scorecard"


@pytest.fixture
def office(place: str) -> Iterator[Hand]:
    """Interviewer C (Berlin) holds onsite A, Interviewer A (Kolkata) onsite C, on one day."""
    with by_hand(place, START) as hand:
        make_opening(hand.play, coordinators=["U0COORD", "U0MANAGER"])
        plan_loop(hand.play, {"onsite_a": "U0INTC", "onsite_c": "U0INTA"})
        coordinator(hand.play).close()
        hand.deliver()
        yield hand


@pytest.fixture
def planner(office: Hand) -> Person:
    return coordinator(office.play)


def answer(person: Person) -> str:
    """What the newest click was answered with."""
    return next(each.text for each in reversed(person.messages("app")) if each.raw["ephemeral"])


class TestTold:
    def test_once_and_then_a_line_of_one_digest_each_working_day(self, office: Hand) -> None:
        office.run_until(NEXT_NINE - MINUTE)
        assert len(told(office, f"<@U0INTC> {LATE}")) == 1
        office.run_until(NEXT_NINE + MINUTE)
        digest = told(office, "Still missing: <@U0INTC>")
        assert len(digest) == 1
        assert "Still missing: <@U0INTA>" in digest[0]
        office.run_until(NEXT_NINE + timedelta(days=4))
        assert len(told(office, "Still missing")) == 3  # Friday, Monday, Tuesday.

    def test_what_came_in_is_a_line_of_the_digest_and_no_message_of_its_own(
        self, office: Hand, planner: Person
    ) -> None:
        office.run_until(END + MINUTE)
        before = len(office.texts(planner.name))
        hand_in(office.person("Interviewer C"))
        office.deliver()
        assert len(office.texts(planner.name)) == before
        office.run_until(datetime.fromisoformat("2031-03-13T09:01:00+00:00"))
        (digest,) = told(office, "✓ <@U0INTC> has handed in")
        assert "1 of 2 are in." in digest
        assert len(told(office, LATE)) <= 1

    def test_who_handed_in_meanwhile_is_struck_from_what_was_told(self, office: Hand) -> None:
        office.run_until(DUE + MINUTE)
        hand_in(office.person("Interviewer C"))
        office.deliver()
        (late,) = told(office, f"<@U0INTC> {LATE}")
        assert late.startswith("~")
        assert "✓ The scorecard is in." in late


class TestNudgeNow:
    def test_asks_once_in_a_while_whoever_presses(self, office: Hand, planner: Person) -> None:
        office.run_until(DUE + MINUTE)
        other, before = office.person("Hiring manager"), len(asked(office))
        planner.click("Nudge now", channel="app")
        assert answer(planner) == "I ask <@U0INTC> now."
        planner.click("Nudge now", channel="app")
        assert "that is on its way" in answer(planner)
        office.deliver()
        assert len(asked(office)) == before + 1
        assert "<@U0COORD> asks for your scorecard" in asked(office)[-1]
        office.run_until(DUE + 2 * HOUR)
        late = next(each for each in office.heard(planner.name) if f"<@U0INTC> {LATE}" in each.text)
        planner.click("Nudge now", on=late)
        assert "was nudged" in answer(planner)
        office.run_until(DUE + 5 * HOUR)
        late = next(each for each in office.heard(other.name) if f"<@U0INTC> {LATE}" in each.text)
        both = [late.text.find(f"<@{who}> {LATE}") for who in ("U0INTC", "U0INTA")]
        other.click("Nudge now", nth=int(both[0] > both[1] >= 0), on=late)
        assert answer(other) == "I ask <@U0INTC> now."
        office.run_until(DUE + 5 * HOUR + MINUTE)
        assert "<@U0MANAGER> asks for your scorecard" in asked(office)[-1]

    def test_at_night_it_waits_and_says_so(self, office: Hand, planner: Person) -> None:
        office.run_until(DUE + 9 * HOUR)  # 19:45 in Berlin.
        before = len(asked(office))
        planner.click("Nudge now", channel="app")
        assert "does not work now" in answer(planner)
        office.run_until(DUE + 12 * HOUR)
        assert len(asked(office)) == before

    def test_only_who_plans_the_loop_may(self, office: Hand, planner: Person) -> None:
        office.run_until(DUE + MINUTE)
        late = next(each for each in office.heard(planner.name) if LATE in each.text)
        office.person("Interviewer A").click("Nudge now", on=late)
        office.deliver()
        assert office.rows(kind="asked") == []


class TestExcusing:
    def test_two_at_once_have_one_effect_and_each_a_clear_answer(
        self, office: Hand, planner: Person
    ) -> None:
        office.run_until(DUE + MINUTE)
        first, second = (
            Seen(deepcopy(next(e for e in office.heard(name) if LATE in e.text).raw))
            for name in (planner.name, planner.name)
        )
        planner.click("Excuse", on=first)
        assert answer(planner) == "Excused: nobody waits for <@U0INTC> any more."
        planner.click("Excuse", on=second)
        assert answer(planner) == "<@U0INTC> is excused already: nobody waits for them."
        office.deliver()
        (late,) = told(office, f"<@U0INTC> {LATE}")
        assert "✓ Excused by <@U0COORD>." in late
        assert "✓ Excused by <@U0COORD>." in asked(office)[0]
        before = len(asked(office))
        office.run_until(NEXT_NINE + timedelta(days=2))
        assert len(asked(office)) == before
        assert told(office, "Still missing: <@U0INTC>") == []

    def test_the_interviewer_and_the_coordinator_at_once(
        self, office: Hand, planner: Person
    ) -> None:
        office.run_until(DUE + MINUTE)
        person = office.person("Interviewer C")
        person.click("I wasn't there…", channel="app")
        planner.click("Excuse", channel="app")
        person.submit()
        assert "You are excused already" in shown(person).text
        office.deliver()
        assert told(office, "I wasn't there") == []


class TestWaysOut:
    def test_i_was_not_there_is_told_with_who_was(self, office: Hand) -> None:
        office.run_until(END + MINUTE)
        person = office.person("Interviewer C")
        person.click("I wasn't there…", channel="app")
        person.fill("instead", "U0INTE")
        person.fill("reason", "Flat tyre")
        person.submit()
        assert "nobody waits for your scorecard" in shown(person).text
        person.close()
        office.deliver()
        assert asked(office)[0].startswith("~How was")
        (text,) = told(office, "I wasn't there")
        assert "<@U0INTE> was, instead. “Flat tyre”" in text
        office.run_until(NEXT_NINE)
        assert len(asked(office)) == 1
        assert told(office, f"<@U0INTC> {LATE}") == []

    def test_it_opens_nobody_elses_scorecard(self, office: Hand, planner: Person) -> None:
        office.run_until(END + 5 * HOUR)
        hand_in(office.person("Interviewer A"))
        person = office.person("Interviewer C")
        person.click("I wasn't there…", channel="app")
        person.submit()
        person.close()
        planner.slash("/safety-interview loops")
        planner.click("Show", on=planner.last)
        assert "They stay sealed" in shown(planner).text

    def test_it_did_not_happen_stops_everybody_and_can_be_taken_back(
        self, office: Hand, planner: Person
    ) -> None:
        office.run_until(END + MINUTE)
        person = office.person("Interviewer C")
        person.click("It did not happen…", channel="app")
        person.fill("what", "no_show")
        person.submit()
        person.close()
        office.deliver()
        (text,) = told(office, "says that it did not happen")
        assert "*C.12 (C-101)*" in text
        office.run_until(END + 2 * HOUR)
        assert len(asked(office)) == 1
        planner.click("It was held after all", channel="app")
        assert answer(planner) == "Their scorecard is awaited again."
        office.deliver()
        assert "<@U0COORD> asks for your scorecard" in asked(office)[-1]
        assert "✓ Taken back by <@U0COORD>." in told(office, "says that it did not happen")[0]
        office.run_until(DUE + timedelta(days=1))
        assert told(office, f"<@U0INTC> {LATE}") != []

    def test_swap_me_out_after_the_interview_asks_the_coordinator(
        self, office: Hand, planner: Person
    ) -> None:
        office.run_until(END + MINUTE)
        person = office.person("Interviewer C")
        person.click("Swap me out…", channel="app")
        person.fill("reason", "Ill since noon")
        person.submit()
        person.close()
        office.deliver()
        (text,) = told(office, "asks to be swapped out")
        assert "“Ill since noon”" in text
        planner.click("Excuse", channel="app")
        assert "Excused" in answer(planner)


class TestAway:
    def test_the_coordinator_is_told_when_it_is_set_and_not_after_the_deadline(
        self, office: Hand
    ) -> None:
        set_away(office.person("Interviewer C"), "2031-03-17")
        office.deliver()
        (text,) = told(office, "<@U0INTC> is away until Monday 17 March")
        assert "That is after the debrief." in text
        office.run_until(DEBRIEF + MINUTE)
        assert asked(office) == []
        assert told(office, f"<@U0INTC> {LATE}") == []
        set_away(office.person("Interviewer C"), "2031-03-17")
        office.deliver()
        assert len(told(office, "<@U0INTC> is away")) == 1

    def test_the_coordinator_is_told_when_somebody_away_is_planned(
        self, office: Hand, planner: Person
    ) -> None:
        set_away(office.person("Interviewer E"), "2031-03-20")
        office.deliver()
        assert told(office, "<@U0INTE>") == []
        plan_loop(office.play, {"onsite_a": "U0INTE"}, candidate="Candidate 13")
        planner.close()
        office.deliver()
        assert len(told(office, "<@U0INTE> is away until Thursday 20 March")) == 1


def set_away(person: Person, back: str) -> None:
    person.slash("/safety-interview hours")
    person.fill("away", back)
    person.submit()
