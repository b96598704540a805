"""docs/schemas says what the bot hands out and takes, and docs/connections.md shows it as it is."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from typer.testing import CliRunner

from bot import decision_record, incoming, schemas, webhooks
from bot.incoming import Wrong
from bot.launch.cli import cli
from tests.schemas import FOLDER, kind, problems, wrong_in
from tests.test_verifying import RECORD

DOC = (FOLDER.parent / "connections.md").read_text("utf-8")
SHOWN_SECRET = re.search(r"whsec_[A-Za-z0-9+/=]+", DOC)


def blocks(language: str) -> list[str]:
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", DOC, re.DOTALL)
    return found


@pytest.mark.parametrize("name", schemas.NAMES)
def test_each_file_is_what_the_bot_reads_or_writes(name: str) -> None:
    """`safety-interview schema NAME > docs/schemas/NAME.json` writes it anew."""
    kept = (FOLDER / f"{name}.json").read_text("utf-8")
    done = CliRunner().invoke(cli, ["schema", name])
    assert done.exit_code == 0
    assert done.output == kept
    assert json.loads(kept)["$schema"] == schemas.DIALECT


def test_there_is_no_other_schema() -> None:
    assert sorted(each.stem for each in FOLDER.iterdir()) == sorted(schemas.NAMES)
    done = CliRunner().invoke(cli, ["schema", "scorecards"])
    assert done.exit_code == 1
    assert "loops, candidate, record, webhook, incoming" in done.output


def test_every_event_is_described() -> None:
    text = (FOLDER / "webhook.json").read_text("utf-8")
    for event in (*webhooks.EVENTS, webhooks.TEST):
        assert f'"{event}"' in text
        assert event == webhooks.TEST or f"`{event}`" in DOC, event


def test_a_record_with_everything_in_it_is_as_its_schema_says() -> None:
    assert problems("record", json.loads(decision_record.as_json(RECORD))) == []


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("loops", {"loops": [{}]}),
        ("loops", {}),
        ("candidate", {"candidate": "C-101"}),
        ("record", {**json.loads(decision_record.as_json(RECORD)), "more": 1}),
        ("webhook", {"type": "scorecard.in", "timestamp": "2031-03-12T12:00:00Z", "data": {}}),
        ("webhook", {"type": "scorecard.out", "timestamp": "2031-03-12T12:00:00Z", "data": {}}),
        ("incoming", {"type": "interview.moved", "timestamp": "now", "data": {}}),
    ],
)
def test_what_is_otherwise_is_found_out(name: str, found: Any) -> None:
    assert problems(name, found)


def test_files_of_a_workspace_are_looked_at_by_what_they_are() -> None:
    bad = {"F1": {"name": "C-101.json", "bytes": b'{"loops": [1]}'}}
    assert wrong_in(bad)
    assert wrong_in({"F1": {"name": "C-101.csv", "bytes": b"x"}}) == []
    assert [kind({"loops": []}), kind({"format": ""}), kind({})] == ["loops", "record", "candidate"]


def requests() -> list[tuple[str, dict[str, str], bytes]]:
    """The path, headers and body of each request that the document shows."""
    found = []
    for block in blocks("http"):
        head, _, body = block.rstrip("\n").partition("\n\n")
        first, *lines = head.split("\n")
        headers = {
            name.lower(): each.strip() for name, _, each in (x.partition(":") for x in lines)
        }
        found.append((first.split()[1], headers, body.encode()))
    return found


@pytest.mark.parametrize("path", ["/hooks/interviews", "/incoming/in_0123456789abcdef"])
def test_the_requests_of_the_document_are_signed_as_it_says(path: str) -> None:
    assert SHOWN_SECRET is not None
    [(_, headers, body)] = [each for each in requests() if each[0] == path]
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    assert webhooks.trouble([SHOWN_SECRET[0]], headers, body, at) == ""
    name = "incoming" if path.startswith("/incoming") else "webhook"
    assert problems(name, json.loads(body)) == []
    if name == "incoming":
        assert incoming.read(body).type == "interview.scheduled"


def test_the_python_of_the_document_checks_and_signs() -> None:
    assert SHOWN_SECRET is not None
    secret, now = SHOWN_SECRET[0], datetime.now(UTC)
    check, sign = blocks("python")
    body = webhooks.body("panel.complete", now, {"loop": "l"})
    names: dict[str, Any] = {
        "body": body, "headers": webhooks.headers([secret], "msg_1", now, body),
        "secret": secret, "message": {"type": "interview.moved"},
    }  # fmt: skip
    exec(check, names)
    assert names["told"]["type"] == "panel.complete"
    exec(sign, names)
    signed = {name.lower(): each for name, each in names["headers"].items()}
    assert webhooks.trouble([secret], signed, names["body"].encode(), datetime.now(UTC)) == ""


def test_the_answer_of_the_document_is_what_a_wrong_field_gets() -> None:
    [shown] = [json.loads(each) for each in blocks("json")]
    (_, _, body) = requests()[1]
    told = json.loads(body)
    told["data"]["starts_at"] = "2031-03-14T10:00:00"
    with pytest.raises(Wrong) as wrong:
        incoming.read(json.dumps(told).encode())
    assert wrong.value.fields == shown["fields"]
