"""Imports point one way (docs/decisions/0002-imports.md)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = {"bot", "handlers", "playground", "tests", "bench"}
OUTSIDE = {"slack_bolt", "slack_sdk", "slackblocks", "apscheduler"}


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def files(folder: str, *, but: tuple[str, ...] = ()) -> list[Path]:
    paths = sorted((ROOT / folder).rglob("*.py"))
    return [path for path in paths if path.relative_to(ROOT).as_posix().startswith(but) is False]


def tops(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imported(path)}


@pytest.mark.parametrize("path", files("playground"), ids=str)
def test_the_playground_imports_nothing_of_the_bot(path: Path) -> None:
    assert not tops(path) & (OURS - {"playground"})


@pytest.mark.parametrize("path", files("bot", but=("bot/launch", "bot/__main__.py")), ids=str)
def test_what_the_bot_knows_does_not_depend_on_slack(path: Path) -> None:
    assert not tops(path) & (OUTSIDE | {"handlers", "playground"})


@pytest.mark.parametrize("path", files("handlers"), ids=str)
def test_handlers_do_not_reach_up(path: Path) -> None:
    names = imported(path)
    assert "playground" not in tops(path)
    assert not any(name.startswith(("bot.launch", "bot.__main__")) for name in names)


@pytest.mark.parametrize("path", files("handlers/views"), ids=str)
def test_views_never_import_the_store(path: Path) -> None:
    assert not any(name.startswith("bot.store") for name in imported(path))
