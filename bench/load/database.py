"""What the database holds and does."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.store import Db

TOP = 8  # Statements that are listed.


def sizes(db: Db) -> list[str]:
    """The largest tables, with their indexes."""
    rows = _rows(
        db,
        "SELECT relname, n_live_tup, pg_size_pretty(pg_table_size(relid)), "
        "pg_size_pretty(pg_indexes_size(relid)) FROM pg_stat_user_tables "
        "ORDER BY pg_total_relation_size(relid) DESC LIMIT 6",
    )
    return [f"{name}: {count:,} rows, {size}, indexes {more}" for name, count, size, more in rows]


def forget(db: Db) -> None:
    """Count anew from here."""
    _rows(db, "SELECT pg_stat_statements_reset(), pg_stat_reset()")


def work(db: Db, requests: int) -> Iterator[str]:
    """What it did since then, per request, and what it walked through."""
    calls, spent, rows = _rows(
        db, "SELECT sum(calls), sum(total_exec_time), sum(rows) FROM pg_stat_statements"
    )[0]
    yield (
        f"statements per request {calls / requests:.1f}, {spent / requests:.2f} ms in them, "
        f"{rows / requests:.0f} rows"
    )
    top = _rows(
        db,
        "SELECT calls, mean_exec_time, total_exec_time, query FROM pg_stat_statements "
        f"ORDER BY total_exec_time DESC LIMIT {TOP}",
    )
    for count, mean, total, query in top:
        told = " ".join(query.split())[:110]
        yield f"  {total / spent:4.0%}  {mean:7.3f} ms x {count:6,}  {told}"
    for name, scans, read in _rows(
        db,
        "SELECT relname, seq_scan, seq_tup_read FROM pg_stat_user_tables "
        "WHERE seq_tup_read > 1000 ORDER BY seq_tup_read DESC",
    ):
        yield f"  walked through {name} {scans} times, {read:,} rows"


def _rows(db: Db, statement: str) -> list[Any]:
    with db.begin() as session:
        return list(session.connection().execute(text(statement)).all())


def walks(db: Db, file: str) -> list[str]:
    """Of the statements in `file`, one in JSON a line, those for which PostgreSQL would read all of
    a table with many rows."""
    raise NotImplementedError(json, Path, file)
