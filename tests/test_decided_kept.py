"""What is taken along of a decision, and what stays of it when the candidate is erased."""

import csv
import io
import json

import pytest

from bot.records import Decision, Loop
from bot.store import Db
from bot.verifying import verify
from playground import Playground
from tests.decided import WHY, decide, open_loop, reveal
from tests.offices import coordinator, shown, wait_for_text
from tests.test_access import one
from tests.test_audit import files
from tests.test_keeping import everything, export

MOVED = "Interviewer C heard how they would contain it."
AGAINST = "They never named a number, as <@U0INTC> heard, too."
REOPENED = "A reference came in late."


@pytest.fixture
def db(lasting: tuple[Playground, Db]) -> Db:
    return lasting[1]


@pytest.fixture
def office(office: Playground) -> Playground:
    """One in which Interviewer A moved, the hiring manager decided, and Interviewer A dissents;
    the decision was reopened and made again."""
    reveal(office)
    panellist, manager = office.person("Interviewer A"), office.person("Hiring manager")
    open_loop(panellist)
    panellist.click("My view after the discussion")
    panellist.click("Overall")
    panellist.fill("after.recommendation", "strong_no")
    panellist.fill("why.overall", MOVED)
    panellist.submit()
    while panellist.modal is not None:
        panellist.close()
    decide(manager)
    wait_for_text(office, panellist, "Your view was otherwise")
    panellist.click("Record my dissent…", channel="app")
    panellist.fill("reason", AGAINST)
    panellist.submit()
    while manager.modal is not None:
        manager.close()
    wait_for_text(office, manager, "is in effect")
    manager.click("Show", channel="app")
    manager.click("Reopen…")
    manager.fill("reason", REOPENED)
    manager.submit()
    decide(manager)
    wait_for_text(office, coordinator(office), "Thank you for bringing")
    coordinator(office).click("Show", channel="app")
    return office


class TestExport:
    def test_json_holds_both_votes_and_every_decision(self, office: Playground) -> None:
        (loop,) = json.loads(export(office, coordinator(office), "json"))["loops"]
        (view,) = loop["views_after"]
        assert view["overall"][1]["before"] == "no"
        assert view["overall"][1]["after"] == "strong_no"
        assert [each["state"] for each in loop["decisions"]] == ["reopened", "in_effect"]
        assert loop["decisions"][0]["stances"][0]["reason"] == AGAINST

    def test_each_row_of_a_table_says_what_was_decided(self, office: Playground) -> None:
        rows = list(csv.DictReader(io.StringIO(export(office, coordinator(office), "csv"))))
        assert {row["decision"] for row in rows} == {"hire at Senior"}
        assert {row["after_discussion"] for row in rows if row["person"] == "U0INTA"} == {"3"}

    def test_markdown_says_why(self, office: Playground) -> None:
        text = export(office, coordinator(office), "md")
        assert "## Decided: hire at Senior (in effect)" in text
        assert f"> {WHY}" in text

    def test_the_candidate_s_copy_has_the_decision_and_nobody_s_name(
        self, office: Playground
    ) -> None:
        text = export(office, coordinator(office), "subject")
        found = json.loads(text)
        assert found["decisions"][1]["decision"] == "hire at Senior"
        assert found["decisions"][1]["because"] == WHY
        (said,) = found["decisions"][0]["said_to_it"]
        assert said["by"] == "Interviewer 2"
        assert "U0INT" not in text
        assert "U0MANAGER" not in text


class TestErase:
    def test_decisions_and_votes_stay_without_a_word(self, office: Playground, db: Db) -> None:
        planner = coordinator(office)
        for text in (WHY, MOVED, AGAINST, REOPENED):
            assert text in everything(db)
        planner.click("Erase…")
        assert "what was decided, without text" in shown(planner).text
        planner.fill("sure", "ERASE")
        planner.submit()
        after = everything(db)
        for text in (WHY, MOVED, AGAINST, REOPENED):
            assert text not in after
        assert "strong_no" in after
        assert one(db, Decision, number=2).outcome == "hire"
        assert one(db, Decision, number=2).cites

    def test_its_record_still_verifies(self, office: Playground, db: Db) -> None:
        planner = coordinator(office)
        planner.click("Erase…")
        planner.fill("sure", "ERASE")
        planner.submit()
        assert one(db, Loop).erased_at is not None
        planner.click("Export record")
        for text in files(office, planner, 2):
            assert verify(text)[0] == []
            assert "Candidate 12" not in text
