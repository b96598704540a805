"""Whether two people score the same answers alike (content-spec.md, section 9)."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content.answers import Answer, Calibration
from bot.content.loading import SHIPPED
from bot.content.reading import ContentError, Problem, build, parse

SAME, WITHIN_ONE, KAPPA = 0.70, 0.95, 0.60  # The least at which a ladder is released.
COLUMNS = ("answer", "level", "score", "heard")

__all__ = ["Agreement", "Answer", "Calibration", "agreement", "load", "scores"]

Scored = Mapping[tuple[str, str], int]  # Answer's number and level, to its score.


@dataclass(frozen=True)
class Agreement:
    """Shares of answers, 0 to 1, and the quadratic weighted kappa, 1 for full agreement."""

    same: float
    within_one: float
    kappa: float

    @property
    def suffices(self) -> bool:
        return self.same >= SAME and self.within_one >= WITHIN_ONE and self.kappa >= KAPPA


def load(ladder: str, folder: Path = SHIPPED) -> Calibration:
    """The answers of `ladder`. Raises ContentError."""
    path, problems = folder / "calibration" / f"{ladder}.yaml", list[Problem]()
    shown = f"calibration/{path.name}"
    raw = parse(path, problems, shown)
    found = build(raw, Calibration.model_validate, problems, shown) if raw is not None else None
    if found is None:
        raise ContentError(problems)
    return found


def scores(path: Path) -> dict[tuple[str, str], int]:
    """The scores that a reader filled in. Raises ContentError with every wrong row."""
    found, problems = {}, list[Problem]()
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                score = (row.get("score") or "").strip()
                if score in ("1", "2", "3", "4"):
                    found[row.get("answer") or "", row.get("level") or ""] = int(score)
                else:
                    reason = f"`score` is {score!r}: write 1, 2, 3 or 4"
                    problems.append(Problem(path.name, f"line {number}", reason))
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(str(path), "", f"cannot be read ({error}): check the file"))
    if problems:
        raise ContentError(problems)
    return found


def agreement(first: Scored, second: Scored) -> Agreement:
    """How far two readers agree on what both scored. Raises ValueError when that is nothing."""
    pairs = [(first[key], second[key]) for key in first if key in second]
    if not pairs:
        raise ValueError("the two files have no answer in common")
    apart = [abs(one - other) for one, other in pairs]
    total = len(pairs)
    # Kappa with weights that grow with the square of the distance (Cohen 1968).
    by_chance = sum((one - other) ** 2 for one, _ in pairs for _, other in pairs) / total
    observed = sum(distance**2 for distance in apart)
    return Agreement(
        same=apart.count(0) / total,
        within_one=sum(distance <= 1 for distance in apart) / total,
        kappa=1 - observed / by_chance if by_chance else 1.0,
    )
