"""Databases as earlier versions of the bot left them, and schemas of versions that are to come."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import MetaData, Table, select, types

from bot import schema, scorecards, votes
from bot.schema import OURS, History
from bot.store import Db, open_db
from bot.vault import Vault

KEY = Fernet.generate_key().decode()
ROWS = 3  # Of each table. The second has nothing where nothing may stand.
BOOKKEEPING = {"alembic_version", "schema_floor"}
ODD = '‘$1’; \\ "quoted" <@U1> & ünïcode 🙂\nnext line\ttab'
VIEWS = {"questions": [{"id": "q1", "before": "2", "after": "3", "why": ODD}], "overall": []}
Value = Callable[[int], Any]


def until(step: str) -> History:
    """The schema as it was when `step` was the newest."""
    return History(OURS.folder, step)


def to_come(
    folder: Path, steps: dict[str, str], contracts: dict[str, str] | None = None
) -> History:
    """Ours with further `steps` and `contracts`: each the body of its function, by its number."""
    shutil.copytree(OURS.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    before = OURS.head
    for number, body in steps.items():
        _write(folder / "versions" / f"{number}_test.py", "upgrade", body, number, before)
        before = number
    for number, body in (contracts or {}).items():
        _write(folder / "contracts" / f"{number}_test.py", "contract", body, number, "")
    return History(folder, before)


def _write(path: Path, name: str, body: str, number: str, before: str) -> None:
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    path.write_text(
        f'"""For a test."""\nimport sqlalchemy as sa\nfrom alembic import op\n'
        f"from bot.migrations import indexes\n\n"
        f'revision = "{number}"\ndown_revision = "{before}"\n\n\ndef {name}() -> None:\n{lines}\n'
    )


def left_by(address: str, step: str) -> tuple[Db, list[Table]]:
    """A database with rows in every table, as the version whose newest step is `step` left it; and
    those tables as the database has them, whatever the records say."""
    db = open_db(address, [KEY])
    schema.upgrade(db, until(step))
    found = MetaData()
    with db.begin() as session:
        found.reflect(session.connection())
        tables = [each for each in found.sorted_tables if each.name not in BOOKKEEPING]
        names = {each.name for each in tables}
        for table in tables:
            made = [_row(table, number, names) for number in range(1, ROWS + 1)]
            session.connection().execute(table.insert(), made)
    return db, tables


def _row(table: Table, number: int, names: set[str]) -> dict[str, Any]:
    known = _known("key_use" in names)
    row: dict[str, Any] = {}
    for column in table.columns:
        if number == 2 and column.nullable:
            row[column.name] = None
        elif made := known.get(f"{table.name}.{column.name}", known.get(column.name)):
            row[column.name] = made(number)
        elif column.name == "id" and isinstance(column.type, types.String):
            row[column.name] = f"{table.name}-{number}"
        elif (of := column.name.removesuffix("_id")) in names:
            row[column.name] = f"{of}-{number}"
        else:
            row[column.name] = _value(column.type, column.name, number)
    return row


def _known(sealed: bool) -> dict[str, Value]:
    """What has to fit together: who scored what, and the seals of that."""
    vault = Vault([KEY])

    def kept(value: Any, number: int) -> Any:
        return vault.close(json.dumps(value)) if sealed and number == 3 else value

    return {
        "person": lambda number: f"UPERSON{number}",
        "role": lambda _: "lead",
        "notice.state": lambda number: ["pending", "sent", "waiting"][number - 1],
        "key_use.fingerprint": lambda number: [*vault.prints, "0" * 12, "1" * 12][number - 1],
        "sealed_version.after_reveal": lambda _: False,
        "sealed_version.answers": lambda number: kept(_answers(number), number),
        "sealed_version.seal": lambda number: scorecards.seal(
            _answers(number), f"interview-{number}", f"UPERSON{number}", _time(number)
        ),
        "recorded_view.views": lambda number: kept(VIEWS, number),
        "recorded_view.seal": lambda number: votes.seal(
            VIEWS, f"loop-{number}", f"UPERSON{number}", _time(number)
        ),
    }


def _answers(number: int) -> dict[str, Any]:
    asked = {"version": 1, "area": "trade-offs", "level": "senior"}
    return {
        "questions": [
            {**asked, "id": "q1", "evidence": f"{number} {ODD}", "score": str(number)},
            {**asked, "id": "q2", "evidence": "", "score": "na"},
        ],
        "flags": [{"key": "rushed", "where": ODD}],
        "fields": {"recommendation": "yes", "notes": ODD},
    }


def _time(number: int) -> datetime:
    return datetime(2026, 3, number, 12, 30, 15, 123456, tzinfo=UTC)


def _value(kind: types.TypeEngine[Any], name: str, number: int) -> Any:
    match kind:
        case types.Boolean():
            return number % 2 == 0
        case types.DateTime():
            aware = _time(number)
            return aware if kind.timezone else aware.replace(tzinfo=None)
        case types.Date():
            return date(2028, 2, 29)
        case types.Integer():
            return number
        case types.Float():
            return number + 0.1
        case types.JSON():
            return {name: [number, None, True, 0.5, {"text": ODD}]}
        case types.String():
            return f"{name} {number} {ODD}"
    raise AssertionError(f"no value is known for {name}, {kind!r}")


def held(db: Db, tables: list[Table]) -> dict[str, list[Any]]:
    """Everything that lies in the columns of these tables."""
    with db.begin() as session:
        return {
            each.name: [
                dict(row)
                for row in session.connection()
                .execute(select(each).order_by(*each.primary_key.columns))
                .mappings()
            ]
            for each in tables
        }
