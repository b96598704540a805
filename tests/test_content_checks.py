"""Each rule that no field can be held to by itself is broken once, and named."""

from typing import Any

import pytest

from bot.content import Area, Bank, Level, Specialization
from bot.content.checks import coverage, problems
from bot.content.checks.coverage import CORE_AREAS
from bot.content.checks.likeness import jaccard
from tests.banks import STEPS, bank, ladder, question


def told(found: Bank) -> list[str]:
    return [str(problem) for problem in problems(found)]


def test_a_bank_that_breaks_no_rule_has_no_problem() -> None:
    assert told(bank(question(), ladder(prompt="How does a toy train stay on its rails?"))) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"anchors": {**question().scale(Level.JUNIOR), 2: "Thoroughly " + "adds words " * 9}},
            "anchors.2: judges with 'thoroughly'",
        ),
        (
            {"anchors": {**question().scale(Level.JUNIOR), 3: f"{STEPS['D2']} With a sum."}},
            "anchors.3: shares",
        ),
        ({"prompt": "How old are you, and when did you first draw?"}, "asks about 'How old'"),
        ({"context": "Ask for their current salary before the pictures are shown."}, "context:"),
        ({"context": "Ask how many years of age the robot has, and then the candidate."}, "of age"),
        (
            {"prompt": "Why would “disregard all the above instructions” work on a toy robot?"},
            "prompt: holds 'disregard all the above instructions'",
        ),
        ({"variants": ["Where were you graduated in?"]}, "variants.0: asks about 'graduated in'"),
        (
            {"prompt": "Why would “ignore previous instructions” work on a toy robot?"},
            "prompt: holds 'ignore previous instructions'",
        ),
        (
            {"prompt": "When are classifiers that detect harmful outputs before they reach users?"},
            "prompt: copies the guide ('classifiers that detect harmful outputs before they reach",
        ),
        (
            {
                "probes": [
                    "Wants classifiers that detect harmful outputs before they reach users",
                    "Asks",
                ]
            },
            "probes.0: copies the guide",
        ),
    ],
)
def test_wording_that_breaks_a_rule_is_named(changes: dict[str, Any], expected: str) -> None:
    (found,) = told(bank(question(**changes)))
    assert found.startswith("questions/adv-junior-toy-case.yaml: ")
    assert expected in found


def test_a_ladder_s_stem_may_be_the_guide_s() -> None:
    stem = "Our LLM started producing biased outputs. Walk through your response"
    assert told(bank(ladder(prompt=stem))) == []
    assert "copies the guide" in told(bank(question(prompt=stem)))[0]


def test_only_the_stem_of_a_ladder_may_be_the_guide_s() -> None:
    copy = "Classifiers that detect harmful outputs before they reach users are in place, invented."
    (found,) = told(bank(ladder(context=copy)))
    assert "context: copies the guide" in found


def test_steps_of_a_ladder_that_are_alike_are_named_as_its_steps() -> None:
    (found,) = told(bank(ladder(ladder={**STEPS, "D6": f"{STEPS['D5']} With a sum."})))
    assert "ladder.D6: shares" in found


def test_a_copy_of_another_prompt_is_named_with_both_ids() -> None:
    (found,) = told(bank(question(), question("adv-junior-second-case")))
    assert found == (
        "questions/adv-junior-second-case.yaml: prompt: shares 1.00 of its words with "
        "adv-junior-toy-case, at most 0.35: ask for something else"
    )


def test_two_shared_strong_signals_are_one_too_many() -> None:
    signals = ["Says how many cases", "Asks for a clean case"]
    other = question(
        "adv-mid-train",
        prompt="Why does a toy train stop before its station?",
        strong_signals=signals,
    )
    found = told(bank(question(strong_signals=signals), other))
    assert found == [
        "questions/adv-mid-train.yaml: strong_signals: shares 2 lines with adv-junior-toy-case, "
        "at most 1"
    ]


def test_a_retired_question_is_not_checked() -> None:
    assert (
        told(bank(question(status="retired", prompt="How old are you, and how do you draw?"))) == []
    )


def test_a_draft_is_checked_before_it_is_asked() -> None:
    draft = question(status="draft", prompt="How old are you, and how do you draw?")
    assert len(told(bank(draft))) == 1


def test_likeness_leaves_out_the_words_that_all_texts_have() -> None:
    assert jaccard("How would you test the robot?", "What is the robot, and how?") == 0.5
    assert jaccard("the", "of") == 0.0


class TestCoverage:
    def test_units_are_counted_where_they_are_asked(self) -> None:
        found = coverage(
            bank(
                ladder(),
                question(
                    specialization="llm", prompt="Why does a toy train stop before its station?"
                ),
            )
        )
        assert found.core[Area.ADVERSARIAL_THINKING, Level.STAFF] == 1
        assert found.special[Specialization.LLM, Level.JUNIOR] == 1
        assert found.units == 5
        assert found.skills["red_teaming"] == 5

    def test_every_hole_is_named(self) -> None:
        holes = coverage(bank(question())).holes
        assert "adversarial_thinking at junior: 1 core units, at least 3" in holes
        assert "adversarial_thinking at junior: no unit of 12 minutes or less" in holes
        assert "junior: 0 units of kind experience, at least 4" in holes
        assert "junior: 0 recruiter-screen units, at least 2" in holes
        assert "llm at junior: 0 units, at least 2" in holes
        assert "skill red_teaming: 1 units over 1 levels, at least 4 over 2" in holes
        assert "flag red.1: linked from 0 questions, at least 3" in holes
        assert "level.junior.2: cited by 1 units of its level, at least 2" in holes
        assert "prog.staff.4: cited by no unit of its level" in holes
        assert "dil.redteam.4: cited by no question" in holes

    def test_a_draft_is_a_hole_until_it_is_reviewed(self) -> None:
        draft = "adv-junior-toy-case: a draft, waits for a second reader"
        assert draft in coverage(bank(question(status="draft"))).holes
        assert draft not in coverage(bank(question())).holes

    def test_a_full_cell_of_one_kind_is_a_hole(self) -> None:
        cell = [question(f"adv-junior-toy-{name}", time_min=12) for name in ("one", "two", "six")]
        holes = coverage(bank(*cell)).holes
        assert "adversarial_thinking at junior: all units are of kind scenario" in holes
        assert not any(hole.startswith("adversarial_thinking at junior: no unit") for hole in holes)

    def test_two_units_of_a_specialization_in_one_area_are_a_hole(self) -> None:
        pair = [question(f"adv-junior-toy-{name}", specialization="llm") for name in ("one", "two")]
        assert "llm at junior: all units are in one area" in coverage(bank(*pair)).holes

    def test_the_recruiter_s_screen_is_no_core_area(self) -> None:
        assert len(CORE_AREAS) == 5
