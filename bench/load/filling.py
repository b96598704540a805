"""A database as a vendor with many workspaces has it: `fill` an empty one of PostgreSQL.

One workspace has a tenth of all loops, and the others share the rest alike. Every row is one that
the bot could have written, with what it encrypts encrypted by the bot's own column types.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import String, case, cast, func, literal

from bench.load.numbers import FEW, Columns, Numbers, Sizes, Sql, key, pick, team, text, user
from bench.load.words import KITS, PANEL, ROUNDS, WORDS, answered, draft
from bot.openings import asked
from bot.records import (
    AuditEntry,
    Decision,
    Interview,
    Loop,
    Notice,
    Opening,
    PersonSettings,
    Rating,
    Scorecard,
    ScoredCard,
    SealedVersion,
    Seat,
    SlackBot,
    Workspace,
)
from bot.store import Db
from bot.vault import of

CLIENT_ID = "1.1"
PLANNER, MANAGER = 90, 91  # Their numbers among the people of a workspace.
AHEAD = ("soon", "soon", "plan", "agenda", "final")  # Kinds of what is pending.


def fill(db: Db, sizes: Sizes, now: datetime, due: float = 2.0) -> Iterator[str]:
    """Yields the name of each table that is filled. From a minute after `now` on, so many people
    a second are due to be asked for a scorecard that is missing."""
    rows = Rows(db, sizes, now, due)
    for made in (
        rows.workspaces, rows.openings, rows.loops, rows.seats, rows.cards, rows.closed,
        rows.audit, rows.notices, rows.sent,
    ):  # fmt: skip
        made()
        yield made.__name__
    engine = db.kw["bind"]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")  # As it does by itself, soon.
    yield "statistics"


class Rows(Numbers):
    """The tables, in the order in which they are filled."""

    def __init__(self, db: Db, sizes: Sizes, now: datetime, due: float) -> None:
        super().__init__(db, sizes, now)
        self._due = due

    def workspaces(self) -> None:
        since = self._now - timedelta(days=400)
        count = self._sizes.workspaces
        self._spread(Workspace, count, lambda n: {"team_id": team(n), "since": since})
        vault = of(self._db.kw["bind"].dialect)
        tokens = [vault.close(f"xoxb-{number}") for number in range(8)]
        self._spread(
            SlackBot, count,
            lambda n: {
                "client_id": CLIENT_ID, "app_id": "A0LOAD", "team_id": team(n), "bot_id": "B0LOAD",
                "bot_token": pick(tokens, n), "bot_user_id": "U0BOT", "bot_scopes": "commands",
                "installed_at": since.replace(tzinfo=None),
            },
        )  # fmt: skip
        self._spread(
            PersonSettings, count * FEW,
            lambda n: {
                "team_id": team(n // FEW), "person": user(n // FEW, n % FEW), "starts": "00:00",
                "ends": "23:59", "days": list(range(7)), "country": "ZZ",
            },
        )  # fmt: skip

    def openings(self) -> None:
        self._spread(
            Opening, self._sizes.workspaces,
            lambda n: {
                "id": key("opening", n), "team_id": team(n), "title": "AI Safety Engineer",
                "level": "senior", "specialization": "llm", "hiring_manager": user(n, MANAGER),
                "coordinators": func.json_build_array(user(n, PLANNER)), "shown_as": "code",
                "keep_months": 6, "kits": KITS, "created_by": user(n, PLANNER),
                "created_at": self._now - timedelta(days=300),
            },
        )  # fmt: skip

    def loops(self) -> None:
        def make(n: Sql) -> Columns:
            ended = literal(self._now - timedelta(days=5))
            closed = {"state": literal("closed"), "revealed_at": ended, "ended_at": ended}
            now = {"state": literal("active"), "revealed_at": None, "ended_at": None}
            either = {
                name: case((self._active(n), now[name]), else_=closed[name]) for name in closed
            }
            return {
                "id": key("loop", n), "team_id": team(self._team(n)), **either,
                "opening_id": key("opening", self._team(n)), "number": self._place(n) + 101,
                "candidate": text("Candidate ", n), "created_by": user(self._team(n), PLANNER),
                "created_at": literal(self._now) - (n % 200_000) * literal(timedelta(minutes=1)),
            }  # fmt: skip

        self._spread(Loop, self._sizes.loops, make)

    def _keys(self, n: Sql) -> Columns:
        loop = n // PANEL
        return {
            "id": key("i", n), "team_id": team(self._team(loop)), "loop_id": key("loop", loop)
        }  # fmt: skip

    def seats(self) -> None:
        count = self._sizes.loops * PANEL
        self._spread(
            Interview, count,
            lambda n: {
                **self._keys(n), "round": pick(ROUNDS, n), "minutes": 45,
                "starts_at": self._began(n),
            },
        )  # fmt: skip
        self._spread(
            Seat, count,
            lambda n: {
                **self._keys(n), "interview_id": key("i", n), "person": self._person(n),
                "role": "lead", "owes": self._missing(n),
            },
        )  # fmt: skip

    def cards(self) -> None:
        count = self._sizes.loops * PANEL
        drafts = [draft(round_) for round_ in ROUNDS]
        self._spread(
            Scorecard, count,
            lambda n: {
                **self._keys(n), "interview_id": key("i", n), "person": self._person(n),
                "draft": self._one(drafts, n), "draft_at": self._began(n),
                "version": case((self._missing(n), 0), else_=1),
                "submitted_at": case((self._missing(n), None), else_=self._began(n)),
            },
        )  # fmt: skip
        answers = [answered(round_) for round_ in ROUNDS]
        self._spread(
            SealedVersion, count,
            lambda n: {
                "scorecard_id": key("i", n), "number": 1, "team_id": self._keys(n)["team_id"],
                "answers": self._one(answers, n), "seal": func.repeat(key("i", n), 2),
                "submitted_at": self._began(n), "after_reveal": False, "where": ~self._missing(n),
            },
        )  # fmt: skip

    def closed(self) -> None:
        """What stays of loops that are over: decisions, and scorecards as numbers."""
        loops, count = self._sizes.loops, self._sizes.loops * PANEL
        over = self._now - timedelta(days=5)
        self._spread(
            Decision, loops,
            lambda n: {
                "id": key("decision", n), "team_id": team(self._team(n)),
                "loop_id": key("loop", n), "number": 1, "by": user(self._team(n), MANAGER),
                "outcome": "no_hire", "rationale": "Weak on incidents.", "cites": [],
                "state": "in_effect", "decided_at": over, "effective_at": over,
                "where": ~self._active(n),
            },
        )  # fmt: skip
        self._spread(
            ScoredCard, count,
            lambda n: {
                **self._of_card(n), "scorecard_id": key("i", n), "month": "2026-03",
                "minutes": n % 2000, "evidence": 200, "rated": 2, "total": 5, "recommendation": 3,
                "revealed_at": over, "where": ~self._active(n // PANEL),
            },
        )  # fmt: skip
        names = list(asked(KITS))
        self._spread(
            Rating, count,
            lambda n: {
                **self._of_card(n), "scorecard_id": key("i", n), "question": pick(names, n),
                "version": 1, "area": "incident_response", "level": "senior", "score": n % 4 + 1,
                "asked_at": self._began(n), "where": ~self._active(n // PANEL),
            },
        )  # fmt: skip

    def _of_card(self, n: Sql) -> Columns:
        loop = n // PANEL
        return {
            "team_id": team(self._team(loop)), "opening_id": key("opening", self._team(loop)),
            "loop_id": key("loop", loop), "interview_id": key("i", n),
            "person": self._person(n), "after_reveal": False,
        }  # fmt: skip

    def audit(self) -> None:
        self._spread(
            AuditEntry, self._sizes.loops * PANEL,
            lambda n: {
                "team_id": self._keys(n)["team_id"], "at": self._began(n), "who": self._person(n),
                "what": "scorecard sealed", "subject": key("loop", n // PANEL), "detail": {},
            },
        )  # fmt: skip

    def _notice(self, seat: Sql, n: Sql) -> Columns:
        empty = self._one([{}], n)
        return {
            "id": cast(func.gen_random_uuid(), String), "team_id": self._keys(seat)["team_id"],
            "recipient": self._person(seat), "subject": key("i", seat),
            "told": empty, "intent": empty,
        }  # fmt: skip

    def notices(self) -> None:
        """What is pending is due between tomorrow and two months from now."""
        seats = self._sizes.loops * PANEL
        step = timedelta(days=60) / max(1, self._sizes.notices)
        self._spread(
            Notice, self._sizes.notices,
            lambda n: {
                **self._notice(n % seats, n), "kind": pick(AHEAD, n // seats),
                "due_at": literal(self._now + timedelta(days=1)) + n * literal(step),
            },
        )  # fmt: skip
        # One of each loop, so many a second; what is closed has none.
        self._spread(
            Notice, self._sizes.loops,
            lambda n: {
                **self._notice(n * PANEL + PANEL - 1, n), "kind": "nudge",
                "state": "waiting", "where": self._active(n),
                "due_at": literal(self._now + timedelta(minutes=1))
                + n * literal(timedelta(seconds=1 / due_rate(self._due))),
            },
        )  # fmt: skip

    def sent(self) -> None:
        """What everybody heard before, with what it said."""
        told = [{"text": WORDS % "it", "blocks": [{"type": "divider"}] * 4}]
        for kind in ("brief", "soon"):
            self._spread(Notice, self._sizes.loops * PANEL, partial(self._told, kind, told))

    def _told(self, kind: str, told: Sequence[Any], n: Sql) -> Columns:
        return {
            **self._notice(n, n), "kind": kind, "state": "sent",
            "due_at": self._began(n), "sent_at": self._began(n), "attempts": 1,
            "channel": text("D", n), "ts": text("1764000000.", n), "told": self._one(told, n),
        }  # fmt: skip


def due_rate(due: float) -> float:
    return due if due > 0 else 0.001
