"""What the bot ships with: all of it known, locked, and under a licence that lets it be."""

import json
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from supply.__main__ import written
from supply.packages import ROOT, Locked, forbidden, licence, locked, shipped
from tests.test_arrows import files, tops

Record = dict[str, Any]

LOCK = locked((ROOT / "requirements.lock").read_text("utf-8"))
SERVER = locked((ROOT / "requirements-server.lock").read_text("utf-8"))
# Locked for systems that this one is not: the lock is for all of them.
ELSEWHERE = {"colorama", "win32-setctime", "async-timeout", "exceptiongroup", "tomli"}
# What a package is imported as, where that is not its name.
IMPORTED_AS = {
    "dotenv": "python-dotenv", "yaml": "pyyaml", "dateutil": "python-dateutil",
}  # fmt: skip


@pytest.fixture(scope="module")
def bill() -> Record:
    found: Record = json.loads(written())
    return found


def test_it_is_cyclonedx(bill: Record) -> None:
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["name"] == "safety-interview"


def test_each_package_has_its_locked_version_and_hashes(bill: Record) -> None:
    for part in bill["components"]:
        known = LOCK[part["name"]]
        assert part["version"] == known.version
        assert {each["content"] for each in part["hashes"]} == set(known.hashes)
        assert {each["alg"] for each in part["hashes"]} == {"SHA-256"}
        assert part["purl"] == f"pkg:pypi/{part['name']}@{part['version']}"


def test_everything_that_is_locked_is_shipped_or_for_developers(bill: Record) -> None:
    """Counted from the other end: nothing of the lock is unaccounted for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *extras["playground"], *extras["dev"]]
    reached = closure([each for each in asked if not each.startswith("safety-interview")])
    listed = {part["name"] for part in bill["components"]}
    assert listed <= reached
    assert set(LOCK) - reached - ELSEWHERE == set()


def closure(asked: list[str]) -> set[str]:
    """All that these requirements bring, whatever extras anybody asks for."""
    found, waiting = set[str](), [canonicalize_name(Requirement(each).name) for each in asked]
    while waiting:
        name = waiting.pop()
        if name in found or name not in LOCK:
            continue
        found.add(name)
        try:
            needs = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        waiting += [canonicalize_name(Requirement(each).name) for each in needs]
    return found


def test_everything_that_the_bot_imports_is_in_it(bill: Record) -> None:
    ours = {"bot", "handlers", "playground", "content", *sys.stdlib_module_names}
    paths = [path for folder in ("bot", "handlers") for path in files(folder)]
    used = {top for path in paths for top in tops(path)} - ours
    names = {canonicalize_name(IMPORTED_AS.get(each, each)) for each in used}
    assert len(names) > 12
    assert names <= {part["name"] for part in bill["components"]}


def test_nothing_that_only_developers_need_is_in_it(bill: Record) -> None:
    listed = {part["name"] for part in bill["components"]}
    assert not listed & {"pytest", "mypy", "ruff", "playwright", "krippendorff", "numpy", "uvicorn"}


def test_it_says_what_needs_what(bill: Record) -> None:
    needs = {
        each["ref"].partition("@")[0]: each.get("dependsOn", []) for each in bill["dependencies"]
    }
    assert any(each.startswith("slack-sdk@") for each in needs["slack-bolt"])
    assert len(needs["safety-interview"]) == len(bill["components"])


@pytest.mark.parametrize("package", shipped(), ids=lambda each: each.locked.name)
def test_its_licence_is_one_that_is_allowed(package: Any) -> None:
    assert forbidden(package.licence) == []


def test_a_licence_that_is_not_allowed_is_found() -> None:
    assert forbidden(licence(distribution("krippendorff"))) == ["GPL-3.0-or-later"]
    assert forbidden("MIT AND GPL-3.0-only") == ["GPL-3.0-only"]
    assert forbidden("GPL-3.0-only OR MIT") == []


def test_a_line_of_the_lock_is_read_with_its_marker_and_hashes() -> None:
    text = (
        "one==1.0 \\\n    --hash=sha256:" + "a" * 64 + " \\\n    --hash=sha256:" + "b" * 64 + "\n"
        "Two.b[extra]==2.0 ; sys_platform == 'win32' \\\n    --hash=sha256:" + "c" * 64 + "\n"
    )
    assert locked(text) == {
        "one": Locked("one", "1.0", ("a" * 64, "b" * 64)),
        "two-b": Locked("two-b", "2.0", ("c" * 64,)),
    }


def test_every_line_of_the_lock_is_pinned_with_hashes() -> None:
    assert len(LOCK) > 60
    assert all(each.hashes for each in LOCK.values())


def test_a_server_gets_the_same_versions_and_all_that_the_bot_ships_with(bill: Record) -> None:
    assert {name: LOCK[name].version for name in SERVER} == {
        name: each.version for name, each in SERVER.items()
    }
    assert all(each.hashes == LOCK[name].hashes for name, each in SERVER.items())
    assert {part["name"] for part in bill["components"]} <= set(SERVER)


def test_a_server_gets_nothing_that_only_developers_need() -> None:
    assert not set(SERVER) & {"pytest", "mypy", "ruff", "playwright", "krippendorff", "uvicorn"}


def test_every_exception_from_a_check_says_why() -> None:
    folders = ("bot", "handlers", "playground", "supply", "tests", "bench")
    bare = re.compile(r"#\s*noqa(?!: [A-Z0-9, ]+ \()")
    found = [
        f"{path.name}: {line.strip()}"
        for folder in folders
        for path in files(folder)
        if path.name != "test_supply.py"
        for line in path.read_text("utf-8").splitlines()
        if bare.search(line)
    ]
    assert found == []
