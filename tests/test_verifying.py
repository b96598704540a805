"""A decision's record tells by itself, offline, what in it was altered."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot import decision_record, record_text, scorecards, votes
from bot.decision_record import Material, Record
from bot.launch.cli import cli
from bot.records import AuditEntry, Debrief, DebriefNote, SealedVersion
from bot.verifying import Finding, NoRecordError, verify
from tests.banks import SHIPPED
from tests.test_decision_rules import NOW, chair, decision, panel, stance, view

QUESTION = next(each for each in SHIPPED.questions.values() if "senior" in each.levels)
EVIDENCE = "She said: “measure it”\u2028— و هكذا ✓\nThen drew ~~~~json\n~~~~"


def answers(score: str) -> dict[str, Any]:
    asked = {
        "id": QUESTION.id, "version": QUESTION.version, "area": str(QUESTION.area),
        "level": "senior", "evidence": EVIDENCE, "score": score,
    }  # fmt: skip
    return {"questions": [asked], "flags": [], "fields": {"recommendation": "yes"}}


def made() -> Record:
    """The record of a loop of two, one of whom moved, with a bar raiser's objection."""
    chairs = (chair("UA"), chair("UR", role="bar_raiser", round_="onsite_c"))
    said = stance("UR", "objects")
    said.reason, said.said_at, said.answer, said.answered_at = "Why?", NOW, "So.", NOW
    row = view("UA", "yes", "no")
    row.views["questions"] = [
        {
            "id": QUESTION.id, "version": 1, "before": "3", "after": "2", "moved": -1,
            "reason": "Heard more.",
        }
    ]  # fmt: skip
    row.seal = votes.seal(row.views, "loop", "UA", NOW)
    made_of = decision(effective_at=NOW)
    made_of.cites = [QUESTION.id]
    return decision_record.made(
        Material(
            panel=panel(*chairs, decisions=(made_of,), stances=(said,), views=(row,)),
            versions={each.card.id: [_sealed(each.card.id, each)] for each in chairs if each.card},
            views=[row],
            entries=[
                AuditEntry(
                    id=1, team_id="T1", at=NOW, who="UA", what="scorecard sealed", subject="loop",
                    detail={"version": 1, "reason": "never told"},
                )
            ],
            served={
                (QUESTION.id, QUESTION.version): QUESTION.model_dump(mode="json", exclude_none=True)
            },
            names={"UA": "Interviewer A"},
            debrief=Debrief(
                loop_id="loop", team_id="T1", places=[], topics=[{"key": "k", "title": "Topic"}],
                until=NOW, seed="ab12", led_by="UA", stepped_by="UA", started_at=NOW,
            ),
            notes=[
                DebriefNote(
                    id="n", team_id="T1", loop_id="loop", topic="k", person="UA",
                    text="They would tell the regulator.", at=NOW,
                )
            ],
        ),
        "UMANAGER",
        NOW,
    )  # fmt: skip


def _sealed(id_: str, of: Any) -> SealedVersion:
    given_ = answers("3")
    return SealedVersion(
        scorecard_id=id_, number=1, team_id="T1", answers=given_, submitted_at=NOW,
        seal=scorecards.seal(given_, of.interview.id, of.seat.person, NOW), after_reveal=False,
    )  # fmt: skip


RECORD = made()
JSON_TEXT, MARKDOWN = decision_record.as_json(RECORD), record_text.written(RECORD)
PLACES = [place for place, _ in decision_record.places(RECORD)]
VALUES: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.text() | st.just([]) | st.just({})
)


def altered(place: str, value: object) -> str:
    found = copy.deepcopy(RECORD)
    *way, last = [each.replace("~1", "/").replace("~0", "~") for each in place.split("/")[1:]]
    into: Any = found
    for step in way:
        into = into[int(step)] if isinstance(into, list) else into[step]
    into[int(last) if isinstance(into, list) else last] = value
    return json.dumps(found)


def value_at(place: str) -> object:
    return dict(decision_record.places(RECORD))[place]


class TestTheRecord:
    @pytest.mark.parametrize("text", [JSON_TEXT, MARKDOWN], ids=["json", "markdown"])
    def test_as_it_was_written_nothing_was_altered(self, text: str) -> None:
        assert verify(text) == ([], RECORD["hashes"]["whole"])

    def test_it_holds_rubrics_seals_both_votes_and_who_did_what(self) -> None:
        parts = RECORD["parts"]
        (rubric,) = parts["rubrics"]
        assert rubric["question"] == QUESTION.id
        assert len(rubric["anchors_sha256"]) == 64
        assert all(len(each["versions"][0]["seal"]) == 64 for each in parts["scorecards"])
        assert parts["views_after"][0]["views"]["overall"][0]["after"] == "no"
        assert parts["decisions"][0]["stances"][0]["answer"] == "So."
        assert parts["decisions"][0]["cites"][0]["heard"][0]["evidence"] == EVIDENCE
        assert parts["audit"][0]["what"] == "scorecard sealed"
        assert "never told" not in JSON_TEXT

    def test_the_hash_of_anchors_is_of_what_the_scores_mean_at_the_level(self) -> None:
        fields = QUESTION.model_dump(mode="json", exclude_none=True)
        first = decision_record.anchors_hash(fields, "senior")
        other = {**fields, "title": "Another title of the same"}
        assert decision_record.anchors_hash(other, "senior") == first
        kind = "anchors" if QUESTION.anchors else "ladder"
        steps = dict(fields[kind])
        last = list(steps)[3]
        changed = {**fields, kind: {**steps, last: steps[last] + " And then some more."}}
        assert decision_record.anchors_hash(changed, "senior") not in (None, first)
        assert decision_record.anchors_hash(None, "senior") is None

    def test_people_in_training_are_not_in_it(self) -> None:
        shadow = chair("US", role="shadow")
        material = Material(panel(shadow), {"onsite_a-US": [_sealed("x", shadow)]}, [], [], {}, {})
        assert decision_record.made(material, "UMANAGER", NOW)["parts"]["scorecards"] == []

    def test_markdown_reads_without_the_json(self) -> None:
        seen = MARKDOWN.partition(record_text.HEADING)[0]
        assert "# Decision record: C.12 (C-101)" in seen
        assert "- recommendation: yes → no" in seen
        assert "> They would tell the regulator." in seen
        assert "**UR** (bar raiser): objects" in seen
        assert "> — و هكذا ✓" in seen


class TestAlterations:
    @settings(max_examples=400, deadline=None)
    @given(place=st.sampled_from(PLACES), value=VALUES)
    def test_any_value_that_changed_is_found_and_named(self, place: str, value: object) -> None:
        before = value_at(place)
        if value == before and type(value) is type(before):
            return
        found, _ = verify(altered(place, value))
        assert place in {each.place for each in found}

    @pytest.mark.parametrize("place", PLACES)
    def test_any_value_that_was_taken_out_is_found(self, place: str) -> None:
        text = json.loads(JSON_TEXT)
        *way, last = [each.replace("~1", "/").replace("~0", "~") for each in place.split("/")[1:]]
        into: Any = text
        for step in way:
            into = into[int(step)] if isinstance(into, list) else into[step]
        del into[int(last) if isinstance(into, list) else last]
        try:
            found, _ = verify(json.dumps(text))
        except NoRecordError as error:
            assert place == "/format"
            assert "lacks" in str(error)  # noqa: PT017 (only where it raises)
        else:
            assert found

    @settings(max_examples=300, deadline=None)
    @given(at=st.integers(0, len(JSON_TEXT.encode()) - 1), bit=st.integers(0, 7))
    def test_no_bit_that_says_something_flips_unseen(self, at: int, bit: int) -> None:
        raw = bytearray(JSON_TEXT.encode())
        raw[at] ^= 1 << bit
        try:
            text = raw.decode()
            is_same = json.loads(text) == RECORD
            found, _ = verify(text)
        except (UnicodeDecodeError, ValueError):
            return  # It can be read no more: the command says so.
        assert bool(found) is not is_same

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("Decision 1: hire", "Decision 1: no hire", "says “## Decision 1: no hire at senior”"),
            ("- recommendation: yes → no", "- recommendation: yes", "yes → no"),
            ("> Why?\n", "", "“> Why?"),
            ("# Decision record", "# A decision record", "line 1 "),
        ],
    )
    def test_a_changed_line_of_markdown_is_named(self, old: str, new: str, told: str) -> None:
        assert old in MARKDOWN
        found, _ = verify(MARKDOWN.replace(old, new, 1))
        assert found
        assert any(told in str(each) for each in found)

    def test_what_was_written_behind_it_is_named(self) -> None:
        (only,) = verify(f"{MARKDOWN}\nP.S. No hire.\n")[0]
        assert only.place == "after the record"

    def test_line_ends_of_another_system_are_no_alteration(self) -> None:
        assert verify(MARKDOWN.replace("\n", "\r\n"))[0] == []

    def test_what_was_altered_with_its_own_hash_is_still_seen(self) -> None:
        found = copy.deepcopy(RECORD)
        place = "/decisions/0/outcome"
        found["parts"]["decisions"][0]["outcome"] = "no_hire"
        found["hashes"]["values"][place] = decision_record.value_hash(place, "no_hire")
        (only,) = verify(json.dumps(found))[0]
        assert only.place == "/parts/decisions"
        assert "together with its own hash" in only.told

    def test_with_all_hashes_made_anew_a_seal_tells(self) -> None:
        found = copy.deepcopy(RECORD)
        found["parts"]["scorecards"][0]["versions"][0]["answers"]["questions"][0]["score"] = "1"
        found["hashes"] = decision_record.hashes(found["parts"])
        place = "/parts/scorecards/0/versions/0/seal"
        assert verify(json.dumps(found))[0] == [Finding(place, "does not fit what it seals")]

    def test_with_everything_made_anew_only_the_hash_that_slack_said_tells(self) -> None:
        found = copy.deepcopy(RECORD)
        found["parts"]["decisions"][0]["outcome"] = "no_hire"
        found["hashes"] = decision_record.hashes(found["parts"])
        text = json.dumps(found)
        assert verify(text)[0] == []
        (only,) = verify(text, RECORD["hashes"]["whole"])[0]
        assert "another record" in only.told

    def test_an_erased_candidate_s_seals_are_of_what_is_gone(self) -> None:
        found = copy.deepcopy(RECORD)
        found["parts"]["about"]["erased"] = NOW.isoformat()
        found["parts"]["scorecards"][0]["versions"][0]["answers"]["questions"][0]["evidence"] = ""
        found["hashes"] = decision_record.hashes(found["parts"])
        assert verify(json.dumps(found))[0] == []

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("", "neither JSON nor Markdown"),
            ("# A letter", "neither JSON nor Markdown"),
            ("{", "broken at line 1"),
            ('{"format": 1, "format": 2}', "stands twice"),
            ('{"format": NaN}', "no number"),
            ("{}", "lacks"),
            ('{"a": ' * 100_000, "nested too deeply"),
            ('{"a": ' + "1" * 5000 + "}", "digits"),
        ],
    )
    def test_what_is_no_record_is_refused_with_why(self, text: str, told: str) -> None:
        with pytest.raises(NoRecordError, match=told):
            verify(text)


class TestTheCommand:
    def run(self, folder: Path, text: str, *words: str) -> Any:
        file = folder / "record.json"
        file.write_text(text, "utf-8")
        return CliRunner().invoke(cli, ["verify", str(file), *words])

    def test_it_needs_neither_database_nor_slack_and_says_what_it_proves(
        self, tmp_path: Path
    ) -> None:
        done = self.run(tmp_path, JSON_TEXT)
        assert done.exit_code == 0
        assert RECORD["hashes"]["whole"] in done.output
        assert "can rewrite its hashes" in done.output

    def test_it_ends_with_1_and_names_what_was_altered(self, tmp_path: Path) -> None:
        done = self.run(tmp_path, altered("/parts/decisions/0/outcome", "no_hire"))
        assert done.exit_code == 1
        assert "/parts/decisions/0/outcome was altered" in done.output

    def test_it_ends_with_2_for_what_is_no_record(self, tmp_path: Path) -> None:
        assert self.run(tmp_path, "[1]").exit_code == 2
        assert CliRunner().invoke(cli, ["verify", str(tmp_path / "none")]).exit_code == 2

    def test_the_expected_hash_is_compared(self, tmp_path: Path) -> None:
        assert self.run(tmp_path, JSON_TEXT, "--expect", "0" * 64).exit_code == 1
        right = RECORD["hashes"]["whole"]
        assert self.run(tmp_path, JSON_TEXT, "--expect", right).exit_code == 0
