"""The statistics behind insights, each from sums that the database adds up: none needs the rows.

What comes ready-made is not used, and why stands in docs/decisions/0014-insights-are-sums.md; the
tests compare this with a second library.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

SCORES = (1, 2, 3, 4)
Matrix = Sequence[Sequence[float]]  # Four by four, symmetric.


@dataclass(frozen=True)
class Agreement:
    """Krippendorff's alpha for ordered scores: 1 is full agreement, 0 what chance would give;
    None when everybody gave the same score throughout, so that chance would do as well."""

    alpha: float | None
    units: int  # What two or more people scored.
    pairs: int


def agreement(coincidences: Matrix, units: int, pairs: int) -> Agreement:
    """From how often each two scores met in one unit, a unit of m scores adding 1/(m-1) for each
    ordered pair.

    Source: Krippendorff, “Computing Krippendorff's Alpha-Reliability” (2011), ordinal metric.
    """
    margins = [sum(row) for row in coincidences]
    total = sum(margins)
    observed = expected = 0.0
    for one in range(len(margins)):
        for other in range(len(margins)):
            apart = _apart(margins, one, other)
            observed += coincidences[one][other] * apart
            expected += margins[one] * margins[other] * apart
    if not expected:
        return Agreement(None, units, pairs)
    return Agreement(1 - (total - 1) * observed / expected, units, pairs)


def _apart(margins: Sequence[float], one: int, other: int) -> float:
    low, high = sorted((one, other))
    between = sum(margins[low : high + 1])
    return (between - (margins[low] + margins[high]) / 2) ** 2 if low != high else 0.0


@dataclass(frozen=True)
class Interval:
    """A mean with its 95% confidence interval (Student's t)."""

    mean: float
    low: float
    high: float
    cases: int


def interval(cases: int, total: float, squares: float) -> Interval:
    """From the number of values, their sum and the sum of their squares. Raises ValueError for
    fewer than two."""
    if cases < 2:
        raise ValueError(cases)
    mean = total / cases
    variance = max(0.0, squares - cases * mean**2) / (cases - 1)
    half = t_quantile(cases - 1) * sqrt(variance / cases)
    return Interval(mean, mean - half, mean + half, cases)


def t_quantile(freedom: int, share: float = 0.975) -> float:
    """Of Student's t. Right to 0.001 from four degrees of freedom on.

    Source: Abramowitz & Stegun, *Handbook of Mathematical Functions* (1964), 26.7.5.
    """
    z, v = NormalDist().inv_cdf(share), float(freedom)
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * v**4)
    )


@dataclass(frozen=True)
class Sums:
    """Of pairs (x, y)."""

    cases: int
    x: float
    y: float
    xx: float
    yy: float
    xy: float

    @property
    def correlation(self) -> float | None:
        """Pearson's; None when one of the two never varies."""
        spread = (self.cases * self.xx - self.x**2) * (self.cases * self.yy - self.y**2)
        if self.cases < 2 or spread <= 1e-9:
            return None
        found = (self.cases * self.xy - self.x * self.y) / sqrt(spread)
        return max(-1.0, min(1.0, found))

    @property
    def slope(self) -> float:
        """How much y changes with one of x; 0 when x never varies."""
        spread = self.cases * self.xx - self.x**2
        return (self.cases * self.xy - self.x * self.y) / spread if spread else 0.0


def rises(found: Sums) -> bool:
    """Whether y rises with x beyond what chance would give once in forty (a t test of Pearson's
    correlation)."""
    r = found.correlation
    if r is None or found.cases < 5 or r <= 0:
        return False
    if r >= 1 - 1e-9:
        return True
    return r * sqrt((found.cases - 2) / (1 - r**2)) > t_quantile(found.cases - 2)
