"""Who sends which notice now, and what came of it (design.md, section 5)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, literal_column, or_, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, select

from bot.records import Notice
from bot.store import envelopes, notices, workspaces
from bot.store.erasing import is_kept

BATCH = 128  # Notices that one process holds at once, at most.
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
    return _time(session.connection().scalar(select(_now(session))))


def _now(session: Session) -> ColumnElement[Any]:
    postgresql = session.connection().dialect.name == "postgresql"
    return literal_column(
        "clock_timestamp()" if postgresql else "strftime('%Y-%m-%d %H:%M:%f', 'now')"
    )


def _time(told: Any) -> datetime:
    """SQLite tells it as text."""
    if isinstance(told, datetime):
        return told
    return datetime.fromisoformat(told).replace(tzinfo=UTC)


def _look(session: Session) -> tuple[datetime, bool]:
    """The database's clock, and whether any lease has run out: asked in one go, since most often
    none has."""
    ends = col(Notice.lease_until)
    wanted = select(_now(session), func.min(ends), func.max(ends)).where(SENDING)
    told, first, last = session.exec(wanted).one()
    at = _time(told)
    return at, first is not None and last is not None and (first < at or last > at + BEYOND)


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
    at, is_lost = _look(session)
    ends = col(Notice.lease_until)
    lost = and_(SENDING, or_(ends < at, ends > at + BEYOND))
    due = and_(PENDING, col(Notice.due_at) <= now)
    found: dict[str, Notice] = {}
    for wanted, order in (*([(lost, ends)] if is_lost else []), (due, col(Notice.due_at))):
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
    wanted = select(Notice.id, Notice.state, Notice.attempts, Notice.intent)
    wanted = wanted.where(col(Notice.id).in_(ids)).with_for_update()
    found = {row[0]: row[1:] for row in session.exec(wanted)}
    written = [
        result
        for result in results
        if found.get(result.notice.id, ())[:2] == ("sending", result.notice.attempts)
    ]
    plain = [each for each in written if _is_plain(each) and not found[each.notice.id][2]]
    _write(session, plain, now)
    rest = {each.notice.id: each for each in written if each not in plain}
    if rest:
        for notice in session.exec(select(Notice).where(col(Notice.id).in_(rest))):
            _settle(session, notice, rest[notice.id], now)
    return written


def _is_plain(result: Result) -> bool:
    return result.state == "sent" and result.tried and result.notice.kind != notices.ENVELOPE


def _write(session: Session, plain: Collection[Result], now: datetime) -> None:
    """The most frequent by far: sent, and nothing else to be done about it."""
    if not plain:
        return
    session.flush()
    changed = update(Notice).where(
        col(Notice.id) == bindparam("notice_id"), col(Notice.team_id) == bindparam("of_team")
    )
    session.connection().execute(
        changed.values(
            state="sent", lease_until=None, sent_at=now, error=bindparam("said"),
            channel=bindparam("place"), ts=bindparam("stamp"), told=bindparam("words"),
        ),
        [
            {
                "notice_id": each.notice.id, "of_team": each.notice.team_id, "said": each.error,
                "place": each.channel, "stamp": each.ts, "words": each.told,
            }
            for each in plain
        ],
    )  # fmt: skip


def _settle(session: Session, kept: Notice, result: Result, now: datetime) -> None:
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


def _take_back(session: Session, kept: Notice, now: datetime) -> None:
    """What arrived although its candidate was erased while it was under way."""
    if kept.intent.get("erased") and kept.ts:
        notices.owe(session, kept.team_id, "unsay", kept.channel, kept.ts, now)
    file, about = kept.intent.get("file"), kept.intent.get("about", [])
    if file and not is_kept(session, kept.team_id, file, about):
        notices.owe(session, kept.team_id, "unfile", kept.recipient, file, now)
