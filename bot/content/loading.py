"""Read `content/`. Every problem is reported in one go, with its file, its field and the fix."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from bot.content.bank import Bank
from bot.content.question import Question
from bot.content.reference import AreaCard, Guide, LevelCard, Source, SpecializationCard
from bot.content.words import Area, Level, Specialization

SHIPPED = Path(__file__).resolve().parent.parent.parent / "content"
BIGGEST_FILE = 256 * 1024  # Bytes. A question takes about four thousand.

T = TypeVar("T")


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field of one file, and what to do about it."""

    file: str
    field: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.field, self.reason) if part)


class ContentError(Exception):
    """The content cannot be used. `problems` holds all that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class _Loader(yaml.CSafeLoader):
    """YAML as people write it by hand, in which no key may stand twice: the first would be lost
    in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"{key.value!r} stands here twice: keep one of them",
                    problem_mark=key.start_mark,
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def _parsed(text: str) -> Any:
    """Aliases are refused before anything is built: a few lines of them could fill memory."""
    if "*" in text:
        for event in yaml.parse(text, yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise yaml.YAMLError("aliases (*name) are not allowed: write the text out")
    return yaml.load(text, _Loader)  # noqa: S506 (a safe loader)


def load(folder: Path = SHIPPED) -> Bank:
    """The bank in `folder`, which holds questions/ and, where it has its own, sources.yaml,
    levels.yaml, areas.yaml, specializations.yaml and guide.yaml; what it lacks is the bot's own.

    Raises ContentError with every problem of every file.
    """
    problems: list[Problem] = []
    levels = _reference(folder, "levels", dict[Level, LevelCard], problems)
    areas = _reference(folder, "areas", dict[Area, AreaCard], problems)
    specializations = _reference(
        folder, "specializations", dict[Specialization, SpecializationCard], problems
    )
    sources = _reference(folder, "sources", dict[str, Source], problems)
    guide = _reference(folder, "guide", Guide, problems)
    questions = dict(_questions(folder, problems))
    if not (levels and areas and specializations and sources and guide):
        raise ContentError(problems)
    for question in questions.values():
        problems += _unknown_keys(question, sources, guide)
    if problems:
        raise ContentError(problems)
    return Bank(questions, levels, areas, specializations, sources, guide)


def _reference(folder: Path, name: str, kind: type[T], problems: list[Problem]) -> T | None:
    path = folder / f"{name}.yaml"
    if not path.exists():
        path = SHIPPED / f"{name}.yaml"
    return _read(path, problems, TypeAdapter(kind).validate_python)


def _questions(folder: Path, problems: list[Problem]) -> Iterator[tuple[str, Question]]:
    paths = sorted((folder / "questions").glob("*.yaml"))
    if not paths:
        problems.append(Problem("questions/", "", "holds no .yaml file: put questions there"))
    for path in paths:

        def named(raw: Any, name: str = path.stem) -> Question:
            # The file's name is the id, so nobody can give two questions the same one.
            return Question.model_validate({**raw, "id": name} if isinstance(raw, dict) else raw)

        question = _read(path, problems, named, shown=f"questions/{path.name}")
        if question is not None:
            yield question.id, question


def _read(
    path: Path, problems: list[Problem], build: Callable[[Any], T], shown: str = ""
) -> T | None:
    shown = shown or path.name
    try:
        if path.stat().st_size > BIGGEST_FILE:
            problems.append(Problem(shown, "", "is larger than 256 KiB: split or shorten it"))
            return None
        return build(_parsed(path.read_text("utf-8")))
    except OSError as error:
        problems.append(Problem(shown, "", f"cannot be read ({error.strerror}): check the file"))
    except UnicodeDecodeError:
        problems.append(Problem(shown, "", "is not UTF-8 text: save it as UTF-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.append(Problem(shown, f"line {line}", f"not YAML: {error.problem}"))
    except yaml.YAMLError as error:
        problems.append(Problem(shown, "", f"not YAML: {error}"))
    except ValidationError as error:
        problems += (Problem(shown, *_told(found)) for found in error.errors())
    return None


def _told(error: Any) -> tuple[str, str]:
    """Pydantic's finding in the words of an author: the field, and what to do."""
    field = ".".join(str(part) for part in error["loc"])
    limits = error.get("ctx", {})
    length = len(error["input"]) if hasattr(error["input"], "__len__") else 0
    match error["type"]:
        case "extra_forbidden":
            near = get_close_matches(str(error["loc"][-1]), Question.model_fields, n=1)
            hint = f"did you mean `{near[0]}`?" if near else "remove it"
            return field, f"is not a field: {hint}"
        case "missing":
            return field, "is missing: add it"
        case "string_too_long":
            return field, f"has {length} characters, at most {limits['max_length']}: shorten it"
        case "string_too_short":
            return field, f"has {length} characters, at least {limits['min_length']}: say more"
        case "too_long":
            return field, f"has {length} entries, at most {limits['max_length']}: remove some"
        case "too_short":
            return field, f"has {length} entries, at least {limits['min_length']}: add some"
        case "enum" | "literal_error":
            return field, f"is {error['input']!r}: use one of {limits['expected']}"
        case _:
            return field, error["msg"].removeprefix("Value error, ")


def _unknown_keys(
    question: Question, sources: Mapping[str, Source], guide: Guide
) -> Iterator[Problem]:
    cited = {
        "sources": (question.sources, sources),
        "skills": (question.skills, guide.skills),
        "red_flags": (question.red_flags, guide.red_flags),
        "green_flags": (question.green_flags, guide.green_flags),
        "guide_refs": (question.guide_refs, guide.keys),
    }
    for field, (keys, known) in cited.items():
        for key in keys:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                hint = f"did you mean {near[0]!r}?" if near else "use a key that is listed"
                yield Problem(f"questions/{question.id}.yaml", field, f"{key!r} is unknown: {hint}")
