"""The audit of a loop, for who plans it: who saw, wrote, changed, opened and decided what, when.
Never what was written."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from bot.cells import guarded
from bot.records import AuditEntry

COLUMNS = ("when", "who", "name", "kind", "what", "details")
FORMATS = ("text", "csv")

# What an entry is a case of; whatever is not named here is a change.
_KINDS = {
    "saw": ("read", "packet read", "evidence read", "exported", "record exported"),
    "wrote": ("scorecard sealed", "view recorded", "debrief note"),
    "opened": ("scorecards opened",),
    "decided": (
        "decided", "decision", "concurred", "objected", "objection answered", "dissented",
        "candidate withdrew",
    ),
}  # fmt: skip
# All of an entry's details that may be told, with what they are called.
_DETAILS = {
    "round": "round",
    "of": "of",
    "version": "version",
    "after_reveal": "after the reveal",
    "seal": "seal",
    "missing": "missing",
    "format": "as",
    "number": "number",
    "outcome": "outcome",
    "role": "as",
    "answer": "answer",
    "hash": "SHA-256",
    "topic": "topic",
    "seed": "seed",
}


def kind(entry: AuditEntry) -> str:
    found = (name for name, starts in _KINDS.items() if entry.what.startswith(starts))
    return next(found, "changed")


def details(entry: AuditEntry, digits: int = 64) -> str:
    """Only what is known to hold no words of anybody; of hashes the first `digits`."""
    return ", ".join(
        f"{name} {_value(entry.detail[key], digits if key in ('seal', 'hash') else None)}"
        for key, name in _DETAILS.items()
        if entry.detail.get(key) not in (None, "", False)
    )


def _value(value: object, digits: int | None) -> str:
    return "yes" if value is True else str(value)[:digits]


def rows(entries: Sequence[AuditEntry], names: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """`names` by Slack user id, as far as they are known."""
    for entry in entries:
        yield {
            "when": entry.at.isoformat(),
            "who": entry.who,
            "name": names.get(entry.who, ""),
            "kind": kind(entry),
            "what": entry.what,
            "details": details(entry),
        }


def written(entries: Sequence[AuditEntry], names: Mapping[str, str], format_: str) -> str:
    """Raises KeyError for an unknown format."""
    return {"text": _text, "csv": _csv}[format_](list(rows(entries, names)))


def _text(found: Sequence[Mapping[str, str]]) -> str:
    lines = []
    for row in found:
        who = f"{row['name']} ({row['who']})" if row["name"] else row["who"]
        more = f" ({row['details']})" if row["details"] else ""
        lines.append(f"{row['when'][:19]}Z  {row['kind']:<8} {who}: {row['what']}{more}")
    return "\n".join(lines) + "\n"


def _csv(found: Sequence[Mapping[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(guarded(row) for row in found)
    return out.getvalue()
