"""A plan that is being filled in is kept until it is saved."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.records import UnfinishedPlan
from bot.store import Db
from playground import Person, Playground
from tests.offices import begin, coordinator, make_opening, plan_loop, shown, wait_for_mail


@pytest.fixture
def office(office: Playground) -> Playground:
    make_opening(office)
    return office


@pytest.fixture
def planner(office: Playground) -> Person:
    return coordinator(office)


def kept(db: Db) -> int:
    with db.begin() as session:
        return len(session.exec(select(UnfinishedPlan)).all())


def fill_in(planner: Person) -> None:
    begin(planner, "Candidate 12")
    planner.submit()
    planner.fill("lead_1", "U0INTC")
    planner.click("Add a shadow or bar raiser")
    planner.fill("other_0", "U0INTD")
    planner.fill("starts_1", 1930899600)
    planner.fill("place", "Room 4")


def test_what_was_filled_in_is_there_after_the_form_was_closed(planner: Person) -> None:
    fill_in(planner)
    planner.close()
    planner.slash("/safety-interview plan")
    assert "*Candidate 12* · AI Safety Engineer" in shown(planner).text
    planner.click("Continue")
    fields = {block["block_id"]: block.get("element", {}) for block in shown(planner).blocks}
    assert fields["lead_1"]["initial_user"] == "U0INTC"
    assert fields["other_0"]["initial_user"] == "U0INTD"
    assert fields["starts_1"]["initial_date_time"] == 1930899600
    assert fields["place"]["initial_value"] == "Room 4"
    assert "As you left it" in shown(planner).text


def test_it_is_offered_on_home_and_only_to_who_began_it(
    office: Playground, planner: Person
) -> None:
    fill_in(planner)
    planner.close()
    manager = office.person("Hiring manager")
    for person, sees in ((planner, True), (manager, False)):
        person.open_home()
        assert person.home is not None
        assert ("Candidate 12" in person.home.text) is sees
    planner.click("Continue", on=planner.home)
    assert "As you left it" in shown(planner).text
    assert "All areas covered" not in shown(planner).text


def test_a_saved_plan_is_not_offered_any_more(
    planner: Person, lasting: tuple[Playground, Db]
) -> None:
    fill_in(planner)
    planner.submit()
    planner.submit()
    planner.close()
    planner.slash("/safety-interview plan")
    assert "Candidate 12" not in shown(planner).text
    assert kept(lasting[1]) == 0


def test_a_plan_can_be_discarded(planner: Person, lasting: tuple[Playground, Db]) -> None:
    fill_in(planner)
    planner.close()
    planner.slash("/safety-interview plan")
    planner.click("Discard")
    assert "Candidate 12" not in shown(planner).text
    assert kept(lasting[1]) == 0


def test_only_the_newest_five_are_kept(planner: Person, lasting: tuple[Playground, Db]) -> None:
    for number in range(7):
        begin(planner, f"Candidate {number}")
        planner.submit()
        planner.close()
    planner.slash("/safety-interview plan")
    assert kept(lasting[1]) == 5
    assert "Candidate 6" in shown(planner).text
    assert "Candidate 1*" not in shown(planner).text


def test_a_change_that_was_begun_is_there_again(planner: Person) -> None:
    plan_loop_and_begin_a_change(planner)
    planner.click("Change…")
    assert "A change that you began" in shown(planner).text
    assert "<@U0INTD>" in shown(planner).text
    planner.click("Start anew")
    assert "The loop as it is." in shown(planner).text
    assert "<@U0INTD>" not in shown(planner).text


def plan_loop_and_begin_a_change(planner: Person) -> None:
    begin(planner, "Candidate 12")
    planner.submit()
    planner.fill("lead_0", "U0INTC")
    planner.submit()
    planner.submit()
    planner.click("Change…")
    planner.fill("lead_0", "U0INTD")
    planner.close()


def test_a_change_of_a_loop_that_changed_meanwhile_starts_from_how_it_is(
    planner: Person, office: Playground
) -> None:
    plan_loop_and_begin_a_change(planner)
    other = office.person("Hiring manager")
    other.slash("/safety-interview loops")
    other.click("Show")
    other.click("Change…")
    other.fill("lead_0", "U0INTE")
    other.submit()
    other.submit()
    planner.click("Change…")
    assert "The loop has changed since you began" in shown(planner).text
    assert "<@U0INTE>" in shown(planner).text


def test_somebody_else_s_plan_cannot_be_opened(
    planner: Person, office: Playground, lasting: tuple[Playground, Db]
) -> None:
    fill_in(planner)
    planner.close()
    with lasting[1].begin() as session:
        id_ = session.exec(select(UnfinishedPlan)).one().id
    other = office.person("Hiring manager")
    other.slash("/safety-interview plan")
    where = {"type": "view", "view_id": shown(other).raw["id"]}
    for name in ("plan_continue", "plan_discard"):
        action = {"type": "button", "action_id": name, "block_id": "b", "value": id_}
        office.act("action", {"user": other.id, "container": where, "action": action})
        assert "Candidate 12" not in shown(other).text
    assert kept(lasting[1]) == 1


def test_it_is_erased_with_the_candidate(
    planner: Person, office: Playground, lasting: tuple[Playground, Db]
) -> None:
    plan_loop(office, {"onsite_a": "U0INTC"})
    wait_for_mail(office, office.person("Interviewer C"), 1)
    window = shown(planner)
    planner.close()
    begin(planner, "candidate 12")
    planner.submit()
    planner.close()
    planner.slash("/safety-interview loops")
    planner.click("Show")
    planner.click("Erase…")
    planner.fill("sure", "ERASE")
    planner.submit()
    assert window.text
    assert kept(lasting[1]) == 0


def test_it_is_erased_after_two_weeks(
    planner: Person, office: Playground, lasting: tuple[Playground, Db]
) -> None:
    fill_in(planner)
    planner.close()
    office.clock.advance(timedelta(days=10))
    assert kept(lasting[1]) == 1
    office.clock.advance(timedelta(days=5))
    office.wait_until(lambda: kept(lasting[1]) == 0, "the plan was not erased")
