"""The packages that somebody who installs the bot gets, from pyproject.toml and the lock."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
# Of the lines of the lock: `name==version`, its marker, and its hashes.
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)(?:\s*;\s*([^\\\n]+?))?\s*\\?$")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")

# Licences under which all of the bot may be passed on. LGPL is psycopg's: it is used as a library
# that anybody can replace, and none of it is changed.
ALLOWED = frozenset(
    (
        "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC", "PSF-2.0",
        "LGPL-3.0-only",
    )
)  # fmt: skip
# What the packages that name no SPDX licence say instead.
SAID = {
    "MIT License": "MIT",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
    "License :: OSI Approved :: ISC License (ISCL)": "ISC",
    "License :: OSI Approved :: Python Software Foundation License": "PSF-2.0",
}


@dataclass(frozen=True)
class Locked:
    """One line of requirements.lock."""

    name: str
    version: str
    hashes: tuple[str, ...]  # SHA-256, in hexadecimal digits.


@dataclass(frozen=True)
class Package:
    locked: Locked
    licence: str  # As SPDX writes it.
    needs: tuple[str, ...]  # Names of others that are shipped.


def locked(text: str) -> dict[str, Locked]:
    """Each package of a lock by its name."""
    found: dict[str, Locked] = {}
    for part in re.split(r"\n(?=\S)", text):
        head, *_ = part.strip().partition("\n")
        match = LOCKED.match(head)
        if match:
            name = canonicalize_name(match[1])
            found[name] = Locked(name, match[2], tuple(HASH.findall(part)))
    return found


def shipped(root: Path = ROOT) -> list[Package]:
    """What pyproject.toml asks for, what that needs, and so on, by name. Neither the extras for
    the playground nor those for developers are among them. Raises KeyError for what the lock does
    not have, and PackageNotFoundError for what is not installed here."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    known = locked((root / "requirements.lock").read_text("utf-8"))
    waiting = [Requirement(each) for each in project["dependencies"]]
    asked: dict[str, set[str]] = {}  # Each package with the extras that it is asked for.
    needs: dict[str, set[str]] = {}
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        extras = {"", *wanted.extras}
        if extras <= asked.get(name, set()):
            continue
        asked[name] = asked.get(name, set()) | extras
        following = list(_needed(_installed(name), asked[name]))
        needs[name] = {canonicalize_name(each.name) for each in following}
        waiting += following
    return [
        Package(known[name], licence(_installed(name)), tuple(sorted(needs[name])))
        for name in sorted(asked)
    ]


def _installed(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError:
        raise PackageNotFoundError(f"{name}: run `make setup` first") from None


def _needed(found: Distribution, extras: set[str]) -> Iterator[Requirement]:
    for line in found.requires or ():
        wanted = Requirement(line)
        if wanted.marker is None or any(wanted.marker.evaluate({"extra": e}) for e in extras):
            yield wanted


def licence(found: Distribution) -> str:
    """As SPDX writes it. Raises LookupError for a package that says nothing that is known here."""
    said = found.metadata
    if expressions := said.get_all("License-Expression"):
        return str(expressions[0])
    short = str((said.get_all("License") or [""])[0]).strip()
    if short in ALLOWED:
        return short
    classifiers = [str(each) for each in said.get_all("Classifier") or ()]
    named = sorted({SAID[each] for each in (short, *classifiers) if each in SAID})
    if not named:
        raise LookupError(f"{found.name} does not say under which licence it is")
    return " OR ".join(named)


def forbidden(expression: str) -> list[str]:
    """The licences of an expression of which none may be chosen instead; none when all is well."""
    either = re.split(r"\s+OR\s+", expression.strip("() "))
    lacking = [
        [each for each in re.split(r"\s+AND\s+", one.strip("() ")) if each not in ALLOWED]
        for one in either
    ]
    return min(lacking, key=len)
