"""Bots that only deliver notices, or do all that a bot does, each a process of its own that can be
killed."""

import logging
import multiprocessing
import time
from datetime import datetime
from multiprocessing.context import ForkServerContext
from threading import Event
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
BANK = content.load()


def started_bots() -> ForkServerContext:
    """Bots start as forks of a process that has the code already: a thousand starts take minutes
    instead of an hour. Each is a process of its own, with its own threads and connections."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bench.bots"])
    return context


def bot(settings: Settings, timing: Timing, shares: Any, number: int) -> None:
    """Deliver until the end."""
    logging.disable(logging.WARNING)
    db, scheduler = open_db(settings.database_url), BackgroundScheduler()
    people = Directory(wall_clock)
    told = counted(renders(lambda: BANK, people), shares, number)
    service.Post(settings, told, db, wall_clock, scheduler, REST, Event(), timing, people=people)
    scheduler.start()
    time.sleep(3600)


def connected(settings: Settings) -> None:
    """Answer over Socket Mode until the end."""
    logging.disable(logging.WARNING)
    socket.run(settings)


def counted(found: dict[str, Render], shares: Any, number: int) -> dict[str, Render]:
    """Count what this bot renders."""
    reveal = found["reveal"]

    def once(session: Session, notice: Notice, now: datetime) -> Rendered:
        with shares.get_lock():
            shares[number] += 1
        return reveal(session, notice, now)

    return {**found, "reveal": once}
