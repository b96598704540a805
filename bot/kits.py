"""The kits of a loop: which questions each round asks, the same for all of an opening's candidates.

Composed from the bank alone, so that the same bank gives everybody the same loop.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.content import Area, Bank, Level, Question, Specialization
from bot.content.kit import Item, RoundPlan


@dataclass(frozen=True)
class Line:
    """One line of a kit. A line that asks has a question, or the bank has none left that fits."""

    minutes: int
    talk: str = ""
    question: Question | None = None
    missing: str = ""


@dataclass(frozen=True)
class Kit:
    """The questions of one round. `spare` counts the minutes that its agenda leaves free."""

    id: str
    title: str
    minutes: int
    lines: tuple[Line, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(line.question for line in self.lines if line.question)

    @property
    def spare(self) -> int:
        return self.minutes - sum(line.minutes for line in self.lines)


@dataclass(frozen=True)
class LoopKits:
    """All rounds of an opening, in the order in which they are held."""

    level: Level
    specialization: Specialization
    kits: tuple[Kit, ...]

    @property
    def id(self) -> str:
        special = self.specialization
        return self.level if special is Specialization.NONE else f"{self.level}-{special}"

    @property
    def asked(self) -> frozenset[str]:
        """The ids of its questions."""
        return frozenset(question.id for kit in self.kits for question in kit.questions)

    @property
    def holes(self) -> int:
        """How many lines the bank has no question for."""
        return sum(bool(line.missing) for kit in self.kits for line in kit.lines)

    @property
    def areas(self) -> frozenset[Area]:
        return frozenset(question.area for kit in self.kits for question in kit.questions)


@dataclass(frozen=True)
class Wear:
    """How often a team has asked its questions: what a new opening gets of two that would do."""

    worn: frozenset[str] = frozenset()  # Ids of those that others are taken before.
    uses: frozenset[tuple[str, int]] = frozenset()  # Ids, and how often each was asked.


FRESH = Wear()


@lru_cache(maxsize=128)
def compose(
    bank: Bank,
    level: Level,
    specialization: Specialization = Specialization.NONE,
    wear: Wear = FRESH,
) -> LoopKits:
    """The loop for `level`: no question stands twice in it, across all rounds. What is worn is left
    out, the most asked first, as long as that leaves no line without a question."""
    plain = _composed(bank, level, specialization, FRESH)
    if wear == FRESH:
        return plain
    uses, holes = dict(wear.uses), plain.holes
    found = _composed(bank, level, specialization, Wear(uses=wear.uses))
    if found.holes > holes:
        found, wear = plain, Wear(worn=wear.worn)
    left_out: frozenset[str] = frozenset()
    for worn in sorted(wear.worn, key=lambda each: (-uses.get(each, 0), each)):
        if worn in found.asked:
            tried = Wear(left_out | {worn}, wear.uses)
            other = _composed(bank, level, specialization, tried)
            if other.holes <= holes:
                found, left_out = other, tried.worn
    return found


def _composed(bank: Bank, level: Level, specialization: Specialization, wear: Wear) -> LoopKits:
    picker = _Picker(bank, level, specialization, wear)
    kits = tuple(
        Kit(
            id=name,
            title=plan.title,
            minutes=plan.minutes,
            lines=tuple(
                line for item in plan.agenda if item.at(level) for line in picker.lines(plan, item)
            ),
        )
        for name, plan in bank.rounds.items()
    )
    return LoopKits(level, specialization, kits)


def holes(bank: Bank) -> Iterator[str]:
    """Each line of a round, at any level and specialization, that no question of `bank` fills."""
    for level in bank.levels:
        for special in Specialization:
            for kit in compose(bank, level, special).kits:
                for missing in (line.missing for line in kit.lines if line.missing):
                    yield f"{kit.title} at {level}, {special}: no question left for {missing}"


class _Picker:
    """Chooses questions for one loop, and remembers which are taken."""

    def __init__(
        self, bank: Bank, level: Level, specialization: Specialization, wear: Wear
    ) -> None:
        self._bank = bank
        self._worn, self._uses = wear.worn, dict(wear.uses)
        self._level = level
        self._specialization = specialization
        self._taken: set[str] = set()

    def lines(self, plan: RoundPlan, item: Item) -> Iterator[Line]:
        minutes = item.at(self._level)
        if item.ask is None:
            yield Line(minutes, talk=item.talk)
        elif isinstance(item.ask, Area):
            yield self._line(self._core(plan, item.ask), minutes, str(item.ask))
        elif self._specialization is Specialization.NONE:
            for area in self._bank.levels[self._level].must_reach[: item.questions]:
                share = minutes // item.questions
                yield self._line(self._core(plan, area), share, str(area))
        else:
            yield from self._special(plan, item, minutes)

    def _core(self, plan: RoundPlan, area: Area) -> list[Question]:
        return [
            question
            for question in self._free(plan)
            if question.area is area and question.specialization is Specialization.NONE
        ]

    def _special(self, plan: RoundPlan, item: Item, minutes: int) -> Iterator[Line]:
        """Questions of the specialization, each in another area while there is one."""
        left, areas = minutes, set[Area]()
        for number in range(item.questions):
            free = [
                each for each in self._free(plan) if each.specialization is self._specialization
            ]
            # The shortest of the others must still fit after this one.
            later = item.questions - number - 1
            shortest = sorted(question.minutes(self._level) for question in free)
            spared = sum(shortest[:later])
            found = [question for question in free if question.area not in areas] or free
            line = self._line(found, left - spared, str(self._specialization))
            left -= line.minutes
            if line.question:
                areas.add(line.question.area)
            yield line

    def _free(self, plan: RoundPlan) -> list[Question]:
        return [
            question
            for question in self._bank.questions.values()
            if question.is_asked
            and self._level in question.levels
            and plan.round in question.rounds
            and question.id not in self._taken
        ]

    def _line(self, found: list[Question], minutes: int, wanted: str) -> Line:
        """The longest question that fits, worn ones last; of equally long ones the least asked,
        the area's ladder before others, then by id."""
        fitting = [question for question in found if question.minutes(self._level) <= minutes]
        if not fitting:
            return Line(0, missing=wanted)
        question = min(fitting, key=self._place)
        self._taken.add(question.id)
        return Line(question.minutes(self._level), question=question)

    def _place(self, question: Question) -> tuple[bool, int, int, bool, str]:
        return (
            question.id in self._worn,
            -question.minutes(self._level),
            self._uses.get(question.id, 0),
            question.mode != "ladder",
            question.id,
        )
