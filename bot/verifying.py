"""Whether a decision record is as it was written: offline, from the file alone.

Hashes without a key show that a file agrees with itself. Who rewrites a file can rewrite its
hashes; that shows only beside the hash of the whole, which the bot keeps in its audit and says in
Slack when it hands the file out.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from bot import record_text, scorecards, votes
from bot.decision_record import ALGORITHM, FORMAT, Record, places, sha, value_hash

ALTERED, ADDED, REMOVED = "was altered", "was added", "was removed"


TOO_DEEP = "it is nested too deeply"
LARGEST = 16 * 1024 * 1024  # Characters; a record of the largest panel has a fiftieth of that.


class NoRecordError(ValueError):
    """The file is no decision record. The message says why."""


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was written. `place` is a JSON pointer, or a line."""

    place: str
    told: str

    def __str__(self) -> str:
        return f"{self.place} {self.told}"


def verify(text: str, expected: str = "") -> tuple[list[Finding], str]:
    """All that was altered in a record, JSON or Markdown, and the hash of its whole as the file
    states it. With an `expected` hash, such as the one in Slack, that has to be the same. Raises
    NoRecordError."""
    if len(text) > LARGEST:
        raise NoRecordError(f"it is larger than {LARGEST // 1024**2} MiB")
    is_markdown = not text.lstrip().startswith("{")
    record = _parsed(_json_of(text) if is_markdown else text)
    try:
        found = list(_record(record))
    except RecursionError:
        raise NoRecordError(TOO_DEEP) from None
    stated = str(record["hashes"].get("whole", "")) if isinstance(record["hashes"], dict) else ""
    if expected and stated != expected.strip().lower():
        told = f"is {stated}, and {expected} was expected: this is another record"
        found.append(Finding("/hashes/whole", told))
    if is_markdown and not found:
        found += _lines(record, text)
    return found, stated


def _json_of(text: str) -> str:
    try:
        return record_text.record_in(text)
    except ValueError:
        raise NoRecordError("it is neither JSON nor Markdown with a record at its end") from None


def _parsed(text: str) -> Record:
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise NoRecordError(f"its JSON is broken at {where}: {error.msg}") from None
    except RecursionError:
        raise NoRecordError(TOO_DEEP) from None
    except NoRecordError:
        raise
    except ValueError as error:  # A number of thousands of digits.
        raise NoRecordError(str(error)) from None
    if not isinstance(found, dict) or not {"format", "parts", "hashes"} <= set(found):
        raise NoRecordError("it lacks “format”, “parts” or “hashes”")
    return found


def _once(pairs: list[tuple[str, Any]]) -> Record:
    """Raises NoRecordError for two values of one name: people may see one, programs the other."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NoRecordError(f"“{twice}” stands twice in one place")
    return found


def _no_number(text: str) -> None:
    raise NoRecordError(f"it holds {text}, which is no number")


def _record(record: Record) -> Iterator[Finding]:
    for name in sorted(set(record) - {"format", "parts", "hashes"}):
        yield Finding(f"/{name}", ADDED)
    if record["format"] != FORMAT:
        yield Finding("/format", f"{ALTERED}: it is not “{FORMAT}”")
    parts, stated = record["parts"], record["hashes"]
    if not isinstance(parts, dict):
        yield Finding("/parts", ALTERED)
        return
    shape = {"algorithm": str, "whole": str, "parts": dict, "values": dict}
    if not isinstance(stated, dict):
        yield Finding("/hashes", ALTERED)
        return
    for name in sorted(set(stated) - set(shape)):
        yield Finding(f"/hashes/{name}", ADDED)
    wrong = [name for name, kind in shape.items() if not isinstance(stated.get(name), kind)]
    for name in wrong:
        yield Finding(f"/hashes/{name}", ALTERED if name in stated else REMOVED)
    if wrong:
        return
    if stated["algorithm"] != ALGORITHM:
        yield Finding("/hashes/algorithm", ALTERED)
    yield from _hashes(parts, stated)
    yield from _seals(parts)


def _hashes(parts: Record, stated: Record) -> Iterator[Finding]:
    """What was recorded is as it was where the hash of the whole, or of its part, says so: then it
    is a hash that was altered. Everywhere else it is the value."""
    is_whole = sha(parts) == stated["whole"]
    intact = {
        name for name, part in parts.items() if is_whole or sha(part) == stated["parts"].get(name)
    }
    named = set()
    for place, misfit in _misfits(parts, stated["values"]):
        part = place.split("/")[1] if place else ""
        named.add(part)
        if part in intact or not parts:
            opposite = {ADDED: REMOVED, REMOVED: ADDED}
            yield Finding(f"/hashes/values{_within(place)}", opposite.get(misfit, misfit))
        else:
            yield Finding(f"/parts{place}", misfit)
    for name in dict.fromkeys([*parts, *stated["parts"]]):
        is_right = name in parts and sha(parts[name]) == stated["parts"].get(name)
        if name in intact and not is_right:
            what = ALTERED if name in stated["parts"] else REMOVED
            yield Finding(f"/hashes/parts/{name}", what)
        elif name not in parts and name not in named:
            yield Finding(f"/hashes/parts/{name}", ADDED)
        elif not is_right and name not in named:
            told = "does not fit its hash: something in it was altered together with its own hash"
            yield Finding(f"/parts/{name}", told)
    if not is_whole and intact == set(parts) and not named:
        yield Finding("/hashes/whole", ALTERED)


def _misfits(parts: Record, values: Record) -> Iterator[tuple[str, str]]:
    """Each place whose value and hash do not fit, with what happened if it was the value."""
    now = dict(places(parts))
    for place in dict.fromkeys([*now, *values]):
        if place not in now:
            yield place, REMOVED
        elif place not in values:
            yield place, ADDED
        elif values[place] != value_hash(place, now[place]):
            yield place, ALTERED


def _within(place: str) -> str:
    """A place as the name of a hash, which is one name for JSON."""
    return "/" + place.replace("~", "~0").replace("/", "~1")


def _seals(parts: Record) -> Iterator[Finding]:
    """Each seal, from what it seals. Once a candidate was erased, what was sealed is gone."""
    try:
        if parts["about"]["erased"]:
            return
        loop_id = parts["about"]["loop"]
        for at, card in enumerate(parts["scorecards"]):
            for number, each in enumerate(card["versions"]):
                when = datetime.fromisoformat(each["submitted"])
                seal = scorecards.seal(each["answers"], card["interview"], card["person"], when)
                if seal != each["seal"]:
                    place = f"/parts/scorecards/{at}/versions/{number}/seal"
                    yield Finding(place, "does not fit what it seals")
        for at, each in enumerate(parts["views_after"]):
            when = datetime.fromisoformat(each["recorded"])
            if votes.seal(each["views"], loop_id, each["person"], when) != each["seal"]:
                place = f"/parts/views_after/{at}/seal"
                yield Finding(place, "does not fit what it seals")
    except (LookupError, TypeError, ValueError, AttributeError):
        yield Finding("/parts", "lacks what its seals are of")


def _lines(record: Record, text: str) -> Iterator[Finding]:
    """Lines of a Markdown record that do not say what its record says. How the record itself is
    laid out at the end says nothing."""
    try:
        right, _ = record_text.around(record_text.written(record))
    except (LookupError, TypeError, AttributeError):
        yield Finding("/parts", "lacks what the text above it is made of")
        return
    found, after = record_text.around(text)
    compared = SequenceMatcher(None, right, found, autojunk=False)
    for what, since, until, at, to in compared.get_opcodes():
        said, meant = _short(" ".join(found[at:to])), _short(" ".join(right[since:until]))
        if what == "insert":
            yield Finding(f"line {at + 1}", f"{ADDED}: “{said}”")
        elif what == "delete":
            yield Finding(f"line {at + 1}", f"{REMOVED} before it: “{meant}”")
        elif what == "replace":
            told = f"{ALTERED}: it says “{said}”, the record “{meant}”"
            yield Finding(f"line {at + 1}", told)
    for line in after:
        if line.strip():
            yield Finding("after the record", f"{ADDED}: “{_short(line)}”")


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"
