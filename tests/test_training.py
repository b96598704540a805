"""From shadowing to leading."""

from datetime import timedelta

import pytest

from bot import training
from bot.content.scorecard import Training
from bot.scorecards import Answers
from playground import Person, Playground
from tests.offices import (
    coordinator,
    mail,
    make_opening,
    plan_loop,
    shown,
    wait_for_mail,
    wait_for_text,
)
from tests.test_scorecards import hand_in

DAY = timedelta(days=1)


def answers(*scores: str) -> Answers:
    return {"questions": [{"id": str(at), "score": score} for at, score in enumerate(scores)]}


def test_only_what_both_assessed_is_compared() -> None:
    assert training.distances([(answers("4", "na", "1"), answers("2", "3", "1"))]) == [2, 0]


@pytest.mark.parametrize(
    ("pairs", "ready"),
    [
        ([(answers("3", "3"), answers("4", "2"))] * 3, True),
        ([(answers("3", "3"), answers("4", "2"))] * 2, False),  # Too few.
        ([(answers("4", "4"), answers("2", "2"))] * 3, False),  # Too far.
        ([(answers("na"), answers("2"))] * 3, False),  # Nothing to compare.
        ([(answers("3", "3", "3", "3", "4"), answers("3", "3", "3", "3", "1"))] * 3, True),
    ],
)
def test_ready_is_enough_interviews_and_near_enough(
    pairs: list[training.Pair], ready: bool
) -> None:
    assert training.is_ready(Training(), pairs) is ready


def shadowed(office: Playground, number: int) -> None:
    """A loop in which Interviewer D shadows Interviewer C, and both hand in the same."""
    plan_loop(
        office, {"onsite_a": "U0INTC"}, candidate=f"Candidate {number}",
        second={"onsite_a": ("U0INTD", "shadow")},
    )  # fmt: skip
    coordinator(office).close()
    for name in ("Interviewer D", "Interviewer C"):
        person: Person = office.person(name)
        wait_for_text(office, person, f"C-{100 + number}")
        hand_in(person)
        person.close()


def test_the_coordinator_is_asked_and_their_word_counts(office: Playground) -> None:
    make_opening(office)
    planner = coordinator(office)
    for number in (1, 2, 3):
        before = len(mail(planner))
        shadowed(office, number)
        wait_for_mail(office, planner, before + 1)
        office.clock.advance(DAY)  # Nobody hears more than so much in one, or of all in time.
    office.wait_until(
        lambda: "ready to lead?" in "".join(m.text for m in mail(planner)), "not asked"
    )
    planner.click("Ready", channel="app")
    assert "can lead from now on" in planner.messages("app")[-1].text
    plan_loop(office, {"onsite_a": "U0INTD"}, candidate="Candidate 9")
    planner.click("Change…")
    planner.fill("lead_0", "U0INTD")
    planner.submit()
    assert "in training" not in shown(planner).text
