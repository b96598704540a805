from itertools import pairwise
from pathlib import Path
from shutil import copyfile, copytree
from typing import Any

import pytest

from bot import content
from bot.content import Area, Level, Mode, Specialization, checks, reading
from bot.content.loading import SHIPPED
from bot.content.question import Question
from tests.banks import bank, ladder, question

STEMS = {
    "adv-family-harmful-output": "How would you try to make our AI system produce harmful output?",
    "sys-family-moderation-1m-users": (
        "Design a content moderation system for a chatbot with 1M daily users"
    ),
    "inc-family-biased-outputs": (
        "Our LLM started producing biased outputs. Walk through your response"
    ),
    "tro-family-safety-helpfulness": (
        "How do you balance safety (refusing requests) with helpfulness?"
    ),
    "ali-family-rlhf-limitations": "Explain RLHF and its limitations",
}
SHIPPED_BANK = content.load()
QUESTIONS = sorted(SHIPPED_BANK.questions.values(), key=lambda question: question.id)
QUESTIONS_BY_ID = SHIPPED_BANK.questions
LADDERS = [question for question in QUESTIONS if question.mode is Mode.LADDER]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped content, to be broken."""
    return copytree(SHIPPED, tmp_path / "content")


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / "questions" / name
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")


def problems(folder: Path) -> str:
    with pytest.raises(content.ContentError) as raised:
        content.load(folder)
    return "\n".join(map(str, raised.value.problems))


def test_the_five_model_questions_of_the_guide_are_the_stems_word_for_word() -> None:
    assert {question.id: question.prompt for question in LADDERS} == STEMS


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("area", [area for area in Area if area is not Area.RECRUITER_SCREEN])
def test_each_level_has_each_area(level: Level, area: Area) -> None:
    assert SHIPPED_BANK.units(level, area)


@pytest.mark.parametrize("ladder", LADDERS, ids=lambda ladder: ladder.id)
def test_a_score_is_one_less_a_level_up(ladder: Question) -> None:
    for level, above in pairwise(Level):
        here, there = ladder.scale(level), ladder.scale(above)
        assert [here[3], here[4]] == [there[2], there[3]]
        assert there[1] == f"No more than: {here[2]}"


def test_no_shipped_question_breaks_a_rule_of_writing() -> None:
    assert [str(problem) for problem in checks.problems(SHIPPED_BANK)] == []


def test_a_level_s_own_score_texts_are_returned_in_order() -> None:
    question = SHIPPED_BANK.questions["inc-senior-block-rate-fell"]
    assert list(question.scale(Level.SENIOR)) == [1, 2, 3, 4]
    with pytest.raises(KeyError):
        question.scale(Level.JUNIOR)


def test_units_start_with_the_ladder_and_keep_other_specializations_last() -> None:
    found = bank(
        question("adv-junior-a", specialization="llm"), question("adv-junior-b"), ladder("adv-z")
    )
    units = found.units(Level.JUNIOR, Area.ADVERSARIAL_THINKING)
    assert [each.id for each in units] == ["adv-z", "adv-junior-b", "adv-junior-a"]


def test_a_specialization_comes_first_and_shuts_the_others_out() -> None:
    found = bank(question("adv-junior-a", specialization="llm"), ladder("adv-z"))
    area = Area.ADVERSARIAL_THINKING
    llm = found.units(Level.JUNIOR, area, Specialization.LLM)
    governance = found.units(Level.JUNIOR, area, Specialization.GOVERNANCE)
    assert [each.id for each in llm] == ["adv-junior-a", "adv-z"]
    assert [each.id for each in governance] == ["adv-z"]


def test_a_leaked_prompt_gives_way_to_its_variant(folder: Path) -> None:
    edit(folder, "ali-family-rlhf-limitations.yaml", "status:", "exposure: leaked\nstatus:")
    question = content.load(folder).questions["ali-family-rlhf-limitations"]
    assert question.words == question.variants[0]


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_only_a_reviewed_question_is_asked(status: str) -> None:
    found = bank(question("adv-junior-a"), question("adv-junior-b", status=status))
    units = found.units(Level.JUNIOR, Area.ADVERSARIAL_THINKING)
    assert [each.id for each in units] == ["adv-junior-a"]


def test_every_problem_is_told_with_file_field_and_fix(folder: Path) -> None:
    edit(folder, "ali-family-rlhf-limitations.yaml", "title: RLHF", "titel: RLHF")
    edit(folder, "inc-senior-block-rate-fell.yaml", "time_min: 25", "time_min: 24")
    edit(folder, "tro-family-safety-helpfulness.yaml", "[red.3]", "[red.9]")
    told = problems(folder)
    assert "ali-family-rlhf-limitations.yaml: titel: is not a field: did you mean `title`?" in told
    assert "inc-senior-block-rate-fell.yaml" in told
    assert "must be one of 5, 8, 10" in told


def test_every_problem_of_one_file_is_told_in_one_run(folder: Path) -> None:
    name = "adv-junior-our-own.yaml"
    copyfile(
        folder / "questions" / "adv-junior-llm-hidden-document-text.yaml",
        folder / "questions" / name,
    )
    for old, new in (
        ("time_min: 15", "time_min: 16"),
        ("when: if_stuck", "when: always"),
        ("\n  4: >-", "\n  5: >-"),
        ("conduct_note: >-", "conduct: >-"),
        ("reviewed_on:", "read_on:"),
        ("greshake-2023", "greshake-2032"),
        ("title: Text hidden in an uploaded document", "title: Text"),
    ):
        edit(folder, name, old, new)
    told = problems(folder)
    for expected in (
        "time_min: must be one of 5",
        "followups: lacks one of: if_stuck",
        "anchors: need 1 to 4",
        "conduct_note: is required",
        "reviewed_on: is required",
        "sources: 'greshake-2032' is unknown: did you mean 'greshake-2023'?",
        "title: has 4 characters, at least 8: say more",
    ):
        assert f"questions/{name}: {expected}" in told


def test_a_ladder_at_fewer_levels_or_with_fewer_steps_is_told(folder: Path) -> None:
    name = "ali-family-rlhf-limitations.yaml"
    edit(folder, name, "levels: [junior, ", "levels: [")
    edit(folder, name, "\n  D7: >-", "\n  D8: >-")
    assert "levels: mode ladder needs all four levels" in problems(folder)
    assert "ladder: needs D1 to D7" in problems(folder)


def test_a_bank_that_is_edited_while_it_is_read_is_not_taken(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse_slowly(path: Path, *rest: Any) -> Any:
        if path.name == "guide.yaml":
            edit(folder, "inc-senior-block-rate-fell.yaml", "version:", "version:  ")
        return reading.parse(path, *rest)

    monkeypatch.setattr("bot.content.loading.parse", parse_slowly)
    assert "was edited while it was read: read it again" in problems(folder)


def test_an_unknown_key_names_the_nearest(folder: Path) -> None:
    edit(folder, "tro-family-safety-helpfulness.yaml", "xstest-2023", "xstest-2032")
    assert "'xstest-2032' is unknown: did you mean 'xstest-2023'?" in problems(folder)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("First hard case: its outcome", "since a colon follows 'First hard case': put quotes"),
        ("35", "is 35, which is no text: put quotes around it"),
        ("\"{'First hard case': 'its outcome'}\"", "begins with '{', as data written out does"),
    ],
)
@pytest.mark.parametrize("field", ["probes", "strong_signals", "evidence_prompts", "variants"])
def test_a_line_that_is_no_sentence_is_told_with_its_place(
    folder: Path, field: str, line: str, told: str
) -> None:
    edit(folder, "tro-family-safety-helpfulness.yaml", f"{field}:\n", f"{field}:\n  - {line}\n")
    assert f"questions/tro-family-safety-helpfulness.yaml: {field}.0: " in problems(folder)
    assert told in problems(folder)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title: [", "not YAML"),
        ("a: &x [1]\nb: *x", "aliases (*name) are not allowed"),
        ("title: one\ntitle: two", "stands here twice"),
        ("- only a list", "is no list of fields"),
        ("#" * 300_000, "larger than 256 KiB"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(folder: Path, text: str, told: str) -> None:
    (folder / "questions" / "broken-one.yaml").write_text(text, "utf-8")
    assert told in problems(folder)
    assert "questions/broken-one.yaml" in problems(folder)


def test_a_file_that_is_not_utf_8_is_named(folder: Path) -> None:
    (folder / "questions" / "latin-one.yaml").write_bytes(b"title: caf\xe9")
    assert "not UTF-8" in problems(folder)


class TestATeamsOwnFolder:
    """Laid over the shipped bank: it holds only what differs."""

    NAME = "adv-junior-llm-hidden-document-text"

    @pytest.fixture
    def own(self, tmp_path: Path) -> Path:
        (tmp_path / "questions").mkdir()
        return tmp_path

    def write(self, own: Path, text: str, name: str = NAME) -> None:
        (own / "questions" / f"{name}.yaml").write_text(text, "utf-8")

    def test_an_empty_one_changes_nothing(self, own: Path) -> None:
        assert content.load(own).questions == QUESTIONS_BY_ID

    def test_one_line_retires_a_shipped_question(self, own: Path) -> None:
        self.write(own, "status: retired")
        assert not content.load(own).questions[self.NAME].is_asked

    def test_one_line_serves_a_leaked_question_s_variant(self, own: Path) -> None:
        self.write(own, "exposure: leaked")
        question = content.load(own).questions[self.NAME]
        assert question.words == question.variants[0]

    def test_other_words_need_a_higher_version(self, own: Path) -> None:
        prompt = "prompt: Why would a hidden line in a form matter to us, and to whom?"
        self.write(own, prompt)
        assert "version: is 1 as shipped, but `prompt` differs: give it a higher" in problems(own)
        self.write(own, f"{prompt}\nversion: 2")
        assert content.load(own).questions[self.NAME].version == 2

    def test_a_question_of_its_own_is_added(self, own: Path) -> None:
        shipped = (SHIPPED / "questions" / f"{self.NAME}.yaml").read_text("utf-8")
        self.write(own, shipped, "adv-junior-our-own")
        assert len(content.load(own).questions) == len(QUESTIONS) + 1

    def test_a_change_to_no_shipped_question_names_the_nearest(self, own: Path) -> None:
        self.write(own, "status: retired", "adv-junior-llm-hidden-text")
        assert f"did you mean {self.NAME}.yaml?" in problems(own)

    def test_the_shipped_questions_can_be_left_out(self, own: Path) -> None:
        shipped = (SHIPPED / "questions" / f"{self.NAME}.yaml").read_text("utf-8")
        self.write(own, shipped, "adv-junior-our-own")
        (own / "bank.yaml").write_text("shipped: false")
        assert list(content.load(own).questions) == ["adv-junior-our-own"]

    def test_an_own_bank_without_questions_says_what_is_missing(self, own: Path) -> None:
        (own / "bank.yaml").write_text("shipped: false")
        assert "put questions there" in problems(own)

    def test_a_misspelt_setting_is_named(self, own: Path) -> None:
        (own / "bank.yaml").write_text("shiped: false")
        assert "bank.yaml: shiped: is not a field" in problems(own)

    def test_a_folder_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        assert "is no folder: check the path" in problems(tmp_path / "nowhere")

    def test_other_sources_and_rounds_take_the_place_of_the_shipped_ones(self, own: Path) -> None:
        text = (SHIPPED / "kits.yaml").read_text("utf-8")
        (own / "kits.yaml").write_text(text.replace("minutes: 45", "minutes: 40", 1))
        assert "kits.yaml" in problems(own)
        assert "the agenda takes 45 minutes at junior, the round has 40" in problems(own)
