"""Statistics from sums, against hand-worked examples, tables, and a second way to compute them."""

import statistics
from collections import Counter
from collections.abc import Sequence
from itertools import permutations

import krippendorff
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insights_numbers import SCORES, Sums, agreement, interval, rises, t_quantile

UNITS = st.lists(st.lists(st.sampled_from(SCORES), min_size=1, max_size=6), min_size=1, max_size=12)


def matrix(units: list[list[int]]) -> tuple[list[list[float]], int, int]:
    """Coincidences, as the database adds them up, and how many units and pairs there are."""
    met: Counter[tuple[int, int]] = Counter()
    shared = [unit for unit in units if len(unit) > 1]
    for unit in shared:
        for pair in permutations(unit, 2):
            met[pair] += 1 / (len(unit) - 1)  # type: ignore[assignment]
    rows = [[float(met[one, other]) for other in SCORES] for one in SCORES]
    return rows, len(shared), sum(len(unit) * (len(unit) - 1) // 2 for unit in shared)


# Krippendorff's own example of four observers, without the unit that has a 5: worked there.
PUBLISHED = [
    [1, 1, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
    [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [1, 1], [3],
]  # fmt: skip


def test_a_small_example_worked_by_hand() -> None:
    # Two scored three answers: 1 1, 4 4, 1 4. Of the six scores three are 1 and three are 4, so
    # any two that differ are equally far apart: observed 2 of 6, by chance 18 of 30.
    found = agreement(*matrix([[1, 1], [4, 4], [1, 4]]))
    assert found.alpha == pytest.approx(1 - (2 / 6) / (18 / 30))
    assert (found.units, found.pairs) == (3, 3)


def test_it_is_what_a_second_library_finds_on_a_published_example() -> None:
    assert agreement(*matrix(PUBLISHED)).alpha == pytest.approx(second(PUBLISHED))


def second(units: list[list[int]]) -> float:
    counts = [[unit.count(score) for score in SCORES] for unit in units]
    return float(
        krippendorff.alpha(
            value_counts=counts, value_domain=list(SCORES), level_of_measurement="ordinal"
        )
    )


@given(UNITS)
def test_it_is_what_a_second_library_finds(units: list[list[int]]) -> None:
    found = agreement(*matrix(units))
    varied = {score for unit in units if len(unit) > 1 for score in unit}
    if len(varied) < 2:
        assert found.alpha is None
    else:
        assert found.alpha == pytest.approx(second(units), abs=1e-9)


# Student's t, two-sided 95%, as printed in statistical tables.
TABLE = {4: 2.776, 5: 2.571, 9: 2.262, 14: 2.145, 29: 2.045, 59: 2.001, 119: 1.980}


@pytest.mark.parametrize(("freedom", "printed"), TABLE.items())
def test_quantiles_are_those_of_the_printed_table(freedom: int, printed: float) -> None:
    assert t_quantile(freedom) == pytest.approx(printed, abs=0.001)


def test_an_interval_worked_by_hand() -> None:
    # 1, 2, 3, 4, 5: mean 3, variance 2.5, standard error 0.7071, times 2.776.
    found = interval(5, 15, 55)
    assert found.mean == 3
    assert found.high == pytest.approx(3 + 2.776 * 0.7071, abs=0.002)
    assert found.low == pytest.approx(3 - 2.776 * 0.7071, abs=0.002)


def sums(pairs: Sequence[tuple[float, float]]) -> Sums:
    return Sums(
        len(pairs), sum(x for x, _ in pairs), sum(y for _, y in pairs),
        sum(x * x for x, _ in pairs), sum(y * y for _, y in pairs), sum(x * y for x, y in pairs),
    )  # fmt: skip


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=2, max_size=40))
def test_correlation_is_that_of_the_standard_library(pairs: list[tuple[int, int]]) -> None:
    x, y = [float(one) for one, _ in pairs], [float(other) for _, other in pairs]
    found = sums(list(zip(x, y, strict=True))).correlation
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(statistics.correlation(x, y), abs=1e-9)


def test_scores_that_climb_rise_and_scores_that_waver_do_not() -> None:
    assert rises(sums([(n, 1 + n // 4) for n in range(16)]))
    assert not rises(sums([(n, 1 + n % 4) for n in range(16)]))
    assert not rises(sums([(n, 4 - n // 4) for n in range(16)]))
    assert not rises(sums([(n, n) for n in range(4)]))  # Too few.
