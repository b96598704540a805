"""Every action and every form that the bot answers, and what somebody could forge in them."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlmodel import select

from bot.records import (
    AuditEntry,
    Debrief,
    Decision,
    Interview,
    Loop,
    Notice,
    Opening,
    Scorecard,
    SealedVersion,
)
from bot.store import Db

Record = dict[str, Any]

HANDLERS = Path(__file__).parent.parent / "handlers"
TABLES = (
    Loop, Opening, Interview, Scorecard, Notice, Decision, Debrief, SealedVersion, AuditEntry,
)  # fmt: skip


def matchers(kind: str) -> list[re.Pattern[str]]:
    """What is registered for actions, or for views: exact ids as patterns, too."""
    found = []
    for node in ast.walk(ast.parse((HANDLERS / "__init__.py").read_text("utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr == kind and ast.unparse(node.func.value) == "app":
            [named] = node.args
            if isinstance(named, ast.Constant):
                found.append(re.compile(f"^{re.escape(str(named.value))}$"))
            elif isinstance(named, ast.Call) and isinstance(named.args[0], ast.Constant):
                found.append(re.compile(str(named.args[0].value)))
    return found


def words() -> set[str]:
    """Every text that stands in the code of the handlers, parts of composed ones among them."""
    return {
        node.value
        for path in HANDLERS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def actions_there_are() -> list[str]:
    return _there_are("action")


def forms_there_are() -> list[str]:
    return _there_are("view")


def _there_are(kind: str) -> list[str]:
    """An id for each that is registered. Raises AssertionError for one that nothing would show."""
    known, found = words(), set[str]()
    ends = ("", "0", "_0", "next", "open", "object", "excused")
    for pattern in matchers(kind):
        fit = {f"{word}{end}" for word in known for end in ends if pattern.search(f"{word}{end}")}
        fit = {each for each in fit if re.fullmatch(r"[a-z_0-9]+", each)}
        assert fit, pattern.pattern
        found |= set(sorted(fit, key=len)[:3]) if len(pattern.pattern) > 20 else {min(fit, key=len)}
    return sorted(found)


def some_ids(db: Db, team_id: str) -> list[str]:
    """One of each kind of row that a button could name, of this team."""
    with db.begin() as session:
        rows = (
            session.exec(select(table).where(table.team_id == team_id)).first() for table in TABLES
        )
        return [
            next(
                str(getattr(row, name))
                for name in ("id", "loop_id", "scorecard_id", "subject")
                if hasattr(row, name)
            )
            for row in rows
            if row is not None
        ]


def values_of(ids: list[str]) -> Iterator[str]:
    """What a button or a form could carry: an id alone, two of them, one with a place."""
    for each in dict.fromkeys(ids):
        yield each
    for each in ids[1:4]:
        yield f"{ids[0]}|{each}"
    yield json.dumps([ids[0], 0, ""])
    yield json.dumps([ids[2], 0, ""])


def blank(callback_id: str, carried: str) -> Record:
    """A form of this name that carries `carried`, with the fields that most forms have."""
    words = {"type": "plain_text", "text": "Forged"}
    chosen = {"text": words, "value": f"{carried}|U0INTC"}
    happened = {"text": words, "value": "no_show"}
    fields: dict[str, Record] = {
        "reason": {"type": "plain_text_input", "initial_value": "Forged"},
        "note": {"type": "plain_text_input", "initial_value": "Forged"},
        "query": {"type": "plain_text_input", "initial_value": "Forged"},
        "what": {"type": "static_select", "options": [happened], "initial_option": happened},
        "chair": {"type": "static_select", "options": [chosen], "initial_option": chosen},
        "new": {"type": "static_select", "options": [chosen], "initial_option": chosen},
        "instead": {"type": "users_select", "initial_user": "U0INTC"},
    }
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": carried,
        "title": words,
        "submit": words,
        "close": words,
        "blocks": [
            {"type": "input", "block_id": name, "element": {**element, "action_id": name}}
            for name, element in fields.items()
        ],
        "external_id": "",
    }
