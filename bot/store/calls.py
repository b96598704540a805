"""What webhooks are to be told: who sends which event now, and what came of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, or_, update
from sqlmodel import Session, col, delete, select

from bot import webhooks
from bot.records import Webhook, WebhookCall
from bot.store.leases import clock
from bot.store.webhooks import find


def in_state(name: str) -> ColumnElement[bool]:
    """Written out, so that SQLite uses its partial indexes."""
    return col(WebhookCall.state) == literal_column(f"'{name}'")


@dataclass(frozen=True)
class Claimed:
    """An event that this process is to send now, as it was claimed."""

    call: WebhookCall
    hook: Webhook


@dataclass(frozen=True)
class Outcome:
    """What came of one attempt: sent, or why not. `rests` when the receiver takes nothing just now,
    and `gone` when it is to be told
    nothing more."""

    claimed: Claimed
    error: str = ""
    wait: timedelta = timedelta()
    rests: bool = False
    gone: bool = False


def claim(
    session: Session, now: datetime, *, room: int, lease: float, busy: Collection[str]
) -> list[Claimed]:
    """Take the event of each of up to `room` webhooks that is due the longest. Nobody else sends to
    these webhooks for `lease` seconds; an event whose sender died is due again then, so a receiver
    may see it twice, under the same id."""
    at = clock(session)
    due = (
        select(WebhookCall.webhook_id)
        .where(in_state("pending"), WebhookCall.due_at <= now)
        .group_by(col(WebhookCall.webhook_id))
        .order_by(func.min(WebhookCall.due_at))
    )
    if busy:
        due = due.where(col(WebhookCall.webhook_id).not_in(busy))
    waiting = list(session.exec(due.limit(room * 4)))
    if not waiting:
        return []
    free = select(Webhook).where(
        col(Webhook.id).in_(waiting),
        or_(col(Webhook.busy_until).is_(None), col(Webhook.busy_until) < at),
    )
    found: list[Claimed] = []
    for hook in session.exec(free.with_for_update(skip_locked=True)).all():
        call = _next(session, hook, now) if len(found) < room else None
        if call is not None:
            hook.busy_until = at + timedelta(seconds=lease)
            call.attempts, call.due_at = call.attempts + 1, now + timedelta(seconds=lease)
            session.add_all([hook, call])
            found.append(Claimed(call, hook))
    session.flush()
    return found


def _next(session: Session, hook: Webhook, now: datetime) -> WebhookCall | None:
    wanted = select(WebhookCall).where(
        WebhookCall.team_id == hook.team_id,
        WebhookCall.webhook_id == hook.id,
        in_state("pending"),
        WebhookCall.due_at <= now,
    )
    return session.exec(
        wanted.order_by(col(WebhookCall.due_at), col(WebhookCall.at)).limit(1)
    ).first()


def settle(session: Session, outcome: Outcome, now: datetime) -> None:
    """Write down what came of it, unless the webhook was removed, or somebody else has taken the
    event over since."""
    was, team_id = outcome.claimed.call, outcome.claimed.call.team_id
    hook = find(session, team_id, was.webhook_id)
    wanted = select(WebhookCall).where(WebhookCall.team_id == team_id, WebhookCall.id == was.id)
    call = session.exec(wanted.with_for_update()).first()
    if hook is None or call is None or call.attempts != was.attempts:
        return
    hook.busy_until, hook.error = None, outcome.error
    call.error = outcome.error
    if not outcome.error:
        hook.heard_at = call.over_at = now
        call.state = "sent"
    elif outcome.gone or webhooks.is_over(call.at, now):
        call.state, call.over_at = "failed", now
    else:
        call.due_at = now + outcome.wait
    session.add_all([hook, call])
    session.flush()
    if outcome.gone:
        hook.state = "off"
        session.add(hook)
        _others(session, hook, state="failed", error=hook.error, over_at=now)
    elif outcome.rests:
        until = now + outcome.wait
        _others(session, hook, col(WebhookCall.due_at) < until, due_at=until)


def _others(session: Session, hook: Webhook, *which: ColumnElement[bool], **values: Any) -> None:
    """Change what else waits for this webhook."""
    session.connection().execute(
        update(WebhookCall)
        .where(
            col(WebhookCall.team_id) == hook.team_id,
            col(WebhookCall.webhook_id) == hook.id,
            in_state("pending"),
            *which,
        )
        .values(**values)
    )


def next_due(session: Session) -> datetime | None:
    wanted = select(func.min(WebhookCall.due_at)).where(in_state("pending"))
    return session.exec(wanted).one()


def forget(session: Session, now: datetime) -> None:
    """What was over long ago, of every team."""
    old = col(WebhookCall.over_at) < now - webhooks.KEPT
    session.connection().execute(delete(WebhookCall).where(old))


def backlog(session: Session) -> dict[str, int]:
    """How many events wait, and how many were given up lately, of all teams."""
    return {
        state: session.exec(
            select(func.count()).select_from(WebhookCall).where(in_state(state))
        ).one()
        for state in ("pending", "failed")
    }


def failed(session: Session, limit: int) -> list[WebhookCall]:
    """The newest that were given up, of all teams."""
    wanted = select(WebhookCall).where(in_state("failed"))
    return list(session.exec(wanted.order_by(col(WebhookCall.at).desc()).limit(limit)))


def retry(session: Session, id_: str, now: datetime) -> int:
    """Have one, or `all` that were given up, tried once more at least; how many that are."""
    wanted = select(WebhookCall).where(in_state("failed"))
    if id_ != "all":
        wanted = wanted.where(WebhookCall.id == id_)
    found = session.exec(wanted.with_for_update()).all()
    for call in found:
        call.state, call.due_at, call.over_at = "pending", now, None
        session.add(call)
    return len(found)
