import re
from itertools import combinations, pairwise
from pathlib import Path
from shutil import copytree

import pytest

from bot import content
from bot.content import Area, Level, Mode, Specialization
from bot.content.loading import SHIPPED
from bot.content.question import Question

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
JUDGING = set(
    "good strong clear clearly deep deeply thorough solid well adequate appropriate basic "
    "understands knows".split()
)
STOP_WORDS = set(
    "a an the of to and or in on for with is are be it that this how do you your would what "
    "our we not no by as at from one who which before after".split()
)
SHIPPED_BANK = content.load()
QUESTIONS = sorted(SHIPPED_BANK.questions.values(), key=lambda question: question.id)
LADDERS = [question for question in QUESTIONS if question.mode is Mode.LADDER]


def scored_texts(question: Question) -> list[str]:
    return list((question.anchors or question.ladder or {}).values())


def content_words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower())) - STOP_WORDS


def jaccard(one: str, other: str) -> float:
    first, second = content_words(one), content_words(other)
    return len(first & second) / len(first | second)


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


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_no_anchor_judges_instead_of_describing(question: Question) -> None:
    for text in scored_texts(question):
        assert not JUDGING & set(re.findall(r"[a-z]+", text.lower()))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_neighbouring_anchors_share_few_words(question: Question) -> None:
    for lower, higher in pairwise(scored_texts(question)):
        assert jaccard(lower, higher) <= 0.40


def test_no_two_prompts_ask_the_same() -> None:
    for one, other in combinations(QUESTIONS, 2):
        assert jaccard(one.prompt, other.prompt) <= 0.35, (one.id, other.id)


def test_two_questions_share_at_most_one_strong_signal() -> None:
    for one, other in combinations(QUESTIONS, 2):
        assert len(set(one.strong_signals) & set(other.strong_signals)) <= 1


def test_a_level_s_own_score_texts_are_returned_in_order() -> None:
    question = SHIPPED_BANK.questions["inc-senior-block-rate-fell"]
    assert list(question.scale(Level.SENIOR)) == [1, 2, 3, 4]
    with pytest.raises(KeyError):
        question.scale(Level.JUNIOR)


def test_units_start_with_the_ladder_and_keep_other_specializations_last() -> None:
    found = SHIPPED_BANK.units(Level.JUNIOR, Area.ADVERSARIAL_THINKING)
    assert [question.mode for question in found] == [Mode.LADDER, Mode.LEVEL]


def test_a_specialization_comes_first_and_shuts_the_others_out() -> None:
    area = Area.ADVERSARIAL_THINKING
    llm = SHIPPED_BANK.units(Level.JUNIOR, area, Specialization.LLM)
    governance = SHIPPED_BANK.units(Level.JUNIOR, area, Specialization.GOVERNANCE)
    assert llm[0].specialization is Specialization.LLM
    assert [question.mode for question in governance] == [Mode.LADDER]


def test_a_leaked_prompt_gives_way_to_its_variant(folder: Path) -> None:
    edit(folder, "ali-family-rlhf-limitations.yaml", "version: 1", "version: 1\nexposure: leaked")
    question = content.load(folder).questions["ali-family-rlhf-limitations"]
    assert question.words == question.variants[0]


def test_a_retired_question_is_not_asked(folder: Path) -> None:
    edit(folder, "adv-junior-llm-hidden-document-text.yaml", "status: draft", "status: retired")
    found = content.load(folder).units(Level.JUNIOR, Area.ADVERSARIAL_THINKING)
    assert [question.id for question in found] == ["adv-family-harmful-output"]


def test_every_problem_is_told_with_file_field_and_fix(folder: Path) -> None:
    edit(folder, "ali-family-rlhf-limitations.yaml", "title: RLHF", "titel: RLHF")
    edit(folder, "inc-senior-block-rate-fell.yaml", "time_min: 25", "time_min: 24")
    edit(folder, "tro-family-safety-helpfulness.yaml", "[red.3]", "[red.9]")
    told = problems(folder)
    assert "ali-family-rlhf-limitations.yaml: titel: is not a field: did you mean `title`?" in told
    assert "inc-senior-block-rate-fell.yaml" in told
    assert "must be one of 5, 8, 10" in told


def test_an_unknown_key_names_the_nearest(folder: Path) -> None:
    edit(folder, "tro-family-safety-helpfulness.yaml", "xstest-2023", "xstest-2032")
    assert "'xstest-2032' is unknown: did you mean 'xstest-2023'?" in problems(folder)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title: [", "not YAML"),
        ("a: &x [1]\nb: *x", "aliases (*name) are not allowed"),
        ("title: one\ntitle: two", "stands here twice"),
        ("- only a list", "valid dictionary"),
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


def test_a_team_s_folder_needs_only_questions(tmp_path: Path) -> None:
    copytree(SHIPPED / "questions", tmp_path / "questions")
    assert len(content.load(tmp_path).questions) == len(QUESTIONS)


def test_an_empty_folder_says_what_is_missing(tmp_path: Path) -> None:
    assert "put questions there" in problems(tmp_path)
