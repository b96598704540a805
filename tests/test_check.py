"""`safety-interview check`: what is well and what is not, each with its fix; never a secret."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, text
from sqlmodel import select

from bot.launch import http, service
from bot.launch.check import Finding, findings
from bot.launch.checks import machine, stored
from bot.launch.manifest import SCOPES, manifest
from bot.migrations import HEAD
from bot.records import KeyUse, Notice, WebhookCall
from bot.schema import upgrade
from bot.settings import Mode, Settings
from bot.store import Db, keys, open_db, rights
from playground import Playground
from tests.door import Quiet
from tests.test_command_line import ROOT, tokens, typed
from tests.test_http import free_port

KEY, OTHER = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of a single question: it is read quickly."""
    folder = tmp_path_factory.mktemp("bank")
    (folder / "questions").mkdir()
    name = "questions/ali-family-rlhf-limitations.yaml"
    (folder / name).write_text((ROOT / "content" / name).read_text("utf-8"), "utf-8")
    (folder / "bank.yaml").write_text("shipped: false")
    return folder


@pytest.fixture
def settings(play: Playground, address: str, bank: Path) -> Settings:
    return Settings(
        bot_token=play.bot_token, app_token=play.app_token, api_url=play.api_url,
        database_url=address, data_keys=(KEY,), content_dir=bank,
    )  # fmt: skip


@contextmanager
def opened(settings: Settings) -> Iterator[Db]:
    db = open_db(settings.database_url, settings.data_keys)
    try:
        yield db
    finally:
        db.kw["bind"].dispose()


@pytest.fixture
def ready(settings: Settings) -> Settings:
    """With the bot's tables in the database."""
    with opened(settings) as db:
        upgrade(db)
    return settings


def all_of(settings: Settings, mode: Mode = "socket") -> dict[str, Finding]:
    return {found.about: found for found in findings(settings, mode, now)}


def one(settings: Settings, about: str, mode: Mode = "socket") -> Finding:
    return next(found for found in findings(settings, mode, now) if found.about == about)


def marks(found: Finding) -> str:
    return "✗" if not found.fine else "!" if found.odd else "✓"


def test_all_is_well_where_all_is_well(ready: Settings) -> None:
    found = all_of(ready)
    assert {about: each.told for about, each in found.items() if marks(each) != "✓"} == {}
    elsewhere = {"port", "install flow"}  # HTTP alone, and many workspaces.
    elsewhere |= {"connections"} if ready.database_url.startswith("sqlite") else {"disk"}
    scopes = {f"scope {each}" for each in SCOPES}
    assert set(found) == documented() - elsewhere - {"scope …"} | scopes


def documented() -> set[str]:
    text = (ROOT / "docs" / "operating" / "check.md").read_text("utf-8")
    return set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))


def test_the_command_prints_one_line_each_and_no_secret(ready: Settings, tmp_path: Path) -> None:
    play: Any = ready
    given = {
        "SLACK_BOT_TOKEN": ready.bot_token, "SLACK_APP_TOKEN": ready.app_token,
        "SLACK_API_URL": ready.api_url, "DATABASE_URL": ready.database_url,
        "DATA_KEYS": f"{OTHER},{KEY}", "SLACK_CLIENT_SECRET": "s3cret-of-the-app",
        "SLACK_SIGNING_SECRET": "s3cret-of-signatures",
    }  # fmt: skip
    done = typed("check", folder=tmp_path, **given)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) >= 12 + len(SCOPES)
    assert all(line[0] in "✓!✗" for line in lines)
    secrets = {play.bot_token, play.app_token, KEY, OTHER, ready.database_url.split("://")[1]}
    for secret in (*secrets, "s3cret"):
        assert secret not in done.stdout + done.stderr


def test_what_is_odd_fails_only_when_asked_to(play: Playground, tmp_path: Path) -> None:
    """Without keys, for one."""
    assert typed("check", folder=tmp_path, **tokens(play)).returncode == 0
    done = typed("check", "--strict", folder=tmp_path, **tokens(play))
    assert done.returncode == 1
    assert "! at rest: evidence, notes and tokens are readable" in done.stdout


class TestDatabase:
    def test_an_empty_one_is_set_up_by_the_bot(self, settings: Settings) -> None:
        assert one(settings, "database").told == "empty; the bot sets it up when it starts"

    def test_a_newer_one_is_not_for_this_version(self, ready: Settings) -> None:
        with opened(ready) as db, db.begin() as session:
            session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
            floor = "INSERT INTO schema_floor (id, oldest) VALUES (1, '9999')"
            session.connection().execute(text(floor))
        found = all_of(ready)
        assert not found["database"].fine
        assert "newer" in found["database"].told
        assert "writing" not in found

    def test_one_that_a_newer_version_only_added_to_is_fine(self, ready: Settings) -> None:
        with opened(ready) as db, db.begin() as session:
            session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
        found = all_of(ready)
        assert found["database"].told.startswith("schema 9999 of a newer version, with which")
        assert found["writing"].fine

    def test_an_older_one_is_brought_up_by_the_bot(self, ready: Settings) -> None:
        with opened(ready) as db, db.begin() as session:
            session.connection().execute(text("UPDATE alembic_version SET version_num = '0001'"))
        assert (
            one(ready, "database").told
            == f"schema 0001; the bot brings it to {HEAD} when it starts"
        )

    def test_one_that_cannot_be_opened_is_told_and_the_rest_is_looked_at(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        found = all_of(replace(settings, database_url=f"sqlite:///{tmp_path}/no/such/folder/x.db"))
        assert not found["database"].fine
        assert "DATABASE_URL" in found["database"].told
        assert found["bot token"].fine

    def test_one_that_takes_no_writes_is_told_with_the_fix(self, ready: Settings) -> None:
        with read_only(ready) as db:
            [found] = stored._writing(db)
        assert marks(found) == "✗"
        assert "refused (" in found.told
        assert "the right to write" in found.told

    def test_to_look_changes_nothing(self, ready: Settings) -> None:
        """Above all it takes no key into use: the bot would not start without it any more."""
        all_of(replace(ready, data_keys=(OTHER,)))
        with opened(ready) as db, db.begin() as session:
            assert list(session.exec(select(KeyUse))) == []


@contextmanager
def read_only(settings: Settings) -> Iterator[Db]:
    """The database, of which nobody may change anything."""
    with opened(settings) as db:
        engine: Engine = db.kw["bind"]
        statement = (
            "PRAGMA query_only=ON"
            if engine.dialect.name == "sqlite"
            else "SET default_transaction_read_only = on"
        )
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
            connection.commit()
        yield db


class TestKeys:
    def test_without_one_it_is_said_what_is_readable(self, ready: Settings) -> None:
        found = all_of(replace(ready, data_keys=()))
        assert marks(found["at rest"]) == "!"
        assert "`safety-interview keys new`" in found["at rest"].told
        assert "keys" not in found

    def test_what_is_under_the_newest_key_is_well(self, ready: Settings) -> None:
        note(ready)
        assert one(ready, "keys").told == "2 texts were looked at, all under the newest key"

    def test_what_was_readable_before_wants_to_be_written_anew(self, ready: Settings) -> None:
        note(replace(ready, data_keys=()))
        found = one(ready, "keys")
        assert marks(found) == "!"
        assert found.told.startswith("1 of 1 texts")
        assert "`safety-interview keys rotate`" in found.told

    def test_what_is_under_an_older_key_wants_so_too(self, ready: Settings) -> None:
        note(ready)
        assert marks(one(replace(ready, data_keys=(OTHER, KEY)), "keys")) == "!"

    def test_a_key_that_is_missing_is_told_with_the_fix(self, ready: Settings) -> None:
        note(ready)
        found = one(replace(ready, data_keys=(OTHER,)), "keys")
        assert marks(found) == "✗"
        assert "put it back into DATA_KEYS" in found.told

    def test_one_that_the_bot_has_written_with_is_missed_before_anything_is_read(
        self, ready: Settings
    ) -> None:
        with opened(ready) as db, db.begin() as session:
            keys.register(session, now())
        found = one(replace(ready, data_keys=(OTHER,)), "database")
        assert marks(found) == "✗"
        assert "DATA_KEYS lacks a key" in found.told


def note(settings: Settings) -> None:
    """Something that a person wrote."""
    with opened(settings) as db, db.begin() as session:
        session.add(
            Notice(
                id="n", team_id="T0PLAY", kind="brief", recipient="U0INTA", subject="s",
                state="sent", due_at=now(), told={"it": "said"}, intent={},
            )
        )  # fmt: skip


class TestNotices:
    @pytest.mark.parametrize(
        ("state", "age", "mark", "told"),
        [
            ("pending", 0, "✓", "1 due now, none late, none given up"),
            ("pending", 20, "!", "1 late, one for 20 minutes: is the bot running"),
            ("failed", 20, "!", "1 given up: `safety-interview notices`"),
            ("sent", 20, "✓", "0 due now"),
        ],
    )
    def test_those_that_want_somebody_are_told(
        self, ready: Settings, state: str, age: int, mark: str, told: str
    ) -> None:
        with opened(ready) as db, db.begin() as session:
            session.add(
                Notice(
                    id="n", team_id="T0PLAY", kind="brief", recipient="U0INTA", subject="s",
                    state=state, due_at=now() - timedelta(minutes=age, seconds=5), told={},
                )
            )  # fmt: skip
        found = one(ready, "notices")
        assert (marks(found), found.told.startswith(told)) == (mark, True), found.told


class TestConnections:
    @pytest.mark.parametrize(
        ("wanted", "most", "used", "mark"),
        [(30, 97, 10, "✓"), (30, 97, 80, "!"), (30, 20, 0, "✗")],
    )
    def test_a_process_has_to_fit_on_the_server(
        self, wanted: int, most: int, used: int, mark: str
    ) -> None:
        found = stored.connections(wanted, most, used)
        assert marks(found) == mark
        assert (mark == "✓") == ("max_connections" not in found.told)

    def test_the_server_is_asked(self, ready: Settings, server: str) -> None:
        with opened(ready) as db, db.begin() as session:
            room = rights.room(session)
        if ready.database_url.startswith("sqlite"):
            assert room is None
        else:
            assert room is not None
            assert server
            assert room.most == 97
            assert 1 <= room.used <= room.most

    def test_the_pool_that_was_chosen_counts(self, ready: Settings) -> None:
        found = all_of(replace(ready, database_pool=500))
        if "connections" in found:
            assert marks(found["connections"]) == "✗"
            assert "up to 500" in found["connections"].told
        assert service.WANT < 97


class TestClocks:
    @pytest.mark.parametrize(("ahead", "mark"), [(0, "✓"), (60, "!"), (3600, "✗"), (-3600, "✗")])
    @pytest.mark.parametrize("whose", ["database", "Slack"])
    def test_one_that_is_wrong_is_told_with_the_fix(
        self, ready: Settings, whose: str, ahead: int, mark: str
    ) -> None:
        def clock() -> datetime:
            return now() + timedelta(seconds=ahead)

        told = {found.about: found for found in findings(ready, "socket", clock)}
        found = told[f"clock and {whose}"]
        assert marks(found) == mark, found.told
        assert (mark == "✓") == ("timedatectl" not in found.told)


class TestPorts:
    def test_none_for_metrics_is_fine_and_says_how_to_have_them(self, ready: Settings) -> None:
        assert "METRICS_PORT=9400" in one(ready, "metrics").told

    def test_a_free_one_is_fine(self, ready: Settings) -> None:
        port = free_port()
        assert f"port {port} is free" in one(replace(ready, metrics_port=port), "metrics").told
        assert "is free" in one(replace(ready, port=port), "port", "http").told

    def test_one_at_which_a_bot_answers_is_fine(self, ready: Settings) -> None:
        watched = replace(ready, metrics_port=free_port())
        with service.running(watched, now, rest=60) as app, listening(http.wsgi(app)) as port:
            found = all_of(replace(watched, port=port), "http")
        for about in ("metrics", "port"):
            assert marks(found[about]) == "✓"
            assert found[about].told.startswith("a bot answers")

    @pytest.mark.parametrize("about", ["metrics", "port"])
    def test_one_that_something_else_has_is_told(self, ready: Settings, about: str) -> None:
        with listening(stranger) as port:
            found = one(replace(ready, metrics_port=port, port=port), about, "http")
        assert marks(found) == "✗"
        assert "choose another" in found.told

    def test_the_port_of_http_counts_for_http_alone(self, ready: Settings) -> None:
        assert "port" not in all_of(ready)


def stranger(_: Any, start_response: Any) -> list[bytes]:
    """A web server that is not the bot."""
    start_response("200 OK", [])
    return [b"something else\n"]


@contextmanager
def listening(app: Any) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class TestDisk:
    @pytest.mark.parametrize(
        ("free", "size", "mark"),
        [
            (50 * 10**9, 10**6, "✓"),
            (5 * 10**9, 20 * 10**9, "!"),
            (5 * 10**8, 10**6, "!"),
            (10**7, 10**6, "✗"),
        ],
    )
    def test_it_has_to_hold_what_comes_and_a_copy(self, free: int, size: int, mark: str) -> None:
        found = machine.space(free, size)
        assert marks(found) == mark
        assert (mark == "✓") == ("make room" not in found.told)


class TestSlack:
    def test_a_scope_that_is_missing_and_one_too_many_are_told(self, ready: Settings) -> None:
        other = manifest()
        other["oauth_config"]["scopes"]["bot"] = [*SCOPES, "channels:read"]
        other["oauth_config"]["scopes"]["bot"].remove("dnd:read")
        with Playground(manifest=other) as play:
            given = replace(ready, bot_token=play.bot_token, api_url=play.api_url, app_token="")
            found = all_of(given)
        assert marks(found["scope dnd:read"]) == "✗"
        assert "reinstall the app" in found["scope dnd:read"].told
        assert marks(found["scope channels:read"]) == "!"
        assert "remove it" in found["scope channels:read"].told
        assert marks(found["scope commands"]) == "✓"

    def test_a_token_of_somebody_else_is_told_with_the_fix(self, ready: Settings) -> None:
        found = all_of(replace(ready, bot_token="xoxb-1-wrong"))
        assert marks(found["bot token"]) == "✗"
        assert "copy SLACK_BOT_TOKEN anew" in found["bot token"].told
        assert "xoxb-1-wrong" not in found["bot token"].told
        found = all_of(replace(ready, app_token="xapp-1-wrong"))
        assert marks(found["app token"]) == "✗"

    def test_a_slack_that_does_not_answer_is_told(self, ready: Settings) -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}/api/"
            found = one(replace(ready, api_url=nowhere), "bot token")
        assert marks(found) == "✗"
        assert "check the network" in found.told


def test_content_with_problems_is_told(ready: Settings, tmp_path: Path) -> None:
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "one.yaml").write_text("title: Too short\n")
    found = one(replace(ready, content_dir=tmp_path), "content")
    assert marks(found) == "✗"
    assert "problems; the first: questions/one.yaml" in found.told


def test_what_webhooks_could_not_be_told_is_told(ready: Settings) -> None:
    assert one(ready, "webhooks").told == "0 events to be told, none given up"
    with opened(ready) as db, db.begin() as session:
        session.add(
            WebhookCall(
                id="c", team_id="T0PLAY", webhook_id="w", loop_id="l", type="x", data={},
                at=now(), due_at=now(), state="failed",
            )
        )  # fmt: skip
    found = one(ready, "webhooks")
    assert (marks(found), found.told.startswith("1 events given up")) == ("!", True)
