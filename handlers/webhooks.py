"""What webhooks are told, besides what is written down for them: looked up when it is sent, so that
it is as it is then, and nothing of an erased candidate."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot import plans, webhooks
from bot.panels import Chair, Panel
from bot.plans import Plan
from bot.records import Decision, Loop, Webhook, WebhookCall
from bot.store import decisions, loops, openings
from bot.store import webhooks as stored

Data = dict[str, Any]


def changed(session: Session, team_id: str, before: Plan, after: Plan, now: datetime) -> None:
    """Have the team's webhooks told of the interviews that a change of a plan concerns. `after` is
    as it was saved."""
    found = list(webhooks.interviews(before, after))
    loop = loops.loop(session, team_id, after.loop_id) if found else None
    for type_, data in found:
        if loop is not None:
            stored.owe(session, loop, type_, now, revision=loop.revision, **data)


def opened(session: Session, panel: Panel, now: datetime) -> None:
    """The scorecards were opened for everybody."""
    missing = len(panel.missing)
    type_ = "panel.opened" if missing else "panel.complete"
    stored.owe(session, panel.loop, type_, now, **_progress(panel))


def handed_in(session: Session, panel: Panel, chair: Chair) -> None:
    """The first version of a scorecard. Those of people in training are nobody's business."""
    at = chair.card.submitted_at if chair.card is not None else None
    opened_at = panel.loop.revealed_at
    if chair.role.counts and at is not None:
        of = {"interview": chair.interview.id, "person": chair.seat.person, "as": chair.role.value}
        late = {"after_reveal": opened_at is not None and at > opened_at}
        stored.owe(session, panel.loop, "scorecard.in", at, **of, **late, **_progress(panel))


def _progress(panel: Panel) -> Data:
    awaited = panel.awaited
    return {"in": sum(each.is_in for each in awaited), "of": len(awaited)}


def decided(session: Session, loop: Loop, decision: Decision, now: datetime) -> None:
    stored.owe(session, loop, "decision.recorded", now, **_state(decision))


def moved_on(session: Session, loop: Loop, decision: Decision, now: datetime) -> None:
    """A decision has another state now."""
    stored.owe(session, loop, "decision.changed", now, **_state(decision))


def _state(decision: Decision) -> Data:
    return {"decision": decision.number, "state": str(decision.state)}


def body(session: Session, hook: Webhook, call: WebhookCall) -> bytes:
    """What is sent of `call`."""
    data = dict(call.data)
    if hook.content:
        data |= _content(session, hook, call)
    return webhooks.body(call.type, call.at, data)


def _content(session: Session, hook: Webhook, call: WebhookCall) -> Data:
    loop = loops.loop(session, call.team_id, call.loop_id)
    if loop is None:
        return {}
    found: Data = {}
    opening = openings.opening(session, call.team_id, loop.opening_id)
    if "candidate" in hook.content and opening is not None:
        found["opening"] = opening.title
        found["candidate"] = plans.shown(opening, loop) if loop.candidate else None
    if "outcome" in hook.content and "decision" in call.data:
        made = decisions.decisions(session, call.team_id, [loop.id])
        number = call.data["decision"]
        decision = next((each for each in made if each.number == number), None)
        # Until it takes effect it may be objected to, and not even the panel knows it.
        known = decision is not None and decision.effective_at is not None
        found["outcome"] = decision.outcome if decision is not None and known else None
    return found
