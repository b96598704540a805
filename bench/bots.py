"""Bots that only deliver notices, or do all that a bot does, each a process of its own that can be
killed."""

import logging
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from multiprocessing.context import ForkServerContext, ForkServerProcess
from threading import Event, Lock
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from sqlmodel import Session

from bot import content
from bot.launch import service, socket
from bot.launch.app import wall_clock
from bot.records import Notice
from bot.settings import Settings
from bot.store import open_db
from handlers import renders
from handlers.clock import Timing
from handlers.outgoing import Render, Rendered
from handlers.people import Directory

REST = 0.3  # Seconds between two looks for what is due.
LONGEST = 60.0  # Seconds until a bot that was killed has to be gone.
BANK = content.load()


def started_bots() -> ForkServerContext:
    """Bots start as forks of a process that has the code already: a thousand starts take minutes
    instead of an hour. Each is a process of its own, with its own threads and connections."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bench.bots", "bench.work", "tests.rows"])
    return context


@contextmanager
def ended(process: ForkServerProcess) -> Iterator[ForkServerProcess]:
    """Run it, and kill it in the end. Raises TimeoutError when it does not die."""
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join(LONGEST)
        if process.exitcode is None:
            raise TimeoutError(f"a bot was killed and not gone {LONGEST:.0f} s later")


def bot(settings: Settings, timing: Timing, shares: Any, number: int) -> None:
    """Deliver until the end, which comes at the latest with that of the process that asked."""
    logging.disable(logging.WARNING)
    db, scheduler = open_db(settings.database_url), BackgroundScheduler()
    people = Directory(wall_clock)
    told = counted(renders(lambda: BANK, people), shares, number)
    service.Post(settings, told, db, wall_clock, scheduler, REST, Event(), timing, people=people)
    scheduler.start()
    if (asker := multiprocessing.parent_process()) is not None:
        asker.join(3600)


def connected(settings: Settings) -> None:
    """Answer over Socket Mode until the end."""
    logging.disable(logging.WARNING)
    socket.run(settings)


def counted(found: dict[str, Render], shares: Any, number: int) -> dict[str, Render]:
    """Count what this bot renders. The lock is its own: one that bots share would stay locked when
    its holder is killed."""
    reveal, lock = found["reveal"], Lock()

    def once(session: Session, notice: Notice, now: datetime) -> Rendered:
        with lock:
            shares[number] += 1
        return reveal(session, notice, now)

    return {**found, "reveal": once}
