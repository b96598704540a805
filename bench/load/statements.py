"""What the store asks of PostgreSQL, noted while tests run: a plugin of pytest's.

STATEMENTS=FILE pytest -p bench.load.statements -k postgresql

FILE gets one line of JSON for each statement: which function of the store asks it, and its text
with its values in it. `python -m bench.load --statements FILE` looks how it would be answered.
"""

import ast
import json
import os
import sys
from pathlib import Path
from typing import Any

from psycopg import ClientCursor
from sqlalchemy import Connection, Engine, event

from bot import store

STORE = Path(store.__file__).parent
KINDS = ("SELECT", "UPDATE", "DELETE", "INSERT")

_known: set[tuple[str, str]] = set()


def pytest_configure() -> None:
    if "STATEMENTS" in os.environ:
        event.listen(Engine, "before_cursor_execute", _note)


def _note(connection: Connection, _: Any, statement: str, values: Any, *__: Any) -> None:
    if connection.dialect.name != "postgresql" or not statement.startswith(KINDS):
        return
    by = _asked_by()
    if not by or (by, statement) in _known:
        return
    _known.add((by, statement))
    raw: Any = connection.connection.driver_connection
    one = values[0] if isinstance(values, list) else values
    text = ClientCursor(raw).mogrify(statement, one)
    with Path(os.environ["STATEMENTS"]).open("a") as file:
        file.write(json.dumps({"by": by, "text": text}) + "\n")


def _asked_by() -> str:
    """The innermost function of the store that is running; "" for what a test asks by itself."""
    frame: Any = sys._getframe()
    while frame is not None:
        place = Path(frame.f_code.co_filename)
        if place.parent == STORE:
            return f"{place.stem}.{frame.f_code.co_qualname.partition('.')[0]}"
        frame = frame.f_back
    return ""


def functions() -> set[str]:
    """Every function of the store that asks something."""
    found = set()
    for path in STORE.glob("*.py"):
        for each in ast.parse(path.read_text()).body:
            if isinstance(each, ast.FunctionDef) and _asks(each):
                found.add(f"{path.stem}.{each.name}")
    return found


def _asks(function: ast.FunctionDef) -> bool:
    """Whether it hands a statement to the database itself."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in ("exec", "execute", "scalar", "get")
        and isinstance(node.value, ast.Name | ast.Call)
        and "session" in ast.unparse(node.value)
        for node in ast.walk(function)
    )
