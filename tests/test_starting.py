"""What is away when the bot starts is waited for, and said; what no waiting mends ends it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.launch.manifest import manifest
from playground import Playground
from tests.databases import new_database
from tests.replicas import PATIENCE, ROOT, free_port, replica
from tests.wires import Wire


def place(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'test.db'}"


def test_a_slack_that_is_away_is_waited_for(tmp_path: Path) -> None:
    with Playground(manifest=manifest()) as play, Wire(play.url) as wire:
        wire.cut()
        url = f"http://127.0.0.1:{wire.port}/api/"
        given = {"SLACK_API_URL": url, "DATABASE_URL": place(tmp_path)}
        with replica(play, "run", **given) as running:
            play.wait_until(lambda: "in 2 s" in running.log, "it did not say so", PATIENCE)
            assert "Slack did not answer (URLError): check the network" in running.log
            assert "Traceback" not in running.log
            wire.mend()
            play.wait_connected(timeout=PATIENCE)


def test_whoever_waits_for_slack_ends_when_told_to(tmp_path: Path) -> None:
    with Playground(manifest=manifest()) as play:
        given = {"SLACK_API_URL": f"http://127.0.0.1:{free_port()}/api/"}
        with replica(play, "run", DATABASE_URL=place(tmp_path), **given) as running:
            play.wait_until(lambda: "try again" in running.log, "it did not say so", PATIENCE)
            running.signal(signal.SIGTERM)
            assert running.process.wait(PATIENCE) == 0


@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_database_that_is_away_is_waited_for(server: str, command: str) -> None:
    with Playground(manifest=manifest()) as play, Wire(new_database(server)) as wire:
        wire.cut()
        with replica(play, command, DATABASE_URL=wire.address) as running:
            play.wait_until(lambda: "in 2 s" in running.log, "it did not say so", PATIENCE)
            assert "the database does not answer" in running.log
            assert "check DATABASE_URL" in running.log
            wire.mend()
            if command == "run":
                play.wait_connected(timeout=PATIENCE)
            else:
                running.wait_ready(play)


def test_a_database_that_is_not_there_ends_it_with_a_sentence(server: str) -> None:
    given = {
        **os.environ, "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1",
        "DATABASE_URL": f"{server.rpartition('/')[0]}/no_such_database",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run"], cwd=ROOT, env=given, capture_output=True, text=True,
        timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "The database cannot be used: the database in DATABASE_URL" in done.stderr
    assert "no_such_database" not in done.stderr
    assert "Traceback" not in done.stderr
