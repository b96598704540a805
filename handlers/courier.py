"""Sends what webhooks are to be told. It shares nothing with the delivery of notices but the
database: a receiver that is slow, or answers nothing, holds up no message to a person."""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from queue import Empty, SimpleQueue
from secrets import SystemRandom

from bot import reach, references, webhooks
from bot.reach import Answer, UnreachableError
from bot.store import Db
from bot.store import calls as stored
from bot.store.calls import Claimed, Outcome
from handlers.people import Clock
from handlers.webhooks import body

log = logging.getLogger(__name__)

Send = Callable[[str, bytes, Mapping[str, str]], Answer]  # Raises UnreachableError.

Left = Callable[[str, str], bool]

WORKERS = 4  # Webhooks that are told something at once.
LEASE = 60.0  # Seconds: several times what a call may last.
TICK = 0.1
GRACE = 3.0  # Seconds for what is being sent when the bot is told to stop.
GONE = 410  # By the specification: the receiver wants nothing more.
TAKES_NOTHING = (408, 425, 429)  # And everything from 500 on: not about this event.
AGENT = {"User-Agent": "Safety-Interview-Webhooks/1"}


class Courier:
    """Many processes may send at once; one of them to each webhook."""

    def __init__(
        self,
        db: Db,
        now: Clock,
        send: Send = reach.post,
        stopping: threading.Event | None = None,
        *,
        left: Left = lambda *_: False,
        lease: float = LEASE,
    ) -> None:
        """`left` says whether the owner of a webhook, of a team, is no full member any more."""
        self._left = left
        self._db, self._now, self._send, self._lease = db, now, send, lease
        self._stopping = stopping or threading.Event()

    def deliver(self) -> datetime | None:
        """Send everything that is due. Returns when there is more to do."""
        held: set[str] = set()
        results: SimpleQueue[Outcome] = SimpleQueue()
        until: float | None = None
        while True:
            for claimed, sent in self._claim(held):
                held.add(claimed.hook.id)
                # A thread of its own: one that hangs must not keep the process from ending.
                threading.Thread(
                    target=self._send_one,
                    args=[results, claimed, *sent],
                    name="courier",
                    daemon=True,
                ).start()
            if not held:
                break
            try:
                outcome = results.get(timeout=TICK)
            except Empty:
                if self._stopping.is_set():
                    until = GRACE if until is None else until - TICK
                    if until <= 0:
                        return None  # Its lease runs out, and somebody sends it again.
                continue
            with self._db.begin() as session:
                stored.settle(session, outcome, self._now())
            held.discard(outcome.claimed.hook.id)
        with self._db.begin() as session:
            return stored.next_due(session)

    def _claim(self, held: set[str]) -> list[tuple[Claimed, tuple[bytes, dict[str, str]]]]:
        if self._stopping.is_set() or len(held) >= WORKERS:
            return []
        now = self._now()
        with self._db.begin() as session:
            found = stored.claim(
                session, now, room=WORKERS - len(held), lease=self._lease, busy=held
            )
            return [
                (each, self._signed(each, body(session, each.hook, each.call), now))
                for each in found
            ]

    def _signed(self, claimed: Claimed, told: bytes, now: datetime) -> tuple[bytes, dict[str, str]]:
        hook = claimed.hook
        secrets = [hook.secret]
        if hook.old_until is not None and hook.old_until > now:
            secrets.append(hook.old_secret)
        return told, {**AGENT, **webhooks.headers(secrets, claimed.call.id, now, told)}

    def _send_one(
        self,
        results: SimpleQueue[Outcome],
        claimed: Claimed,
        told: bytes,
        headers: Mapping[str, str],
    ) -> None:
        with references.work("webhook", team=claimed.hook.team_id):
            results.put(self._one(claimed, told, headers))

    def _one(self, claimed: Claimed, told: bytes, headers: Mapping[str, str]) -> Outcome:
        usual = webhooks.wait(claimed.call.attempts, SystemRandom().random())
        try:
            if self._left(claimed.hook.team_id, claimed.hook.owner):
                return Outcome(claimed, "its_owner_left", gone=True)
            answer = self._send(claimed.hook.url, told, headers)
        except UnreachableError as error:
            return Outcome(claimed, str(error), usual, rests=True)
        except Exception as error:  # noqa: BLE001 (one without an outcome would be waited for)
            name = type(error).__name__
            log.error("could not tell a webhook of team %s: %s", claimed.hook.team_id, name)  # noqa: TRY400 (its text could be anybody's)
            return Outcome(claimed, "bug", usual)
        if 200 <= answer.status < 300:
            return Outcome(claimed)
        if answer.status == GONE:
            return Outcome(claimed, "answered_410", gone=True)
        rests = answer.status >= 500 or answer.status in TAKES_NOTHING
        asked = _seconds(answer.retry_after, self._now()) if rests else timedelta()
        wait = max(usual, min(asked, webhooks.LONGEST_WAIT))
        return Outcome(claimed, f"answered_{answer.status}", wait, rests)


def _seconds(retry_after: str, now: datetime) -> timedelta:
    """Of a Retry-After: seconds, or a date; none of anything else."""
    if retry_after.isascii() and retry_after.isdigit():
        return timedelta(seconds=int(retry_after[:9]))
    try:
        return max(timedelta(), parsedate_to_datetime(retry_after) - now)
    except (TypeError, ValueError):
        return timedelta()
