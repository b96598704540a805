"""What is looked up when Prometheus asks: the database, the pool of its connections, the
connection to Slack."""

import logging
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from bot.store import Db, calls, connections, leases, notices

log = logging.getLogger(__name__)

PATIENCE = 5.0  # Seconds for the database: Prometheus waits for ten.


class Database(Collector):
    """What the database says, asked anew each time. While it does not answer, all but
    database_up is missing."""

    def __init__(self, db: Db, now: Callable[[], datetime]) -> None:
        self._db, self._now = db, now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up = True
        try:
            with connections.within(PATIENCE), self._db.begin() as session:
                found = notices.backlog(session, self._now())
                events = calls.backlog(session)
                skew = (leases.clock(session) - datetime.now(UTC)).total_seconds()
        except SQLAlchemyError as error:
            log.warning("metrics: the database did not answer (%s)", type(error).__name__)
            up = False
        yield GaugeMetricFamily(
            "safety_interview_database_up", "Whether the database answers", value=up
        )
        if not up:
            return
        held = GaugeMetricFamily("safety_interview_notices", "Notices by state", labels=["state"])
        for state, count in found.counts.items():
            held.add_metric([state], count)
        yield held
        told = GaugeMetricFamily(
            "safety_interview_webhook_events", "Events for webhooks by state", labels=["state"]
        )
        for state, count in events.items():
            told.add_metric([state], count)
        yield told
        yield GaugeMetricFamily(
            "safety_interview_notice_lag_seconds", "How long the oldest due notice waits",
            value=found.lag.total_seconds(),
        )  # fmt: skip
        yield GaugeMetricFamily(
            "safety_interview_clock_skew_seconds", "The database's clock less this machine's",
            value=skew,
        )  # fmt: skip
        path = file_of(self._db.kw["bind"])
        if path is not None:
            yield GaugeMetricFamily(
                "safety_interview_disk_free_bytes", "What is free where SQLite's file is",
                value=shutil.disk_usage(path.parent).free,
            )  # fmt: skip


def file_of(engine: Engine) -> Path | None:
    """SQLite's; None for what is no file on this machine."""
    path = engine.url.database or ""
    if engine.dialect.name != "sqlite" or not path or path.startswith((":memory:", "file:")):
        return None
    return Path(path).absolute()


class Pool(Collector):
    def __init__(self, db: Db) -> None:
        self._pool = db.kw["bind"].pool

    def collect(self) -> Iterator[GaugeMetricFamily]:
        if isinstance(self._pool, QueuePool):
            told = GaugeMetricFamily(
                "safety_interview_pool_connections", "Database connections", labels=["state"]
            )
            told.add_metric(["in_use"], self._pool.checkedout())
            told.add_metric(["idle"], self._pool.checkedin())
            told.add_metric(["most"], most(self._pool))
            yield told


def most(pool: QueuePool) -> int:
    """How many connections it opens at once."""
    return pool.size() + int(getattr(pool, "_max_overflow", 0))


class Connection(Collector):
    """Socket Mode."""

    def __init__(self, is_connected: Callable[[], bool]) -> None:
        self._is_connected = is_connected

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily(
            "safety_interview_socket_connected", "Whether Socket Mode is connected to Slack",
            value=self._is_connected(),
        )  # fmt: skip
