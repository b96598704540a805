from hypothesis import given
from hypothesis import strategies as st

from bot.content import Level
from bot.finding import LONGEST_QUERY, find
from tests.banks import SHIPPED, bank, ladder, question

TRAIN = question(
    "adv-mid-train",
    levels=["mid"],
    title="A train that stops too early",
    prompt="Why would a toy train stop before its station, and who notices first?",
    skills=["monitoring"],
)
BANK = bank(question(), TRAIN, ladder("ali-family-rails", area="alignment_concepts"))


def ids(query: str) -> list[str]:
    return [match.question.id for match in find(BANK, query).matches]


def test_a_word_is_found_in_titles_before_other_fields() -> None:
    assert ids("train") == ["adv-mid-train"]
    assert ids("monitoring") == ["adv-mid-train"]
    assert find(BANK, "train").matches[0].field == "title"


def test_a_misspelt_word_is_found() -> None:
    assert ids("statoin") == ["adv-mid-train"]
    assert find(BANK, "statoin").matches[0].words == {"station"}


def test_the_start_of_a_word_is_enough() -> None:
    assert ids("monit") == ["adv-mid-train"]


def test_level_words_narrow_down_and_open_at_that_level() -> None:
    found = find(BANK, "sr robot")
    assert [(match.question.id, match.level) for match in found.matches] == [
        ("ali-family-rails", Level.SENIOR)
    ]


def test_level_words_alone_find_all_of_the_level() -> None:
    assert ids("mid") == ["ali-family-rails", "adv-mid-train"]


def test_every_word_has_to_match_where_one_question_has_them_all() -> None:
    assert ids("train station") == ["adv-mid-train"]


def test_the_field_that_holds_most_of_the_words_is_shown() -> None:
    match = find(BANK, "station notices monitoring").matches[0]
    assert match.field == "words"
    assert match.words == {"station", "notices"}


def test_another_name_of_an_area_is_shown_with_the_area() -> None:
    rails = bank(ladder("ali-family-rails", area="alignment_concepts"))
    (match,) = find(rails, "rlhf").matches
    assert (match.field, match.text) == ("area", "Alignment concepts, also “rlhf”")


def test_as_many_words_as_possible_match_where_none_has_them_all() -> None:
    assert ids("train zebra") == ["adv-mid-train"]


def test_nothing_is_found_for_words_that_nothing_resembles() -> None:
    assert ids("zebra") == []
    assert ids("") == sorted(ids(""), key=lambda each: (each != "ali-family-rails", each))


def test_a_retired_question_is_not_found() -> None:
    assert find(bank(question(status="retired")), "robot").matches == ()


def test_a_leaked_prompt_is_not_found_by_its_own_words() -> None:
    leaked = bank(question(exposure="leaked", title="A machine for the tests"))
    assert [match.field for match in find(leaked, "printer").matches] == ["words"]
    assert find(leaked, "robot").matches == ()


def test_sources_skills_and_the_guide_are_searched() -> None:
    fields = {query: find(SHIPPED, query).matches[0].field for query in ("hendrycks", "guo-2017")}
    assert fields == {"hendrycks": "source", "guo-2017": "source"}
    assert find(SHIPPED, "tokenization").matches


@given(st.text(max_size=LONGEST_QUERY * 2))
def test_any_query_is_answered(query: str) -> None:
    found = find(BANK, query)
    assert len({match.question.id for match in found.matches}) == len(found.matches)
