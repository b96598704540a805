"""What a process keeps in memory has an end, and nothing that matters is among it.

Every container that outlives a request stands here, with what bounds it; one that does not fails
the first test (docs/decisions/0019-what-a-replica-keeps.md).
"""

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.store import Db
from handlers import bank as handlers_bank
from handlers import people
from handlers.bank import CurrentBank
from handlers.people import Directory
from playground import Playground
from tests.banks import SHIPPED
from tests.rows import NOON
from tests.test_rotation import leak

ROOT = Path(__file__).parent.parent
CONTAINERS = {
    "Counter", "OrderedDict", "Queue", "SimpleQueue", "WeakKeyDictionary", "defaultdict", "deque",
    "dict", "list", "set",
}  # fmt: skip

# What it is, and what bounds it. What is lost with it is looked up again, or was never promised.
KEPT = {
    "bot.kits._Picker._taken": "while one kit is composed",
    "bot.launch.metrics.Metrics._codes": "MOST_CODES of Slack's errors",
    "bot.launch.patience.PatientWorker._leaving": "open connections: CONNECTIONS",
    "bot.launch.patience.PatientWorker._waiting": "open connections: CONNECTIONS",
    "bot.launch.renewing.Renewals._under_way": "threads that ask Slack now; each has an end",
    "bot.launch.tokens.Tokens._known": "MOST teams, for KEPT, and no longer than the token",
    "bot.launch.web.Buckets._kept": "MOST doors and calendars; asked longest ago goes first",
    "bot.store.turns._turns": "files that were opened: one",
    "bot.vault._vaults": "databases that are open: one",
    "handlers.bank.CurrentBank._marked": "as many as questions are marked, read every 5 s",
    "handlers.bank.CurrentBank._mine": "one team's part of that, for one request",
    "handlers.bank.CurrentBank._seen": "MOST teams, while their marks are the same",
    "handlers.clock.Delivery._closed": "teams that wait, until their time",
    "handlers.clock.Delivery._resting": "conversations of the last second",
    "handlers.clock.Delivery._strikes": "MOST teams, until Slack takes something",
    "handlers.imports.Finder._found": "the names in one table",
    "handlers.queueing.Jobs._heap": "the notices that a delivery holds: BATCH",
    "handlers.pace.Pace._buckets": "MOST people and teams; the one used longest ago goes first",
    "handlers.people.Directory._known": "MOST people, for KEPT",
    "handlers.people.Directory._quiet": "MOST people, for QUIET_KEPT",
}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for top in ("bot", "handlers"):
        for path in sorted((ROOT / top).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield name, ast.parse(path.read_text("utf-8"))


def is_made_empty(value: ast.expr | None) -> bool:
    """A container that waits to be filled."""
    match value:
        case ast.Dict(keys=[]) | ast.List(elts=[]):
            return True
        case ast.Call(func=function, args=[]):
            function = function.value if isinstance(function, ast.Subscript) else function
            name = getattr(function, "id", getattr(function, "attr", ""))
            return name in CONTAINERS
    return False


def assigned(body: list[ast.stmt]) -> Iterator[ast.expr]:
    """What an empty container is put into."""
    for node in (each for statement in body for each in ast.walk(statement)):
        if isinstance(node, ast.Assign) and is_made_empty(node.value):
            yield from node.targets
        elif isinstance(node, ast.AnnAssign) and is_made_empty(node.value):
            yield node.target


def containers() -> Iterator[str]:
    for module, tree in trees():
        top = [each for each in tree.body if isinstance(each, (ast.Assign, ast.AnnAssign))]
        for target in assigned(list(top)):
            yield f"{module}.{ast.unparse(target)}"
        for made in (each for each in ast.walk(tree) if isinstance(each, ast.ClassDef)):
            for function in made.body:
                if isinstance(function, ast.FunctionDef) and function.name == "__init__":
                    for target in assigned(function.body):
                        if isinstance(target, ast.Attribute):
                            yield f"{module}.{made.name}.{target.attr}"


def test_everything_that_is_kept_stands_in_the_list() -> None:
    assert set(containers()) == set(KEPT)


def test_what_is_remembered_of_calls_has_an_end() -> None:
    endless = []
    for module, tree in trees():
        for node in (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)):
            for decorator in map(ast.unparse, node.decorator_list):
                of = [*node.args.args, *node.args.kwonlyargs]
                few = all(ast.unparse(each.annotation or each) == "bool" for each in of)
                bounded = "lru_cache(maxsize=" in decorator and "None" not in decorator
                if "cache" in decorator and not (few or bounded or "property" in decorator):
                    endless.append(f"{module}.{node.name}")
    assert endless == []


def test_people_are_forgotten_when_there_are_too_many_and_after_a_while(
    play: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "MOST", 3)
    now = NOON
    directory = Directory(lambda: now)
    client = WebClient(play.bot_token, play.api_url)
    ids = list(play.workspace.users)[:5]
    for each in ids:
        directory.member("T0PLAY", each, client)
    assert len(directory._known) == 3

    def asked() -> int:
        return sum(each["name"] == "users.info" for each in play.log)

    before = asked()
    directory.member("T0PLAY", ids[-1], client)
    assert asked() == before
    now += people.KEPT + timedelta(seconds=1)
    directory.member("T0PLAY", ids[-1], client)
    assert asked() == before + 1


def test_banks_of_teams_are_forgotten_when_there_are_too_many(
    db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers_bank, "MOST", 3)
    current = CurrentBank(lambda: SHIPPED, db, lambda: NOON)
    with db.begin() as session:
        session.add_all(leak(f"T{number}") for number in range(5))
    current.look()
    for number in range(5):
        assert current.of(f"T{number}").bank is not SHIPPED
    assert len(current._seen) == 3
    assert current.of("T0").bank is not SHIPPED
