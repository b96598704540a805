"""docs/operating says what there is, and asks for nothing that is not."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from promql_parser import MatchOp, VectorSelector

from bot import references
from bot.launch import kinds, logs
from bot.launch.metrics import CAUSES, OUTCOMES, Metrics
from bot.retrying import TOKEN
from bot.schema import upgrade
from bot.store import open_db
from tests.rows import NOON
from tests.test_metrics import attempt

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "operating"
OF_PROMETHEUS = {"job", "instance"}  # Labels that it adds.
KNOWN = {  # What may stand in a label of which we choose the values.
    "request": kinds.NAMES,
    "cause": set(CAUSES),
    "outcome": set(OUTCOMES),
    "error": {*TOKEN, "missing_scope", "no_answer", "ratelimited"},
    "job": {"safety-interview"},
}


@dataclass(frozen=True)
class Metric:
    name: str
    type: str
    labels: frozenset[str]


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a bot that has met everything, in Socket Mode, on SQLite."""
    db = open_db(f"sqlite:///{tmp_path_factory.mktemp('metrics') / 'test.db'}")
    upgrade(db)
    found = Metrics(db, lambda: NOON)
    found.connects(lambda: True)
    found.begun()
    found.answered("command", 0.1, "bug")
    found.called("chat.postMessage", 0.1, "ratelimited")
    found.settled([attempt("sent"), attempt("failed")], NOON)
    page = generate_latest(found.registry).decode()
    db.kw["bind"].dispose()
    return page


def metrics_of(page: str) -> Iterator[Metric]:
    for family in text_string_to_metric_families(page):
        labels = {name for sample in family.samples for name in sample.labels} - {"le"}
        # The text says _total of a counter; its family's name does not.
        name = family.name + ("_total" if family.type == "counter" else "")
        yield Metric(name, family.type, frozenset(labels))


def samples_of(page: str) -> dict[str, set[str]]:
    """The name of each series, with its labels."""
    found: dict[str, set[str]] = {"up": set()}
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def rows(path: Path, heading: str) -> list[list[str]]:
    """The cells of the table under the heading `| heading |`."""
    lines = path.read_text("utf-8").splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    found = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


class TestMetrics:
    def test_each_is_documented_with_its_type_and_labels_and_no_other_is(
        self, exposed: str
    ) -> None:
        documented = {
            Metric(quoted(name)[0], type_, frozenset(quoted(labels)))
            for name, type_, labels, told in rows(FOLDER / "metrics.md", "metric")
            if told
        }
        assert documented == set(metrics_of(exposed))

    def test_every_value_of_a_label_of_ours_is_explained(self, exposed: str) -> None:
        states = set(re.findall(r'state="(\w+)"', exposed))
        assert {"due", "late", "in_use", "most"} <= states
        text = (FOLDER / "metrics.md").read_text("utf-8")
        told = set(quoted(text[text.index("## The labels") :]))
        assert {*kinds.NAMES, *CAUSES, *OUTCOMES, *states} <= told

    def test_whatever_goes_wrong_is_counted_under_a_cause_that_is_known(self) -> None:
        code = (path.read_text("utf-8") for path in sorted((ROOT / "handlers").rglob("*.py")))
        source = "\n".join(code)
        noted = set(re.findall(r'references\.failed\("(\w+)"\)|_referred\(.+?, "(\w+)"\)', source))
        assert {first or second for first, second in noted} == set(CAUSES)


def rules() -> list[dict[str, Any]]:
    found = yaml.safe_load((FOLDER / "alerts.yaml").read_text("utf-8"))
    return [rule for group in found["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    board = json.loads((FOLDER / "dashboard.json").read_text("utf-8"))
    return [each for each in board["panels"] if each["type"] != "row"]


def asked() -> list[tuple[str, str]]:
    """Where each expression stands, and the expression as Prometheus would get it."""
    found = [(rule["alert"], rule["expr"]) for rule in rules()]
    for panel in panels():
        for target in panel["targets"]:
            expression = target["expr"].replace("$__rate_interval", "5m")
            found.append((panel["title"], expression.replace("$instance", ".*")))
    return found


def selectors(expression: str) -> list[VectorSelector]:
    """Raises ValueError for what Prometheus would not understand."""
    found: list[VectorSelector] = []

    def visit(node: promql_parser.Expr) -> None:
        if isinstance(node, VectorSelector):
            found.append(node)
        elif isinstance(node, promql_parser.MatrixSelector):
            found.append(node.vector_selector)

    promql_parser.walk(promql_parser.parse(expression), visit)
    return found


@pytest.mark.parametrize(("place", "expression"), asked())
def test_an_expression_can_be_read_and_asks_for_what_there_is(
    place: str, expression: str, exposed: str
) -> None:
    series = samples_of(exposed)
    found = selectors(expression)
    assert found, place
    for each in found:
        assert each.name in series
        for matcher in each.matchers.matchers:
            assert matcher.name in series[each.name] | OF_PROMETHEUS
            if matcher.name in KNOWN and matcher.op in (MatchOp.Equal, MatchOp.Re):
                assert set(matcher.value.split("|")) <= KNOWN[matcher.name]
            if matcher.name == "state":
                assert f'{each.name}{{state="{matcher.value}"}}' in exposed
            if matcher.name == "le":
                assert f'le="{matcher.value}"' in exposed


class TestWhatWouldBeWrong:
    """The check above sees it."""

    @pytest.mark.parametrize("text", ["sum(rate(up[5m])", "rate(up)", "up >", "nonsense(up)"])
    def test_no_expression(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"."):
            selectors(text)

    def test_names_in_all_places(self) -> None:
        found = selectors("sum(rate(a[5m])) / on(x) b > 3 or absent(c)")
        assert {each.name for each in found} == {"a", "b", "c"}


class TestAlerts:
    def test_each_says_how_urgent_it_is_and_what_it_is(self) -> None:
        for rule in rules():
            assert rule["labels"]["severity"] in ("page", "ticket")
            assert rule["annotations"]["summary"]

    def test_each_has_its_entry_with_what_to_do_and_no_other_has(self) -> None:
        text = (FOLDER / "alerts.md").read_text("utf-8")
        entries = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
        told = {entry.partition("\n")[0]: entry.partition("\n")[2].strip() for entry in entries}
        assert sorted(told) == sorted(rule["alert"] for rule in rules())
        for entry in told.values():
            what, _, to_do = entry.partition("* ")
            assert what.startswith("*")
            assert len(to_do.split()) > 10

    def test_a_token_that_the_bot_takes_for_refused_is_one_for_the_alert_too(self) -> None:
        [rule] = [each for each in rules() if each["alert"] == "SlackRefusesToken"]
        [matcher] = selectors(rule["expr"])[0].matchers.matchers
        assert set(matcher.value.split("|")) == {*TOKEN, "missing_scope"}


class TestDashboard:
    def test_no_two_panels_lie_upon_each_other(self) -> None:
        for one, other in combinations([each["gridPos"] for each in panels()], 2):
            apart = (
                one["x"] + one["w"] <= other["x"]
                or other["x"] + other["w"] <= one["x"]
                or one["y"] + one["h"] <= other["y"]
                or other["y"] + other["h"] <= one["y"]
            )
            assert apart, (one, other)
            assert one["x"] + one["w"] <= 24

    def test_it_names_alerts_that_there_are(self) -> None:
        known = {rule["alert"] for rule in rules()}
        for panel in panels():
            _, _, names = panel["description"].partition("Alert")
            assert set(re.findall(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b", names)) <= known

    def test_every_metric_of_the_bot_is_watched(self, exposed: str) -> None:
        names = [each.name for _, text in asked() for each in selectors(text)]
        for metric in metrics_of(exposed):
            if metric.name.startswith("safety_interview_"):
                assert any(str(name).startswith(metric.name) for name in names), metric.name


class TestLogs:
    def test_each_field_is_explained_and_no_other_is(self) -> None:
        told = {quoted(name)[0] for name, _ in rows(FOLDER / "logs.md", "field")}
        assert told == {"at", "level", "logger", "message", "traceback", *logs.OF_WORK}

    def test_a_reference_looks_as_in_the_text(self) -> None:
        text = (FOLDER / "logs.md").read_text("utf-8")
        [shown] = set(re.findall(r"[a-z2-7]{8}(?=”|`?:| bot|\")", text)) & {"k3fw2xab"}
        assert len(shown) == len(references.new())
        assert re.fullmatch("[a-z2-7]+", references.new())

    def test_each_line_that_is_explained_can_be_written(self) -> None:
        said = "\n".join(sorted(constants("bot"), key=len) + sorted(constants("handlers"), key=len))
        for line, _ in rows(FOLDER / "logs.md", "line"):
            parts = [re.escape(part) for part in re.split("…", quoted(line)[0])]
            pattern = r"[^\n]*?".join(parts)
            assert re.search(pattern, re.sub(r"%(\.\d)?[sdf]", "…", said)), line


def constants(folder: str) -> set[str]:
    """Every text in the code of `folder`."""
    found = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found
