"""Files that are made to fill memory, to end the process, or to run something, are refused or
read as text."""

import ast
import csv
import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import cells, imports, verifying
from bot.content.reading import BIGGEST_FILE, DEEPEST, Problem, parse
from bot.errors import Refusal
from bot.launch import backup, office
from bot.records import Opening
from bot.verifying import NoRecordError

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ROOT = Path(__file__).parent.parent

BOMBS = {
    "aliases": "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]",
    "an alias of itself": "&a [*a]",
    "brackets": "[" * 100_000,
    "braces": "{a: " * 50_000,
    "dashes": "- " * 100_000,
    "indented": "\n".join(" " * depth + "a:" for depth in range(600)),
    "a tag that runs something": "a: !!python/object/apply:os.system [true]",
    "an endless number": "a: " + "1" * 5000,
    "an endless float": "a: " + "1:" * 5000 + "1.5",
    "no date": "a: 2026-02-30",
    "no number": "a: !!int x",
    "no truth": "a: !!bool x",
    "no time": "a: !!timestamp x",
    "too large": "a: " + "x" * BIGGEST_FILE,
}


def problems(text: str, folder: Path) -> list[Problem]:
    path, found = folder / "bomb.yaml", list[Problem]()
    path.write_text(text, "utf-8")
    assert parse(path, found, path.name) is None
    return found


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_a_yaml_bomb_is_one_problem(tmp_path: Path, text: str) -> None:
    [problem] = problems(text, tmp_path)
    assert problem.file == "bomb.yaml"


def test_what_is_nested_as_deep_as_allowed_is_read(tmp_path: Path) -> None:
    path, found = tmp_path / "deep.yaml", list[Problem]()
    path.write_text("[" * DEEPEST + "]" * DEEPEST, "utf-8")
    assert parse(path, found, "deep.yaml") is not None
    assert found == []


def test_a_time_of_day_is_no_number(tmp_path: Path) -> None:
    path = tmp_path / "time.yaml"
    path.write_text("starts: 10:30\nlevel: 3", "utf-8")
    assert parse(path, [], "time.yaml") == {"starts": "10:30", "level": 3}


def test_a_pipe_in_the_content_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    found = list[Problem]()
    assert parse(tmp_path / "pipe.yaml", found, "pipe.yaml") is None
    assert "is no file" in found[0].reason


RECORD = '{"format": 1, "hashes": {}, "parts": '


@pytest.mark.parametrize(
    "text",
    [
        RECORD + "[" * 200_000,
        RECORD + '{"a":' * 200_000,
        RECORD + "[" * 5000 + "]" * 5000 + "}",
        RECORD + "1" * 5000 + "}",
        RECORD + "NaN}",
        RECORD + "1}" + " " * verifying.LARGEST,
        "```json\n" + RECORD + "[" * 200_000,
    ],
    ids=["lists", "fields", "whole", "number", "no number", "size", "markdown"],
)
def test_a_record_that_is_a_bomb_is_no_record(text: str) -> None:
    try:
        found, _ = verifying.verify(text)
    except NoRecordError:
        return
    assert found


def test_a_backup_s_manifest_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "copy.db"
    file.write_bytes(b"")
    backup.manifest_of(file).write_text('{"tables": ' + "[" * 200_000, "utf-8")
    with pytest.raises(Refusal, match="is not a manifest"):
        backup.restore(f"sqlite:///{tmp_path / 'bot.db'}", file, lambda _: None)


def test_a_table_of_too_many_rows_is_refused_whole() -> None:
    table = "candidate,round,interviewer,starts\n" + "a,b,c,d\n" * 100_000
    found, [problem] = imports.read(table, [], "UTC", lambda name: name)
    assert found == []
    assert str(problem) == "It has more than 2000 rows: split the table."


def test_a_table_of_too_many_bytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"x" * (office.MOST_BYTES + 1))
    with pytest.raises(Refusal, match="is larger than 4 MiB"):
        office.text_of(path)


def test_a_cell_of_too_many_characters_is_told() -> None:
    table = "candidate,round,interviewer,starts\n" + "x" * 200_000 + ",b,c,d\n"
    _, [problem] = imports.read(table, [], "UTC", lambda name: name)
    assert "field larger than field limit" in str(problem)


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1+1", "＠x", "'=1"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_text_in_a_table(formula: str) -> None:
    assert cells.text(formula) == f"'{formula}"


@pytest.mark.parametrize("words", ["Candidate 12", "it's", "'quoted'", "3 of 4", "a=b", "  x"])
def test_other_text_is_as_it_was_typed(words: str) -> None:
    assert cells.text(words) == words


@given(st.text() | st.builds(lambda head, tail: head + tail, st.sampled_from(FORMULAS), st.text()))
def test_a_cell_comes_back_as_it_was(value: str) -> None:
    assert cells.typed(cells.text(value)) == value


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+Candidate", "'=x", "＝x"])
def test_an_import_keeps_a_name_that_an_export_guarded(name: str) -> None:
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(("candidate", "round", "interviewer", "starts"))
    guarded = cells.guarded({"candidate": name})["candidate"]
    sheet.writerow((guarded, "Onsite A", "U0INTA", "2031-03-14 10:00"))
    opening = Opening(
        id="o1", team_id="T1", title="Engineer", level="senior", specialization="",
        hiring_manager="U0MANAGER", coordinators=[], shown_as="name", keep_months=6,
        kits=[{"id": "onsite_a", "title": "Onsite A"}], created_by="U0COORD", created_at=NOON,
    )  # fmt: skip
    [row], told = imports.read(out.getvalue(), [opening], "UTC", lambda found: found)
    assert (row.candidate, told) == (name, [])


def uses(path: Path) -> set[str]:
    """What a file imports, and what it calls of modules, as `module.name`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.add(f"{node.value.id}.{node.attr}")
    return found


SHIPPED = sorted(path for folder in ("bot", "handlers") for path in (ROOT / folder).rglob("*.py"))
UNPACKS = {"zipfile", "tarfile", "gzip", "bz2", "lzma", "zlib", "shutil.unpack_archive"}
RUNS = {"pickle", "marshal", "shelve", "xml", "xml.etree", "subprocess", "os.system", "yaml.Loader"}


def test_nothing_is_ever_unpacked_or_run() -> None:
    found = {path.name: uses(path) & (UNPACKS | RUNS) for path in SHIPPED}
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize(
    ("module", "readers"),
    [
        ("yaml", {"bot/content/reading.py"}),
        ("csv", {"bot/imports.py", "bot/content/calibration.py"}),
    ],
)
def test_every_reader_of_files_is_known(module: str, readers: set[str]) -> None:
    """A new one needs a bound, and a bomb above."""
    reading = {"yaml.load", "yaml.safe_load", "yaml.load_all", "csv.reader", "csv.DictReader"}
    found = {path.relative_to(ROOT).as_posix(): uses(path) for path in SHIPPED}
    assert {
        name
        for name, each in found.items()
        if {use for use in each & reading if use.startswith(f"{module}.")}
    } == readers


def test_every_table_that_is_written_guards_its_cells() -> None:
    writing = {"csv.writer", "csv.DictWriter"}
    writers = [path for path in SHIPPED if uses(path) & writing]
    assert len(writers) >= 3
    for path in writers:
        assert {"bot.cells.guarded", "cells.text"} & uses(path), path


def test_json_of_ours_is_not_asked_to_be_deep() -> None:
    with pytest.raises(RecursionError):
        json.loads("[" * 200_000)
