from pathlib import Path

import pytest

from bot import settings
from bot.settings import SHIPPED_CONTENT, SettingsError

SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
HTTP = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s3cret"}


def problems(environment: dict[str, str], mode: settings.Mode = "socket") -> list[str]:
    with pytest.raises(SettingsError) as raised:
        settings.read(environment, mode)
    return raised.value.problems


def test_two_tokens_are_enough_for_socket_mode() -> None:
    found = settings.read(SOCKET, "socket")
    assert found.api_url == "https://slack.com/api/"
    assert found.content_dir == SHIPPED_CONTENT


def test_http_needs_the_signing_secret_and_no_app_token() -> None:
    assert settings.read(HTTP, "http").signing_secret == "s3cret"
    assert "SLACK_SIGNING_SECRET is not set" in problems(SOCKET, "http")[0]


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
def test_a_placeholder_that_was_copied_is_no_token(name: str) -> None:
    (told,) = problems({**SOCKET, name: f"{SOCKET[name][:5]}…"})
    assert told.startswith(f"{name} has more in it than letters, digits and dashes: ")


def test_every_problem_is_told_at_once() -> None:
    wrong = {
        "SLACK_API_URL": "nowhere",
        "CONTENT_DIR": "/does/not/exist",
        "DATABASE_URL": "mysql://x",
        "PORT": "70000",
        "METRICS_HOST": "prometheus.example.com",
        "LOG_LEVEL": "loud",
        "LOG_FORMAT": "xml",
    }
    names = [sentence.split()[0] for sentence in problems(wrong)]
    assert names == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", *wrong]


def test_serve_listens_everywhere_unless_host_says_where() -> None:
    assert settings.read(HTTP, "http").host == "0.0.0.0"
    assert settings.read({**HTTP, "HOST": "::1"}, "http").host == "::1"
    (told,) = problems({**HTTP, "HOST": "bot.example.com"}, "http")
    assert told.startswith("HOST is not an IP address")


def test_a_host_that_a_shell_sets_keeps_no_other_command_from_starting() -> None:
    assert settings.read({**SOCKET, "HOST": "x86_64-linux-gnu"}, "socket").host == "0.0.0.0"


def test_an_empty_value_counts_as_left_out() -> None:
    assert settings.read({**SOCKET, "PORT": " "}, "socket").port == 3000


def test_an_api_url_gets_the_slash_that_the_client_needs() -> None:
    found = settings.read({**SOCKET, "SLACK_API_URL": "http://127.0.0.1:1/api"}, "socket")
    assert found.api_url == "http://127.0.0.1:1/api/"


@pytest.mark.parametrize("url", ["postgres://h/d", "postgresql+psycopg://h/d", "sqlite:///x.db"])
def test_the_database_addresses_that_platforms_hand_out_are_accepted(url: str) -> None:
    assert settings.read({**SOCKET, "DATABASE_URL": url}, "socket").database_url == url


def test_a_team_can_bring_its_own_content(tmp_path: Path) -> None:
    assert settings.read({**SOCKET, "CONTENT_DIR": str(tmp_path)}, "socket").content_dir == tmp_path


def test_no_secret_is_ever_shown() -> None:
    secrets = {**SOCKET, **HTTP, "DATABASE_URL": "postgresql://u:hunter2@h/d"}
    assert not any(value in repr(settings.read(secrets, "http")) for value in secrets.values())
    assert "hunter2" not in " ".join(problems({"SLACK_BOT_TOKEN": "hunter2"}))


FLOW = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s3cret", "SLACK_SIGNING_SECRET": "s"}


def test_where_workspaces_install_the_bot_no_token_is_needed() -> None:
    found = settings.read(FLOW, "http")
    assert (found.bot_token, found.client_id, found.client_secret) == ("", "1.2", "s3cret")
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize("lacking", ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"])
def test_half_of_the_install_flow_is_a_problem_with_its_fix(lacking: str) -> None:
    half = {name: value for name, value in FLOW.items() if name != lacking}
    [told] = problems(half, "http")
    assert told.startswith(f"{lacking} is not set")
    assert "Basic Information" in told


def test_one_workspace_by_socket_mode_is_as_before_whatever_else_is_set() -> None:
    found = settings.read({**SOCKET, **FLOW}, "socket")
    assert (found.bot_token, found.client_secret) == ("xoxb-1", "")


def test_the_command_line_works_where_workspaces_install_the_bot() -> None:
    assert settings.read(FLOW, "client").client_id == "1.2"
    assert "SLACK_BOT_TOKEN is not set" in problems({}, "client")[0]
