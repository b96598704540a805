"""Rows that the database makes by itself, each of its number."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, case, cast, func, literal, select
from sqlmodel import JSON, SQLModel, insert

from bench.load.words import PANEL
from bot.store import Db
from bot.vault import SealedJson

CROWD, FEW = 50, 8  # Interviewers of the large workspace, and of each other one.
ACTIVE = 100  # Loops of a workspace that are not closed, at most.

Sql = ColumnElement[Any]
Columns = dict[str, Any]


@dataclass(frozen=True)
class Sizes:
    workspaces: int = 10_000
    notices: int = 1_000_000  # Pending.
    scorecards: int = 100_000

    @property
    def loops(self) -> int:
        return max(10, self.scorecards // PANEL)

    @property
    def large(self) -> int:
        """Loops of the large workspace."""
        return self.loops // 10


class Numbers:
    """Whose is the loop, or the seat, of a number; worked out by the database."""

    def __init__(self, db: Db, sizes: Sizes, now: datetime) -> None:
        self._db, self._sizes, self._now = db, sizes, now

    def _spread(self, kind: type[SQLModel], count: int, make: Callable[[Sql], Columns]) -> None:
        """`count` rows; what `make` leaves out has the default of its field."""
        number: Any = func.generate_series(0, count - 1, type_=Integer).column_valued("n")
        given, table = make(number), kind.__table__  # type: ignore[attr-defined]
        for name, field in kind.model_fields.items():
            column = table.c[name]
            default = field.get_default(call_default_factory=True)
            if name not in given and not (column.primary_key and default is None):
                given[name] = default
        found = {name: self._value(value, table.c.get(name)) for name, value in given.items()}
        where = found.pop("where", literal(1) == literal(1))
        with self._db.begin() as session:
            chosen = select(*found.values()).where(where)
            session.connection().execute(insert(kind).from_select(list(found), chosen))

    def _value(self, value: Any, column: Any) -> Sql:
        if isinstance(value, ColumnElement):
            return value
        if isinstance(column.type, SealedJson):
            return self._one([value], literal(0))
        return literal(value, type_=column.type)

    # Arithmetic on numbers, by the database.

    def _team(self, loop: Sql) -> Sql:
        """The number of the workspace to which the loop of this number belongs."""
        large, others = self._sizes.large, self._sizes.workspaces - 1
        return case((loop < large, literal(0)), else_=1 + (loop - large) % max(1, others))

    def _place(self, loop: Sql) -> Sql:
        """The loop's number in its workspace, from 0."""
        large, others = self._sizes.large, self._sizes.workspaces - 1
        return case((loop < large, loop), else_=(loop - large) // max(1, others))

    def _active(self, loop: Sql) -> Sql:
        return self._place(loop) < ACTIVE

    def _missing(self, seat: Sql) -> Sql:
        """Whether this seat's scorecard is still to come: one of each active loop."""
        return (seat % PANEL == PANEL - 1) & self._active(seat // PANEL)

    def _person(self, seat: Sql) -> Sql:
        loop = seat // PANEL
        crowd = case((loop < self._sizes.large, CROWD), else_=FEW)
        return user(self._team(loop), (self._place(loop) * PANEL + seat % PANEL) % crowd)

    def _one(self, values: Sequence[Any], at: Sql) -> Sql:
        return cast(pick([self._sealed(each) for each in values], at), JSON)

    def _sealed(self, value: Any) -> str:
        """As the bot's own column type would give it to the database."""
        written = SealedJson().process_bind_param(value, self._db.kw["bind"].dialect)
        return json.dumps(written)

    def _began(self, seat: Sql) -> Sql:
        """When the interview was, within the last three weeks."""
        return literal(self._now) - (1 + seat % 500) * literal(timedelta(hours=1))

    # Tables.


def pick(values: Sequence[str], at: Sql) -> Sql:
    return case(dict(enumerate(values)), value=at % len(values))


def team(number: Sql) -> Sql:
    return literal("T") + func.lpad(cast(number, String), 8, "0")


def user(of_team: Sql, number: Any) -> Sql:
    who = literal(number) if isinstance(number, int) else number
    return (
        literal("U")
        + func.lpad(cast(of_team, String), 6, "0")
        + func.lpad(cast(who, String), 2, "0")
    )


def key(prefix: str, number: Sql) -> Sql:
    """As long as the bot's own ids, and in as little order."""
    return func.md5(text(prefix, number))


def text(prefix: str, number: Sql) -> Sql:
    return literal(prefix) + cast(number, String)
