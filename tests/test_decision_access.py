"""Who may vote, decide, object and take along (design.md, section 7), with forged payloads."""

from typing import Any

import pytest
from sqlmodel import select

from bot.records import (
    Decision,
    Interview,
    Loop,
    Notice,
    RecordedView,
    Scorecard,
    SealedVersion,
    Stance,
    Writing,
)
from bot.store import Db
from playground import Person, Playground
from tests.decided import WHY, decide, reveal
from tests.offices import shown
from tests.test_access import one, press
from tests.test_scorecards import SAID

COORDINATOR, MANAGER = "Recruiting coordinator", "Hiring manager"
PANEL = ["Interviewer C", "Interviewer A", "Interviewer B"]  # B is the bar raiser, A said no.
ELSE = ["Interviewer D", "Guest", "Slack Connect partner"]
EVERYBODY = [COORDINATOR, MANAGER, *PANEL, *ELSE]
RAISER = {"onsite_a": ("U0INTB", "bar_raiser")}
REFUSED = (
    "Only ", "cannot see interview material", "sealed", "are those of the panel",
    "are for the panel", "As the bar raiser you object", "from another company",
)  # fmt: skip


@pytest.fixture
def office(office: Playground) -> Playground:
    """One with a loop whose scorecards are open: two interviewers and a bar raiser."""
    reveal(office, second=RAISER)
    return office


@pytest.fixture
def db(lasting: tuple[Playground, Db]) -> Db:
    return lasting[1]


TOLD = {
    "answered", "audit", "decided", "effect", "held", "objection", "record", "record_md",
    "reopened", "stance",
}  # fmt: skip


def everything(db: Db) -> str:
    """All that is kept of the loop and its decision, and whom the bot owes a word about it."""
    kinds = (Loop, Interview, Scorecard, SealedVersion, RecordedView, Decision, Stance, Writing)
    with db.begin() as session:
        kept = repr([session.exec(select(kind)).all() for kind in kinds])
        # The clock plans reminders meanwhile; only what a decision tells is looked at.
        told = sorted({each.kind for each in session.exec(select(Notice))} & TOLD)
        return f"{kept} {told}"


def submit(person: Person, callback_id: str, metadata: str, state: dict[str, Any]) -> str:
    """Send what a form would that this person was never shown. Returns what they see then."""
    if person.modal is None:
        person.open_home()
        home = person.home
        if home is None or "My hours" not in home.labels:
            return REFUSED[1]  # There is nothing that they could forge a form from.
        person.click("My hours", on=home)
    view = shown(person).raw
    view["callback_id"], view["private_metadata"] = callback_id, metadata
    person._act("submit", view_id=view["id"], state=state)
    return shown(person).text if person.modal is not None else ""


def state(**values: Any) -> dict[str, Any]:
    """What a form's fields hold: a text, an option, or options."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        field: dict[str, Any]
        if isinstance(value, list):
            field = {"selected_options": [{"value": each} for each in value]}
        elif name in ("outcome", "what", "round", "level"):
            field = {"selected_option": {"value": value}}
        else:
            field = {"value": value}
        found[name] = {"reason" if name == "reason" else name: field}
    return found


def others(*allowed: str) -> list[str]:
    return [name for name in EVERYBODY if name not in allowed]


BEFORE = [
    ("decision_open", [MANAGER]),
    ("vote_open", PANEL),
    ("votes_show", [COORDINATOR, MANAGER, *PANEL]),
    ("audit_open", [COORDINATOR, MANAGER]),
    ("record_send", [COORDINATOR, MANAGER]),
    ("decision_reopen", [COORDINATOR, MANAGER]),
]
AFTER = [
    ("stance_concur", PANEL[1:]),
    ("stance_object", PANEL[2:]),
    ("stance_dissent", PANEL[1:2]),
    ("objection_answer", [MANAGER]),
    ("decision_reopen", [COORDINATOR, MANAGER]),
]


@pytest.mark.parametrize(("action", "allowed"), BEFORE, ids=lambda each: str(each)[:20])
def test_buttons_of_an_open_loop(
    office: Playground, db: Db, action: str, allowed: list[str]
) -> None:
    before, loop_id = everything(db), one(db, Loop).id
    for name in others(*allowed):
        told = press(office, office.person(name), action, loop_id)
        assert any(words in told for words in REFUSED), (name, told)
        assert SAID not in told
    assert everything(db) == before


@pytest.mark.parametrize(("action", "allowed"), AFTER, ids=lambda each: str(each)[:20])
def test_buttons_of_a_decision(office: Playground, db: Db, action: str, allowed: list[str]) -> None:
    decide(office.person(MANAGER))
    office.person(MANAGER).close()
    loop_id, decision = one(db, Loop).id, one(db, Decision)
    before = everything(db)
    value = f"{loop_id}|{decision.id}" if action.startswith("stance") else loop_id
    for name in others(*allowed):
        told = press(office, office.person(name), action, value)
        assert any(words in told for words in REFUSED), (name, told)
        assert WHY not in told
    assert everything(db) == before


FORMS = [
    ("decision_form", [MANAGER], {"outcome": "hire", "cites": [], "rationale": WHY}),
    ("decision_confirm", [MANAGER], {}),
    ("vote_page", PANEL, {}),
    ("audit_send", [COORDINATOR, MANAGER], {}),
]


@pytest.mark.parametrize(("form", "allowed", "values"), FORMS, ids=lambda each: str(each)[:20])
def test_forms_of_an_open_loop(
    office: Playground, db: Db, form: str, allowed: list[str], values: dict[str, Any]
) -> None:
    before, loop_id = everything(db), one(db, Loop).id
    metadata = loop_id if form == "audit_send" else f'["{loop_id}", 0, 0]'
    for name in others(*allowed):
        told = submit(office.person(name), form, metadata, state(**values))
        assert any(words in told for words in REFUSED), (name, told)
    assert everything(db) == before


ANSWERS = [
    ("stance_objected", PANEL[2:]),
    ("stance_dissented", PANEL[1:2]),
    ("objection_answered", [MANAGER]),
    ("decision_reopened", [COORDINATOR, MANAGER]),
]


@pytest.mark.parametrize(("form", "allowed"), ANSWERS, ids=lambda each: str(each)[:20])
def test_forms_of_a_decision(office: Playground, db: Db, form: str, allowed: list[str]) -> None:
    decide(office.person(MANAGER))
    office.person(MANAGER).close()
    decision = one(db, Decision)
    metadata = f"{decision.loop_id}|{decision.id}|U0INTB"
    if form != "objection_answered":
        metadata = metadata.removesuffix("|U0INTB")
    before = everything(db)
    for name in others(*allowed):
        values = state(reason="A reason that is long enough.", what="stand")
        told = submit(office.person(name), form, metadata, values)
        assert any(words in told for words in REFUSED), (name, told)
        assert WHY not in told
    assert everything(db) == before


@pytest.mark.parametrize("action", [action for action, _ in BEFORE])
def test_another_team_s_loop_is_not_there(office: Playground, db: Db, action: str) -> None:
    with db.begin() as session:
        for each in session.exec(select(Loop)):
            each.team_id = "T0OTHER"
    told = press(office, office.person(MANAGER), action, one(db, Loop).id)
    assert "That loop is not here" in told


@pytest.mark.parametrize(
    ("form", "metadata"),
    [
        ("decision_form", "nonsense"),
        ("decision_confirm", '["", "x", 0]'),
        ("vote_page", "[]"),
        ("decision_form", '["{loop}", 0, 0]'),
        ("vote_page", '["{loop}", 0, 0]'),
    ],
)
def test_a_window_with_fields_of_nobody_s_is_refused(
    office: Playground, db: Db, form: str, metadata: str
) -> None:
    before, metadata = everything(db), metadata.replace("{loop}", one(db, Loop).id)
    name = "Interviewer A" if form == "vote_page" else MANAGER
    told = submit(office.person(name), form, metadata, {"seal": {"seal": {"value": "x"}}})
    assert "older version of me" in told
    assert everything(db) == before


def test_evidence_that_is_not_of_the_loop_cannot_be_cited(office: Playground, db: Db) -> None:
    manager, loop_id = office.person(MANAGER), one(db, Loop).id
    values = state(outcome="hire", cites=["sys-of-another-loop"], rationale=WHY)
    submit(manager, "decision_form", f'["{loop_id}", 0, 0]', values)
    submit(manager, "decision_confirm", f'["{loop_id}", 0, 99]', {})
    assert one(db, Decision) is None
