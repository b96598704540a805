"""Who sends which notice now, and what came of it (design.md, section 5)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, text, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, select

from bot.records import Notice
from bot.store import envelopes, notices, workspaces
from bot.store.erasing import is_kept

BATCH = 64  # Notices that one process holds at once, at most.
# A lease that ends later than any can was given before the clock was set back.
BEYOND = timedelta(minutes=10)

PENDING, SENDING = notices.in_state("pending"), notices.in_state("sending")


@dataclass(frozen=True)
class Closed:
    """What is left alone for a moment: teams of which Slack takes nothing, and conversations that
    heard something within the second. Kinds in `silent` say nothing, so they need not wait."""

    teams: Collection[str] = ()
    recipients: Collection[str] = ()
    silent: Collection[str] = ()


@dataclass(frozen=True)
class Result:
    """What came of one attempt at `notice`, which is as it was claimed."""

    notice: Notice
    state: str  # sent, skipped, failed or parked; pending when it is tried again after `wait`
    wait: timedelta = timedelta()
    tried: bool = True  # False when nothing was: that is no attempt.
    error: str = ""
    unreachable: bool = False  # Whether it failed because nobody is there.
    spoke_at: float | None = None  # When something was said, by the sender's own clock.
    channel: str = ""
    ts: str = ""
    told: dict[str, Any] = field(default_factory=dict)


def clock(session: Session) -> datetime:
    """The database's clock. All who share it measure leases by it: their own may differ."""
    if session.connection().dialect.name == "postgresql":
        told: datetime = session.connection().scalar(text("SELECT clock_timestamp()"))
        return told
    asked = session.connection().execute(text("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')"))
    return datetime.fromisoformat(asked.scalar_one()).replace(tzinfo=UTC)


def claim(
    session: Session,
    now: datetime,
    *,
    room: int = BATCH,
    lease: float = 60,
    closed: Closed = Closed(),
) -> list[Notice]:
    """Take up to `room` notices of all teams that are due at `now`, the longest due first, and one
    for each conversation; before them, those whose sender has let its lease run out. Nobody else
    gets them for `lease` seconds. What was claimed before and never recorded has more than one
    attempt."""
    at = clock(session)
    ends = col(Notice.lease_until)
    lost = and_(SENDING, or_(ends < at, ends > at + BEYOND))
    due = and_(PENDING, col(Notice.due_at) <= now)
    found: dict[str, Notice] = {}
    for wanted, order in ((lost, ends), (due, col(Notice.due_at))):
        chosen = select(Notice).where(wanted, *_open(closed)).order_by(order)
        chosen = chosen.limit(room - len(found)).with_for_update(skip_locked=True)
        for notice in session.exec(chosen) if len(found) < room else ():
            silent = notice.kind in closed.silent
            found.setdefault(notice.id if silent else notice.recipient, notice)
    if not found:
        return []
    first, ends_at = func.coalesce(Notice.first_tried_at, now), at + timedelta(seconds=lease)
    session.flush()
    session.connection().execute(
        update(Notice)
        .where(col(Notice.id).in_([notice.id for notice in found.values()]))
        .values(
            state="sending", attempts=Notice.attempts + 1, first_tried_at=first,
            lease_until=ends_at,
        )
    )  # fmt: skip
    for notice in found.values():  # As the database has them now.
        set_committed_value(notice, "state", "sending")
        set_committed_value(notice, "attempts", notice.attempts + 1)
        set_committed_value(notice, "first_tried_at", notice.first_tried_at or now)
        set_committed_value(notice, "lease_until", ends_at)
    return list(found.values())


def _open(closed: Closed) -> Iterable[Any]:
    if closed.teams:
        yield col(Notice.team_id).not_in(closed.teams)
    if closed.recipients:
        silent = col(Notice.kind).in_(closed.silent)
        yield or_(silent, col(Notice.recipient).not_in(closed.recipients))


def next_lost(session: Session) -> timedelta | None:
    """Until the first lease runs out that is out now; None when none is."""
    wanted = select(func.min(Notice.lease_until)).where(SENDING)
    ends = session.exec(wanted).one()
    return None if ends is None else max(timedelta(), ends - clock(session))


def settle(session: Session, results: Collection[Result], now: datetime) -> list[Result]:
    """Write down what came of attempts; those whose notice somebody else has taken over meanwhile
    change nothing. Returns those that were written."""
    ids = [result.notice.id for result in results]
    wanted = select(Notice).where(col(Notice.id).in_(ids)).with_for_update()
    kept = {notice.id: notice for notice in session.exec(wanted)}
    return [
        result
        for result in results
        if result.notice.id in kept and _settle(session, kept[result.notice.id], result, now)
    ]


def _settle(session: Session, kept: Notice, result: Result, now: datetime) -> bool:
    if kept.state != "sending" or kept.attempts != result.notice.attempts:
        return False
    kept.state, kept.lease_until, kept.error = result.state, None, result.error
    if not result.tried:
        kept.attempts -= 1
    match result.state:
        case "parked" | "pending":
            # Its team may have left, or come back, while it was under way.
            gone = workspaces.gone_at(session, kept.team_id) is not None
            parked = gone and kept.kind not in workspaces.KEPT_UP
            kept.state = "parked" if parked else "pending"
            kept.due_at = now + result.wait if result.wait else kept.due_at
        case "sent":
            kept.sent_at, kept.channel, kept.ts = now, result.channel, result.ts
            kept.told = result.told
            _take_back(session, kept, now)
    if kept.intent.get("erased"):
        kept.told = {}
    if result.state not in ("pending", "parked"):
        kept.intent = {}
    session.add(kept)
    if kept.kind == notices.ENVELOPE:
        envelopes.close(session, kept)
    return True


def _take_back(session: Session, kept: Notice, now: datetime) -> None:
    """What arrived although its candidate was erased while it was under way."""
    if kept.intent.get("erased") and kept.ts:
        notices.owe(session, kept.team_id, "unsay", kept.channel, kept.ts, now)
    file, about = kept.intent.get("file"), kept.intent.get("about", [])
    if file and not is_kept(session, kept.team_id, file, about):
        notices.owe(session, kept.team_id, "unfile", kept.recipient, file, now)
