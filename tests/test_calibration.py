"""Do two people score the same answers alike?"""

from collections import Counter
from pathlib import Path

import pytest

from bot.content import ContentError, Level, Mode
from bot.content.calibration import Answer, agreement, load, scores
from tests.banks import SHIPPED
from tests.test_command_line import typed

LADDERS = [each.id for each in SHIPPED.questions.values() if each.mode is Mode.LADDER]
LADDER = "ali-family-rlhf-limitations"


def scored(*given: int) -> dict[tuple[str, str], int]:
    return {(str(number), "senior"): score for number, score in enumerate(given)}


@pytest.mark.parametrize("ladder", LADDERS)
def test_each_ladder_ships_two_answers_for_each_of_four_steps(ladder: str) -> None:
    answers = load(ladder).answers
    assert Counter(each.step for each in answers) == {"D3": 2, "D4": 2, "D5": 2, "D6": 2}
    assert all(60 <= len(each.heard.split()) <= 120 for each in answers)


@pytest.mark.parametrize("ladder", LADDERS)
def test_the_steps_stand_in_no_order_that_gives_them_away(ladder: str) -> None:
    steps = [each.step for each in load(ladder).answers]
    assert steps not in (sorted(steps), sorted(steps, reverse=True))


def test_a_step_s_score_is_one_less_a_level_up() -> None:
    answer = Answer(step="D5", heard="x" * 200)
    assert [answer.score(level) for level in Level] == [4, 4, 3, 2]
    assert Answer(step="D3", heard="x" * 200).score(Level.STAFF) == 1


def test_full_agreement_suffices() -> None:
    found = agreement(scored(1, 2, 3, 4), scored(1, 2, 3, 4))
    assert (found.same, found.within_one, found.kappa, found.suffices) == (1, 1, 1, True)


def test_kappa_is_cohen_s() -> None:
    # Worked by hand: squared distances 0, 1, 1, 0; by chance 14 + 6 + 6 + 14 over 4 answers.
    found = agreement(scored(1, 2, 3, 4), scored(1, 3, 2, 4))
    assert (found.same, found.within_one) == (0.5, 1.0)
    assert found.kappa == pytest.approx(1 - 2 / (40 / 4))
    assert not found.suffices


def test_opposite_scores_agree_less_than_by_chance() -> None:
    assert agreement(scored(1, 4, 1, 4), scored(4, 1, 4, 1)).kappa < 0


def test_nothing_in_common_is_said() -> None:
    with pytest.raises(ValueError, match="no answer in common"):
        agreement({("a", "mid"): 1}, {("b", "mid"): 1})


def test_a_missing_score_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("answer,level,score,heard\nx 1,mid,3,…\nx 2,mid,five,…\n")
    with pytest.raises(ContentError, match="line 3: `score` is 'five'"):
        scores(tmp_path / "a.csv")


def test_a_sheet_is_printed_filled_in_and_compared(tmp_path: Path) -> None:
    sheet = typed("content", "calibration", LADDER, "--level", "mid").stdout
    assert "D3" not in sheet.replace("RLHF", "")
    for name in ("a.csv", "b.csv"):
        rows = sheet.replace(",mid,,", ",mid,3,", 4).replace(",mid,,", ",mid,2,")
        (tmp_path / name).write_text(rows)
    done = typed("content", "agreement", str(tmp_path / "a.csv"), str(tmp_path / "b.csv"))
    assert done.returncode == 0, done.stderr
    assert "same 100%" in done.stdout


def test_a_ladder_without_answers_is_named() -> None:
    done = typed("content", "calibration", "no-such-ladder")
    assert done.returncode == 1
    assert "calibration/no-such-ladder.yaml: cannot be read" in done.stderr
