"""How far a bank reaches, and where it has holes (content-spec.md, section 4)."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.content.bank import Bank
from bot.content.question import Question
from bot.content.words import Area, Kind, Level, Specialization, Status

Unit = tuple[Question, Level]

CORE_AREAS = tuple(area for area in Area if area is not Area.RECRUITER_SCREEN)
SPECIALIZATIONS = tuple(each for each in Specialization if each is not Specialization.NONE)
CORE, SPECIAL, SCREEN = 3, 2, 2  # Units of a cell, of a specialization's level, of a screen.
PER_SKILL, SKILL_LEVELS, PER_FLAG, PER_DUTY = 4, 2, 3, 2
EXPERIENCES, REVIEWS = 4, 3  # Of a level.
SHORT, SHORT_INCIDENT = 12, 8  # Minutes: the second unit of an onsite session.


@dataclass(frozen=True)
class Coverage:
    """`core` and `special` count units, `flags` questions; `holes` says what is missing."""

    core: Mapping[tuple[Area, Level], int]  # Without a specialization.
    special: Mapping[tuple[Specialization, Level], int]
    skills: Mapping[str, int]
    flags: Mapping[str, int]
    units: int
    reviewed: int
    holes: tuple[str, ...]


def coverage(bank: Bank) -> Coverage:
    asked = [question for question in bank.questions.values() if question.is_asked]
    units = [(question, level) for question in asked for level in question.levels]
    core = [unit for unit in units if unit[0].specialization is Specialization.NONE]
    return Coverage(
        core=Counter((question.area, level) for question, level in core),
        special=Counter((question.specialization, level) for question, level in units),
        skills=Counter(skill for question, _ in units for skill in question.skills),
        flags=Counter(key for each in asked for key in (*each.red_flags, *each.green_flags)),
        units=len(units),
        reviewed=sum(question.status is Status.REVIEWED for question, _ in units),
        holes=tuple(_holes(bank, units, core)),
    )


def _holes(bank: Bank, units: list[Unit], core: list[Unit]) -> Iterator[str]:
    for level in Level:
        here = [question for question, at in units if at is level]
        for area in CORE_AREAS:
            cell = [question for question, at in core if at is level and question.area is area]
            yield from _cell(f"{area} at {level}", area, level, cell)
        yield from _level(level, here)
    for special in SPECIALIZATIONS:
        found = [question for question, _ in units if question.specialization is special]
        for area in sorted(set(CORE_AREAS) - {question.area for question in found}):
            yield f"{special}: no question in {area}"
    yield from _links(bank, units)
    for question in bank.questions.values():
        if question.status is Status.DRAFT:
            yield f"{question.id}: a draft, waits for a second reader"


def _cell(name: str, area: Area, level: Level, cell: list[Question]) -> Iterator[str]:
    if len(cell) < CORE:
        yield f"{name}: {len(cell)} core units, at least {CORE}"
    elif len({question.kind for question in cell}) == 1:
        yield f"{name}: all units are of kind {cell[0].kind}"
    short = SHORT_INCIDENT if area is Area.INCIDENT_RESPONSE else SHORT
    if cell and not any(question.minutes(level) <= short for question in cell):
        yield f"{name}: no unit of {short} minutes or less"


def _level(level: Level, here: list[Question]) -> Iterator[str]:
    kinds = Counter(question.kind for question in here)
    for kind, least in ((Kind.EXPERIENCE, EXPERIENCES), (Kind.REVIEW, REVIEWS)):
        if kinds[kind] < least:
            yield f"{level}: {kinds[kind]} units of kind {kind}, at least {least}"
    screen = [question for question in here if question.area is Area.RECRUITER_SCREEN]
    if len(screen) < SCREEN:
        yield f"{level}: {len(screen)} recruiter-screen units, at least {SCREEN}"
    for special in SPECIALIZATIONS:
        found = [question for question in here if question.specialization is special]
        if len(found) < SPECIAL:
            yield f"{special} at {level}: {len(found)} units, at least {SPECIAL}"
        elif len({question.area for question in found}) < SPECIAL:
            yield f"{special} at {level}: all units are in one area"


def _links(bank: Bank, units: list[Unit]) -> Iterator[str]:
    for skill in bank.guide.skills:
        levels = [level for question, level in units if skill in question.skills]
        if len(levels) < PER_SKILL or len(set(levels)) < SKILL_LEVELS:
            told = f"{len(levels)} units over {len(set(levels))} levels"
            yield f"skill {skill}: {told}, at least {PER_SKILL} over {SKILL_LEVELS}"
    questions = {question.id: question for question, _ in units}.values()
    for flag in (*bank.guide.red_flags, *bank.guide.green_flags):
        found = sum(flag in (*each.red_flags, *each.green_flags) for each in questions)
        if found < PER_FLAG:
            yield f"flag {flag}: linked from {found} questions, at least {PER_FLAG}"
    cited = Counter((key, level) for question, level in units for key in question.guide_refs)
    for key in bank.guide.facts:
        section, _, _ = key.rpartition(".")
        levels = [level for level in Level if cited[key, level]]
        match section.split("."):
            case ["level", name] if cited[key, Level(name)] < PER_DUTY:
                told = f"{cited[key, Level(name)]} units of its level"
                yield f"{key}: cited by {told}, at least {PER_DUTY}"
            case ["prog", name] if not cited[key, Level(name)]:
                yield f"{key}: cited by no unit of its level"
            case ["dil" | "spec", _] if not levels:
                yield f"{key}: cited by no question"
