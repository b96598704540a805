"""Plans that are being filled in: saved with every change, gone on with, or given up."""

from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from sqlmodel import Session

from bot.errors import Refusal
from bot.plans import Plan
from bot.records import UnfinishedPlan
from bot.store import loops
from bot.store import unfinished as stored
from handlers import home, planning
from handlers.here import Here
from handlers.places import on_home, open_window, redraw
from handlers.views import plan_form, plan_start
from handlers.views.text import when

Body = dict[str, Any]

GONE = "That plan is not here any more: it was saved, given up, or too old."
CHANGED = "The loop has changed since you began: this is how it is now."


def typed(ack: Ack, body: Body, here: Here) -> None:
    """A time, a second person or the debrief changed: it is kept before that is acknowledged."""
    seen = body["view"]
    if seen.get("callback_id") == "plan_sessions":  # Else it came after the form was handed in.
        plan = plan_form.read(Plan.read(seen["private_metadata"]), seen["state"]["values"])
        with here.db.begin() as session:
            planning.require_opening(session, here, plan.opening_id)
            planning.keep_typed(session, here, plan)
    ack()


def go_on(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    """The form as it was left; in place of the first one, when that is where it was asked for."""
    with here.db.begin() as session:
        begun = _mine(session, here, action["value"])
        opening = planning.require_opening(session, here, begun.opening_id)
        plan, note = latest(session, here, begun)
    view = plan_form.sessions(here.bank, opening, plan, note, begun.id if begun.loop_id else "")
    if on_home(body) or not body.get("view"):
        open_window(view, body, client)
    else:
        redraw(view, body, client)
    ack()


def latest(session: Session, here: Here, begun: UnfinishedPlan) -> tuple[Plan, str]:
    """The plan as it was left, with a sentence about it; of a loop that has changed since, how
    that is now."""
    plan = Plan.model_validate(begun.plan)
    if not begun.loop_id:
        return plan, f"As you left it {when(begun.saved_at)}. Times are yours."
    loop = loops.loop(session, here.team_id, begun.loop_id)
    if loop is None or loop.state != "active":
        raise Refusal(GONE)
    if loop.revision != plan.revision:
        session.delete(begun)
        return loops.plan(session, loop), CHANGED
    return plan, f"A change that you began {when(begun.begun_at)}; it is not saved."


def discard(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    """Given up. Of a change, the form shows the loop as it is."""
    seen = body["view"]
    with here.db.begin() as session:
        begun = stored.find(session, here.team_id, here.user_id, action["value"])
        if begun is not None:
            session.delete(begun)
            home.owe(session, here, {here.user_id})
            session.flush()
        plan, opening = None, None
        if begun is not None and begun.loop_id:
            opening = planning.require_opening(session, here, begun.opening_id)
            loop = loops.loop(session, here.team_id, begun.loop_id)
            plan = loops.plan(session, loop) if loop else None
        left = stored.of(session, here.team_id, here.user_id)
    if seen.get("callback_id") == "plan_sessions" and opening is not None and plan is not None:
        redraw(plan_form.sessions(here.bank, opening, plan, "The loop as it is."), body, client)
    else:
        mine = planning.mine(here)
        day = planning.next_day(here, client)
        redraw(plan_start.form(mine, mine[0], day, left), body, client)
    ack()


def _mine(session: Session, here: Here, id_: str) -> UnfinishedPlan:
    found = stored.find(session, here.team_id, here.user_id, id_)
    if found is None:
        raise Refusal(GONE)
    return found
