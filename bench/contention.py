"""Two processes, eight threads each, all saving drafts: `python -m bench.contention [seconds]`.

Nobody may be told that the database is locked, and no acknowledged text may be lost.
"""

import logging
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from slack_bolt import BoltRequest
from sqlmodel import select

from bench.work import TEAM, databases, seed, settings, typed
from bot import drafts
from bot.launch import service
from bot.launch.manifest import manifest
from bot.records import Interview, Scorecard, Seat
from bot.store import Db, open_db
from playground import Playground
from tests.rows import NOON

PROCESSES, THREADS, SECONDS = 2, 8, 60


def prepare(db: Db) -> None:
    """An interview for each thread of each process, all of the same writer."""
    seed(db)
    with db.begin() as session:
        for number in range(PROCESSES * THREADS):
            keys: dict[str, Any] = {"id": f"i{number}", "team_id": TEAM, "loop_id": "loop"}
            session.add(Interview(**keys, round="onsite_a", minutes=45, starts_at=NOON))
            session.add(Seat(**keys, interview_id=f"i{number}", person="U0INTA", role="lead"))


class Trouble(logging.Handler):
    """Notices what somebody would have been told: to a press, that is no answer to Slack but a
    window of its own, which the acknowledgement does not show."""

    def __init__(self) -> None:
        super().__init__()
        self._mine = threading.local()
        logging.getLogger("handlers.errors").addHandler(self)
        logging.getLogger("handlers.errors").propagate = False

    def emit(self, _: logging.LogRecord) -> None:
        self._mine.seen = True

    def taken(self) -> bool:
        """Whether there was any in this thread since it was asked last."""
        seen = getattr(self._mine, "seen", False)
        self._mine.seen = False
        return seen


def write(address: str, api_url: str, token: str, process: int, seconds: float) -> None:
    """What one process does; prints the last acknowledged number of each thread, and how often
    somebody would have seen an error."""
    from bot.settings import Settings

    found, trouble = Settings(bot_token=token, api_url=api_url, database_url=address), Trouble()
    with service.running(found) as app, ThreadPoolExecutor(THREADS) as pool:
        until = time.monotonic() + seconds

        def one(thread: int) -> tuple[int, int, int]:
            interview, last, bad = f"i{process * THREADS + thread}", 0, 0
            while time.monotonic() < until:
                body = typed(last + 1)
                body["view"]["private_metadata"] = f'["{interview}", 0, 0]'
                answer = app.dispatch(BoltRequest(mode="socket_mode", body=body))
                if answer.status == 200 and not trouble.taken():
                    last += 1
                else:
                    bad += 1
            return process * THREADS + thread, last, bad

        for number, last, bad in pool.map(one, range(THREADS)):
            print(number, last, bad)


def main(seconds: float) -> None:
    with TemporaryDirectory(), Playground(manifest=manifest()) as play, databases() as found:
        for name, address in found.items():
            with service.running(settings(play, address)):
                db = open_db(address)
                prepare(db)
            command = [sys.executable, "-m", "bench.contention", str(seconds), address]
            command += [play.api_url, play.bot_token]
            running = [
                subprocess.Popen(
                    [*command, str(process)], stdout=subprocess.PIPE, text=True,
                    cwd=Path(__file__).resolve().parent.parent,
                )
                for process in range(PROCESSES)
            ]  # fmt: skip
            said = [each.communicate(timeout=seconds + 120)[0] for each in running]
            rows = [line.split() for each in said for line in each.splitlines()]
            report(name, db, [(int(a), int(b), int(c)) for a, b, c in rows], seconds)


def report(name: str, db: Db, rows: list[tuple[int, int, int]], seconds: float) -> None:
    with db.begin() as session:
        cards = {card.interview_id: card for card in session.exec(select(Scorecard))}
    lost = 0
    for number, last, _ in rows:
        held = drafts.values(cards[f"i{number}"].draft)
        lost += not any(f"named {last} classes" in str(value) for value in held.values())
    saved, bad = sum(row[1] for row in rows), sum(row[2] for row in rows)
    print(
        f"{name}: {saved} drafts saved in {seconds:.0f} s by {PROCESSES} × {THREADS} threads, "
        f"{bad} errors shown, {lost} lost"
    )


if __name__ == "__main__":
    if len(sys.argv) > 2:
        write(sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]), float(sys.argv[1]))
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
