"""Read one YAML file of `content/`. What is wrong with it is told with its field and the fix."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from stat import S_ISREG
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from bot.content.nudges import NudgePolicy
from bot.content.question import Question

EDITED = "was edited while it was read: read it again"
BIGGEST_FILE = 256 * 1024  # Bytes. A question takes about four thousand.
DEEPEST = 64  # Levels of lists and fields; ours have five.
INDENTED = re.compile(rf"^[ \t?:-]{{{DEEPEST}}}", re.MULTILINE)
# What PyYAML raises for a date such as 2026-02-30, for endless numbers, and for what a tag is not.
BAD_VALUES = (ValueError, LookupError, AttributeError, TypeError, OverflowError)

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

    @property
    def passes(self) -> bool:
        """Whether reading again, with nothing mended, may succeed."""
        return any(problem.reason == EDITED for problem in self.problems)


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


def _integer(loader: _Loader, node: yaml.ScalarNode) -> int | str:
    """YAML 1.1 takes 10:30 for 630, and a line of such pairs for a number without end."""
    text = str(node.value)
    return text if ":" in text else int(loader.construct_yaml_int(node))


_Loader.add_constructor("tag:yaml.org,2002:int", _integer)


def _parsed(text: str) -> Any:
    """What could be a bomb is refused before anything is built: a few lines of aliases could fill
    memory, and what is nested deeply ends the process, since the loader calls itself in C."""
    nests = text.count("[") + text.count("{") > DEEPEST or INDENTED.search(text)
    if "*" in text or nests:
        depth = 0
        for event in yaml.parse(text, yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent):
                raise yaml.YAMLError("aliases (*name) are not allowed: write the text out")
            if depth > DEEPEST:
                raise yaml.YAMLError(f"it is nested more than {DEEPEST} levels deep")
    return yaml.load(text, _Loader)  # noqa: S506 (a safe loader)


def parse(path: Path, problems: list[Problem], shown: str) -> Any:
    """What `path` holds; None, and a problem, when it cannot be read."""
    try:
        state = path.stat()
        if not S_ISREG(state.st_mode):  # A pipe or a device might never end.
            problems.append(Problem(shown, "", "is no file: put one there, or take it away"))
            return None
        if state.st_size > BIGGEST_FILE:
            problems.append(Problem(shown, "", "is larger than 256 KiB: split or shorten it"))
            return None
        return _parsed(path.read_text("utf-8"))
    except OSError as error:
        problems.append(Problem(shown, "", f"cannot be read ({error.strerror}): check the file"))
    except UnicodeDecodeError:
        problems.append(Problem(shown, "", "is not UTF-8 text: save it as UTF-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.append(Problem(shown, f"line {line}", f"not YAML: {error.problem}"))
    except yaml.YAMLError as error:
        problems.append(Problem(shown, "", f"not YAML: {error}"))
    except BAD_VALUES as error:
        told = f"holds a value that cannot be read ({error}): put quotes around it"
        problems.append(Problem(shown, "", told))
    return None


def build(raw: Any, make: Callable[[Any], T], problems: list[Problem], shown: str) -> T | None:
    """What `make` makes of `raw`; None, and a problem for each field that is wrong."""
    try:
        return make(raw)
    except ValidationError as error:
        known = NudgePolicy.model_fields if shown == "nudges.yaml" else Question.model_fields
        problems += (Problem(shown, *_told(found, list(known))) for found in error.errors())
    return None


def _told(error: Any, known: list[str]) -> tuple[str, str]:
    """Pydantic's finding in the words of an author: the field, and what to do."""
    field = ".".join(str(part) for part in error["loc"])
    limits = error.get("ctx", {})
    length = len(error["input"]) if hasattr(error["input"], "__len__") else 0
    match error["type"]:
        case "extra_forbidden":
            near = get_close_matches(str(error["loc"][-1]), known, n=1)
            hint = f"did you mean `{near[0]}`?" if near else "remove it"
            return field, f"is not a field: {hint}"
        case "missing":
            return field, "is missing: add it"
        case "string_too_long" | "too_long" if isinstance(error["input"], str):
            return field, f"has {length} characters, at most {limits['max_length']}: shorten it"
        case "string_too_short" | "too_short" if isinstance(error["input"], str):
            return field, f"has {length} characters, at least {limits['min_length']}: say more"
        case "too_long":
            return field, f"has {length} entries, at most {limits['max_length']}: remove some"
        case "too_short":
            return field, f"has {length} entries, at least {limits['min_length']}: add some"
        case "string_type" if isinstance(error["input"], dict):
            key = next(iter(error["input"]), "")
            reason = f"is no text, since a colon follows {str(key)!r}"
            return field, f"{reason}: put quotes around the line"
        case "string_type":
            return field, f"is {error['input']!r}, which is no text: put quotes around it"
        case "less_than_equal":
            return field, f"is {error['input']!r}, at most {limits['le']}: make it smaller"
        case "greater_than_equal":
            return field, f"is {error['input']!r}, at least {limits['ge']}: make it larger"
        case "greater_than":
            return field, f"is {error['input']!r}: it has to be more than {limits['gt']}"
        case "enum" | "literal_error":
            return field, f"is {error['input']!r}: use one of {limits['expected']}"
        case _:
            return field, error["msg"].removeprefix("Value error, ")
