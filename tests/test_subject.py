"""A candidate's own copy: all that is kept about them, nobody else's name, no broken seal."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot import drafts, subject
from bot.exports import Export
from bot.panels import Panel
from bot.records import DebriefNote, SealedVersion, ThreadNote
from bot.subject import SEALED, Kept
from tests.banks import SHIPPED
from tests.test_decision_rules import NOW, chair, panel

NAMES = {"UA": "Ann Lee", "UB": "Ann Lee-Ray", "UMANAGER": "May"}


def typed(**values: Any) -> drafts.Draft:
    found: drafts.Draft = {}
    for name, value in values.items():
        found = drafts.typed(found, name.replace("_", ".", 1), value, "V1", 0)
    return found


def note(person: str, text: str, interview: str = "onsite_a-UA") -> ThreadNote:
    return ThreadNote(
        team_id="T1", channel="D1", ts=f"1.{len(text)}", interview_id=interview, person=person,
        text=text, at=NOW,
    )  # fmt: skip


def sealed(evidence: str) -> SealedVersion:
    asked = [{"id": "q", "version": 1, "area": "x", "evidence": evidence, "score": "3"}]
    answers = {"questions": asked, "flags": [{"key": "red.2", "where": "At once"}], "fields": {}}
    return SealedVersion(
        scorecard_id="onsite_a-UA", number=1, team_id="T1", answers=answers, seal="",
        submitted_at=NOW, after_reveal=False,
    )  # fmt: skip


def with_draft(draft: drafts.Draft, *, version: int) -> Panel:
    """Whose first interviewer has typed this."""
    first = chair("UA", version=version)
    assert first.card is not None
    first.card.draft, first.card.draft_at = draft, NOW
    return panel(first, chair("UB", round_="onsite_c"))


def read(found: Panel, kept: Kept, *, opened: bool = True) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(subject.copy(found, kept, opened=opened))
    return said


class TestWhatItHolds:
    def test_notes_stand_with_the_interview_in_which_they_were_taken(self) -> None:
        kept = Kept({}, [note("UA", "Asked about harm"), note("UB", "Late", "onsite_c-UB")])
        one, two = read(panel(), kept)["interviews"]
        assert [each["text"] for each in one["notes"]] == ["Asked about harm"]
        assert [each["text"] for each in two["notes"]] == ["Late"]

    def test_notes_of_somebody_who_sits_there_no_more_are_there_too(self) -> None:
        said = read(panel(), Kept({}, [note("UGONE", "Before I left")]))
        assert [each["text"] for each in said["notes_of_others"]] == ["Before I left"]

    def test_a_draft_that_was_never_handed_in_is_whole(self) -> None:
        said = read(with_draft(typed(evidence_q="Half a sen"), version=0), Kept({}))
        assert said["interviews"][0]["draft"]["fields"] == {"evidence.q": "Half a sen"}
        assert said["interviews"][0]["scorecard"] is None

    def test_of_a_draft_that_was_only_what_was_typed_since(self) -> None:
        draft = typed(evidence_q="They measured it. ", score_q="2", flags_red=["red.2"])
        draft = drafts.typed(draft, "where.red.2", "At once", "V1", 0)
        found = with_draft(draft, version=1)
        said = read(found, Kept({"onsite_a-UA": [sealed("They measured it.")]}))["interviews"][0]
        assert said["scorecard"]["questions"][0]["evidence"] == "They measured it."
        assert said["draft"]["fields"] == {"score.q": "2"}

    def test_a_draft_that_is_what_was_handed_in_is_not_told_twice(self) -> None:
        draft = typed(evidence_q="They measured it.", score_q="3", flags_red=["red.2"])
        draft = drafts.typed(draft, "where.red.2", "At once", "V1", 0)
        found = with_draft(draft, version=1)
        said = read(found, Kept({"onsite_a-UA": [sealed("They measured it.")]}))["interviews"][0]
        assert said["draft"] is None

    def test_texts_that_gave_way_in_another_window_are_kept_and_so_told(self) -> None:
        draft = drafts.typed(typed(evidence_q="The first"), "evidence.q", "The second", "V2", 0)
        said = read(with_draft(draft, version=0), Kept({}))["interviews"][0]["draft"]
        assert said["texts_that_gave_way"] == ["The first"]

    def test_notes_of_the_debrief_are_by_numbers(self) -> None:
        noted = DebriefNote(
            id="1", team_id="T1", loop_id="loop", topic="q", person="UB", text="Agreed", at=NOW
        )
        (said,) = read(panel(), Kept({}, debrief=[noted]))["notes_of_the_debrief"]
        assert (said["by"], said["text"]) == ("Interviewer 2", "Agreed")

    def test_what_is_left_out_is_said_with_why(self) -> None:
        said = read(panel(), Kept({}))["left_out"]
        assert said == subject.LEFT_OUT
        assert all(why.endswith(".") for why in said.values())


class TestNames:
    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("<@UB> heard it, too", "Interviewer 2 heard it, too"),
            ("<@UB|ann> heard it", "Interviewer 2 heard it"),
            ("<@U0XYZ> heard it", "somebody heard it"),
            ("ANN LEE asked", "Interviewer 1 asked"),
            ("Ann Lee-Ray asked, then Ann Lee.", "Interviewer 2 asked, then Interviewer 1."),
            ("May asked in Mayville", "somebody asked in Mayville"),
        ],
    )
    def test_other_people_are_numbers(self, text: str, told: str) -> None:
        (said,) = read(panel(), Kept({}, [note("UA", text)], names=NAMES))["interviews"][0]["notes"]
        assert said["text"] == told

    def test_they_are_in_drafts_and_evidence_too(self) -> None:
        found = with_draft(typed(evidence_q="As Ann Lee-Ray said"), version=1)
        versions = {"onsite_a-UA": [sealed("As <@UB> said")]}
        text = subject.copy(found, Kept(versions, names=NAMES), opened=True)
        assert text.count("As Interviewer 2 said") == 2

    def test_the_candidate_keeps_theirs(self) -> None:
        found = panel()
        found.loop.candidate = "May Candidate"
        said = read(found, Kept({}, [note("UA", "May Candidate came")], names=NAMES))
        assert said["candidate"] == "May Candidate"
        assert said["interviews"][0]["notes"][0]["text"] == "May Candidate came"


class TestTheSeal:
    @pytest.mark.parametrize("notes", [[], [note("UA", "Asked about harm")]])
    def test_until_it_is_open_nothing_that_was_written_is_in_it_nor_whether_there_is(
        self, notes: list[ThreadNote]
    ) -> None:
        found = replace(with_draft(typed(evidence_q="Half a sen"), version=1))
        versions = {"onsite_a-UA": [sealed("They measured it.")]}
        said = read(found, Kept(versions, notes, names=NAMES), opened=False)
        one, two = said["interviews"]
        assert (one["scorecard"], one["draft"], one["notes"]) == (SEALED, SEALED, SEALED)
        assert (two["scorecard"], two["draft"], two["notes"]) == (None, SEALED, SEALED)
        for name in (
            "notes_of_others", "notes_of_the_debrief", "views_after_the_discussion", "decisions",
        ):  # fmt: skip
            assert said[name] == SEALED

    def test_it_says_that_and_when_to_ask_again(self) -> None:
        said = read(panel(), Kept({}), opened=False)["left_out"]
        assert "Ask again" in said["what interviewers wrote"]


def test_what_is_to_be_read_calls_people_by_their_names() -> None:
    export = Export(SHIPPED, "UMANAGER", [panel(chair("UR", role="bar_raiser"))], {}, {"UR": "Ann"})
    assert "### Ann (bar raiser): in" in export.written("md")
    assert json.loads(export.written("json"))["loops"][0]["interviews"][0]["panel"][0] == {
        "person": "UR", "role": "bar_raiser", "scorecard": "in", "versions": [],
    }  # fmt: skip


def test_times_are_those_of_what_was_written() -> None:
    late = note("UA", "Later")
    late.at = NOW + timedelta(hours=1)
    (said,) = read(panel(), Kept({}, [late]))["interviews"][0]["notes"]
    assert said["at"] == late.at.isoformat()
