"""Who saw, wrote, changed, opened and decided what, when; and never what was written."""

import csv
import io
import json
from typing import Any

import pytest

from bot import audit as rules
from bot.records import AuditEntry, Loop
from bot.store import Db
from bot.store import audit as stored
from bot.verifying import verify
from playground import Person, Playground
from tests.decided import WHY, decide, open_loop, reveal
from tests.offices import coordinator, mail, shown, wait_for_text
from tests.test_access import one, press
from tests.test_openings import NOON
from tests.test_scorecards import SAID


def entry(what: str, **detail: Any) -> AuditEntry:
    return AuditEntry(team_id="T1", at=NOON, who="UA", what=what, subject="loop", detail=detail)


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("read scorecard", "saw"),
        ("read packet", "saw"),
        ("exported", "saw"),
        ("record exported", "saw"),
        ("scorecard sealed", "wrote"),
        ("view recorded", "wrote"),
        ("loop changed", "changed"),
        ("scorecards opened early", "opened"),
        ("decided", "decided"),
        ("decision reopened", "decided"),
        ("objected", "decided"),
    ],
)
def test_every_entry_is_of_a_kind(what: str, kind: str) -> None:
    assert rules.kind(entry(what)) == kind


def test_only_details_that_hold_no_words_are_told() -> None:
    told = rules.details(entry("x", round="onsite_a", reason=WHY, text=SAID, after_reveal=True))
    assert told == "round onsite_a, after the reveal yes"


def test_a_spreadsheet_runs_nothing_in_it() -> None:
    text = rules.written([entry("=SUM(1)")], {}, "csv")
    assert "'=SUM(1)" in text


@pytest.fixture
def db(lasting: tuple[Playground, Db]) -> Db:
    return lasting[1]


@pytest.fixture
def planner(office: Playground) -> Person:
    reveal(office)
    return coordinator(office)


def entries(db: Db) -> list[tuple[str, str]]:
    subject = one(db, Loop).id
    with db.begin() as session:
        return [(each.who, each.what) for each in stored.entries(session, "T0PLAY", subject)]


def files(office: Playground, person: Person, count: int) -> list[str]:
    """What the person was sent, oldest first."""

    def shared() -> list[str]:
        return [file["id"] for each in mail(person) for file in each.raw.get("files", [])]

    office.wait_until(lambda: len(shared()) >= count, "no file came")
    return [str(office.workspace.files[id_]["bytes"].decode()) for id_ in shared()]


class TestAudit:
    def test_it_says_who_read_whose_scorecard_and_who_decided(
        self, planner: Person, office: Playground
    ) -> None:
        reader = office.person("Interviewer A")
        open_loop(reader)
        reader.click("Read scorecard")
        decide(office.person("Hiring manager"))
        wait_for_text(office, planner, "Thank you for bringing")
        planner.click("Show", channel="app")
        planner.click("Audit")
        seen = shown(planner).text
        assert "saw · <@U0INTA>: read scorecard (round onsite_a, of U0INTC)" in seen
        assert "decided · <@U0MANAGER>: decided (number 1, outcome hire)" in seen
        assert SAID not in seen
        assert WHY not in seen

    def test_the_file_has_all_of_it_and_nothing_that_was_written(
        self, planner: Person, office: Playground
    ) -> None:
        open_loop(planner)
        planner.click("Audit")
        planner.submit()
        (text,) = files(office, planner, 1)
        rows = list(csv.DictReader(io.StringIO(text)))
        assert {"loop planned", "scorecard sealed", "read audit"} <= {row["what"] for row in rows}
        assert "Interviewer A" in {row["name"] for row in rows}
        assert SAID not in text

    def test_one_s_own_scorecard_is_read_without_a_trace(
        self, planner: Person, office: Playground, db: Db
    ) -> None:
        person = office.person("Interviewer A")
        open_loop(person)
        person.click("Amend scorecard")
        assert ("U0INTA", "read scorecard") not in entries(db)
        assert planner.name == "Recruiting coordinator"


class TestRecord:
    def test_both_files_are_sent_and_verify(self, planner: Person, office: Playground) -> None:
        manager = office.person("Hiring manager")
        decide(manager)
        manager.click("Export record")
        assert "two files" in shown(manager).text
        first, second = files(office, manager, 2)
        as_json, as_text = sorted((first, second))[::-1]
        record = json.loads(as_json)
        whole = record["hashes"]["whole"]
        assert verify(as_json) == ([], whole)
        assert verify(as_text, whole) == ([], whole)
        assert any(whole in each.text for each in mail(manager))
        assert record["parts"]["decisions"][0]["rationale"] == WHY
        names = {each["id"]: each["name"] for each in record["parts"]["people"]}
        assert names["U0MANAGER"] == "Hiring manager"
        assert planner.name in names.values()

    def test_who_does_not_plan_the_loop_gets_none(
        self, planner: Person, office: Playground, db: Db
    ) -> None:
        decide(office.person("Hiring manager"))
        told = press(office, office.person("Interviewer A"), "record_send", one(db, Loop).id)
        assert "Only the coordinators and the hiring manager" in told
        assert planner.name == "Recruiting coordinator"
