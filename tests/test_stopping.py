"""SIGTERM: what is being sent is finished, nothing new is begun, and a call that hangs is left."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from slack_sdk import WebClient
from sqlmodel import select

from bot.launch.manifest import manifest
from bot.records import Notice
from bot.schema import upgrade
from bot.store import Db, open_db
from handlers.clock import Delivery
from handlers.outgoing import Outgoing
from playground import Fault, Playground
from tests.rows import fill

ROOT = Path(__file__).parent.parent
HANGS = 25.0  # Seconds that the call hangs: far longer than a bot may take to stop.
PATIENCE = 60.0


@contextmanager
def bot(play: Playground, address: str, command: str) -> Iterator[subprocess.Popen[bytes]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "SLACK_BOT_TOKEN": play.bot_token,
        "SLACK_APP_TOKEN": play.app_token,
        "SLACK_SIGNING_SECRET": play.signing_secret,
        "SLACK_API_URL": play.api_url,
        "DATABASE_URL": address,
        "PORT": str(port),
        "LOG_LEVEL": "error",
    }
    started = [sys.executable, "-m", "bot", command]
    with subprocess.Popen(started, cwd=ROOT, env=environment) as running:
        try:
            yield running
        finally:
            running.kill()


def states(db: Db) -> list[str]:
    with db.begin() as session:
        return sorted(session.exec(select(Notice.state)))


@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_call_that_hangs_keeps_nobody_and_the_notice_is_found_by_the_next(
    tmp_path: Path, command: str
) -> None:
    address = f"sqlite:///{tmp_path / 'test.db'}"
    db = open_db(address)
    upgrade(db)
    with Playground(manifest=manifest()) as play:
        with db.begin() as session:
            fill(session, 1, team_id="T0PLAY")
            for number, person in enumerate(("U0INTA", "U0INTB")):
                session.add(
                    Notice(
                        id=f"n{number}", team_id="T0PLAY", kind="reveal", recipient=person,
                        subject="loop0", due_at=datetime.now(UTC), told={},
                    )
                )  # fmt: skip
        # One is heard of; the other is posted, and its answer never comes.
        play.faults.add(Fault("lost_answer", "chat.postMessage", seconds=HANGS))
        with bot(play, address, command) as running:
            messages = play.workspace.messages
            play.wait_until(
                lambda: bool(messages["D0INTA"] and messages["D0INTB"]),
                "nothing was sent",
                PATIENCE,
            )
            # As what came of the first is written down, more is looked for: from then on the
            # bot waits, and finds the late one only if it begins something new.
            play.wait_until(lambda: states(db) == ["sending", "sent"], "not written down", PATIENCE)
            with db.begin() as session:
                session.add(
                    Notice(
                        id="late", team_id="T0PLAY", kind="reveal", recipient="U0INTC",
                        subject="loop0", due_at=datetime.now(UTC), told={},
                    )
                )  # fmt: skip
            begun = time.monotonic()
            running.send_signal(signal.SIGTERM)
            assert running.wait(PATIENCE) == 0
            assert time.monotonic() - begun < HANGS - 5
        assert states(db) == ["pending", "sending", "sent"]
        with db.begin() as session:
            for notice in session.exec(select(Notice).where(Notice.state == "sending")):
                notice.lease_until = datetime(2020, 1, 1, tzinfo=UTC)
                session.add(notice)
        client = WebClient(play.bot_token, play.api_url, timeout=30, retry_handlers=[])
        now = datetime.now(UTC)
        Delivery(db, client, lambda: now, {"reveal": lambda *_: Outgoing("Open", [])}).deliver()
        assert [len(play.workspace.messages[f"D0INT{each}"]) for each in "ABC"] == [1, 1, 1]
    db.kw["bind"].dispose()
