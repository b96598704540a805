"""Every query of a table that belongs to teams says of which team, or stands in a list with why."""

import ast
from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import SQLModel

import bot.records
from bot import store

FOLDER = Path(store.__file__).parent
OWNED = {
    name
    for name, found in vars(bot.records).items()
    if isinstance(found, type) and issubclass(found, SQLModel) and "team_id" in found.model_fields
}
KEYED = {  # session.get finds these by a key that holds the team.
    name
    for name in OWNED
    if "team_id" in [each.name for each in getattr(bot.records, name).__table__.primary_key]
}

CLOCK = "The clock sends what is due of every team, each by its own token."
OPERATOR = "Whoever runs the deployment sees how much waits: times and kinds, and no words."
EVERY_TEAM: dict[str, str] = {
    "leases.claim": CLOCK,
    "leases.next_lost": CLOCK,
    "leases.settle": CLOCK,
    "notices.next_due": CLOCK,
    "notices.drop": "One notice, which the caller holds.",
    "envelopes.whose": CLOCK,
    "calls.claim": CLOCK,
    "calls.next_due": CLOCK,
    "calls.forget": "What was told long ago is forgotten by its age.",
    "calls.backlog": OPERATOR,
    "calls.failed": OPERATOR,
    "calls.retry": OPERATOR,
    "doors.find_any": "Its id stands in the address: whose it is is read here, to check who sent.",
    "doors.forget": "What cannot come again any more is forgotten by its age.",
    "feeds.by_hash": "By the hash of a secret of one person's, which says whose feed it opens.",
    "heard.forget": "What no team can be sent again any more is forgotten by its age.",
    "notices.backlog": OPERATOR,
    "ledger.counts": OPERATOR,
    "ledger.failed": OPERATOR,
    "ledger.retry": OPERATOR,
    "ledger.upcoming": OPERATOR,
    "workspaces.gone": "At the start it is looked whether the one team there is has come back.",
    "workspaces.installed": OPERATOR,
    "workspaces.of_enterprise": "An organisation's token is that of all its teams.",
    "workspaces.ending": OPERATOR,
    "workspaces.renewing": "One token, which the caller found by its team.",
    "workspaces.take_rotation": "One token, which the caller found by its team.",
    "insights.uses": "Both are restricted by their Scope, whose conditions name the team.",
    "insights._apart": "Its callers hand over the condition that names the team.",
    "rotation.all_marked": "What a process serves by, kept by team: words of the bank alone.",
    "workload.queue": "Joined to the team's loops, by a condition that stands in `active`.",
    "loops.active": "Its two queries share one condition, which names the team.",
    "loops.turns": "Joined to interviews that were found by their team, through `team`.",
}


def queries(function: ast.FunctionDef) -> Counter[str]:
    """The tables that belong to teams and are read or written here, each as often as that is."""
    found: Counter[str] = Counter()
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else ""
            method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            if called in ("select", "rows", "update", "delete") or method == "select_from":
                found.update({name for each in node.args for name in names(each)})
            elif method == "get" and node.args:
                found.update(names(node.args[0]) - KEYED)
    return found


def names(node: ast.AST) -> set[str]:
    """Tables that are named in `node`."""
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} & OWNED


def filters(function: ast.FunctionDef) -> Counter[str]:
    """The tables whose team is compared here, each as often as that is."""
    found: Counter[str] = Counter()
    for node in ast.walk(function):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq):
            sides = ast.walk(node.left)
            teams = [
                each.value.id
                for each in sides
                if isinstance(each, ast.Attribute)
                and each.attr == "team_id"
                and isinstance(each.value, ast.Name)
            ]
            found.update(teams)
    return found


def functions() -> dict[str, ast.FunctionDef]:
    """Every function of the store, as module.function."""
    return {
        f"{path.stem}.{node.name}": node
        for path in sorted(FOLDER.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    }


def unfiltered() -> dict[str, set[str]]:
    """The functions with a query that names no team, and the tables of these queries."""
    found = {
        name: set(queries(function) - filters(function)) for name, function in functions().items()
    }
    return {name: tables for name, tables in found.items() if tables}


def test_every_query_says_of_which_team() -> None:
    assert {name for name in unfiltered() if name not in EVERY_TEAM} == set()


def test_the_exceptions_are_still_needed() -> None:
    assert set(EVERY_TEAM) <= set(unfiltered())


def test_most_tables_belong_to_teams() -> None:
    assert {"Opening", "Loop", "Scorecard", "Notice", "SentFile", "Workspace"} <= OWNED
    assert len(functions()) > 60


@pytest.mark.parametrize(
    ("written", "tables"),
    [
        ("select(Loop).where(Loop.id == id_)", {"Loop"}),
        ("select(Loop).where(Loop.team_id == team)", set()),
        ("select(Loop.id).where(col(Loop.team_id) == team)", set()),
        ("delete(Notice).where(col(Notice.kind) == kind)", {"Notice"}),
        ("session.get(Notice, id_)", {"Notice"}),
        ("session.get(Workspace, team)", set()),
        ("(select(Loop).where(Loop.team_id == team), select(Loop))", {"Loop"}),
        ("select(Loop, Seat).where(Loop.team_id == team)", {"Seat"}),
        ("select(KeptQuestion)", set()),
    ],
)  # fmt: skip
def test_it_sees_what_is_missing(written: str, tables: set[str]) -> None:
    [function] = ast.parse(f"def f(): return {written}").body
    assert isinstance(function, ast.FunctionDef)
    assert set(queries(function) - filters(function)) == tables
