"""A coordinator plans a loop, is warned, saves, changes and undoes; the panel is told."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.records import Loop, PersonSettings
from bot.store import Db
from playground import Person, Playground
from tests.offices import (
    CHANGES,
    MINUTE,
    begin,
    coordinator,
    mail,
    make_opening,
    plan_loop,
    shown,
    wait_for_mail,
)
from tests.rows import fill


@pytest.fixture
def office(office: Playground) -> Playground:
    """One with an opening."""
    make_opening(office)
    return office


@pytest.fixture
def planner(office: Playground) -> Person:
    return coordinator(office)


def test_a_loop_is_planned_and_the_panel_is_briefed(office: Playground) -> None:
    window = plan_loop(office, {"onsite_a": "U0INTC", "onsite_b": "U0INTA"})
    assert "Saved. Everybody concerned is told now." in window.text
    assert "0 of 2 scorecards in" in window.text
    (brief,) = wait_for_mail(office, office.person("Interviewer C"), 1)
    assert "You interview *C.12 (C-101)*" in brief.text
    assert "adversarial thinking" in brief.text
    assert brief.labels == ["Kit", "Add to calendar", "Scorecard", "Can't make it…"]
    assert mail(office.person("Interviewer B")) == []


@pytest.mark.usefixtures("usual_hours")
def test_the_last_look_warns_in_everybody_s_own_time(planner: Person) -> None:
    begin(planner, "Candidate 12")
    planner.submit()
    planner.fill("lead_0", "U0INTB")
    planner.submit()
    text = shown(planner).text
    assert "for them (Los Angeles)" in text
    assert "*<@U0INTB>*\n•  works 09:00-18:00; in their time: *Onsite A" in text
    assert "*The loop*\n•  *Onsite B*, " in text
    assert "*Incident response*" in text
    assert "a 3 is expected there" in text
    assert shown(planner).raw["submit"]["text"] == "Save anyway"


def test_going_back_keeps_what_was_typed(planner: Person) -> None:
    begin(planner, "Candidate 12")
    planner.submit()
    planner.fill("lead_1", "U0INTC")
    planner.fill("place", "Room 4")
    planner.submit()
    planner.click("Back")
    planner.submit()
    assert "<@U0INTC>" in shown(planner).text
    assert "Room 4" in shown(planner).text


def test_the_same_person_twice_at_one_time_is_warned_of(
    planner: Person, office: Playground
) -> None:
    plan_loop(office, {"onsite_a": "U0INTC"})
    planner.close()
    begin(planner, "Candidate 13")
    planner.submit()
    planner.fill("lead_0", "U0INTC")
    planner.submit()
    assert "interviews C-101 at the time of *Onsite A" in shown(planner).text


def test_somebody_who_may_not_see_the_questions_cannot_be_chosen(planner: Person) -> None:
    begin(planner, "Candidate 12")
    planner.submit()
    planner.fill("lead_0", "U0GUEST")
    planner.submit()
    assert "<@U0GUEST> cannot see interview material" in shown(planner).text
    assert shown(planner).raw["callback_id"] == "plan_sessions"


def test_a_change_is_told_after_five_minutes_and_in_the_same_thread(
    planner: Person, office: Playground
) -> None:
    plan_loop(office, {"onsite_a": "U0INTC", "onsite_b": "U0INTA"})
    first, second = office.person("Interviewer C"), office.person("Interviewer D")
    (brief,) = wait_for_mail(office, first, 1)
    planner.click("Change…")
    planner.fill("lead_0", second.id)
    planner.submit()
    assert f"<@{first.id}>: no longer needed for *Onsite A" in shown(planner).text
    assert f"<@{second.id}>: the brief for *Onsite A" in shown(planner).text
    planner.submit()
    assert "Undo" in shown(planner).labels
    assert len(mail(first)) == 1
    office.clock.advance(CHANGES)
    last = wait_for_mail(office, first, 2)[-1]
    assert "You are no longer needed" in last.text
    assert last.raw["thread_ts"] == brief.raw["ts"]
    wait_for_mail(office, second, 1)


def test_an_undone_change_tells_nobody(planner: Person, office: Playground) -> None:
    plan_loop(office, {"onsite_a": "U0INTC"})
    first, second = office.person("Interviewer C"), office.person("Interviewer D")
    wait_for_mail(office, first, 1)
    planner.click("Change…")
    planner.fill("lead_0", second.id)
    planner.submit()
    planner.submit()
    planner.click("Undo")
    assert "Undone." in shown(planner).text
    assert f"<@{first.id}>" in shown(planner).text
    office.clock.advance(2 * MINUTE)
    planner.click("Change…")
    planner.fill("place", "Room 4")
    planner.submit()
    planner.submit()
    office.clock.advance(CHANGES)
    assert "The debrief of" in wait_for_mail(office, first, 2)[-1].text
    assert len(mail(first)) == 2
    assert mail(second) == []


def test_a_withdrawal_cancels_what_is_ahead_and_says_why(
    planner: Person, office: Playground
) -> None:
    plan_loop(office, {"onsite_a": "U0INTC"})
    first = office.person("Interviewer C")
    wait_for_mail(office, first, 1)
    planner.click("Candidate withdraws…")
    assert "Told in a few minutes, unless you undo it: <@U0INTC>." in shown(planner).text
    planner.submit()
    assert "*Withdrawn*" in shown(planner).text
    office.clock.advance(CHANGES)
    assert "The candidate withdrew." in wait_for_mail(office, first, 2)[-1].text


def test_two_coordinators_do_not_overwrite_each_other(planner: Person, office: Playground) -> None:
    plan_loop(office, {"onsite_a": "U0INTC"})
    other = office.person("Hiring manager")
    other.slash("/safety-interview loops")
    other.click("Show")
    for person in (planner, other):
        person.click("Change…")
        person.fill("lead_0", "U0INTD")
    planner.submit()
    planner.submit()
    other.submit()
    assert "That loop has changed meanwhile" in shown(other).text


def test_choices_in_quick_succession_are_no_error(planner: Person, office: Playground) -> None:
    begin(planner)
    planner.submit()
    where = {"type": "view", "view_id": shown(planner).raw["id"]}

    def choose(at: int) -> bool:
        chosen = {"type": "users_select", "action_id": "lead", "block_id": f"lead_{at % 5}"}
        action = {**chosen, "selected_user": "U0INTC"}
        asked = {"user": planner.id, "container": where, "action": action}
        return bool(office.act("action", {**asked, "state": planner._state(shown(planner))})["ok"])

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(choose, range(20)))
    assert len(planner.modals) == 1


def test_a_candidate_who_is_active_already_is_warned_of(
    planner: Person, office: Playground
) -> None:
    plan_loop(office, {"onsite_a": "U0INTC"})
    planner.close()
    begin(planner, "candidate 12")
    planner.submit()
    planner.submit()
    assert "C.12 (C-101) has the same name and is already active" in shown(planner).text


def test_nothing_new_is_planned_for_a_closed_opening(planner: Person, office: Playground) -> None:
    begin(planner)
    planner.submit()
    planner.submit()
    manager = office.person("Hiring manager")
    manager.slash("/safety-interview openings")
    manager.click("Show")
    manager.click("Close the opening")
    planner.submit()
    assert "is closed. Open it again before planning for it." in shown(planner).text


def test_five_hundred_loops_are_paged(
    office: Playground, lasting: tuple[Playground, Db], planner: Person
) -> None:
    with lasting[1].begin() as session:
        fill(session, 5000, team_id="T0PLAY", planner=planner.id)
    planner.slash("/safety-interview loops")
    assert "Page 1 of 50" in planner.last.labels
    planner.click("Next page")
    planner.click("Next page")
    assert "Page 3 of 50" in planner.last.labels
    planner.click("Earlier page")
    assert "Page 2 of 50" in planner.last.labels
    assert office.problems == []


def test_a_page_that_is_there_no_more_shows_the_last_one(
    office: Playground, lasting: tuple[Playground, Db], planner: Person
) -> None:
    assert office.problems == []
    with lasting[1].begin() as session:
        fill(session, 110, team_id="T0PLAY", planner=planner.id)
    planner.slash("/safety-interview loops")
    planner.click("Next page")
    with lasting[1].begin() as session:
        ended = session.get_one(Loop, "loop0")
        ended.state = "closed"
        session.add(ended)
    planner.click("Page 2 of 2")
    assert "No active loop here" not in planner.last.text
    assert planner.last.labels.count("Show") == 10


def test_the_list_shows_each_panel_at_a_glance_to_those_concerned(
    office: Playground,
) -> None:
    plan_loop(office, {"onsite_a": "U0INTC"})
    for name, sees in (("Hiring manager", True), ("Interviewer C", True), ("Interviewer D", False)):
        person = office.person(name)
        person.slash("/safety-interview loops")
        assert ("C.12 (C-101)" in person.last.text) is sees


def test_an_interviewer_reads_their_kit_and_nobody_else_s(
    office: Playground,
) -> None:
    plan_loop(office, {"onsite_a": "U0INTC", "onsite_c": "U0INTA"})
    person = office.person("Interviewer C")
    (brief,) = wait_for_mail(office, person, 1)
    person.click("Kit", channel="app")
    text = shown(person).text
    assert "How would you try to make our AI system produce harmful output?" in text
    assert "Others ask about the rest: *Onsite C, incident response* (incident response)" in text
    assert "$" not in text
    other = office.person("Interviewer D")
    other.slash("/safety-interview")
    value = brief.control("Kit").action["value"]
    action = {"type": "button", "action_id": "kit_mine", "block_id": "b", "value": value}
    where = {"type": "message", "channel": other.last.raw["channel"], "ts": other.last.raw["ts"]}
    office.act("action", {"user": other.id, "container": where, "action": action})
    assert "You are not on that interview's panel" in other.last.text


def test_the_calendar_entry_comes_as_a_file(office: Playground) -> None:
    plan_loop(office, {"onsite_a": "U0INTC"})
    person = office.person("Interviewer C")
    wait_for_mail(office, person, 1)
    person.click("Add to calendar", channel="app")
    (sent,) = [
        each.raw["files"] for each in wait_for_mail(office, person, 2) if "files" in each.raw
    ]
    content = office.workspace.files[sent[0]["id"]]["bytes"]
    assert b"BEGIN:VEVENT" in content
    assert b"SUMMARY:Onsite A\\, adversarial thinking: C.12 (C-101)" in content


def test_who_cannot_come_says_why_and_the_coordinator_replaces_them(
    planner: Person, office: Playground
) -> None:
    plan_loop(office, {"onsite_b": "U0INTE"}, candidate="Candidate 1")
    planner.close()
    plan_loop(office, {"onsite_a": "U0INTC"})
    planner.close()
    person = office.person("Interviewer C")
    wait_for_mail(office, person, 1)
    person.click("Can't make it…", channel="app")
    person.fill("reason", "On call that week")
    person.submit()
    assert "I told the coordinator" in shown(person).text
    asked = wait_for_mail(office, planner, 1)[-1]
    assert "<@U0INTC> can't make *Onsite A" in asked.text
    assert "“On call that week”" in asked.text
    assert "I know nobody trained who is free then" in asked.text  # The other is busy then.


def test_whom_the_hour_suits_is_proposed_before_others(
    planner: Person, office: Playground, lasting: tuple[Playground, Db]
) -> None:
    with lasting[1].begin() as session:
        session.delete(session.get_one(PersonSettings, ("T0PLAY", "U0INTE")))  # The usual hours.
    leads = {"onsite_a": "U0INTB", "onsite_c": "U0INTC", "onsite_d": "U0INTE"}
    plan_loop(office, leads, candidate="Candidate 1")
    planner.close()
    plan_loop(office, {"onsite_b": "U0INTA"})
    planner.close()
    person = office.person("Interviewer A")
    wait_for_mail(office, person, 1)
    person.click("Can't make it…", channel="app")
    person.fill("reason", "On call that week")
    person.submit()
    asked = wait_for_mail(office, planner, 1)[-1]
    assert "under their limit: <@U0INTC>." in asked.text  # Adelaide sleeps then; Berlin does not.


def test_who_is_free_and_trained_takes_over_with_one_press(
    planner: Person, office: Playground
) -> None:
    plan_loop(office, {"onsite_a": "U0INTB", "onsite_b": "U0INTE"}, candidate="Candidate 1")
    planner.close()
    plan_loop(office, {"onsite_a": "U0INTC"})
    planner.close()
    person, other = office.person("Interviewer C"), office.person("Interviewer E")
    wait_for_mail(office, person, 1)
    person.click("Can't make it…", channel="app")
    person.fill("reason", "On call that week")
    person.submit()
    asked = wait_for_mail(office, planner, 1)[-1]
    assert "Free then, trained, and under their limit: <@U0INTE>." in asked.text
    planner.click("Ask them", channel="app")
    assert f"<@{other.id}> does it instead of <@{person.id}>" in planner.messages("app")[-1].text
    office.clock.advance(CHANGES)
    assert "You are no longer needed" in wait_for_mail(office, person, 2)[-1].text
    wait_for_mail(office, other, 2)
