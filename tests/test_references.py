"""What somebody is told when something fails is what an operator finds in the log."""

import json
import logging
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot import references
from bot.launch import logs
from bot.launch.manifest import manifest
from bot.records import Notice
from bot.schema import upgrade
from bot.settings import Settings
from bot.store import open_db
from playground import Fault, Person, Playground
from tests.offices import always_at_work, make_opening, plan_loop
from tests.rows import NOON
from tests.test_http import free_port, wait_until_healthy

BROKEN = "a-broken-notice"
ROOT = Path(__file__).parent.parent
TOLD = re.compile(r"; the reference is ([a-z2-7]{8})\.")


class TestWork:
    def test_each_has_its_own(self) -> None:
        found = set()
        for _ in range(1000):
            with references.work() as work:
                found.add(work.reference)
        assert len(found) == 1000

    def test_what_is_done_within_goes_on_under_the_same_one(self) -> None:
        with references.work() as outer, references.work("command", team="T1") as inner:
            assert (inner.reference, inner.request) == (outer.reference, "command")
        assert references.current() is None

    def test_threads_do_not_share_one(self) -> None:
        def own(number: int) -> tuple[str, str]:
            with references.work(str(number)) as work:
                now = references.current()
                assert now is not None
                return work.reference, now.reference

        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(own, range(200)))
        assert all(given == held for given, held in found)
        assert len({given for given, _ in found}) == 200


class TestLines:
    @pytest.fixture(autouse=True)
    def restored(self) -> Iterator[None]:
        root = logging.getLogger()
        handlers, level = root.handlers[:], root.level
        yield
        root.handlers, root.level = handlers, level

    def test_json_says_what_was_being_done(self, capsys: pytest.CaptureFixture[str]) -> None:
        logs.configure(Settings(bot_token="xoxb-1", log_format="json"))
        with references.work("notice", team="T1", notice="n1") as work:
            logging.getLogger("slack_bolt.App").error("It broke")
        line = json.loads(capsys.readouterr().err)
        assert line["reference"] == work.reference
        assert (line["request"], line["team"], line["notice"]) == ("notice", "T1", "n1")

    def test_text_has_it_before_the_colon(self, capsys: pytest.CaptureFixture[str]) -> None:
        logs.configure(Settings(bot_token="xoxb-1"))
        with references.work() as work:
            logging.getLogger("bot").error("It broke")
        logging.getLogger("bot").error("For nobody")
        first, second = capsys.readouterr().err.splitlines()
        assert first.endswith(f" ERROR bot {work.reference}: It broke")
        assert second.endswith(" ERROR bot -: For nobody")


class Bot:
    """In a process of its own, with its log in a file."""

    def __init__(self, play: Playground, log: Path, database: str) -> None:
        self.play, self.log, self.database = play, log, database

    def lines(self) -> list[str]:
        return self.log.read_text("utf-8").splitlines()

    def under(self, reference: str) -> list[str]:
        """The lines of the log that carry it, but for the one that says how long it took."""
        found = [line for line in self.lines() if reference in line]
        assert any("answered a " in line for line in found)
        return [line for line in found if "answered a " not in line]

    def spoil(self, statement: str) -> None:
        db = open_db(self.database)
        with db.begin() as session:
            session.connection().execute(text(statement))
        db.kw["bind"].dispose()


def owe_what_nobody_can_send(address: str) -> None:
    db = open_db(address)
    upgrade(db)
    with db.begin() as session:
        notice = Notice(
            id=BROKEN, team_id="T0PLAY", kind="no such kind", recipient="U0INTA", subject="s",
            due_at=NOON, told={},
        )  # fmt: skip
        session.add_all([notice, *always_at_work()])
    db.kw["bind"].dispose()


@contextmanager
def started(folder: Path, command: str, log_format: str) -> Iterator[Bot]:
    port, log, database = free_port(), folder / "log", f"sqlite:///{folder / 'test.db'}"
    described = manifest(f"http://127.0.0.1:{port}") if command == "serve" else manifest()
    with Playground(manifest=described) as play, log.open("wb") as written:
        environment = {
            **os.environ,
            "SLACK_BOT_TOKEN": play.bot_token,
            "SLACK_APP_TOKEN": play.app_token,
            "SLACK_SIGNING_SECRET": play.signing_secret,
            "SLACK_API_URL": play.api_url,
            "DATABASE_URL": database,
            "PORT": str(port),
            "LOG_FORMAT": log_format,
            "LOG_LEVEL": "debug",
        }
        owe_what_nobody_can_send(database)
        begun = [sys.executable, "-m", "bot", command]
        with subprocess.Popen(begun, cwd=ROOT, env=environment, stderr=written) as process:
            try:
                if command == "serve":
                    wait_until_healthy(f"http://127.0.0.1:{port}")
                else:
                    play.wait_connected()
                yield Bot(play, log, database)
            finally:
                process.kill()


@pytest.fixture(scope="module", params=[("run", "json"), ("serve", "text")], ids=["socket", "http"])
def bot(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    with started(tmp_path_factory.mktemp("bot"), *request.param) as found:
        yield found


@pytest.fixture
def coordinator(bot: Bot) -> Person:
    return bot.play.person("Recruiting coordinator")


def told(person: Person) -> str:
    """The reference in the newest message."""
    found = TOLD.search(person.messages()[-1].text)
    assert found is not None, person.messages()[-1].text
    return found[1]


class TestEndToEnd:
    """Over Socket Mode with its log as JSON, and over HTTP with its log as text."""

    def test_a_database_that_fails(self, bot: Bot, coordinator: Person) -> None:
        bot.spoil("ALTER TABLE opening RENAME TO hidden")
        try:
            coordinator.slash("/safety-interview openings")
        finally:
            bot.spoil("ALTER TABLE hidden RENAME TO opening")
        assert "I could not save or read this just now" in coordinator.messages()[-1].text
        [line] = bot.under(told(coordinator))
        assert "the database cannot be used: OperationalError SQLITE_ERROR" in line

    def test_a_slack_that_does_not_answer(self, bot: Bot, coordinator: Person) -> None:
        bot.play.faults.add(Fault("server_error", "views.open"))
        coordinator.slash("/safety-interview open")
        [line] = bot.under(told(coordinator))
        assert "Slack refused a call" in line

    def test_a_mistake_of_ours_with_its_traceback(self, bot: Bot, coordinator: Person) -> None:
        """What a row should never hold. Its text is nobody's business, and is not logged."""
        bot.spoil(
            "INSERT INTO opening (id, team_id, title, level, specialization, hiring_manager, "
            "coordinators, channel, shown_as, keep_months, kits, created_by, created_at) VALUES "
            "('o1', 'T0PLAY', 'A title', 'no such level', 'llm', 'U0MANAGER', '[\"U0COORD\"]', '', "
            "'code', 6, '[]', 'U0COORD', '2026-03-02 12:00:00.000000')"
        )
        try:
            coordinator.slash("/safety-interview openings")
        finally:
            bot.spoil("DELETE FROM opening")
        assert "Something went wrong on my side" in coordinator.messages()[-1].text
        found = "\n".join(bot.under(told(coordinator)))
        assert "it broke: " in found
        whole = bot.log.read_text("utf-8")
        assert "handlers" in whole[whole.index("Traceback") :]
        assert "no such level" not in whole

    def test_at_debug_each_answer_is_a_line_and_nothing_that_was_typed_is_in_any(
        self, bot: Bot
    ) -> None:
        make_opening(bot.play, title="Words that only I know")
        plan_loop(bot.play, {"onsite_a": "U0INTA"}, candidate="Candidate 4711")
        bot.play.wait_until(
            lambda: any("brief: sent" in line for line in bot.lines()), "nobody was briefed", 60
        )
        whole = bot.log.read_text("utf-8")
        assert "answered a view_submission after" in whole
        for secret in ("Words that only I know", "4711", "U0INTA", "xoxb-", "xapp-"):
            assert secret not in whole

    def test_no_two_requests_share_one(self, bot: Bot, coordinator: Person) -> None:
        bot.spoil("ALTER TABLE opening RENAME TO hidden")
        try:
            found = []
            for _ in range(3):
                coordinator.slash("/safety-interview openings")
                found.append(told(coordinator))
        finally:
            bot.spoil("ALTER TABLE hidden RENAME TO opening")
        assert len(set(found)) == 3

    def test_a_notice_that_cannot_be_sent_has_one_too(self, bot: Bot) -> None:
        bot.play.wait_until(
            lambda: any(f"notice {BROKEN}: " in line for line in bot.lines()), "no line", 60
        )
        [line] = [line for line in bot.lines() if f"notice {BROKEN}: " in line]
        assert re.fullmatch("[a-z2-7]{8}", fields(line)["reference"])


def fields(line: str) -> dict[str, Any]:
    """Of a line in either format."""
    if line.startswith("{"):
        found: dict[str, Any] = json.loads(line)
        return found
    before, _, message = line.partition(": ")
    return {"reference": before.split()[-1], "message": message}


def test_an_http_answer_carries_the_reference_for_the_log_of_a_proxy(tmp_path: Path) -> None:
    with started(tmp_path, "serve", "text") as bot:
        url = bot.play.workspace.manifest["settings"]["interactivity"]["request_url"]
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(url, b"forged=1", timeout=60)
        with refused.value as answer:
            assert answer.code == 401
            assert re.fullmatch("[a-z2-7]{8}", answer.headers["X-Request-Id"])
