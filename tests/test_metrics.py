"""What Prometheus reads, from a bot that works."""

import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from sqlmodel import Session

from bot.launch import service
from bot.launch.metrics import request_name
from bot.settings import Settings
from bot.store import notices, open_db
from playground import Playground
from playground.faults import Fault
from tests.rows import NOON
from tests.test_http import free_port


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def app(play: Playground, address: str, port: int) -> Iterator[App]:
    settings = Settings(
        bot_token=play.bot_token, api_url=play.api_url, database_url=address, metrics_port=port
    )
    with service.running(settings, lambda: NOON, rest=60) as found:
        yield found


def metrics(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        return str(answer.read().decode())


def ask(app: App, **body: Any) -> None:
    who = {"team_id": "T0PLAY", "user_id": "U0COORD"}
    answer = app.dispatch(BoltRequest(mode="socket_mode", body={**who, **body}))
    assert answer.status == 200


def test_every_answer_is_timed_by_kind(app: App, port: int) -> None:
    for _ in range(3):
        ask(app, command="/safety-interview", text="senior")
    assert 'safety_interview_ack_seconds_count{request="command"} 3.0' in metrics(port)


def test_calls_that_slack_refuses_are_counted_by_method(
    app: App, port: int, play: Playground
) -> None:
    play.faults.add(Fault("server_error", "users.info"))
    ask(app, command="/safety-interview", text="senior")
    counted = [each for each in metrics(port).splitlines() if 'method="users.info"' in each]
    assert counted[0].startswith("safety_interview_slack_errors_total{error=")
    assert counted[0].endswith(" 1.0")


def test_what_waits_is_told_with_its_age(app: App, port: int, address: str) -> None:  # noqa: ARG001
    db = open_db(address)
    with db.begin() as session:
        owe(session, "late", NOON - timedelta(minutes=5))
        owe(session, "ahead", NOON + timedelta(minutes=5))
    found = metrics(port)
    db.kw["bind"].dispose()
    assert 'safety_interview_notices{state="due"} 1.0' in found
    assert "safety_interview_notice_lag_seconds 300.0" in found
    assert 'safety_interview_pool_connections{state="size"}' in found


def owe(session: Session, subject: str, due: Any) -> None:
    notices.owe(session, "T0PLAY", "brief", "U0INTA", subject, due)


def test_nothing_that_a_person_or_a_page_chooses_becomes_a_name() -> None:
    made_up: list[dict[str, Any]] = [
        {"type": "block_actions", "actions": [{"action_id": "Candidate 12"}]},
        {"type": "Candidate 12"},
        {"command": "/Candidate 12"},
        {"type": "event_callback", "event": {"type": "Candidate 12"}},
        {},
    ]
    names = [request_name(body) for body in made_up]
    assert names == ["block_actions", "other", "command", "event", "other"]
