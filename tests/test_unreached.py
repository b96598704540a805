"""Somebody whom no message reaches: those who plan are told once, and the loop shows it."""

import pytest

from playground import Playground
from playground.faults import Trouble
from tests.offices import (
    MINUTE,
    coordinator,
    mail,
    make_opening,
    plan_loop,
    shown,
    wait_for_mail,
    wait_for_text,
)

GONE = "I cannot reach <@U0INTC>"


def told(office: Playground) -> list[str]:
    return [each.text for each in mail(coordinator(office)) if GONE in each.text]


def line(office: Playground, person: str) -> str:
    """Of this person, in the loop's window."""
    return next(each for each in shown(coordinator(office)).text.split("\n") if person in each)


def loop_window(office: Playground) -> str:
    person = coordinator(office)
    while person.modal is not None:
        person.close()
    person.slash("/safety-interview loops")
    person.click("Show", on=person.last)
    return shown(person).text


@pytest.mark.parametrize(
    ("trouble", "why"),
    [("deactivated", "account is deactivated"), ("dm_closed", "closed to apps")],
)
def test_the_coordinator_is_told_once_and_the_loop_shows_it(
    office: Playground, trouble: Trouble, why: str
) -> None:
    make_opening(office)
    plan_loop(office, {"onsite_a": "U0INTC", "onsite_c": "U0INTA"})
    office.trouble(trouble, "U0INTC")
    office.clock.advance(2 * MINUTE)
    wait_for_text(office, coordinator(office), GONE)
    wait_for_mail(office, office.person("Interviewer A"), 1)
    coordinator(office).click("Candidate withdraws…")
    coordinator(office).submit()
    office.clock.advance(6 * MINUTE)  # Changes within five minutes are told together.
    wait_for_mail(office, office.person("Interviewer A"), 2)  # C was to hear of it, too.
    (said,) = told(office)
    assert why in said
    assert mail(office.person("Interviewer C")) == []
    assert "unreachable" in line(office, "U0INTC")
    assert "unreachable" not in line(office, "U0INTA")


def test_once_they_are_reached_again_the_loop_says_nothing(office: Playground) -> None:
    make_opening(office)
    office.trouble("dm_closed", "U0INTC")
    plan_loop(office, {"onsite_a": "U0INTC"})
    office.clock.advance(2 * MINUTE)
    wait_for_text(office, coordinator(office), GONE)
    office.trouble("dm_closed", "U0INTC")
    plan_loop(office, {"onsite_a": "U0INTC"}, candidate="Candidate 13")
    office.clock.advance(2 * MINUTE)
    wait_for_mail(office, office.person("Interviewer C"), 1)
    office.wait_until(lambda: "unreachable" not in loop_window(office), "it is still shown")
    assert len(told(office)) == 1
