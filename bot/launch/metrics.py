"""What an operator watches, as Prometheus reads it (docs/operating/metrics.md). No names, no ids,
nothing about candidates.

Every process counts for itself; what lies in the database is the same for all of them, and is
looked up when Prometheus asks (bot.launch.gauges).
"""

import logging
import re
from collections.abc import Callable, Collection
from datetime import datetime
from importlib.metadata import version
from threading import Thread
from wsgiref.simple_server import WSGIServer

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    start_http_server,
)

from bot.launch import gauges, kinds
from bot.migrations import HEAD
from bot.store import Db
from bot.store.leases import Result
from bot.store.notices import LATE

log = logging.getLogger(__name__)

# Seconds: Slack waits for three.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)
CALLS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15)
DELAYS = (1, 5, 30, 60, 300, 900, 3600)
CAUSES = ("bug", "database", "pace", "slack", "slow")  # As handlers note them.
OUTCOMES = ("sent", "skipped", "failed", "parked", "again", "held")
MOST_CODES = 64  # Slack's errors that are told apart. There are some ten that a bot meets.


class Metrics:
    """The counters of one process."""

    def __init__(self, db: Db, now: Callable[[], datetime], notices: Collection[str] = ()) -> None:
        """`notices` are their kinds. What an alert counts begins at 0: Prometheus sees no
        increase in a counter that is there for the first time."""
        disable_created_metrics()  # type: ignore[no-untyped-call]
        own = self.registry = CollectorRegistry()
        for each in (GCCollector, PlatformCollector, ProcessCollector):
            each(registry=own)
        build = Info("safety_interview_build", "The bot's version and schema", registry=own)
        build.info({"version": version("safety-interview"), "schema": HEAD})
        self._answers = Histogram(
            "safety_interview_ack_seconds", "From a request to its acknowledgement",
            ["request"], buckets=BUCKETS, registry=own,
        )  # fmt: skip
        self._answering = Gauge(
            "safety_interview_requests_in_progress", "Requests being answered", registry=own
        )
        self._failures = Counter(
            "safety_interview_failures", "Requests that were answered with an apology",
            ["request", "cause"], registry=own,
        )  # fmt: skip
        for request in sorted(kinds.NAMES):
            self._answers.labels(request)
            for cause in CAUSES:
                self._failures.labels(request, cause)
        self._calls = Histogram(
            "safety_interview_slack_call_seconds", "How long Slack took to answer a call",
            ["method"], buckets=CALLS, registry=own,
        )  # fmt: skip
        self._slack_errors = Counter(
            "safety_interview_slack_errors", "Calls that Slack refused or did not answer",
            ["method", "error"], registry=own,
        )  # fmt: skip
        self._deliveries = Counter(
            "safety_interview_deliveries", "Attempts to send a notice, by what came of them",
            ["kind", "outcome"], registry=own,
        )  # fmt: skip
        for kind in notices:
            self._deliveries.labels(kind, "failed")
        self._delays = Histogram(
            "safety_interview_notice_delay_seconds", "From when one was due to when it was sent",
            buckets=DELAYS, registry=own,
        )  # fmt: skip
        self._late = Counter(
            "safety_interview_notices_late",
            f"Notices that were sent over {LATE.seconds // 60} minutes after they were due",
            registry=own,
        )  # fmt: skip
        self._codes: set[str] = set()
        own.register(gauges.Database(db, now))
        own.register(gauges.Pool(db))
        self._served: tuple[WSGIServer, Thread] | None = None

    def begun(self) -> None:
        self._answering.inc()

    def answered(self, request: str, seconds: float, trouble: str) -> None:
        """A request of this kind (bot.launch.kinds), and what came in its way if anything."""
        self._answering.dec()
        self._answers.labels(request).observe(seconds)
        if trouble:
            self._failures.labels(request, trouble).inc()

    def called(self, method: str, seconds: float, error: str) -> None:
        """A call to Slack. `error` is Slack's code, or no_answer; "" when it was taken."""
        self._calls.labels(method).observe(seconds)
        if error:
            self._slack_errors.labels(method, self._bounded(error)).inc()

    def settled(self, results: Collection[Result], now: datetime) -> None:
        """What came of attempts to send notices."""
        for each in results:
            self._deliveries.labels(each.notice.kind, outcome(each)).inc()
            if each.state == "sent":
                # A failed attempt moves `due_at`: then it is measured from the first one.
                since = min(each.notice.due_at, each.notice.first_tried_at or each.notice.due_at)
                self._delays.observe(max(0.0, (now - since).total_seconds()))
                self._late.inc(now - since > LATE)

    def connects(self, is_connected: Callable[[], bool]) -> None:
        """In Socket Mode: how to see whether there is a connection."""
        self.registry.register(gauges.Connection(is_connected))

    def _bounded(self, code: str) -> str:
        """Whatever answers could make up codes without end."""
        if code not in self._codes:
            if len(self._codes) >= MOST_CODES or not re.fullmatch(r"[a-z_]{1,50}", code):
                return "other"
            self._codes.add(code)
        return code

    def serve(self, port: int, host: str = "127.0.0.1") -> int:
        """Answer Prometheus at /metrics of `port`. Returns the port, which is a free one for 0.
        Raises OSError when it is taken."""
        self._served = server, _ = start_http_server(port, host, self.registry)
        log.info("metrics at http://%s:%s/metrics", host, server.server_port)
        return server.server_port

    def close(self) -> None:
        if self._served is not None:
            server, thread = self._served
            server.shutdown()
            server.server_close()
            thread.join()


def outcome(result: Result) -> str:
    """One of OUTCOMES."""
    if result.state == "pending":
        return "again" if result.tried else "held"
    return result.state
