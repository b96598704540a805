"""An interview sheet: one question per area at a level, or all questions of one area."""

from dataclasses import dataclass, replace

from bot.content import Area, Bank, Level, Question, Specialization
from bot.errors import Refusal

# A whole sheet shows these, in the hiring guide's order; the recruiter's screen is its own talk.
AREAS = tuple(area for area in Area if area is not Area.RECRUITER_SCREEN)


@dataclass(frozen=True)
class Sheet:
    """What a sheet shows. It fits in a button, so that the bot keeps nothing about open sheets.

    `picks` counts, for each of AREAS, how often another question was asked for.
    """

    level: Level
    area: Area | None = None
    specialization: Specialization = Specialization.NONE
    picks: tuple[int, ...] = (0,) * len(AREAS)

    @property
    def code(self) -> str:
        picks = "-".join(map(str, self.picks))
        return f"{self.level}.{self.area or ''}.{self.specialization}.{picks}"

    def another(self, area: Area) -> "Sheet":
        """The same sheet with the next question of `area`."""
        place = AREAS.index(area)
        picks = [pick + (index == place) for index, pick in enumerate(self.picks)]
        return replace(self, picks=tuple(pick % 100 for pick in picks))


@dataclass(frozen=True)
class Unit:
    """One question on a sheet. `others` counts the questions it could be swapped for."""

    question: Question
    others: int


def read(code: str) -> Sheet:
    """The sheet that `code` names. Raises Refusal: any value may come back in a button."""
    try:
        level, area, specialization, picks = code.split(".")
        sheet = Sheet(
            level=Level(level),
            area=Area(area) if area else None,
            specialization=Specialization(specialization),
            picks=tuple(int(pick) % 100 for pick in picks.split("-")),
        )
    except ValueError:
        raise Refusal(OUTDATED) from None
    if len(sheet.picks) != len(AREAS):
        raise Refusal(OUTDATED)
    return sheet


OUTDATED = (
    "That button belongs to an older version of me. Type `/safety-interview` and start afresh."
)


def units(bank: Bank, sheet: Sheet) -> list[Unit]:
    """The questions of `sheet`, in the order in which they are shown."""
    if sheet.area is not None:
        found = bank.units(sheet.level, sheet.area, sheet.specialization)
        return [Unit(question, others=0) for question in found]
    shown = []
    for area, pick in zip(AREAS, sheet.picks, strict=True):
        found = bank.units(sheet.level, area, sheet.specialization)
        if found:
            shown.append(Unit(found[pick % len(found)], others=len(found) - 1))
    return shown


@dataclass(frozen=True)
class Given:
    """A question as somebody was given it. It fits in a button; `version` 0 means: the bank's."""

    question_id: str
    level: Level
    version: int = 0

    @property
    def code(self) -> str:
        return f"{self.question_id}|{self.level}|{self.version}"


def given(code: str) -> Given:
    """What a button's `code` names. Raises Refusal: any value may come back in a button."""
    question_id, _, rest = code.partition("|")
    level, _, version = rest.partition("|")
    try:
        return Given(question_id, Level(level), int(version or 0))
    except ValueError:
        raise Refusal(OUTDATED) from None
