"""Home shows what needs a person now, as things are; their hours are their own."""

import pytest

from playground import Person, Playground
from tests.offices import coordinator, make_opening, plan_loop, shown, wait_for_mail
from tests.test_scorecards import hand_in


def home(person: Person) -> str:
    assert person.home is not None
    return person.home.text


def test_an_empty_home_teaches_what_will_stand_there(office: Playground) -> None:
    person = office.person("Interviewer C")
    person.open_home()
    assert "Nothing waits for you." in home(person)
    assert "Plan a loop" in person.home.labels if person.home else False


def test_each_role_sees_what_concerns_them(office: Playground) -> None:
    make_opening(office)
    plan_loop(office, {"onsite_a": "U0INTC", "onsite_b": "U0INTA"})
    sees = {
        "Interviewer C": ("Your next interviews", "Loops that you plan"),
        "Recruiting coordinator": ("Loops that you plan", "Your next interviews"),
    }
    for name, (there, not_there) in sees.items():
        person = office.person(name)
        person.open_home()
        assert there in home(person)
        assert not_there not in home(person)
    other = office.person("Interviewer D")
    other.open_home()
    assert "C-101" not in home(other)


def test_a_round_without_an_interviewer_needs_its_planner(office: Playground) -> None:
    make_opening(office)
    plan_loop(office, {"onsite_a": "U0INTC", "onsite_b": ""})
    person = coordinator(office)
    person.open_home()
    assert "nobody interviews yet in *Onsite B, system design*" in home(person)


def test_it_changes_without_being_opened_again(office: Playground) -> None:
    make_opening(office)
    plan_loop(office, {"onsite_a": "U0INTC", "onsite_b": "U0INTA"})
    writer, planner = office.person("Interviewer C"), coordinator(office)
    planner.open_home()
    assert "0 of 2 in" in home(planner)
    wait_for_mail(office, writer, 1)
    hand_in(writer)
    office.wait_until(lambda: "1 of 2 in" in home(planner), "Home did not change")


@pytest.mark.usefixtures("usual_hours")
@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("ends", "08:00", "Choose a time after"),
        ("days", [], "Choose at least one day"),
        ("country", "QQ", "I know no holidays of “QQ”"),
    ],
)
def test_hours_that_cannot_be_are_refused_on_their_field(
    office: Playground, field: str, value: object, told: str
) -> None:
    person = office.person("Interviewer C")
    person.slash("/safety-interview hours")
    person.fill(field, value)
    answer = person.submit()
    assert told in answer["errors"][field]


@pytest.mark.usefixtures("usual_hours")
def test_hours_are_kept_and_planners_are_warned_by_them(office: Playground) -> None:
    person = office.person("Interviewer C")
    person.slash("/safety-interview hours")
    assert "Europe/Berlin" in shown(person).text
    person.fill("starts", "13:00")
    person.fill("limit", "1")
    person.submit()
    person.slash("/safety-interview hours")
    assert (shown(person).element("starts") or {})["initial_time"] == "13:00"
    make_opening(office)
    planner = coordinator(office)
    plan_loop(office, {"onsite_a": "U0INTC"})
    planner.click("Change…")
    planner.fill("lead_0", "U0INTC")
    planner.submit()
    assert (
        "works 13:00-18:00; in their time: *Onsite A, adversarial thinking* is 11:00-11:45"
        in shown(planner).text
    )
