"""Who may do what (design.md, section 7), tried with payloads that nobody's screen offers."""

from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import select

from bot.records import Interview, Loop, Scorecard, SealedVersion, Seat
from bot.store import Db
from playground import Person, Playground
from tests.offices import coordinator, make_opening, plan_loop, shown, wait_for_mail
from tests.test_scorecards import SAID, hand_in

OUTSIDERS = ["Interviewer D", "Interviewer E"]
REFUSED = ("Only ", "You are not on", "sealed", "is not here")


@pytest.fixture
def office(office: Playground) -> Playground:
    """One in which Interviewer C has handed in, and Interviewer A has not."""
    make_opening(office)
    plan_loop(office, {"onsite_a": "U0INTC", "onsite_c": "U0INTA"})
    person = office.person("Interviewer C")
    wait_for_mail(office, person, 1)
    hand_in(person)
    person.close()
    return office


@pytest.fixture
def db(lasting: tuple[Playground, Db]) -> Db:
    return lasting[1]


def one(db: Db, kind: type[Any], **wanted: Any) -> Any:
    with db.begin() as session:
        query = select(kind).filter_by(**wanted)
        return session.exec(query).first()


def press(play: Playground, person: Person, action_id: str, value: str) -> str:
    """Send what a button would, as `person`. Returns what they are shown then."""
    person.slash("/safety-interview")
    place = person.last.raw
    before = len(person.modals)
    container = {"type": "message", "channel": place["channel"], "ts": place["ts"]}
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
    play.act("action", {"user": person.id, "container": container, "action": action})
    return shown(person).text if len(person.modals) > before else person.last.text


def everything(db: Db) -> str:
    """All that is kept of loops and scorecards, to see that nothing has changed."""
    with db.begin() as session:
        kinds = (Loop, Interview, Seat, Scorecard, SealedVersion)
        return repr([session.exec(select(kind)).all() for kind in kinds])


PLANNING = ["loop_change", "loop_withdraw", "loop_reveal", "loop_happened", "loop_undo"]


@pytest.mark.parametrize("action", PLANNING)
@pytest.mark.parametrize("name", ["Interviewer C", *OUTSIDERS])
def test_only_planners_change_a_loop(office: Playground, db: Db, action: str, name: str) -> None:
    before, loop = everything(db), one(db, Loop)
    told = press(office, office.person(name), action, loop.id)
    assert "Only the coordinators and the hiring manager" in told
    assert everything(db) == before


@pytest.mark.parametrize("name", OUTSIDERS)
def test_only_planners_and_the_panel_open_a_loop(office: Playground, db: Db, name: str) -> None:
    told = press(office, office.person(name), "loop_show", one(db, Loop).id)
    assert "Only the panel of C.12 (C-101) and those who plan it" in told
    assert "U0MANAGER" in told


@pytest.mark.parametrize("action", ["card_open", "brief_cannot", "brief_calendar"])
@pytest.mark.parametrize("name", ["Interviewer A", "Hiring manager", *OUTSIDERS])
def test_nobody_opens_another_s_interview(
    office: Playground, db: Db, action: str, name: str
) -> None:
    theirs = one(db, Interview, round="onsite_a")
    told = press(office, office.person(name), action, theirs.id)
    assert "You are not on that interview's panel" in told


@pytest.mark.parametrize(
    "name", ["Interviewer A", "Hiring manager", "Recruiting coordinator", *OUTSIDERS]
)
def test_a_sealed_scorecard_is_read_by_nobody_else(office: Playground, db: Db, name: str) -> None:
    card = one(db, Scorecard, person="U0INTC")
    told = press(office, office.person(name), "card_read_0", card.id)
    assert "That scorecard is sealed" in told
    assert SAID not in told


def test_after_the_reveal_whoever_still_owes_theirs_waits(office: Playground, db: Db) -> None:
    planner = coordinator(office)
    planner.slash("/safety-interview loops")
    planner.click("Show", on=planner.last)
    planner.click("Open scorecards…")
    planner.fill("reason", "The offer expires today")
    planner.submit()
    planner.close()
    card = one(db, Scorecard, person="U0INTC")
    assert SAID in press(office, office.person("Hiring manager"), "card_read_0", card.id)
    assert "sealed" in press(office, office.person("Interviewer A"), "card_read_0", card.id)
    assert "sealed" in press(office, office.person("Interviewer D"), "card_read_0", card.id)


@pytest.mark.parametrize("action", ["loop_show", "card_open", "card_read_0", "kit_mine"])
def test_what_is_another_team_s_is_not_there(office: Playground, db: Db, action: str) -> None:
    with db.begin() as session:
        for kind in (Loop, Interview, Seat, Scorecard):
            session.connection().execute(update(kind).values(team_id="T0OTHER"))
    kinds = {"loop_show": Loop, "card_read_0": Scorecard}
    id_ = one(db, kinds.get(action, Interview)).id
    told = press(office, office.person("Interviewer C"), action, id_)
    assert any(words in told for words in REFUSED)
    assert SAID not in told


def test_a_window_that_names_another_s_interview_saves_nothing(office: Playground, db: Db) -> None:
    theirs = one(db, Interview, round="onsite_a")
    other = office.person("Interviewer A")
    wait_for_mail(office, other, 1)
    other.click("Scorecard", channel="app")
    before = everything(db)
    own = shown(other).raw["private_metadata"]
    shown(other).raw["private_metadata"] = own.replace(
        one(db, Interview, round="onsite_c").id, theirs.id
    )
    other.fill("card_text", "Written into somebody else's scorecard")
    assert "You are not on that interview's panel" in shown(other).text
    other.close()
    other.submit()
    assert everything(db) == before


def test_a_field_that_no_scorecard_has_is_refused(office: Playground, db: Db) -> None:
    other = office.person("Interviewer A")
    wait_for_mail(office, other, 1)
    other.click("Scorecard", channel="app")
    before = everything(db)
    container = {"type": "view", "view_id": shown(other).raw["id"]}
    action = {
        "type": "plain_text_input",
        "action_id": "card_text",
        "block_id": "seal",
        "value": "x",
    }
    office.act("action", {"user": other.id, "container": container, "action": action, "state": {}})
    assert "older version" in shown(other).text
    assert everything(db) == before


@pytest.mark.parametrize("name", ["Interviewer C", *OUTSIDERS])
def test_a_plan_saved_by_somebody_else_changes_nothing(
    office: Playground, db: Db, name: str
) -> None:
    planner, other = coordinator(office), office.person(name)
    planner.slash("/safety-interview loops")
    planner.click("Show", on=planner.last)
    planner.click("Change…")
    planner.fill("lead_0", "U0INTB")
    planner.submit()
    before, forged = everything(db), shown(planner).raw
    make_opening_of(office, other)
    other.slash("/safety-interview plan")
    shown(other).raw["callback_id"] = "plan_save"
    shown(other).raw["private_metadata"] = forged["private_metadata"]
    other.submit()
    assert "Only the coordinators and the hiring manager" in shown(other).text
    assert everything(db) == before


def make_opening_of(play: Playground, person: Person) -> None:
    """So that they have a form of a plan before them."""
    person.slash("/safety-interview open")
    person.fill("level", "mid")
    person.submit()
    person.close()
    assert play.problems == []


def test_evidence_never_reaches_the_log(
    office: Playground, caplog: pytest.LogCaptureFixture
) -> None:
    other = office.person("Interviewer A")
    wait_for_mail(office, other, 1)
    with caplog.at_level("DEBUG", logger="handlers"):
        hand_in(other)
    assert SAID not in caplog.text
