"""Webhooks: where a team has events told, and each event until it is."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from bot import openings
from bot.records import Loop, Opening, Webhook, WebhookCall

MOST = 20  # Webhooks of one team.


def owe(session: Session, loop: Loop, type_: str, now: datetime, **data: Any) -> None:
    """Have every webhook told that is to hear this of this loop: ids and states alone."""
    wanted = select(Webhook).where(Webhook.team_id == loop.team_id, Webhook.state == "on")
    hooks = [each for each in session.exec(wanted) if type_ in each.events]
    opening = _opening(session, loop) if hooks else None
    for hook in hooks:
        if opening and (hook.everywhere or openings.plans_it(opening, hook.owner)):
            session.add(
                WebhookCall(
                    id=f"msg_{uuid4().hex}",
                    team_id=loop.team_id,
                    webhook_id=hook.id,
                    loop_id=loop.id,
                    type=type_,
                    data={"loop": loop.id, "code": f"C-{loop.number}", **data},
                    at=now,
                    due_at=now,
                )
            )


def _opening(session: Session, loop: Loop) -> Opening | None:
    wanted = select(Opening).where(Opening.team_id == loop.team_id, Opening.id == loop.opening_id)
    return session.exec(wanted).first()


def of_team(session: Session, team_id: str) -> list[Webhook]:
    """The oldest first."""
    wanted = select(Webhook).where(Webhook.team_id == team_id)
    return sorted(session.exec(wanted), key=lambda each: (each.created_at, each.id))


def find(session: Session, team_id: str, id_: str) -> Webhook | None:
    wanted = select(Webhook).where(Webhook.team_id == team_id, Webhook.id == id_)
    return session.exec(wanted.with_for_update()).first()


def remove(session: Session, hook: Webhook) -> None:
    """With all that it was to be told."""
    session.exec(
        delete(WebhookCall).where(
            col(WebhookCall.team_id) == hook.team_id, col(WebhookCall.webhook_id) == hook.id
        )
    )
    session.delete(hook)


def counts(session: Session, team_id: str) -> dict[tuple[str, str], int]:
    """How many events there are, by webhook and state."""
    wanted = (
        select(WebhookCall.webhook_id, WebhookCall.state, func.count())
        .where(WebhookCall.team_id == team_id)
        .group_by(col(WebhookCall.webhook_id), col(WebhookCall.state))
    )
    return {(hook, state): count for hook, state, count in session.exec(wanted)}
