"""Cells of a table that a spreadsheet opens: what begins like a formula would be run by it."""

import re
from collections.abc import Mapping
from typing import Any

# What Excel, LibreOffice and Google Sheets take for the beginning of a formula: wide characters
# too, and whatever stands behind blanks or line ends. An apostrophe in front makes it text.
FORMULA = re.compile(r"'*[\s\x00\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n\x00]")
MARKED = re.compile(rf"'{FORMULA.pattern}")


def text(value: str) -> str:
    """`value` as a cell that is shown and not run."""
    return f"'{value}" if FORMULA.match(value) else value


def typed(cell: str) -> str:
    """What `text` was given: what a table that we wrote says when it comes back."""
    return cell[1:] if MARKED.match(cell) else cell


def guarded(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row whose texts are all shown and not run. Numbers are what they are."""
    return {name: text(value) if isinstance(value, str) else value for name, value in row.items()}
