"""Calibration drills: which invented answer comes next, and how near somebody scores."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.content import Bank, Level, Question
from bot.content.scorecard import Training

LEVELS = tuple(Level)


@dataclass(frozen=True)
class Item:
    """One invented answer, to be scored as `level` does. An answer that is edited is another."""

    id: str
    question: Question
    heard: str
    level: Level
    intended: int


@dataclass(frozen=True)
class Given:
    """A score that somebody gave, and the one that the answer was written for."""

    score: int
    intended: int

    @property
    def distance(self) -> int:
        return abs(self.score - self.intended)


def items(bank: Bank, level: Level | None = None) -> tuple[Item, ...]:
    """Every answer once, ladders taking turns, in one order for everybody: so those who come
    first are soon followed by enough others for a spread. Without a `level` each answer has its
    own, the four taking turns too."""
    return _items(bank, level)


@lru_cache(maxsize=16)
def _items(bank: Bank, level: Level | None) -> tuple[Item, ...]:
    ladders = sorted(bank.calibrations)
    most = max((len(each.answers) for each in bank.calibrations.values()), default=0)

    def all_of() -> Iterator[Item]:
        for place in range(most):
            for number, ladder in enumerate(ladders):
                answers = bank.calibrations[ladder].answers
                if place < len(answers):
                    answer = answers[place]
                    at = level or LEVELS[(place + number) % len(LEVELS)]
                    mark = hashlib.sha256(answer.heard.encode()).hexdigest()[:8]
                    question = bank.questions[ladder]
                    yield Item(f"{ladder}.{mark}", question, answer.heard, at, answer.score(at))

    return tuple(all_of())


def upcoming(found: Sequence[Item], done: Mapping[str, int]) -> tuple[Item, int] | None:
    """The next answer, and which time it is: none comes again before all were done. None when
    there are no answers at all."""
    if not found:
        return None
    item = min(found, key=lambda each: done.get(each.id, 0))
    return item, done.get(item.id, 0) + 1


def is_due(found: Sequence[Item], done: Mapping[str, int], item: Item, turn: int) -> bool:
    """Whether `item` may be scored for the `turn`th time now."""
    fewest = min(done.get(each.id, 0) for each in found)
    return done.get(item.id, 0) == fewest == turn - 1


def find(found: Sequence[Item], id_: str) -> Item | None:
    return next((each for each in found if each.id == id_), None)


def stands_for_one(form: Training, newest: Sequence[Given]) -> bool:
    """Whether somebody's newest drills, newest first, stand for one shadowed interview: enough of
    them, and as many near enough as an interview's ratings have to be."""
    counted = newest[: form.drills]
    if not form.drills or len(counted) < form.drills:
        return False
    return sum(each.distance <= form.within for each in counted) / len(counted) >= form.share
