"""What an operator watches, as Prometheus reads it. No names, no ids, nothing about candidates.

Every process counts for itself; what lies in the database is the same for all of them, and is
looked up when Prometheus asks.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    start_http_server,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from bot.migrations import HEAD
from bot.store import Db, notices

log = logging.getLogger(__name__)

# Seconds: Slack waits for three.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)
KINDS = {"block_actions", "view_submission", "view_closed", "shortcut", "message_action"}


class Metrics:
    """The counters of one process."""

    def __init__(self, db: Db, now: Callable[[], datetime]) -> None:
        self.registry = CollectorRegistry()
        for each in (GCCollector, PlatformCollector, ProcessCollector):
            each(registry=self.registry)
        version = Info("safety_interview_build", "The version", registry=self.registry)
        version.info({"schema": HEAD})
        self._answers = Histogram(
            "safety_interview_ack_seconds", "From a request to its acknowledgement",
            ["request"], buckets=BUCKETS, registry=self.registry,
        )  # fmt: skip
        self._slack_errors = Counter(
            "safety_interview_slack_errors", "Calls that Slack refused or did not answer",
            ["method", "error"], registry=self.registry,
        )  # fmt: skip
        self.registry.register(_Database(db, now))

    def answered(self, body: dict[str, Any], seconds: float) -> None:
        self._answers.labels(request_name(body)).observe(seconds)

    def failed(self, method: str, error: str) -> None:
        """A call to Slack that came to nothing: `error` is Slack's code, or no_answer."""
        self._slack_errors.labels(method, error).inc()

    def serve(self, port: int) -> int:
        """Answer Prometheus at /metrics of `port`, on this machine only. Returns the port, which
        is a free one for 0. Raises OSError when it is taken."""
        self._server, self._thread = start_http_server(port, "127.0.0.1", self.registry)
        log.info("metrics at http://127.0.0.1:%s/metrics", self._server.server_port)
        return self._server.server_port

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def request_name(body: dict[str, Any]) -> str:
    """What kind of request this is. Of what a page or a person can choose nothing is told: anybody
    could make up names without end."""
    kind = str(body.get("type", ""))
    if "command" in body:
        return "command"
    if kind == "event_callback":
        return "event"
    return kind if kind in KINDS else "other"


class _Database(Collector):
    """What the database says, asked anew each time. Silent while it does not answer: that shows as
    metrics that are missing."""

    def __init__(self, db: Db, now: Callable[[], datetime]) -> None:
        self._db, self._now = db, now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            with self._db.begin() as session:
                found = notices.backlog(session, self._now())
        except SQLAlchemyError as error:
            log.warning("metrics: the database did not answer (%s)", type(error).__name__)
        else:
            held = GaugeMetricFamily(
                "safety_interview_notices", "Notices by state", labels=["state"]
            )
            for state, count in found.counts.items():
                held.add_metric([state], count)
            yield held
            yield GaugeMetricFamily(
                "safety_interview_notice_lag_seconds", "How long the oldest due notice waits",
                value=found.lag.total_seconds(),
            )  # fmt: skip
        pool = self._db.kw["bind"].pool
        if isinstance(pool, QueuePool):
            used = GaugeMetricFamily(
                "safety_interview_pool_connections", "Database connections", labels=["state"]
            )
            used.add_metric(["in_use"], pool.checkedout())
            used.add_metric(["size"], pool.size())
            yield used
