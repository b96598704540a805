"""The same app over HTTP, in its own process, behind its production server."""

import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.launch.manifest import manifest
from playground import Playground

PATIENCE = 60.0  # Seconds: a busy machine starts a process slowly.


@dataclass
class Served:
    play: Playground
    url: str
    process: subprocess.Popen[bytes]
    log: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    url = f"http://127.0.0.1:{(port := free_port())}"
    folder = tmp_path_factory.mktemp("http")
    with Playground(manifest=manifest(url)) as play:
        environment = {
            **os.environ,
            "SLACK_BOT_TOKEN": play.bot_token,
            "SLACK_SIGNING_SECRET": play.signing_secret,
            "SLACK_API_URL": play.api_url,
            "PORT": str(port),
            "HOST": "127.0.0.1",
            "LOG_FORMAT": "json",
            "DATABASE_URL": f"sqlite:///{folder / 'test.db'}",
        }
        command = [sys.executable, "-m", "bot", "serve"]
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen(command, env=environment, stderr=log) as process,
        ):
            try:
                wait_until_healthy(url)
                yield Served(play, url, process, folder / "log")
            finally:
                process.kill()


def wait_until_healthy(url: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
                assert answer.read() == b"ok\n"
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not come up")


def test_it_is_ready_while_its_database_answers(served: Served) -> None:
    with urllib.request.urlopen(f"{served.url}/readyz", timeout=PATIENCE) as answer:
        assert answer.read() == b"ready\n"


def test_it_listens_at_its_host_alone(served: Served) -> None:
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(served.url.replace("127.0.0.1", "127.0.0.2"), timeout=PATIENCE)


def post(url: str, *, secret: str, age: int = 0) -> int:
    body, stamp = "command=%2Fsafety-interview&text=senior", str(int(time.time()) - age)
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
    }
    request = urllib.request.Request(f"{url}/slack/events", body.encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_the_sheet_and_its_rubric_come_over_http(served: Served) -> None:
    coordinator = served.play.person("Recruiting coordinator")
    assert coordinator.slash("/safety-interview senior") == {"ok": True}
    assert "Senior interview sheet" in coordinator.messages()[-1].text
    coordinator.click("Rubric")
    assert coordinator.modal is not None
    assert coordinator.modal.text.startswith("Rubric · Senior")
    assert served.play.problems == []


def test_a_wrong_signature_is_refused(served: Served) -> None:
    assert post(served.url, secret="wrong") == 401


def test_an_old_request_is_refused(served: Served) -> None:
    assert post(served.url, secret=served.play.signing_secret, age=600) == 401


def test_sigterm_ends_it_gracefully_and_every_line_it_wrote_is_json(served: Served) -> None:
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(timeout=PATIENCE) == 0
    # Its server's lines, too, from the first to the last.
    lines = [json.loads(line) for line in served.log.read_text("utf-8").splitlines()]
    told = [each["message"] for each in lines if each["logger"] == "gunicorn.error"]
    assert any(each.startswith(f"Listening at: {served.url}") for each in told)
    assert any(each.startswith("Shutting down") for each in told)
