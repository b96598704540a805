"""What users of such tools complain about, where no other test holds it.

Elsewhere: asked before it is over, put off and the plan changed, asked although it is done
(test_nudging); another zone than one's own, or read only once, twice, missed in silence, at night
or while not to be disturbed, too much (test_envelopes); away, told again and again, pressed twice,
no way out (test_lateness); an hour off when clocks change (test_nudges, and here).
"""

from datetime import UTC, datetime, timedelta

from bot.content.nudges import NudgePolicy
from tests.hand import by_hand
from tests.offices import begin, coordinator, make_opening, plan_loop, shown
from tests.test_nudging import DUE, END, HOUR, MINUTE, START, asked, told
from tests.test_scorecards import hand_in


def test_the_policy_is_what_is_done(place: str) -> None:
    policy = NudgePolicy(
        due_after=4, reminders=(2,), ready=(), minutes_before=0, morning_before=False,
        decisions_asked=0, final_before=0,
    )  # fmt: skip
    with by_hand(place, START, policy) as hand:
        make_opening(hand.play)
        plan_loop(hand.play, {"onsite_a": "U0INTC"})
        coordinator(hand.play).close()
        hand.run_until(END + timedelta(days=6))
        assert len(hand.texts("Interviewer C")) == 3  # The brief, the question, one reminder.
        (late,) = hand.rows(kind="late", state="sent")
        assert late.due_at == END + 4 * HOUR
        assert hand.texts("Hiring manager") == []


def test_each_interviewer_of_one_interview_is_asked_and_told_of_alone(place: str) -> None:
    with by_hand(place, START) as hand:
        make_opening(hand.play)
        plan_loop(hand.play, {"onsite_a": "U0INTC"}, second={"onsite_a": ("U0INTA", "bar_raiser")})
        coordinator(hand.play).close()
        hand.run_until(END + MINUTE)
        assert len(asked(hand)) == len(asked(hand, "Interviewer A")) == 1
        hand_in(hand.person("Interviewer C"))
        hand.run_until(END + timedelta(days=2))
        assert len(asked(hand)) == 1
        assert len(asked(hand, "Interviewer A")) > 1
        assert len(told(hand, "<@U0INTA> has not handed in")) == 1
        assert told(hand, "<@U0INTC> has not handed in") == []


def test_two_who_are_late_for_one_interview_are_both_told_of(place: str) -> None:
    with by_hand(place, START) as hand:
        make_opening(hand.play)
        plan_loop(hand.play, {"onsite_a": "U0INTC"}, second={"onsite_a": ("U0INTA", "bar_raiser")})
        coordinator(hand.play).close()
        hand.run_until(DUE + timedelta(days=1))
        for person in ("U0INTC", "U0INTA"):
            assert len(told(hand, f"<@{person}> has not handed in")) == 1


def test_nine_o_clock_is_nine_o_clock_after_clocks_have_changed(place: str) -> None:
    """Planned in winter time, for the Tuesday after clocks went forward in Berlin and London."""
    with by_hand(place, datetime(2031, 3, 26, 10, tzinfo=UTC)) as hand:
        make_opening(hand.play)
        planner = coordinator(hand.play)
        begin(planner)
        planner.fill(shown(planner).raw["blocks"][-1]["block_id"], ["onsite_a"])
        planner.submit()
        planner.fill("lead_0", "U0INTC")
        planner.fill("starts_0", int(datetime(2031, 4, 1, 9, tzinfo=UTC).timestamp()))
        planner.submit()
        planner.submit()
        planner.close()
        hand.deliver()
        nine = datetime(2031, 3, 31, 7, tzinfo=UTC)  # 9:00 in Berlin; in winter it was 8:00 UTC.
        hand.restart()
        hand.run_until(nine - MINUTE)
        assert len(hand.texts("Interviewer C")) == 1
        hand.run_until(nine + MINUTE)
        assert len(hand.texts("Interviewer C")) == 2


def test_a_click_that_slack_delivers_twice_counts_once(place: str) -> None:
    with by_hand(place, START) as hand:
        make_opening(hand.play)
        plan_loop(hand.play, {"onsite_a": "U0INTC"})
        coordinator(hand.play).close()
        hand.run_until(END + MINUTE)
        person = hand.person("Interviewer C")
        question = hand.heard("Interviewer C")[-1]
        before = len(hand.rows(state="waiting", recipient="U0INTC"))
        for _ in range(2):
            person.click("In 1 hour", on=question)
        assert len(hand.rows(state="waiting", recipient="U0INTC")) == before
        hand.run_until(END + HOUR + 5 * MINUTE)
        assert len(asked(hand)) == 2
