"""What the database holds and does."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, text
from sqlmodel import col, select

from bot.records import Notice
from bot.store import Db
from tests.query_plans import SMALL

TOP = 8  # Statements that are listed.
MANY = 1000  # Rows: smaller tables are walked through because that is fastest.
LARGE, OTHER = "T00000000", "T00000001"
CHEAP, GROWN = 50.0, 4.0  # A cost that is none, and how many times more is growth.


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


def make_due(db: Db, count: int) -> list[str]:
    """Have so many people be asked now who were to be asked later. Returns the ids."""
    later = "SELECT id FROM notice WHERE state = 'waiting' AND kind = 'nudge' AND due_at > now()"
    found = _rows(
        db,
        f"UPDATE notice SET due_at = now() WHERE id IN ({later} ORDER BY due_at DESC "
        f"LIMIT {count}) RETURNING id",
    )
    return [str(id_) for (id_,) in found]


def unsent(db: Db, ids: list[str]) -> int:
    """How many of these nobody has been told yet."""
    under_way = ("waiting", "joined", "pending", "sending")
    wanted = select(func.count()).where(col(Notice.id).in_(ids), col(Notice.state).in_(under_way))
    with db.begin() as session:
        return session.exec(wanted).one()


def _rows(db: Db, statement: str) -> list[Any]:
    with db.begin() as session:
        return list(session.connection().execute(text(statement)).all())


@dataclass(frozen=True)
class Plan:
    """How PostgreSQL would answer one statement of the store."""

    by: str  # The function that asks it.
    text: str
    walked: list[str]  # Tables with many rows of which it would read all.
    large: float  # Its cost, in PostgreSQL's own units, for the workspace that has most.
    small: float  # The same for any other workspace.

    @property
    def grows(self) -> bool:
        """Whether a workspace with more pays more than what little a deeper index costs."""
        return self.large > GROWN * max(self.small, CHEAP)

    def __str__(self) -> str:
        told = f"{self.by}: cost {self.large:,.0f} against {self.small:,.0f}"
        return told + (f", walks through {', '.join(self.walked)}" if self.walked else "")


def plans(db: Db, file: Path, many: int = MANY) -> list[Plan]:
    """Of each statement that bench.load.statements noted in `file`, as this database has rows.
    Of a table with more than so `many` nobody should read all."""
    tables = {
        name
        for name, count in _rows(db, "SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'")
        if count > many and name not in SMALL
    }
    found = []
    for line in file.read_text().splitlines():
        noted = json.loads(line)
        large, small = (_for_team(noted["text"], team) for team in (LARGE, OTHER))
        plan, other = _explained(db, large), _explained(db, small)
        walked = sorted(tables & set(_walked(plan)))
        found.append(Plan(noted["by"], large, walked, plan["Total Cost"], other["Total Cost"]))
    return found


def _for_team(text: str, team: str) -> str:
    """The statement as another workspace would ask it."""
    for named in set(re.findall(r"team_id = '([^']+)'", text)):
        text = text.replace(f"'{named}'", f"'{team}'")
    return text


def _explained(db: Db, text: str) -> dict[str, Any]:
    with db() as session:
        connection = session.connection()
        told = connection.exec_driver_sql("EXPLAIN (FORMAT JSON) " + text.replace("%", "%%"))
        found = told.scalar_one()
        session.rollback()
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def _walked(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for below in node.get("Plans", []):
        yield from _walked(below)
