"""What is in a database, table by table: by it a restored copy is compared with its original."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnClause, Connection, column, inspect, select, table

AT_ONCE = 1000  # Rows held in memory.


@dataclass(frozen=True)
class Digest:
    rows: int
    sha256: str


def digest(connection: Connection) -> dict[str, Digest]:
    """Of every table that the database has, by name, as its values lie there: whatever version of
    the bot looks, and without the keys of what is encrypted."""
    return {name: _of(connection, name) for name in sorted(inspect(connection).get_table_names())}


def _of(connection: Connection, name: str) -> Digest:
    about = inspect(connection)
    names = sorted(each["name"] for each in about.get_columns(name))
    key = about.get_pk_constraint(name)["constrained_columns"] or names
    columns: list[ColumnClause[Any]] = [column(each) for each in names]
    wanted = select(*columns).select_from(table(name)).order_by(*map(column, key))
    count, found = 0, hashlib.sha256()
    for row in connection.execute(wanted.execution_options(yield_per=AT_ONCE)):
        count += 1
        found.update(json.dumps(list(row), sort_keys=True, default=str).encode())
        found.update(b"\n")
    return Digest(count, found.hexdigest())
