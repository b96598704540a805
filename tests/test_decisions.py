"""The hiring manager decides once; everybody concerned is told; objections stop it; it reopens."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.records import Decision, Loop, Notice
from bot.store import Db
from playground import Person, Playground
from tests.decided import WHY, decide, fill_in, open_loop, options, reveal
from tests.offices import coordinator, mail, make_opening, plan_loop, shown, wait_for_text
from tests.test_access import press
from tests.test_scorecards import hand_in

RAISER = {"onsite_a": ("U0INTB", "bar_raiser")}


@pytest.fixture
def db(lasting: tuple[Playground, Db]) -> Db:
    return lasting[1]


@pytest.fixture
def manager(office: Playground) -> Person:
    """Of a loop whose scorecards are open: one for, one against."""
    reveal(office)
    return office.person("Hiring manager")


@pytest.fixture
def raised(office: Playground) -> Person:
    """The hiring manager of a loop with a bar raiser, who is Interviewer B."""
    reveal(office, second=RAISER)
    return office.person("Hiring manager")


def loop(db: Db) -> Loop:
    with db.begin() as session:
        return session.exec(select(Loop)).one()


def decisions(db: Db) -> list[Decision]:
    with db.begin() as session:
        return list(session.exec(select(Decision).order_by(Decision.number)))  # type: ignore[arg-type]


class TestDeciding:
    def test_it_closes_the_loop_and_everybody_is_thanked(
        self, manager: Person, office: Playground, db: Db
    ) -> None:
        decide(manager)
        assert (
            "Decided: hire at Senior. The panel and the coordinator are told" in shown(manager).text
        )
        assert loop(db).state == "closed"
        assert loop(db).ended_at is not None
        for name in ("Interviewer C", "Interviewer A"):
            wait_for_text(office, office.person(name), "decided *hire at Senior*. Thank you")
        wait_for_text(office, coordinator(office), "Thank you for bringing this panel together")
        heard = [each.text for each in mail(office.person("Interviewer C"))]
        (told,) = [each for each in heard if "decided *hire" in each]
        assert f">{WHY}" in told

    def test_what_people_are_told_holds_nobody_s_scores(
        self, manager: Person, office: Playground
    ) -> None:
        decide(manager)
        person = office.person("Interviewer C")
        wait_for_text(office, person, "decided *hire at Senior*")
        (told,) = [each.text for each in mail(person) if "decided *hire" in each.text]
        assert "U0INTA" not in told
        assert "*No*" not in told

    def test_the_last_look_says_who_will_be_told_what(self, manager: Person, db: Db) -> None:
        open_loop(manager)
        fill_in(manager)
        seen = shown(manager).text
        assert "*Hire at Senior* for *C.12 (C-101)*" in seen
        assert "<@U0INTA>: saw it otherwise" in seen
        assert "The candidate: nothing" in seen
        assert "The loop is closed" in seen
        assert decisions(db) == []

    def test_back_leads_to_the_form_as_it_was_filled_in(self, manager: Person) -> None:
        open_loop(manager)
        fill_in(manager, "other_level", level="mid")
        manager.click("Back")
        assert (shown(manager).element("decision_text") or {})["initial_value"] == WHY
        assert "At which level?" in shown(manager).text

    def test_what_was_typed_is_there_again_after_closing(self, manager: Person) -> None:
        open_loop(manager)
        manager.click("Decide…")
        manager.fill("rationale", "Half a sen")
        manager.close()
        manager.click("Decide…")
        assert (shown(manager).element("decision_text") or {})["initial_value"] == "Half a sen"

    def test_a_rationale_cites_evidence_and_says_so_on_the_field(self, manager: Person) -> None:
        open_loop(manager)
        manager.click("Decide…")
        manager.fill("outcome", "no_hire")
        manager.fill("rationale", "No")
        errors = manager.submit()["errors"]
        assert "at least one question whose evidence" in errors["cites"]
        assert "Say why" in errors["rationale"]

    def test_another_level_is_asked_for(self, manager: Person, db: Db) -> None:
        decide(manager, "other_level", level="mid")
        (made,) = decisions(db)
        assert (made.outcome, made.level) == ("other_level", "mid")
        assert "hire at Mid" in shown(manager).text

    def test_pressing_twice_makes_one_decision_and_a_clear_answer(
        self, manager: Person, db: Db
    ) -> None:
        open_loop(manager)
        fill_in(manager)
        form = dict(shown(manager).raw)
        manager.submit()
        assert loop(db).state == "closed"
        for name in ("callback_id", "private_metadata", "blocks", "submit"):
            shown(manager).raw[name] = form[name]
        manager.submit()
        assert "This has been decided already: hire at Senior" in shown(manager).text
        assert len(decisions(db)) == 1

    def test_before_the_reveal_it_says_what_to_do(self, office: Playground, db: Db) -> None:
        make_opening(office)
        plan_loop(office, {"onsite_a": "U0INTC", "onsite_c": "U0INTA"})
        told = pressed(office, office.person("Hiring manager"), "decision_open", loop(db).id)
        assert "0 of 2 scorecards are in" in told
        assert "Open scorecards…" in told

    def test_a_manager_on_the_panel_hands_in_first(self, office: Playground, db: Db) -> None:
        make_opening(office)
        plan_loop(office, {"onsite_a": "U0INTC", "onsite_c": "U0MANAGER"})
        person = office.person("Interviewer C")
        wait_for_text(office, person, "C.12")
        hand_in(person)
        planner = coordinator(office)
        open_loop(planner)
        planner.click("Open scorecards…")
        planner.fill("reason", "The offer expires today")
        planner.submit()
        told = pressed(office, office.person("Hiring manager"), "decision_open", loop(db).id)
        assert "Your own scorecard is not in yet" in told

    def test_nudges_stop(self, office: Playground, db: Db) -> None:
        make_opening(office)
        plan_loop(office, {"onsite_a": "U0INTC", "onsite_c": "U0INTA"})
        person, planner = office.person("Interviewer C"), coordinator(office)
        wait_for_text(office, person, "C.12")
        hand_in(person)
        open_loop(planner)
        planner.click("Open scorecards…")
        planner.fill("reason", "The offer expires today")
        planner.submit()
        decide(office.person("Hiring manager"))
        late = office.person("Interviewer A")
        wait_for_text(office, late, "Thank you")
        due_now(office, db, "nudge")
        office.wait_until(lambda: not asked_for(db, late.id), "nudges are still to come")
        assert not any("How was" in each.text for each in mail(late))


def due_now(office: Playground, db: Db, kind: str) -> None:
    """As if its time had come: the clock of all tests is one, and only moves forward."""
    with db.begin() as session:
        for each in session.exec(select(Notice).where(Notice.state == "pending")):
            if each.kind.startswith(kind):
                each.due_at = office.clock.now()
    office.clock.advance(timedelta(seconds=1))


def waiting(db: Db, kind: str) -> int:
    with db.begin() as session:
        wanted = select(Notice).where(Notice.kind == kind, Notice.state == "pending")
        return len(session.exec(wanted).all())


def asked_for(db: Db, person: str) -> list[str]:
    with db.begin() as session:
        wanted = select(Notice.kind).where(Notice.recipient == person, Notice.state == "pending")
        return [each for each in session.exec(wanted) if each.startswith("nudge")]


def pressed(office: Playground, person: Person, action_id: str, value: str) -> str:
    """What somebody is shown who sends what no button of theirs offers."""
    return press(office, person, action_id, value)


class TestHoldAndAnother:
    def test_a_hold_keeps_the_loop_open_and_asks_again_on_the_day(
        self, manager: Person, office: Playground, db: Db
    ) -> None:
        day = (office.clock.now() + timedelta(days=20)).date()
        decide(manager, "hold", until=str(day))
        assert loop(db).state == "active"
        wait_for_text(office, office.person("Interviewer C"), "decided *on hold until")
        manager.close()
        office.clock.advance(timedelta(days=21))
        wait_for_text(office, manager, "was on hold until today")
        manager.click("Decide…", channel="app")
        assert "What do you decide?" in shown(manager).text

    def test_a_hold_needs_a_day_that_is_to_come(self, manager: Person, office: Playground) -> None:
        open_loop(manager)
        manager.click("Decide…")
        manager.fill("outcome", "hold")
        manager.fill("until", str(office.clock.now().date()))
        manager.fill("rationale", WHY)
        assert "a day after today" in manager.submit()["errors"]["until"]

    def test_another_interview_leads_to_its_planning(self, manager: Person, db: Db) -> None:
        open_loop(manager)
        manager.click("Decide…")
        manager.fill("outcome", "another_interview")
        manager.fill("round", options(manager, "round")[-1])
        manager.fill("cites", options(manager, "cites")[:1])
        manager.fill("rationale", WHY)
        manager.submit()
        manager.submit()
        assert "Decided: another interview. Choose who and when" in shown(manager).text
        assert sum("Interviewer" in each for each in shown(manager).text.splitlines()) >= 3
        assert loop(db).state == "active"
        manager.fill("lead_2", "U0INTE")
        manager.submit()
        manager.submit()
        assert "Saved." in shown(manager).text


class TestBarRaiser:
    def test_it_waits_for_the_bar_raiser_and_takes_effect_when_they_concur(
        self, raised: Person, office: Playground, db: Db
    ) -> None:
        decide(raised)
        assert "The bar raiser is asked now" in shown(raised).text
        assert loop(db).state == "active"
        other = office.person("Interviewer B")
        wait_for_text(office, other, "Do you concur?")
        other.click("Concur", channel="app")
        assert "You concur. Thank you." in mail(other)[-1].text
        assert loop(db).state == "closed"
        wait_for_text(office, office.person("Interviewer C"), "Thank you for the time")

    def test_an_objection_stops_it_until_it_is_answered(
        self, raised: Person, office: Playground, db: Db
    ) -> None:
        decide(raised)
        raised.close()
        other = office.person("Interviewer B")
        wait_for_text(office, other, "Do you concur?")
        other.click("Object…", channel="app")
        other.fill("reason", "Nobody asked how they would contain it.")
        other.submit()
        wait_for_text(office, raised, "objects to your decision")
        office.clock.advance(timedelta(days=7))
        assert loop(db).state == "active"
        assert decisions(db)[0].state == "objected"
        raised.click("Answer the objection…", channel="app")
        assert ">Nobody asked how they would contain it." in shown(raised).text
        raised.fill("what", "stand")
        raised.fill("reason", "Interviewer A did, in the third question.")
        raised.submit()
        assert loop(db).state == "closed"
        wait_for_text(office, other, "has answered your objection")
        assert "Interviewer A did, in the third question." in shown(raised).text

    def test_a_withdrawn_decision_is_decided_anew(
        self, raised: Person, office: Playground, db: Db
    ) -> None:
        decide(raised)
        raised.close()
        other = office.person("Interviewer B")
        wait_for_text(office, other, "Do you concur?")
        other.click("Object…", channel="app")
        other.fill("reason", "Nobody asked how they would contain it.")
        other.submit()
        wait_for_text(office, raised, "objects to your decision")
        raised.click("Answer the objection…", channel="app")
        raised.fill("what", "withdraw")
        raised.fill("reason", "You are right about that.")
        raised.submit()
        assert "Withdrawn. Decide anew" in shown(raised).text
        raised.close()
        decide(raised, "no_hire")
        assert [each.state for each in decisions(db)] == ["reopened", "waiting"]

    def test_without_a_word_it_takes_effect_after_a_working_day(
        self, raised: Person, office: Playground, db: Db
    ) -> None:
        decide(raised)
        raised.close()
        office.clock.advance(timedelta(days=6))
        office.wait_until(lambda: loop(db).state == "closed", "it never took effect")

    def test_who_is_no_bar_raiser_cannot_object(
        self, manager: Person, office: Playground, db: Db
    ) -> None:
        decide(manager)
        other = office.person("Interviewer A")
        wait_for_text(office, other, "Your view was otherwise")
        value = f"{loop(db).id}|{decisions(db)[0].id}"
        assert "Only a bar raiser can object" in pressed(office, other, "stance_object", value)


class TestDissent:
    def test_who_saw_it_otherwise_may_say_so_by_name(
        self, manager: Person, office: Playground
    ) -> None:
        decide(manager)
        other = office.person("Interviewer A")
        wait_for_text(office, other, "Your view was otherwise (“No”)")
        other.click("Record my dissent…", channel="app")
        other.fill("reason", "They never named a number.")
        other.submit()
        assert "Your dissent is recorded with your name" in shown(other).text
        wait_for_text(office, manager, "your decision *hire at Senior* is in effect")
        open_loop_from_mail(manager)
        assert "<@U0INTA> dissents.\n>They never named a number." in shown(manager).text

    def test_who_agrees_is_not_asked(self, manager: Person, office: Playground) -> None:
        decide(manager)
        person = office.person("Interviewer C")
        wait_for_text(office, person, "Thank you for the time")
        assert not any("otherwise" in each.text for each in mail(person))

    def test_who_was_not_asked_cannot_answer(
        self, manager: Person, office: Playground, db: Db
    ) -> None:
        decide(manager)
        value = f"{loop(db).id}|{decisions(db)[0].id}"
        told = pressed(office, office.person("Interviewer C"), "stance_concur", value)
        assert "Only those who were asked" in told


def open_loop_from_mail(person: Person) -> None:
    while person.modal is not None:
        person.close()
    person.click("Show", channel="app")


class TestReopening:
    def test_it_needs_a_reason_and_keeps_the_history(
        self, manager: Person, office: Playground, db: Db
    ) -> None:
        decide(manager)
        planner = coordinator(office)
        wait_for_text(office, planner, "Thank you for bringing")
        planner.click("Show", channel="app")
        planner.click("Reopen…")
        planner.fill("reason", "No")
        assert "Say why" in planner.submit()["errors"]["reason"]
        planner.fill("reason", "A reference came in late.")
        planner.submit()
        assert "~Decided: hire at Senior~" in shown(planner).text
        assert loop(db).state == "active"
        assert loop(db).ended_at is None
        wait_for_text(office, office.person("Interviewer C"), "was reopened by <@U0COORD>")
        decide(manager, "no_hire")
        assert [each.outcome for each in decisions(db)] == ["hire", "no_hire"]
        assert loop(db).state == "closed"

    def test_a_reopened_candidate_is_not_erased(
        self, manager: Person, office: Playground, db: Db
    ) -> None:
        decide(manager)
        manager.click("Reopen…")
        manager.fill("reason", "A reference came in late.")
        manager.submit()
        due_now(office, db, "retain")
        office.wait_until(lambda: not waiting(db, "retain"), "nobody looked whether it is time")
        assert loop(db).candidate == "Candidate 12"


class TestHome:
    def test_before_the_debrief_nobody_is_asked_to_decide(self, manager: Person) -> None:
        manager.open_home()
        assert manager.home is not None
        assert "the decision is yours" not in manager.home.text

    def test_it_asks_for_the_decision_and_shows_it_afterwards(
        self, manager: Person, office: Playground, db: Db
    ) -> None:
        with db.begin() as session:
            session.exec(select(Loop)).one().debrief_at = office.clock.now()
        manager.open_home()
        home = manager.home
        assert home is not None
        assert "the scorecards are open; the decision is yours" in home.text
        manager.click("Decide…", on=home)
        assert "What do you decide?" in shown(manager).text
        manager.close()
        decide(manager)
        manager.open_home()
        home = manager.home
        assert home is not None
        assert "Decided lately" in home.text
        assert "the decision is yours" not in home.text

    def test_it_says_that_an_objection_waits(self, raised: Person, office: Playground) -> None:
        decide(raised)
        other = office.person("Interviewer B")
        other.open_home()
        assert other.home is not None
        assert "Do you concur?" in other.home.text
        wait_for_text(office, other, "Do you concur?")
        other.click("Object…", channel="app")
        other.fill("reason", "Nobody asked how they would contain it.")
        other.submit()
        raised.open_home()
        assert raised.home is not None
        assert "a bar raiser objects to your decision" in raised.home.text
