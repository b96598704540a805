"""Processes of the bot beside each other, as they run in earnest: `safety-interview serve` and
`run`, on one database."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp

from playground import Playground

ROOT = Path(__file__).parent.parent
PATIENCE = 90.0  # Seconds for a process to start, on a busy machine.


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Replica:
    """A running process. What it logged is in `log`."""

    def __init__(self, play: Playground, command: str, **environment: str) -> None:
        self.port = free_port()
        given = {
            "SLACK_BOT_TOKEN": play.bot_token,
            "SLACK_APP_TOKEN": play.app_token,
            "SLACK_SIGNING_SECRET": play.signing_secret,
            "SLACK_API_URL": play.api_url,
            "PORT": str(self.port),
            "LOG_LEVEL": "warning",
        }
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
        written, name = mkstemp()
        self._log = Path(name)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", command],
            cwd=ROOT,
            env={**clean, **given, **environment},
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # `serve` is two processes: one stands for both.
        )
        os.close(written)

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8")

    def signal(self, number: int) -> None:
        os.killpg(self.process.pid, number)

    def freeze(self) -> None:
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.signal(signal.SIGCONT)

    def end(self) -> None:
        if self.process.poll() is None:
            self.thaw()
            self.signal(signal.SIGKILL)
        self.process.wait()
        self._log.unlink()

    def readiness(self) -> tuple[int, str]:
        """What /readyz says; (0, "") when nobody answers."""
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}/readyz", timeout=20
            ) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait_ready(self, play: Playground) -> None:
        play.wait_until(
            lambda: self.process.poll() is not None or self.readiness()[0] == 200,
            "a replica did not start", PATIENCE,
        )  # fmt: skip
        assert self.process.poll() is None, self.log


@contextmanager
def replica(play: Playground, command: str, **environment: str) -> Iterator[Replica]:
    found = Replica(play, command, **environment)
    try:
        yield found
    finally:
        found.end()
