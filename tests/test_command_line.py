"""The command line, as somebody types it: in a process of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.launch import proxies
from bot.launch.cli import cli
from bot.launch.manifest import SCOPES, manifest
from playground import Playground

ROOT = Path(__file__).parent.parent


def typed(*words: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT), "COLUMNS": "200", "NO_COLOR": "1", **environment},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def test_the_manifest_beside_the_code_is_what_the_command_prints() -> None:
    assert json.loads(typed("manifest").stdout) == json.loads((ROOT / "manifest.json").read_text())


def test_the_manifest_for_http_has_the_address_everywhere() -> None:
    printed = json.loads(typed("manifest", "--url", "https://bot.example.com/").stdout)
    address = "https://bot.example.com/slack/events"
    assert printed["settings"]["socket_mode_enabled"] is False
    assert printed["settings"]["interactivity"]["request_url"] == address
    assert printed["settings"]["event_subscriptions"]["request_url"] == address
    assert printed["features"]["slash_commands"][0]["url"] == address


def test_slacks_own_command_line_is_told_commands_that_exist() -> None:
    hooks = json.loads((ROOT / ".slack" / "hooks.json").read_text())["hooks"]
    name, *words = hooks["get-manifest"].split()
    assert name == "safety-interview"
    assert json.loads(typed(*words).stdout)["display_information"]["name"]
    name, *words = hooks["start"].split()
    assert name == "safety-interview"
    assert "usage" in typed(*words, "--help").stdout.lower()


def test_slacks_own_command_line_hands_its_tokens_over(tmp_path: Path) -> None:
    """`slack run` sets SLACK_CLI_XOXB and SLACK_CLI_XAPP, so nothing is missing but the bot."""
    with Playground(manifest=manifest()) as play:
        done = typed(
            "check",
            folder=tmp_path,
            SLACK_CLI_XOXB=play.bot_token,
            SLACK_CLI_XAPP=play.app_token,
            SLACK_API_URL=play.api_url,
        )
    assert done.returncode == 0, done.stdout + done.stderr


def test_missing_settings_are_told_at_once_each_with_its_fix(tmp_path: Path) -> None:
    done = typed("run", folder=tmp_path)
    assert done.returncode == 1
    assert "SLACK_BOT_TOKEN" in done.stderr
    assert "SLACK_APP_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_come_from_a_dotenv_file_too(tmp_path: Path) -> None:
    with Playground(manifest=manifest()) as play:
        (tmp_path / ".env").write_text(
            f"SLACK_BOT_TOKEN={play.bot_token}\nSLACK_APP_TOKEN={play.app_token}\n"
            f"SLACK_API_URL={play.api_url}\n"
        )
        done = typed("check", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "signed in to Playground" in done.stdout


class TestCheck:
    def test_a_missing_scope_is_told_with_its_fix(self, tmp_path: Path) -> None:
        lacking = manifest()
        lacking["oauth_config"]["scopes"]["bot"] = ["commands"]
        with Playground(manifest=lacking) as play:
            done = typed("check", folder=tmp_path, **tokens(play))
        assert done.returncode == 1
        assert "✓ scope commands: granted" in done.stdout
        assert f"✗ scope users:read: missing, {SCOPES['users:read']}" in done.stdout
        assert "reinstall the app" in done.stdout

    def test_a_wrong_token_is_told_with_its_fix(self, tmp_path: Path) -> None:
        with Playground(manifest=manifest()) as play:
            wrong = {**tokens(play), "SLACK_BOT_TOKEN": "xoxb-1-wrong"}
            done = typed("check", folder=tmp_path, **wrong)
        assert done.returncode == 1
        assert "invalid_auth" in done.stdout
        assert "xoxb-1-wrong" not in done.stdout + done.stderr

    def test_an_unreachable_slack_is_told_as_such(self, tmp_path: Path) -> None:
        given = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
        done = typed("check", folder=tmp_path, SLACK_API_URL=nowhere(), **given)
        assert done.returncode == 1
        assert "did not answer" in done.stdout

    def test_a_database_that_cannot_be_opened_is_told(self, tmp_path: Path) -> None:
        with Playground(manifest=manifest()) as play:
            nowhere = f"sqlite:///{tmp_path}/no/such/folder/x.db"
            done = typed("check", folder=tmp_path, DATABASE_URL=nowhere, **tokens(play))
        assert done.returncode == 1
        assert "database: cannot be used: its file cannot be opened" in done.stdout


def tokens(play: Playground) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": play.bot_token,
        "SLACK_APP_TOKEN": play.app_token,
        "SLACK_API_URL": play.api_url,
    }


def test_a_bank_with_problems_fails_its_check(tmp_path: Path) -> None:
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "one.yaml").write_text("title: Too short\n")
    done = typed("content", "check", str(tmp_path))
    assert done.returncode == 1
    assert "questions/one.yaml: prompt: is missing: add it" in done.stderr


def test_one_run_tells_what_is_wrong_with_fields_wording_and_keys_and_the_coverage(
    tmp_path: Path,
) -> None:
    (tmp_path / "questions").mkdir()
    for name, text in (
        ("adv-junior-own-broken-thing", "version: 9\nprompt: How old are you, and since when so?"),
        ("adv-junior-typo-filter", "titel: Misspelt"),
        ("inc-junior-alarm-at-lunch", "sources: [nist-ai-rnf]\ntime_min: 24"),
    ):
        (tmp_path / "questions" / f"{name}.yaml").write_text(text)
    (tmp_path / "levels.yaml").write_text("junior: {}")
    done = typed("content", "check", str(tmp_path))
    told = " ".join(done.stderr.split())
    assert done.returncode == 1
    for expected in (
        "asks about 'How old'",
        "did you mean `title`?",
        "did you mean 'nist-ai-rmf'?",
        "time_min: must be one of",
        "levels.yaml: junior.title: is missing",
    ):
        assert expected in told
    assert "Core units" in done.stdout
    assert "incident_response at junior: 2 core units, at least 3" in done.stdout


def test_the_shipped_bank_passes_its_check() -> None:
    done = typed("content", "check")
    assert done.returncode == 0
    assert "0 problems" in done.stdout


def test_holes_in_coverage_fail_only_when_asked_for(tmp_path: Path) -> None:
    (tmp_path / "questions").mkdir()
    name = "ali-family-rlhf-limitations.yaml"
    (tmp_path / "questions" / name).write_text((ROOT / "content/questions" / name).read_text())
    (tmp_path / "bank.yaml").write_text("shipped: false")
    assert typed("content", "check", str(tmp_path)).returncode == 0
    done = typed("content", "check", "--complete", str(tmp_path))
    assert done.returncode == 1
    assert "red_teaming" in done.stdout
    assert "llm: no question in system_design" in done.stdout


class TestStart:
    @pytest.mark.parametrize(
        ("command", "name"),
        [("run", "SLACK_BOT_TOKEN"), ("run", "SLACK_APP_TOKEN"), ("serve", "SLACK_BOT_TOKEN")],
    )
    def test_a_token_that_slack_refuses_ends_it_with_a_sentence(
        self, command: str, name: str, tmp_path: Path
    ) -> None:
        with Playground(manifest=manifest()) as play:
            given = {**tokens(play), "SLACK_SIGNING_SECRET": "secret"}
            done = typed(command, folder=tmp_path, **{**given, name: f"{given[name][:5]}wrong"})
        assert done.returncode == 1
        assert "✗ Slack says invalid_auth: `safety-interview check` says what to do." in done.stderr
        assert "Traceback" not in done.stderr


def nowhere() -> str:
    """An address at which nobody listens."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{closed.getsockname()[1]}/api/"


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "http_proxy"])
def test_a_slack_on_this_machine_is_called_without_the_proxy(name: str, tmp_path: Path) -> None:
    with Playground(manifest=manifest()) as play:
        done = typed("check", folder=tmp_path, **tokens(play), **{name: nowhere()})
    assert done.returncode == 0, done.stdout + done.stderr


class TestProxies:
    @pytest.fixture(autouse=True)
    def behind(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")
        monkeypatch.setenv("NO_PROXY", "slack.example.com")

    @pytest.mark.parametrize("host", ["127.0.0.1:1", "localhost", "[::1]:1", "slack.example.com"])
    def test_none_is_used_for_what_needs_none(self, host: str) -> None:
        proxies.heed_exceptions(f"http://{host}/api/")
        assert "HTTPS_PROXY" not in os.environ

    def test_slack_itself_is_called_through_it(self) -> None:
        proxies.heed_exceptions("https://slack.com/api/")
        assert os.environ["HTTPS_PROXY"] == "http://proxy.example.com:3128"


class TestDemo:
    def test_a_taken_port_gives_way_to_a_free_one_unless_it_was_asked_for(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            done = typed("demo", "--no-browser", "--port", str(port))
        assert done.returncode == 1
        assert f"Port {port} cannot be used" in done.stderr

    def test_it_says_where_it_is_and_ends_when_asked_to(self) -> None:
        command = [sys.executable, "-m", "bot", "demo", "--no-browser", "--port", "0"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                said = ""
                until = time.monotonic() + 60
                while "http://127.0.0.1:" not in said and time.monotonic() < until:
                    said += process.stdout.readline()
                assert "/safety-interview senior" in said
                process.send_signal(signal.SIGINT)
                assert process.wait(60) == 0
            finally:
                process.kill()


@pytest.mark.parametrize("words", [(), ("--help",)])
def test_it_says_what_it_can_do(words: tuple[str, ...]) -> None:
    shown = typed(*words).stdout
    for command in ("run", "serve", "demo", "check", "manifest", "content"):
        assert command in shown


NAMED = re.compile(
    r"(?<![/\w])safety-interview ((?:content|db|keys|webhooks|incoming) [a-z]+|[a-z]+)"
)


def test_every_command_that_a_document_names_is_there() -> None:
    documents = [ROOT / "README.md", ROOT / "Procfile", *sorted((ROOT / "docs").rglob("*.md"))]
    named = {name for each in documents for name in NAMED.findall(each.read_text("utf-8"))}
    assert {"audit", "keys new", "webhooks add", "incoming add"} <= named
    for name in sorted(named):
        assert CliRunner().invoke(cli, [*name.split(), "--help"]).exit_code == 0, name
