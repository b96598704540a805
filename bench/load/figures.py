"""Figures from answers and samples."""

import statistics
from collections import Counter
from collections.abc import Sequence

from bench.load.arrivals import Answer


def quantile(values: Sequence[float], share: float) -> float:
    """0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def lines(answers: Sequence[Answer]) -> list[str]:
    """One line for each kind, and one for all."""
    kinds = sorted({each.kind for each in answers})
    found = [_line(kind, [each for each in answers if each.kind == kind]) for kind in kinds]
    return [*found, _line("all", answers)]


def _line(name: str, answers: Sequence[Answer]) -> str:
    took = [each.took * 1000 for each in answers]
    errors = Counter(each.error for each in answers if each.error)
    told = ", ".join(f"{count} {error}" for error, count in errors.most_common()) or "none"
    return (
        f"  {name:10} {len(answers):7,}   p50 {quantile(took, 0.5):7.1f} ms   "
        f"p99 {quantile(took, 0.99):7.1f} ms   errors: {told}"
    )


def slope(samples: Sequence[tuple[float, float]]) -> float:
    """How much the second of each pair grows with one of the first; 0 for fewer than two."""
    if len(samples) < 2:
        return 0.0
    xs, ys = zip(*samples, strict=True)
    return statistics.linear_regression(xs, ys).slope
