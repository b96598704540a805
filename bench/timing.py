"""Requests timed side by side, and their ratios beside their targets."""

import statistics
import time
from collections.abc import Callable

ROUNDS, WARM_UP = 400, 20

Ask = Callable[[], None]


def timed(
    asks: dict[str, Ask], rounds: int = ROUNDS, between: Ask = lambda: None
) -> dict[str, tuple[float, float]]:
    """Median and 99th percentile in ms. The apps take turns, so that noise meets them alike; what
    is done in `between` two rounds is not counted."""
    taken: dict[str, list[float]] = {kind: [] for kind in asks}
    for round_ in range(WARM_UP + rounds):
        for kind, ask in asks.items():
            start = time.perf_counter()
            ask()
            if round_ >= WARM_UP:
                taken[kind].append((time.perf_counter() - start) * 1000)
        between()
    return {
        kind: (statistics.median(times), statistics.quantiles(times, n=100)[98])
        for kind, times in taken.items()
    }


def verdict(one: str, other: str, ratio: float, target: float) -> None:
    met = "met" if ratio <= target else "MISSED"
    print(f"  {one} / {other}: {ratio:.2f} (at most {target}: {met})")
