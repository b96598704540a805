"""The documents on security name tests that exist, and leave nothing unanswered."""

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODEL = (ROOT / "docs" / "threat-model.md").read_text("utf-8")
MARKETPLACE = (ROOT / "docs" / "marketplace.md").read_text("utf-8")
LIMITS = (ROOT / "docs" / "operating" / "limits.md").read_text("utf-8")
NAMED = re.compile(r"`(tests/\w+\.py)::(\w+)`")
MENTIONED = re.compile(r"`((?:bot|handlers|tests|docs|supply)/[\w./-]+\.\w+)(?:::\w+)?`")


def threats() -> dict[str, list[str]]:
    """Each threat's cells, by its number."""
    rows = [line.strip("|").split(" | ") for line in MODEL.splitlines() if "**T" in line]
    found = {}
    for row in rows:
        number = re.search(r"\*\*(T\d+)\*\*", row[0])
        assert number, row
        found[number[1]] = [cell.strip() for cell in row]
    return found


@lru_cache
def names_in(path: str) -> set[str]:
    return {
        node.name
        for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    }


def named() -> list[tuple[str, str]]:
    return sorted({*NAMED.findall(MODEL), *NAMED.findall(MARKETPLACE), *NAMED.findall(LIMITS)})


@pytest.mark.parametrize(("path", "name"), named())
def test_a_test_that_is_named_is_there(path: str, name: str) -> None:
    assert name in names_in(path)


FILES = sorted({path for text in (MODEL, MARKETPLACE, LIMITS) for path in MENTIONED.findall(text)})


@pytest.mark.parametrize("path", FILES)
def test_a_file_that_is_named_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_threats_are_numbered_one_after_the_other() -> None:
    assert list(threats()) == [f"T{number}" for number in range(1, len(threats()) + 1)]
    assert len(threats()) >= 30


@pytest.mark.parametrize("number", threats())
def test_a_threat_has_an_answer_and_a_test_or_says_why_not(number: str) -> None:
    _, answer, held = threats()[number]
    assert len(answer) > 20
    assert NAMED.search(held) or re.match(r"none: \w+", held)


def lines() -> list[list[str]]:
    """Each line of a review's list, with its answer and what holds it."""
    rows = [line.strip().strip("|").split(" | ") for line in MARKETPLACE.splitlines()]
    return [
        [cell.strip() for cell in row]
        for row in rows
        if len(row) == 3 and not row[0].strip().startswith(("---", "what Slack asks"))
    ]


def test_the_review_lists_are_answered_line_by_line() -> None:
    assert len(lines()) >= 40
    for asked, answer, held in lines():
        assert asked
        assert re.match(r"(Yes|No|Not ours|Partly)\b", answer), (asked, answer)
        assert held, asked
        if answer.startswith("Yes"):
            assert MENTIONED.search(held) or "`manifest.json`" in held, (asked, held)


def test_what_is_left_to_a_company_is_said_so() -> None:
    assert sum(answer.startswith("Not ours") for _, answer, _ in lines()) >= 5
