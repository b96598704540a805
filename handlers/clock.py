"""What the clock asks: send what is due, each once (design.md, section 5)."""

import logging
import threading
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from secrets import SystemRandom

from slack_sdk import WebClient
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot import references, retrying
from bot.records import Notice
from bot.store import Db, leases, notices
from bot.store.leases import BATCH, Closed, Result
from handlers import refusals, unreached
from handlers.outgoing import Render
from handlers.people import Clock, Directory
from handlers.posting import SILENT, Ahead, Posting
from handlers.queueing import Jobs
from handlers.refusals import Held
from handlers.room import elapsed
from handlers.tokens import Clients, always

log = logging.getLogger(__name__)

WORKERS = 8
REFILL = 32  # Notices that are claimed in one go, at least; so many are written down if they come.
MOST = 10_000  # Teams of which it is remembered how often in a row Slack took nothing.
LINGER = 0.05  # Seconds that what came of one waits for others to be written down with it.
TICK = 0.1  # Seconds between two looks whether to stop, while something is being sent.
AHEAD = 0.25  # Seconds that a notice is claimed before its conversation takes it.
AGAIN = 1.0  # Seconds until what came of some is written down again when the database was away.

Settled = Callable[[Collection[Result], datetime], None]


@dataclass(frozen=True)
class Timing:
    """In seconds."""

    lease: float = 60.0  # How long nobody else takes what one process has claimed.
    call: float = 15.0  # What one step of a call to Slack may take.
    pace: float = 1.0  # Between two messages in one conversation.
    hold: float = 4.0  # The first wait when Slack takes nothing at all; the next are longer.
    grace: float = 3.0  # For what is being sent when the bot is told to stop.

    @property
    def needed(self) -> float:
        """What a sender needs left of its lease: to connect, to be answered, and some more."""
        return 2.5 * self.call


USUAL = Timing()


@dataclass
class Run:
    """The notices that one call of `deliver` holds, until each has its result."""

    held: dict[str, Notice] = field(default_factory=dict)
    jobs: Jobs = field(default_factory=Jobs)
    results: "SimpleQueue[Result]" = field(default_factory=SimpleQueue)
    ends: float = 0.0  # When the lease of those that were claimed last runs out.
    workers: int = 0
    over: bool = False  # Whether nothing more is to be begun.


class Delivery:
    """Sends notices. Many processes may do so at once. `client` is one for all teams, or gives
    each team's; none may retry by itself, and one step of its calls lasts as long as `timing`
    says, at most.

    Once `stopping` is set nothing more is begun. What is being sent then is waited for, but not
    for long: a call that hangs is looked for by the next process, when its lease has run out.
    `settled` is told what was written down, and when that was.
    """

    def __init__(
        self,
        db: Db,
        client: WebClient | Clients,
        now: Clock,
        renders: Mapping[str, Render],
        people: Directory | None = None,
        ahead: Ahead | None = None,
        *,
        timing: Timing = USUAL,
        stopping: threading.Event | None = None,
        settled: Settled | None = None,
    ) -> None:
        self._db, self._now, self._ahead, self._settled = db, now, ahead, settled
        self._clients = always(client)
        self._posting = Posting(db, self._clients, now, renders, people or Directory(now), ahead)
        self._timing = timing
        self._lock = threading.Lock()
        self._resting: dict[str, float] = {}  # Conversations, and until when.
        self._closed: dict[str, float] = {}  # Teams of which Slack takes nothing, and until when.
        self._strikes: dict[str, int] = {}  # How often in a row.
        self._stopping = stopping or threading.Event()

    def deliver(self) -> datetime | None:
        """Send everything that is due. Returns when there is more to do."""
        run, finished = Run(), list[Result]()
        try:
            while True:
                claimed = self._written(run, finished)
                if claimed is not None:
                    finished = []
                for notice in claimed or ():
                    run.held[notice.id] = notice
                    run.jobs.put((notice, run.ends), self._free_at(notice))
                self._hire(run)
                if run.held:
                    found = self._finished(run)
                    if not found:
                        log.warning("stopped while %d calls to Slack hang", len(run.held))
                        return None
                    finished += found
                elif not finished:
                    break
        finally:
            run.over = True
            for _ in range(run.workers):
                run.jobs.put(None)
        with self._db.begin() as session:
            return self._next(session)

    def _written(self, run: Run, finished: Collection[Result]) -> list[Notice] | None:
        """What `_turn` claims; None when the database is away. What was sent is not forgotten for
        that: it is written down when the database is back, unless others have it by then."""
        try:
            return self._turn(run, finished)
        except SQLAlchemyError as error:
            if self._stopping.is_set() or not (finished or run.held) or elapsed() > run.ends:
                raise
            log.warning("what was sent is not written down yet: %s", type(error).__name__)
            self._stopping.wait(AGAIN)
            return None

    def _turn(self, run: Run, finished: Collection[Result]) -> list[Notice]:
        """Write down what came of some, and claim more when few are left: in one transaction."""
        room = BATCH - len(run.held)
        more = room >= REFILL and not self._stopping.is_set()
        if more and self._ahead is not None:
            self._ahead.gather(self._db, self._clients, self._now())
        if not finished and not more:
            return []
        begun, now = elapsed(), self._now()
        written: list[Result] = []
        claimed: list[Notice] = []
        with self._db.begin() as session:
            if finished:
                written = leases.settle(session, finished, now)
                unreached.note(session, written, now)
            if more:
                closed = self._left_alone(run)
                claimed = leases.claim(
                    session, now, room=room, lease=self._timing.lease, closed=closed
                )
        if self._settled is not None:
            self._settled(written, now)
        if more:
            run.ends = begun + self._timing.lease
        return claimed

    def _free_at(self, notice: Notice) -> float:
        """When its conversation takes it."""
        return 0.0 if notice.kind in SILENT else self._resting.get(notice.recipient, 0.0)

    def _left_alone(self, run: Run) -> Closed:
        at = elapsed()
        self._resting = {who: until for who, until in self._resting.items() if until > at}
        resting = [who for who, until in self._resting.items() if until > at + AHEAD]
        under_way = {each.recipient for each in run.held.values() if each.kind not in SILENT}
        with self._lock:
            self._closed = {team: until for team, until in self._closed.items() if until > at}
            teams = set(self._closed)
        return Closed(teams, {*resting, *under_way}, SILENT)

    def _finished(self, run: Run) -> list[Result]:
        """At least one result; none when the grace is over."""
        found: list[Result] = []
        until: float | None = None
        while not found:
            if self._stopping.is_set():
                run.over = True
                until = until or elapsed() + self._timing.grace
                if elapsed() > until:
                    return []
            try:
                found.append(run.results.get(timeout=TICK))
            except Empty:
                continue
        # Many are written down in one go: all that are there, when the database is slower than
        # Slack. What is not yet, is looked for if the process dies.
        until = elapsed() + LINGER
        with suppress(Empty):
            while len(found) < len(run.held):
                left = until - elapsed() if len(found) < REFILL else 0.0
                found.append(run.results.get(timeout=max(0.0, left)))
        for result in found:
            # It is twice in here when its lease ran out meanwhile: after a freeze, for one.
            run.held.pop(result.notice.id, None)
            if result.spoke_at is not None:
                self._resting[result.notice.recipient] = result.spoke_at + self._timing.pace
        return found

    def _next(self, session: Session) -> datetime | None:
        now, at = self._now(), elapsed()
        due, lost = notices.next_due(session), leases.next_lost(session)
        if due is not None and due <= now:  # It waits for its conversation or its team.
            ends = [until - at - AHEAD for until in self._resting.values()]
            ends += [until - at for until in self._closed.values()]
            due = now + timedelta(seconds=min((each for each in ends if each > 0), default=TICK))
        times = [due, None if lost is None else now + lost]
        return min((each for each in times if each is not None), default=None)

    # In threads of its own: a call that hangs must not keep the process from ending.

    def _hire(self, run: Run) -> None:
        while run.workers < min(len(run.held), WORKERS):
            run.workers += 1
            threading.Thread(target=self._work, args=[run], name="delivery", daemon=True).start()

    def _work(self, run: Run) -> None:
        while (job := run.jobs.get()) is not None:
            notice, ends = job
            with references.work("notice", team=notice.team_id, notice=notice.id):
                try:
                    result = self._one(run, notice, ends)
                except Exception as error:  # noqa: BLE001 (whoever waits for it would do so for ever)
                    log.error("notice %s: %s", notice.id, type(error).__name__)  # noqa: TRY400 (its text could be anybody's)
                    result = refusals.later(notice, type(error).__name__)
                log.debug("%s: %s %s", notice.kind, result.state, result.error)
            run.results.put(result)

    def _one(self, run: Run, notice: Notice, ends: float) -> Result:
        if run.over or self._closed.get(notice.team_id, 0) > elapsed():
            return Result(notice, "pending", tried=False, error=notice.error)
        try:
            result = self._posting.post(
                notice, lambda: not run.over and elapsed() + self._timing.needed <= ends
            )
        except Held as held:
            self._hold(notice.team_id, held)
            return Result(notice, "pending", tried=False, error=held.error)
        if result.state in ("sent", "skipped") and self._strikes.pop(notice.team_id, 0):
            log.warning("Slack takes notices of team %s again", notice.team_id)
        return result

    def _hold(self, team_id: str, held: Held) -> None:
        """Leave the team alone for a while. It is logged once, and not at each look."""
        with self._lock:
            if self._closed.get(team_id, 0) > elapsed():
                return  # Another thread was told the same.
            wait = held.wait
            if wait is None:
                strikes = self._strikes[team_id] = self._strikes.get(team_id, 0) + 1
                first = timedelta(seconds=self._timing.hold)
                wait = retrying.hold(strikes, SystemRandom().random(), first)
                while len(self._strikes) > MOST:
                    del self._strikes[next(iter(self._strikes))]
                if strikes == 1:
                    log.error("Slack takes no notices of team %s (%s)", team_id, held.error)
            self._closed[team_id] = elapsed() + wait.total_seconds()
