"""Loops composed from the shipped bank and from one of the tests' own."""

import pytest

from bot.content import Area, Level, Mode, Specialization
from bot.kits import LoopKits, compose, holes
from tests.banks import SHIPPED, bank, question

LOOPS = [(level, special) for level in Level for special in Specialization]
CORE = frozenset(Area) - {Area.RECRUITER_SCREEN}


@pytest.fixture(params=LOOPS, ids=lambda pair: f"{pair[0]}-{pair[1]}")
def loop(request: pytest.FixtureRequest) -> LoopKits:
    return compose(SHIPPED, *request.param)


def test_the_shipped_bank_fills_every_line(loop: LoopKits) -> None:
    assert [line.missing for kit in loop.kits for line in kit.lines if line.missing] == []


def test_no_question_stands_twice(loop: LoopKits) -> None:
    asked = [question.id for kit in loop.kits for question in kit.questions]
    assert len(asked) == len(set(asked))


def test_minutes_never_exceed_the_round(loop: LoopKits) -> None:
    assert all(kit.spare >= 0 for kit in loop.kits)
    for kit in loop.kits:
        assert sum(line.minutes for line in kit.lines) + kit.spare == kit.minutes


def test_a_loop_gives_nine_ratings_over_every_area(loop: LoopKits) -> None:
    onsite = [question for kit in loop.kits[2:] for question in kit.questions]
    assert len(onsite) >= 9
    assert {question.area for question in onsite} >= CORE


def test_ladders_belong_to_the_onsite(loop: LoopKits) -> None:
    modes = [[question.mode for question in kit.questions] for kit in loop.kits]
    assert all(Mode.LADDER not in kit for kit in modes[:2])
    assert sum(kit.count(Mode.LADDER) for kit in modes[2:]) == 5


def test_the_must_reach_areas_are_asked_on_site(loop: LoopKits) -> None:
    onsite = {question.area for kit in loop.kits[2:] for question in kit.questions}
    assert set(SHIPPED.levels[loop.level].must_reach) <= onsite


def test_the_last_round_asks_the_specialization_in_two_areas(loop: LoopKits) -> None:
    asked = loop.kits[-1].questions
    assert {question.specialization for question in asked} == {loop.specialization}
    assert len({question.area for question in asked}) == 2
    assert all(
        question.specialization is Specialization.NONE
        for kit in loop.kits[:-1]
        for question in kit.questions
    )


def test_without_a_specialization_the_last_round_is_a_second_pair_of_the_must_reach_areas() -> None:
    loop = compose(SHIPPED, Level.SENIOR)
    asked = {question.area for question in loop.kits[-1].questions}
    assert asked == set(SHIPPED.levels[Level.SENIOR].must_reach)


def test_the_same_bank_gives_the_same_loop() -> None:
    compose.cache_clear()
    first = compose(SHIPPED, Level.MID, Specialization.LLM)
    compose.cache_clear()
    assert compose(SHIPPED, Level.MID, Specialization.LLM) == first


def test_a_line_that_no_question_fits_says_what_is_missing() -> None:
    loop = compose(bank(question(time_min=20)), Level.JUNIOR)
    onsite_a = loop.kits[2]
    assert [each.id for each in onsite_a.questions] == ["adv-junior-toy-case"]
    assert [line.missing for line in onsite_a.lines] == ["", "", "adversarial_thinking", "", ""]
    assert onsite_a.spare == 12


def test_lines_that_no_question_fills_are_holes() -> None:
    assert list(holes(SHIPPED)) == []
    found = list(holes(bank(question(time_min=20))))
    assert (
        "Onsite A, adversarial thinking at junior, llm: no question left for adversarial_thinking"
        in found
    )


def test_a_question_is_only_asked_in_its_rounds() -> None:
    loop = compose(bank(question(time_min=15, rounds=["technical_screen"])), Level.JUNIOR)
    asked = [kit.id for kit in loop.kits if kit.questions]
    assert asked == ["technical_screen"]
