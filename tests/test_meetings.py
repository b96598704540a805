"""Before an interview, around a debrief, and what a coordinator sees and changes of it all."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from bot.records import Decision, Loop
from playground import Person
from tests.hand import Hand, by_hand
from tests.offices import CHANGES, coordinator, make_opening, plan_loop, shown
from tests.test_nudging import DEBRIEF, DUE, END, HOUR, MINUTE, START, asked, change_times, told
from tests.test_scorecards import hand_in

STARTS = datetime(2031, 3, 12, 10, tzinfo=UTC)
MORNING = datetime(2031, 3, 11, 8, tzinfo=UTC)  # Nine o'clock in Berlin.
MANAGER = "Hiring manager"


@pytest.fixture
def office(place: str) -> Iterator[Hand]:
    """Interviewer C (Berlin) holds onsite A; the hiring manager is in New York."""
    with by_hand(place, START) as hand:
        make_opening(hand.play)
        plan_loop(hand.play, {"onsite_a": "U0INTC"})
        coordinator(hand.play).close()
        hand.deliver()
        yield hand


@pytest.fixture
def planner(office: Hand) -> Person:
    return coordinator(office.play)


class TestBefore:
    def test_the_working_morning_before_with_the_kit(self, office: Hand) -> None:
        office.run_until(MORNING - MINUTE)
        assert len(office.heard("Interviewer C")) == 1
        office.run_until(MORNING + MINUTE)
        message = office.heard("Interviewer C")[-1]
        assert "you interview *C.12 (C-101)*" in message.text
        assert message.labels[0] == "Kit"

    def test_not_when_the_brief_came_that_morning(self, office: Hand, planner: Person) -> None:
        office.run_until(MORNING - HOUR)
        plan_loop(office.play, {"onsite_a": "U0INTC"}, candidate="Candidate 13")
        planner.close()
        office.run_until(MORNING + MINUTE)
        assert not any("C.13" in each for each in office.texts("Interviewer C")[2:])
        (row,) = office.rows(kind="morning", state="skipped")
        assert row.reason == "they were told already"

    def test_fifteen_minutes_before_in_the_brief_s_thread_notes_are_kept(
        self, office: Hand
    ) -> None:
        office.run_until(STARTS - 15 * MINUTE + timedelta(seconds=5))
        brief, *_, soon = office.heard("Interviewer C")
        assert "In 15 minutes" in soon.text
        assert "kept as your notes" in soon.text
        assert soon.raw["thread_ts"] == brief.raw["ts"]
        person = office.person("Interviewer C")
        said = person.say("Named five classes", "app", thread_ts=brief.raw["ts"])
        kept = next(each for each in person.messages("app") if each.raw["ts"] == said["ts"])
        assert [each["name"] for each in kept.raw["reactions"]] == ["memo"]

    def test_everything_about_one_interview_is_one_thread(self, office: Hand) -> None:
        office.run_until(DUE)
        brief, *others = office.heard("Interviewer C")
        about = [each for each in others if "debrief" not in each.raw["text"]]
        assert len(about) >= 4
        assert {each.raw.get("thread_ts") for each in about} == {brief.raw["ts"]}

    def test_three_changes_within_five_minutes_are_one_message(self, office: Hand) -> None:
        office.run_until(START + 2 * HOUR)
        for hours in (1, 2, 3):
            change_times(office, starts_0=int((STARTS + hours * HOUR).timestamp()))
            office.play.clock.advance(MINUTE)
            office.deliver()
        assert len(office.heard("Interviewer C")) == 1
        office.play.clock.advance(CHANGES)
        office.deliver()
        (change,) = [each for each in office.texts("Interviewer C")[1:] if "has changed" in each]
        assert str(int((STARTS + 3 * HOUR).timestamp())) in change

    def test_a_change_right_before_it_is_not_kept_back_so_long(self, office: Hand) -> None:
        office.run_until(STARTS - 20 * MINUTE)
        before = len(office.heard("Interviewer C"))
        change_times(office, starts_0=int((STARTS + HOUR).timestamp()))
        office.play.clock.advance(MINUTE)
        office.deliver()
        assert len(office.heard("Interviewer C")) == before + 1


class TestTheDebrief:
    def test_a_working_day_and_two_hours_before_the_planners_hear_how_far_it_is(
        self, office: Hand
    ) -> None:
        day_before = DEBRIEF - timedelta(days=1)
        office.run_until(day_before - MINUTE)
        assert told(office, "The debrief of") == []
        office.run_until(day_before + MINUTE)
        (first,) = told(office, "The debrief of")
        assert "0 of 1 scorecards are in." in first
        assert "Missing: <@U0INTC>." in first
        office.run_until(DEBRIEF - 2 * HOUR + MINUTE)
        message = office.heard("Recruiting coordinator")[-1]
        assert "The debrief of" in message.text
        assert {"Look", "Move the debrief…"} <= set(message.labels)
        assert any(label.startswith("Nudge now") for label in message.labels)
        # In New York, two working hours before 11:00 are nine o'clock.
        assert len(told(office, "The debrief of", MANAGER)) == 2

    def test_the_debrief_can_be_moved_and_it_is_said_anew(
        self, office: Hand, planner: Person
    ) -> None:
        office.run_until(DEBRIEF - 2 * HOUR + MINUTE)
        planner.click("Move the debrief…", channel="app")
        planner.fill("debrief", int((DEBRIEF + timedelta(days=1)).timestamp()))
        planner.submit()
        planner.submit()
        planner.close()
        office.run_until(DEBRIEF + HOUR)
        assert told(office, "The decision on", MANAGER) == []
        office.run_until(DEBRIEF + timedelta(days=1))
        assert len(told(office, "The debrief of")) == 4

    def test_fifteen_minutes_before_the_panel_hears_how_it_goes(self, office: Hand) -> None:
        office.run_until(DEBRIEF - 14 * MINUTE)
        for name in ("Interviewer C", MANAGER):
            message = office.heard(name)[-1]
            assert "the debrief of *C.12" in message.text
            assert message.controls[-1].action["action_id"] == "debrief_open"
        assert told(office, "In 15 minutes") == []

    def test_the_decision_is_asked_for_five_times_at_most(self, office: Hand) -> None:
        office.run_until(DEBRIEF + 2 * HOUR - MINUTE)
        assert told(office, "The decision on", MANAGER) == []
        office.run_until(DEBRIEF + 2 * HOUR + MINUTE)
        (first,) = told(office, "The decision on", MANAGER)
        assert "each working day, 4 more times." in first
        action = office.heard(MANAGER)[-1].controls[0].action
        assert action["action_id"] == "decision_open"
        office.run_until(DEBRIEF + timedelta(days=1))
        assert len(told(office, "The decision on", MANAGER)) == 2
        office.run_until(DEBRIEF + timedelta(days=14))
        every = told(office, "The decision on", MANAGER)
        assert len(every) == 5
        assert "I do not ask again." in every[-1]

    @pytest.mark.parametrize(("outcome", "state"), [("hold", "in_effect"), ("hire", "waiting")])
    def test_what_waits_for_something_else_is_not_asked_for(
        self, office: Hand, outcome: str, state: str
    ) -> None:
        """A day that was chosen, or a bar raiser, comes first."""
        with office.db.begin() as session:
            loop = session.exec(select(Loop)).one()
            loop.revealed_at, loop.reveal_reason = office.now, "The panel cannot wait"
            session.add(
                Decision(
                    id="one", team_id=loop.team_id, loop_id=loop.id, number=1, by="U0MANAGER",
                    outcome=outcome, until=(DEBRIEF + timedelta(days=9)).date(), rationale="Why",
                    cites=[], state=state, decided_at=office.now,
                )
            )  # fmt: skip
        office.run_until(DEBRIEF + timedelta(days=5))
        assert told(office, "The decision on", MANAGER) == []

    def test_a_withdrawn_candidate_is_decided_on_no_more(
        self, office: Hand, planner: Person
    ) -> None:
        office.run_until(DEBRIEF - HOUR)
        planner.slash("/safety-interview loops")
        planner.click("Show", on=planner.last)
        planner.click("Candidate withdraws…")
        planner.submit()
        planner.close()
        office.run_until(DEBRIEF + timedelta(days=3))
        assert told(office, "The decision on", MANAGER) == []
        assert told(office, "In 15 minutes: the debrief", "Interviewer C") == []


class TestTheList:
    def listed(self, person: Person) -> str:
        person.slash("/safety-interview nudges C-101")
        return person.last.text

    def test_it_shows_what_goes_to_whom_and_when(self, planner: Person) -> None:
        text = self.listed(planner)
        for each in (
            "<@U0INTC>: working morning before, Onsite A",
            "<@U0INTC>: right before the interview",
            "<@U0INTC>: asked for the scorecard",
            "<@U0INTC>: first reminder",
            "<@U0COORD>: told who is late (<@U0INTC>)",
        ):
            assert each in text
        assert "✓" in text
        assert "<@U0INTC>: the brief, or what changed" in text
        planner.click("Page 1 of 2: show the next", on=planner.last)
        assert "<@U0MANAGER>: the decision is due" in planner.last.text

    def test_a_plan_made_anew_owes_nothing_twice(self, office: Hand) -> None:
        change_times(office, place="Room 4")
        office.run_until(START + HOUR)
        planned = [
            (each.kind, each.recipient, each.about, each.due_at)
            for each in office.rows(state="waiting")
        ]
        assert len(planned) == len(set(planned))

    def test_hold_and_resume(self, office: Hand, planner: Person) -> None:
        self.listed(planner)
        planner.click("Hold", on=planner.last)  # The morning before.
        assert "Held: <@U0INTC>" in planner.last.text
        office.run_until(MORNING + MINUTE)
        assert len(office.heard("Interviewer C")) == 1
        self.listed(planner)
        planner.click("Resume", on=planner.last)
        office.deliver()
        assert len(office.heard("Interviewer C")) == 2

    def test_skip_stays_so_when_the_plan_is_made_anew(self, office: Hand, planner: Person) -> None:
        self.listed(planner)
        planner.click("Skip", on=planner.last)
        assert "Left out: <@U0INTC>" in planner.last.text
        assert "left out by <@U0COORD>" in planner.last.text
        change_times(office, place="Room 4")
        office.run_until(MORNING + MINUTE)
        assert not any("you interview" in each for each in office.texts("Interviewer C"))

    def test_send_now(self, office: Hand, planner: Person) -> None:
        self.listed(planner)
        planner.click("Send now", on=planner.last)
        assert "Sent to <@U0INTC>." in planner.last.text
        office.deliver()
        assert len(office.heard("Interviewer C")) == 2
        office.run_until(MORNING + MINUTE)
        assert len(office.heard("Interviewer C")) == 2

    def test_from_the_loop_s_window(self, planner: Person) -> None:
        planner.slash("/safety-interview loops")
        planner.click("Show", on=planner.last)
        planner.click("Nudges…")
        planner.click("Hold")
        assert "Held: <@U0INTC>" in shown(planner).text

    def test_from_home(self, planner: Person) -> None:
        planner.open_home()
        home = planner.home
        assert home is not None
        planner.click("Nudges", on=home)
        assert planner.home is not None
        assert "Nudges of C.12" in planner.home.text
        planner.click("Hold", on=planner.home)
        assert "Held: <@U0INTC>" in planner.home.text

    def test_only_who_plans_the_loop_sees_it(self, office: Hand) -> None:
        person = office.person("Interviewer C")
        assert "Only the coordinators and the hiring manager" in self.listed(person)
        person.slash("/safety-interview nudges")
        assert "You plan no active loop" in person.last.text


class TestSettled:
    def test_who_was_replaced_after_being_asked_sees_that_nobody_waits(self, office: Hand) -> None:
        office.run_until(END + MINUTE)
        change_times(office, lead_0="U0INTE")
        office.run_until(END + 10 * MINUTE)
        (question,) = asked(office)
        assert question.startswith("~How was")
        assert "✓ Nobody waits for it any more." in question
        office.run_until(END + timedelta(days=1, hours=2))
        assert len(asked(office)) == 1
        assert len(asked(office, "Interviewer E")) >= 1

    def test_what_a_planner_marks_is_said_by_the_message_too(
        self, office: Hand, planner: Person
    ) -> None:
        office.run_until(END + MINUTE)
        planner.slash("/safety-interview loops")
        planner.click("Show", on=planner.last)
        planner.click("Something else happened…")
        planner.fill("chair", next(
            each.action["selected_option"]["value"] for each in shown(planner).controls
            if each.action["action_id"] == "chair"
        ))  # fmt: skip
        planner.fill("what", "no_show")
        planner.fill("reason", "Nobody joined")
        planner.submit()
        planner.close()
        office.deliver()
        assert "✓ The candidate did not come." in asked(office)[0]

    def test_a_scorecard_before_the_question_leaves_nothing_to_ask(self, office: Hand) -> None:
        """Some write while they interview."""
        office.run_until(STARTS + 30 * MINUTE)
        hand_in(office.person("Interviewer C"))
        office.run_until(DEBRIEF - 20 * MINUTE)
        assert asked(office) == []
