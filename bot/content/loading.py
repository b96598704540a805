"""Read `content/`, and a team's own folder laid over it. Every problem is reported in one go."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from bot.content.answers import Calibration
from bot.content.bank import Bank
from bot.content.debrief import DebriefPolicy
from bot.content.insights import InsightPolicy
from bot.content.kit import RoundPlan
from bot.content.nudges import NudgePolicy
from bot.content.question import Frozen, Question
from bot.content.reading import EDITED, ContentError, Problem, build, parse
from bot.content.reference import AreaCard, Guide, LevelCard, Source, SpecializationCard
from bot.content.scorecard import CardForm
from bot.content.words import Area, Level, Mode, Specialization

SHIPPED = Path(__file__).resolve().parent.parent.parent / "content"
# What an answer is given to: whoever changes one of these has made another question.
ASKED = ("prompt", "context", "anchors", "ladder", "levels", "area", "mode")

T = TypeVar("T")
Fields = dict[str, Any]


class BankFile(Frozen):
    """bank.yaml of a team's own folder."""

    shipped: bool = True  # Whether the shipped questions are asked, too.


def load(folder: Path = SHIPPED) -> Bank:
    """The shipped bank with `folder` laid over it.

    A file `questions/<id>.yaml` in `folder` is a question of the team's own; or, when the bot
    ships one of that id, only the fields that it changes: `status: retired`, `exposure: leaked`.
    levels.yaml, areas.yaml, specializations.yaml, sources.yaml, guide.yaml, kits.yaml,
    scorecard.yaml, nudges.yaml, debrief.yaml, insights.yaml and calibration/*.yaml there take the
    place of the shipped ones; `shipped: false` in bank.yaml leaves the shipped questions out.
    Raises ContentError with every problem of every file.
    """
    bank, problems = read(folder)
    if bank is None or problems:
        raise ContentError(problems)
    return bank


def read(folder: Path = SHIPPED) -> tuple[Bank | None, list[Problem]]:
    """What can be used of `folder`, and every problem of every file: for who checks a bank.

    A question that is wrong is left out, and the shipped file stands in for a reference file that
    is wrong, so that the rest can be checked in the same run. None when nothing can be used.
    """
    problems = list[Problem]()
    if not folder.is_dir():
        return None, [Problem(str(folder), "", "is no folder: check the path")]
    before = _stamps(folder)
    levels = _reference(folder, "levels", dict[Level, LevelCard], problems)
    areas = _reference(folder, "areas", dict[Area, AreaCard], problems)
    specializations = _reference(
        folder, "specializations", dict[Specialization, SpecializationCard], problems
    )
    sources = _reference(folder, "sources", dict[str, Source], problems)
    guide = _reference(folder, "guide", Guide, problems)
    rounds = _reference(folder, "kits", dict[str, RoundPlan], problems)
    scorecard = _reference(folder, "scorecard", CardForm, problems)
    nudges = _reference(folder, "nudges", NudgePolicy, problems)
    debrief = _reference(folder, "debrief", DebriefPolicy, problems)
    insights = _reference(folder, "insights", InsightPolicy, problems)
    written = _written(folder, problems)
    if sources and guide:
        for name, fields in written.items():
            problems += _unknown_keys(name, fields, sources, guide)
    questions = _questions(written, problems)
    if _stamps(folder) != before:
        problems.append(Problem(str(folder), "", EDITED))
    if not (
        levels
        and areas
        and specializations
        and sources
        and guide
        and rounds
        and scorecard
        and nudges
        and debrief
        and insights
    ):
        return None, problems
    calibrations = _calibrations(folder, questions, problems)
    bank = Bank(
        questions,
        levels,
        areas,
        specializations,
        sources,
        guide,
        rounds,
        scorecard,
        nudges,
        debrief,
        insights,
        calibrations,
    )
    return bank, problems


def _stamps(folder: Path) -> dict[Path, tuple[int, int]]:
    """Each file's time and size: they differ when somebody saved one in between."""
    found = {}
    for path in (*folder.glob("*.yaml"), *folder.glob("[cq]*/*.yaml")):
        with suppress(OSError):  # Gone, or a link to nowhere: told when it is read.
            state = path.stat()
            found[path] = state.st_mtime_ns, state.st_size
    return found


def _reference(folder: Path, name: str, kind: type[T], problems: list[Problem]) -> T | None:
    path = folder / f"{name}.yaml"
    if not path.exists():
        path = SHIPPED / f"{name}.yaml"
    raw = parse(path, problems, path.name)
    found = None
    if raw is not None:
        found = build(raw, TypeAdapter(kind).validate_python, problems, path.name)
    if not found and path.parent.resolve() != SHIPPED:
        return _reference(SHIPPED, name, kind, problems)
    return found


def _calibrations(
    folder: Path, questions: Mapping[str, Question], problems: list[Problem]
) -> dict[str, Calibration]:
    """The invented answers to each ladder that has any. A ladder that the team wrote anew needs
    answers of its own: those to ours would be scored by other steps."""
    found = {}
    for name, question in questions.items():
        shown = f"calibration/{name}.yaml"
        path = folder / shown
        if not path.exists() and not (folder / "questions" / f"{name}.yaml").exists():
            path = SHIPPED / shown
        if question.mode is not Mode.LADDER or not question.is_asked or not path.exists():
            continue
        raw = parse(path, problems, shown)
        built = build(raw, Calibration.model_validate, problems, shown) if raw is not None else None
        if built is not None:
            found[name] = built
    return found


def _written(folder: Path, problems: list[Problem]) -> dict[str, Fields]:
    """Id to fields as they are written, in the order of ids. The file's name is the id, so that
    nobody can give two questions the same one."""
    is_own = folder.resolve() != SHIPPED
    shipped = _files(SHIPPED, problems) if not is_own or _adds(folder, problems) else {}
    own = _files(folder, problems) if is_own else {}
    if not shipped and not own:
        problems.append(Problem("questions/", "", "holds no .yaml file: put questions there"))
    found = {}
    for name in sorted({*shipped, *own}):
        fields = {**shipped.get(name, {}), **own.get(name, {}), "id": name}
        if name in shipped and name in own:
            problems += _unraised(shipped[name], fields)
        near = [] if name in shipped else get_close_matches(name, shipped, n=1)
        if near and "prompt" not in fields:
            reason = f"changes no shipped question: did you mean {near[0]}.yaml?"
            problems.append(Problem(f"questions/{name}.yaml", "", reason))
            continue
        found[name] = fields
    return found


def _questions(written: Mapping[str, Fields], problems: list[Problem]) -> dict[str, Question]:
    built = {
        name: build(fields, Question.model_validate, problems, f"questions/{name}.yaml")
        for name, fields in written.items()
    }
    return {name: question for name, question in built.items() if question is not None}


def _adds(folder: Path, problems: list[Problem]) -> bool:
    """Whether `folder` adds to the shipped questions, rather than taking their place."""
    path = folder / "bank.yaml"
    if not path.exists():
        return True
    found = build(
        parse(path, problems, path.name) or {}, BankFile.model_validate, problems, path.name
    )
    return found is None or found.shipped


def _files(folder: Path, problems: list[Problem]) -> dict[str, Fields]:
    """The fields of each question's file, by its id."""
    found = {}
    for path in sorted((folder / "questions").glob("*.yaml")):
        shown = f"questions/{path.name}"
        raw = parse(path, problems, shown)
        if isinstance(raw, dict):
            found[path.stem] = raw
        elif raw is not None:
            problems.append(Problem(shown, "", "is no list of fields: write `title: …` and so on"))
    return found


def _unraised(shipped: Fields, laid: Fields) -> Iterator[Problem]:
    """Answers keep the version that they were given for, so other words need another version."""
    changed = [name for name in ASKED if shipped.get(name) != laid.get(name)]
    if changed and laid.get("version") == shipped.get("version"):
        number = shipped.get("version")
        reason = f"is {number} as shipped, but `{changed[0]}` differs: give it a higher number"
        yield Problem(f"questions/{laid['id']}.yaml", "version", reason)


def _unknown_keys(
    name: str, fields: Fields, sources: Mapping[str, Source], guide: Guide
) -> Iterator[Problem]:
    """Of the fields as they are written: a question that is wrong elsewhere is told these, too."""
    listed: dict[str, Iterable[str]] = {
        "sources": sources,
        "skills": guide.skills,
        "red_flags": guide.red_flags,
        "green_flags": guide.green_flags,
        "guide_refs": guide.facts,
    }
    for field, known in listed.items():
        keys = fields.get(field)
        for key in keys if isinstance(keys, list) else ():
            if isinstance(key, str) and key not in known:
                near = get_close_matches(key, known, n=1)
                hint = f"did you mean {near[0]!r}?" if near else "use a key that is listed"
                yield Problem(f"questions/{name}.yaml", field, f"{key!r} is unknown: {hint}")
