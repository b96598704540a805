"""How the databases would find what the bot asks them for: nothing that grows is walked through."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlmodel import SQLModel

import bot.records  # noqa: F401 (its tables register themselves)

# Tables of which a deployment has a handful of rows, or as many as its bank has versions.
SMALL = {"alembic_version", "content_order", "kept_question", "key_use", "leaked_question"}


class Plans:
    """The statements of the bot under test, each explained once."""

    def __init__(self, own: Engine) -> None:
        """`own` is the test's engine on the same database: what a test asks may walk."""
        self._own = own
        self._new: dict[str, Any] = {}
        self._known: set[str] = set()
        event.listen(Engine, "before_cursor_execute", self._note)

    def close(self) -> None:
        event.remove(Engine, "before_cursor_execute", self._note)

    def _note(self, connection: Connection, _: Any, statement: str, found: Any, *__: Any) -> None:
        same = connection.engine.url == self._own.url and connection.engine is not self._own
        if same and statement not in self._known and statement.startswith(("SELECT", "UPDATE")):
            self._new[statement] = found[0] if isinstance(found, list) else found

    def walks(self) -> list[str]:
        """Statements seen since the last call that walk through a table that grows, with why."""
        new, self._new = self._new, {}
        self._known |= set(new)
        explain = _sqlite if self._own.dialect.name == "sqlite" else _postgresql
        with self._own.connect() as connection:
            return [
                f"{why}: {statement}"
                for statement, found in new.items()
                for why in explain(connection, statement, found)
            ]


# Who walks through one of these reads only what is to be read: such as what is to be sent.
PARTIAL = {
    str(index.name)
    for table in SQLModel.metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}


def _grows(name: str) -> bool:
    return name in SQLModel.metadata.tables and name not in SMALL


def _sqlite(connection: Connection, statement: str, found: Any) -> Iterator[str]:
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", found).all()
    for *_, told in rows:
        words = str(told).split()
        if words[0] == "SCAN" and _grows(words[1]) and not PARTIAL & set(words):
            yield str(told)


def _postgresql(connection: Connection, statement: str, found: Any) -> Iterator[str]:
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # Small tables are walked anyway.
    told = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", found).scalar_one()
    plans = json.loads(told) if isinstance(told, str) else told
    yield from _nodes(plans[0]["Plan"])


def _nodes(node: dict[str, Any]) -> Iterator[str]:
    name = node.get("Relation Name", "")
    # Which of several indexes it takes depends on how many rows it thinks there are.
    if _grows(name) and node["Node Type"] == "Seq Scan":
        yield f"Seq Scan on {name}"
    for below in node.get("Plans", []):
        yield from _nodes(below)
