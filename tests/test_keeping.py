"""Exports hold what their reader may see; erasing leaves no trace of a candidate but numbers."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from bot.records import SentFile
from bot.store import Db
from playground import Person, Playground
from tests.offices import coordinator, mail, make_opening, plan_loop, shown, wait_for_mail
from tests.test_scorecards import SAID, fields, hand_in

NAME = "Candidate Twelve"


@pytest.fixture
def office(office: Playground) -> Playground:
    """One in which Interviewer C has handed in, and Interviewer A has not."""
    make_opening(office)
    plan_loop(office, {"onsite_a": "U0INTC", "onsite_c": "U0INTA"}, candidate=NAME)
    person = office.person("Interviewer C")
    (brief,) = wait_for_mail(office, person, 1)
    person.say(f"{NAME} asks what harm means", channel="app", thread_ts=brief.raw["ts"])
    hand_in(person, private_note="=SUM(1)")
    person.close()
    return office


@pytest.fixture
def db(lasting: tuple[Playground, Db]) -> Db:
    return lasting[1]


def everybody_hands_in(office: Playground) -> None:
    person = office.person("Interviewer A")
    wait_for_mail(office, person, 1)
    hand_in(person)
    person.close()


def export(office: Playground, person: Person, as_: str) -> str:
    """What the person is sent."""
    before = len(office.workspace.files)
    if person.modal is None:
        person.slash("/safety-interview loops")
        person.click("Show", on=person.last)
    person.click("Export…")
    person.fill("format", as_)
    person.submit()
    office.wait_until(lambda: len(office.workspace.files) > before, "no file came")
    office.wait_until(lambda: any("files" in each.raw for each in mail(person)), "not shared")
    shared = [each.raw["files"] for each in mail(person) if "files" in each.raw]
    return str(office.workspace.files[shared[-1][0]["id"]]["bytes"].decode())


def everything(db: Db) -> str:
    """All that is kept, of every table."""
    with db.begin() as session:
        return "\n".join(
            repr(row)
            for table in SQLModel.metadata.sorted_tables
            for row in session.connection().execute(table.select()).all()
        )


def files(db: Db) -> list[str]:
    """The ids of the files that the bot knows it sent."""
    with db.begin() as session:
        return list(session.exec(select(SentFile.file_id)))


class TestExport:
    def test_before_the_reveal_it_holds_who_is_in_and_nothing_else(
        self, office: Playground
    ) -> None:
        text = export(office, coordinator(office), "json")
        (loop,) = json.loads(text)["loops"]
        states = [each["scorecard"] for one in loop["interviews"] for each in one["panel"]]
        assert states == ["in", "missing"]
        assert SAID not in text
        assert NAME not in text

    def test_after_it_every_rating_is_a_row(self, office: Playground) -> None:
        everybody_hands_in(office)
        rows = list(csv.DictReader(io.StringIO(export(office, coordinator(office), "csv"))))
        assert [row["score"] for row in rows] == ["3"] * 4
        assert {row["evidence"] for row in rows} == {SAID}

    def test_an_opening_is_exported_by_who_plans_it(self, office: Playground) -> None:
        person = coordinator(office)
        person.close()
        person.slash("/safety-interview openings")
        person.click("Show", on=person.last)
        text = export(office, person, "md")
        assert "# C.T. (C-101)" in text
        assert SAID not in text

    def test_private_notes_are_for_planners(self, office: Playground) -> None:
        everybody_hands_in(office)
        assert "=SUM(1)" in export(office, coordinator(office), "json")
        other = office.person("Interviewer A")
        other.slash("/safety-interview loops")
        other.click("Show", on=other.last)
        assert "Export…" not in shown(other).labels

    def test_markdown_reads_well(self, office: Playground) -> None:
        everybody_hands_in(office)
        text = export(office, coordinator(office), "md")
        assert "# C.T. (C-101)" in text
        assert f"  > {SAID}" in text
        assert "### Interviewer C (lead): in" in text

    def test_the_candidate_s_copy_names_nobody_else(self, office: Playground) -> None:
        everybody_hands_in(office)
        text = export(office, coordinator(office), "subject")
        assert NAME in text
        assert SAID in text
        assert "U0INT" not in text

    def test_it_holds_what_was_noted_and_typed_too(self, office: Playground) -> None:
        everybody_hands_in(office)
        person = office.person("Interviewer A")
        person.click("Scorecard", channel="app")
        person.click("Question 1 ✓")
        person.fill(fields(person, "evidence"), "Typed since, beside Interviewer C")
        person.close()
        text = export(office, coordinator(office), "subject")
        assert f"{NAME} asks what harm means" in text
        assert "Typed since, beside Interviewer 1" in text
        assert "left_out" in text

    def test_the_candidate_s_copy_does_not_break_the_seal(self, office: Playground) -> None:
        person = office.person("Interviewer A")
        wait_for_mail(office, person, 1)
        person.click("Scorecard", channel="app")
        person.fill(fields(person, "evidence"), "Half a sentence")
        person.close()
        text = export(office, coordinator(office), "subject")
        assert NAME in text
        for kept in (SAID, "asks what harm means", "Half a sentence"):
            assert kept not in text
        assert "Sealed until all scorecards are opened." in text


class TestErase:
    def erase(self, office: Playground, sure: str = "ERASE") -> dict[str, Any]:
        person = coordinator(office)
        person.click("Erase…")
        person.fill("sure", sure)
        return person.submit()

    def test_it_says_what_goes_and_asks_twice(self, office: Playground, db: Db) -> None:
        person = coordinator(office)
        person.click("Erase…")
        assert "*What goes*" in shown(person).text
        assert "*What stays*" in shown(person).text
        person.fill("sure", "yes")
        assert person.submit()["errors"] == {"sure": "Type ERASE in capitals."}
        assert NAME in everything(db)

    def test_no_trace_of_the_candidate_stays_in_the_database(
        self, office: Playground, db: Db
    ) -> None:
        everybody_hands_in(office)
        person = office.person("Interviewer A")
        person.click("Scorecard", channel="app")
        person.click("Question 1 ✓")
        person.fill(fields(person, "evidence"), "Typed since then")
        person.close()
        before, written = everything(db), (SAID, "asks what harm means", "=SUM(1)", "Typed since")
        for text in (NAME, *written):
            assert text in before
        self.erase(office)
        after = everything(db)
        for text in (NAME, *written):
            assert text not in after
        assert "'score': '3'" in after
        assert "candidate erased" in after

    def test_who_still_types_about_them_is_told_and_nothing_is_kept(
        self, office: Playground, db: Db
    ) -> None:
        person = office.person("Interviewer A")
        (brief,) = wait_for_mail(office, person, 1)
        person.click("Scorecard", channel="app")
        self.erase(office)
        person.fill(fields(person, "evidence"), "They said it once more")
        assert "was erased" in shown(person).text
        person.say("A note after all", channel="app", thread_ts=brief.raw["ts"])
        person.say("The bot hears in order", channel="app")
        office.wait_until(
            lambda: "I keep notes that you type" in person.messages("app")[-1].text, "not heard"
        )
        assert "once more" not in everything(db)
        assert "after all" not in everything(db)

    def test_what_the_bot_sent_is_taken_back(self, office: Playground, db: Db) -> None:
        everybody_hands_in(office)
        export(office, coordinator(office), "subject")
        office.wait_until(lambda: bool(files(db)), "the file is not known")
        (gone,) = files(db)
        coordinator(office).close()
        self.erase(office)
        people = [office.person(f"Interviewer {letter}") for letter in "AC"]

        def left() -> str:
            return "".join(each.text for person in people for each in mail(person))

        office.wait_until(lambda: "C-101" not in left(), "messages are still there")
        office.wait_until(lambda: gone not in office.workspace.files, "the file is still there")

    def test_it_happens_by_itself_when_the_time_is_over(self, office: Playground, db: Db) -> None:
        person = coordinator(office)
        person.click("Candidate withdraws…")
        person.submit()
        person.close()
        office.clock.advance(timedelta(days=30 * 6 - 1))
        assert NAME in everything(db)
        office.clock.advance(timedelta(days=2))
        office.wait_until(lambda: NAME not in everything(db), "the candidate is still known")
        assert "'retention'" in everything(db)
