"""What Prometheus reads, from a bot that works."""

import logging
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from slack_bolt import BoltRequest
from sqlmodel import Session

from bot.launch import kinds, service
from bot.launch.app import BotApp
from bot.launch.metrics import MOST_CODES, Metrics, outcome
from bot.records import Notice
from bot.settings import Settings
from bot.store import Db, notices, open_db
from bot.store.leases import Result
from playground import Playground
from playground.faults import Fault
from tests.rows import NOON
from tests.test_http import free_port


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def app(play: Playground, address: str, port: int) -> Iterator[BotApp]:
    settings = Settings(
        bot_token=play.bot_token, api_url=play.api_url, database_url=address, metrics_port=port
    )
    with service.running(settings, lambda: NOON, rest=60) as found:
        yield found


def metrics(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        return str(answer.read().decode())


def value(text: str, name: str, **labels: str) -> float:
    """A sample's; 0 for one that is not there."""
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == name and sample.labels == labels:
                return float(sample.value)
    return 0.0


def ask(app: BotApp, **body: Any) -> None:
    who = {"team_id": "T0PLAY", "user_id": "U0COORD"}
    answer = app.dispatch(BoltRequest(mode="socket_mode", body={**who, **body}))
    assert answer.status == 200


def test_every_answer_is_timed_by_kind(app: BotApp, port: int) -> None:
    for _ in range(3):
        ask(app, command="/safety-interview", text="senior")
    found = metrics(port)
    assert value(found, "safety_interview_ack_seconds_count", request="command") == 3
    assert value(found, "safety_interview_requests_in_progress") == 0


def test_who_cannot_sign_is_counted_apart_from_slack(app: BotApp, port: int) -> None:
    """A stranger who knocks must not make the answers look quick."""
    forged = BoltRequest(body="command=%2Fsafety-interview", headers={"x-slack-signature": "v0=1"})
    assert app.dispatch(forged).status == 401
    found = metrics(port)
    assert value(found, "safety_interview_ack_seconds_count", request="unsigned") == 1
    assert value(found, "safety_interview_ack_seconds_count", request="command") == 0


def test_calls_that_slack_refuses_are_counted_by_method_and_all_are_timed(
    app: BotApp, port: int, play: Playground
) -> None:
    play.faults.add(Fault("server_error", "users.info"))
    ask(app, command="/safety-interview", text="senior")
    ask(app, command="/safety-interview", text="senior")
    found = metrics(port)
    errors = [each for each in found.splitlines() if "slack_errors_total{" in each]
    assert len(errors) == 1
    assert 'method="users.info"' in errors[0]
    assert value(found, "safety_interview_slack_call_seconds_count", method="users.info") == 2


def test_an_apology_is_counted_by_its_cause(app: BotApp, port: int, address: str) -> None:
    db = open_db(address)
    with db.begin() as session:
        session.connection().exec_driver_sql("DROP TABLE opening")
    db.kw["bind"].dispose()
    ask(app, command="/safety-interview", text="openings")
    ask(app, command="/safety-interview", text="no such thing")
    name = "safety_interview_failures_total"
    lines = [each for each in metrics(port).splitlines() if each.startswith(name)]
    counted = [each for each in lines if not each.endswith(" 0.0")]
    assert counted == [f'{name}{{cause="database",request="command"}} 1.0']
    assert len(lines) > len(counted)  # They were at 0 before: only so an increase is seen.


def test_what_waits_is_told_with_its_age(app: BotApp, port: int, address: str) -> None:  # noqa: ARG001 (it has to run)
    db = open_db(address)
    with db.begin() as session:
        owe(session, "late", NOON - timedelta(minutes=6))
        owe(session, "due", NOON - timedelta(minutes=4))
        owe(session, "ahead", NOON + timedelta(minutes=5))
    found = metrics(port)
    db.kw["bind"].dispose()
    assert value(found, "safety_interview_notices", state="due") == 2
    assert value(found, "safety_interview_notices", state="late") == 1
    assert value(found, "safety_interview_notice_lag_seconds") == 360
    assert value(found, "safety_interview_database_up") == 1
    assert value(found, "safety_interview_pool_connections", state="most") > 0


def owe(session: Session, subject: str, due: Any) -> None:
    notices.owe(session, "T0PLAY", "brief", "U0INTA", subject, due)


@pytest.fixture
def counting(db: Db) -> Metrics:
    return Metrics(db, lambda: NOON)


def counted(found: Metrics, name: str, **labels: str) -> float:
    return found.registry.get_sample_value(name, labels) or 0.0


def attempt(state: str, *, due: int = 0, tried: bool = True, first: int | None = None) -> Result:
    """One of a notice that was due, and tried first, so many seconds before noon."""
    at = None if first is None else NOON - timedelta(seconds=first)
    notice = Notice(
        id="n", team_id="T1", kind="brief", recipient="U1", subject="s", told={},
        due_at=NOON - timedelta(seconds=due), first_tried_at=at,
    )  # fmt: skip
    return Result(notice, state, tried=tried)


class TestDeliveries:
    def test_what_came_of_each_attempt_is_counted_by_kind(self, counting: Metrics) -> None:
        states = ("sent", "sent", "skipped", "failed", "parked", "pending")
        counting.settled([attempt(state) for state in states], NOON)
        counting.settled([attempt("pending", tried=False)], NOON)
        name = "safety_interview_deliveries_total"
        words = ("sent", "skipped", "failed", "parked", "again", "held")
        found = [counted(counting, name, kind="brief", outcome=each) for each in words]
        assert found == [2, 1, 1, 1, 1, 1]

    def test_only_what_was_sent_over_five_minutes_after_its_time_was_late(
        self, counting: Metrics
    ) -> None:
        counting.settled([attempt("sent", due=299), attempt("sent", due=301)], NOON)
        counting.settled([attempt("failed", due=9000)], NOON)
        assert counted(counting, "safety_interview_notices_late_total") == 1
        assert counted(counting, "safety_interview_notice_delay_seconds_sum") == 600

    def test_a_failed_attempt_does_not_make_it_look_punctual(self, counting: Metrics) -> None:
        """The next attempt's time is written where the first one's was."""
        counting.settled([attempt("sent", due=1, first=900)], NOON)
        assert counted(counting, "safety_interview_notices_late_total") == 1

    def test_what_the_bot_really_does_is_counted(
        self, db: Db, address: str, port: int, play: Playground
    ) -> None:
        """Through the delivery, not by hand: the message that is to go is gone."""
        with db.begin() as session:
            notices.owe(session, "T0PLAY", "unsay", "D0INTA", "1.1", NOON)
        settings = Settings(
            bot_token=play.bot_token, api_url=play.api_url, database_url=address, metrics_port=port
        )
        name = "safety_interview_deliveries_total"
        with service.running(settings, lambda: NOON, rest=60):
            play.wait_until(
                lambda: value(metrics(port), name, kind="unsay", outcome="skipped") == 1,
                "it was not counted",
            )


class TestBounds:
    def test_no_more_codes_than_can_be_watched(self, counting: Metrics) -> None:
        made_up = [f"code_{chr(97 + at // 26)}{chr(97 + at % 26)}" for at in range(MOST_CODES * 2)]
        for code in (*made_up, "Candidate 12", made_up[0]):
            counting.called("chat.postMessage", 0.1, code)
        lines = [
            sample.labels["error"]
            for family in counting.registry.collect()
            for sample in family.samples
            if sample.name == "safety_interview_slack_errors_total"
        ]
        assert len(lines) == MOST_CODES + 1
        assert "other" in lines
        assert "Candidate 12" not in lines

    def test_nothing_that_a_person_or_a_page_chooses_becomes_a_name(self) -> None:
        made_up: list[dict[str, Any]] = [
            {"type": "block_actions", "actions": [{"action_id": "Candidate 12"}]},
            {"type": "Candidate 12"},
            {"command": "/Candidate 12"},
            {"type": "event_callback", "event": {"type": "Candidate 12"}},
            {"type": "event_callback", "event": "Candidate 12"},
            {"type": "event_callback", "event": {"type": "app_home_opened"}},
            {},
        ]
        names = [kinds.of(body) for body in made_up]
        assert names == [
            "block_actions", "other", "command", "event", "event", "app_home_opened", "other",
        ]  # fmt: skip
        assert set(names) <= kinds.NAMES

    @pytest.mark.parametrize("told", ["T1\nERROR forged", {"id": 3}, ["T1"], "t1", "T" * 99, None])
    def test_what_is_no_workspace_is_not_logged_as_one(self, told: object) -> None:
        assert kinds.team({"team_id": told}) == ""

    def test_every_outcome_is_one_of_six_words(self) -> None:
        states = ("sent", "skipped", "failed", "parked", "pending")
        found = {
            outcome(attempt(state, tried=tried)) for state in states for tried in (True, False)
        }
        assert found == {"sent", "skipped", "failed", "parked", "again", "held"}


class TestTrouble:
    def test_a_taken_port_is_logged_and_people_are_answered(
        self, app: BotApp, port: int, play: Playground, place: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert app.watch is not None
        second = Settings(
            bot_token=play.bot_token, api_url=play.api_url, database_url=place, metrics_port=port
        )
        with (
            caplog.at_level(logging.ERROR),
            service.running(second, lambda: NOON, rest=60) as other,
        ):
            ask(other, command="/safety-interview", text="senior")
        assert f"METRICS_PORT {port} cannot be used" in caplog.text
        assert "choose another one" in caplog.text

    def test_a_database_that_is_gone_is_told_as_such(self, place: str) -> None:
        db = open_db(place)  # Without any table in it.
        found = Metrics(db, lambda: NOON)
        assert counted(found, "safety_interview_database_up") == 0
        assert found.registry.get_sample_value("safety_interview_notice_lag_seconds") is None
        db.kw["bind"].dispose()
