"""What others say to a decision: concur, object, dissent; the answer to an objection; reopening."""

from typing import Any

from slack_bolt import Ack, Respond
from slack_sdk import WebClient
from sqlmodel import Session

from bot import decisions
from bot.decisions import State
from bot.errors import Refusal
from bot.panels import Panel
from bot.plans import Role
from bot.records import Decision, Stance
from bot.store import notices
from bot.store import panels as stored_panels
from handlers import decided, places, webhooks
from handlers.here import Here
from handlers.views import loop as loop_view
from handlers.views import stance_forms as form_view
from handlers.views.card import OLD
from handlers.views.text import escape

Body = dict[str, Any]

SHORTEST = 10  # Characters of a reason.
TOO_LATE = "The decision has taken effect, so it cannot be objected to. It can be reopened: ask "


def concur(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, here: Here
) -> None:
    loop_id, decision_id = _ids(action["value"])
    with here.db.begin() as session:
        panel, said = _asked(session, here, loop_id, decision_id)
        if said.says == "asked":
            said.says, said.said_at = "concurs", here.now
            session.add(said)
            here.note(session, "concurred", loop_id, role=said.role)
            panel = _settled(session, here, loop_id)
        elif said.says != "concurs":
            raise Refusal("You have answered already: your reason stands in the record.")
    here.wake()
    told = "You concur. Thank you."
    if (body.get("view") or {}).get("type") == "modal":
        places.redraw(loop_view.window(panel, here.user_id, here.now, told), body, client)
    else:
        respond(text=f"*{escape(panel.candidate)}*: {told}", replace_original=True)
    ack()


def ask_reason(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    """The form for an objection or a dissent."""
    loop_id, decision_id = _ids(action["value"])
    kind = action["action_id"].removeprefix("stance_")
    with here.db.begin() as session:
        panel, said = _asked(session, here, loop_id, decision_id)
        decision = _require_may(panel, said, kind)
    places.open_window(form_view.reason_form(panel, decision, kind), body, client)
    ack()


def object_(ack: Ack, view: Body, client: WebClient, here: Here) -> None:
    """A bar raiser objects: the decision waits for the hiring manager's answer."""
    _say(ack, view, client, here, "object")


def dissent(ack: Ack, view: Body, client: WebClient, here: Here) -> None:
    _say(ack, view, client, here, "dissent")


def _say(ack: Ack, view: Body, client: WebClient, here: Here, kind: str) -> None:
    reason = _reason(view)
    if len(reason) < SHORTEST:
        told = "Say why, in a sentence: it is read by who decides, and later by others."
        ack(response_action="errors", errors={"reason": told})
        return
    loop_id, decision_id = _ids(view["private_metadata"])
    with here.db.begin() as session:
        panel, said = _asked(session, here, loop_id, decision_id)
        decision = _require_may(panel, said, kind)
        said.says, said.reason, said.said_at = f"{kind}s", reason, here.now
        session.add(said)
        here.note(session, f"{kind}ed", loop_id, number=decision.number)
        if kind == "object":
            decision.state = State.OBJECTED
            session.add(decision)
            webhooks.moved_on(session, panel.loop, decision, here.now)
            manager = panel.opening.hiring_manager
            notices.owe(session, here.team_id, "objection", manager, loop_id, here.now)
        decided.show_homes(session, panel, here.now)
        session.flush()
        panel = stored_panels.find(session, here.team_id, loop_id)
    here.wake()
    told = (
        "Your objection is recorded, and the hiring manager is asked to answer it."
        if kind == "object"
        else "Your dissent is recorded with your name. Thank you."
    )
    shown = loop_view.window(panel, here.user_id, here.now, told)
    places.close_onto(shown, ack, view, client)


def _require_may(panel: Panel, said: Stance, kind: str) -> Decision:
    """Raises Refusal for who may not say this (any more)."""
    decision = panel.decision
    if decision is None or kind not in ("object", "dissent"):
        raise Refusal(OLD)
    if kind == "object" and said.role != Role.BAR_RAISER:
        raise Refusal("Only a bar raiser can object. You can record your dissent.")
    if kind == "dissent" and said.role == Role.BAR_RAISER:
        raise Refusal("As the bar raiser you object, which stops the decision; or you concur.")
    if said.says not in ("asked", "concurs"):
        raise Refusal("You have answered already: your reason stands in the record.")
    if kind == "object" and decision.state == State.IN_EFFECT:
        raise Refusal(f"{TOO_LATE}<@{panel.opening.hiring_manager}>.")
    return decision


def ask_answer(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    with here.db.begin() as session:
        panel = stored_panels.find(session, here.team_id, action["value"])
        decision, said = _objection(panel, here)
    places.open_window(form_view.answer_form(panel, decision, said), body, client)
    ack()


def answer(ack: Ack, view: Body, client: WebClient, here: Here) -> None:
    """The hiring manager answers an objection: the decision stands, or is withdrawn."""
    text = _reason(view)
    try:
        what = view["state"]["values"]["what"]["what"]["selected_option"]["value"]
    except (KeyError, TypeError):
        raise Refusal(OLD) from None
    if len(text) < SHORTEST:
        ack(response_action="errors", errors={"reason": "Answer it in a sentence or two."})
        return
    loop_id, decision_id, person = [*view["private_metadata"].split("|"), "", ""][:3]
    with here.db.begin() as session:
        panel = stored_panels.find(session, here.team_id, loop_id, alone=True)
        decision, said = _objection(panel, here)
        if (decision.id, said.person) != (decision_id, person):
            raise Refusal(OLD)
        said.answer, said.answered_at = text, here.now
        session.add(said)
        here.note(session, "objection answered", loop_id, number=decision.number, answer=what)
        notices.owe(session, here.team_id, "answered", said.person, loop_id, here.now)
        if what == form_view.WITHDRAW:
            _reopen(session, here, panel, decision, text)
            note = "Withdrawn. Decide anew when you are ready."
        else:
            note = "Answered. The decision stands."
        panel = _settled(session, here, loop_id)
    here.wake()
    shown = loop_view.window(panel, here.user_id, here.now, note)
    places.close_onto(shown, ack, view, client)


def _objection(panel: Panel, here: Here) -> tuple[Decision, Stance]:
    """The first objection that waits. Raises Refusal for anybody but the hiring manager."""
    manager, decision = panel.opening.hiring_manager, panel.decision
    if here.user_id != manager:
        raise Refusal(f"Only the hiring manager answers objections: <@{manager}>.")
    if decision is not None:
        for said in decisions.of(panel, decision):
            if said.says == "objects" and said.answered_at is None:
                return decision, said
    raise Refusal("There is no objection to answer: it was answered, or the decision reopened.")


def ask_reopening(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    with here.db.begin() as session:
        panel = stored_panels.find(session, here.team_id, action["value"])
    decision = decisions.require_reopening(panel, here.user_id)
    places.open_window(form_view.reopen_form(panel, decision), body, client)
    ack()


def reopen(ack: Ack, view: Body, client: WebClient, here: Here) -> None:
    reason = _reason(view)
    if len(reason) < SHORTEST:
        ack(response_action="errors", errors={"reason": "Say why, in a sentence."})
        return
    loop_id, decision_id = _ids(view["private_metadata"])
    with here.db.begin() as session:
        panel = stored_panels.find(session, here.team_id, loop_id, alone=True)
        decision = decisions.require_reopening(panel, here.user_id)
        if decision.id != decision_id:
            raise Refusal("There is a newer decision. Open the loop anew.")
        _reopen(session, here, panel, decision, reason)
        session.flush()
        panel = stored_panels.find(session, here.team_id, loop_id)
    here.wake()
    shown = loop_view.window(panel, here.user_id, here.now, "Reopened. Those concerned are told.")
    places.close_onto(shown, ack, view, client)


def _reopen(session: Session, here: Here, panel: Panel, decision: Decision, reason: str) -> None:
    """The decision holds no more; the loop is open again. It stays in the history. Who was never
    told of it hears nothing of this either."""
    was_told = decision.state == State.IN_EFFECT
    decision.state, decision.reopen_reason = State.REOPENED, reason
    decision.reopened_by, decision.reopened_at = here.user_id, here.now
    session.add(decision)
    panel.loop.state, panel.loop.ended_at = "active", None
    session.add(panel.loop)
    here.note(session, "decision reopened", panel.loop.id, number=decision.number)
    webhooks.moved_on(session, panel.loop, decision, here.now)
    people = decided.audience(panel) if was_told else []
    people += [each.person for each in decisions.of(panel, decision) if not was_told]
    for person in dict.fromkeys(people):
        if person != here.user_id:
            notices.owe(session, here.team_id, "reopened", person, panel.loop.id, here.now)
    decided.show_homes(session, panel, here.now)


def _settled(session: Session, here: Here, loop_id: str) -> Panel:
    """The loop after somebody said something to its decision, which may take effect by that."""
    session.flush()
    panel = stored_panels.find(session, here.team_id, loop_id)
    decision = panel.decision
    if decision is not None and not decided.settle(session, panel, here.user_id, here.now):
        waits = any(
            each.says == "objects" and each.answered_at is None
            for each in decisions.of(panel, decision)
        )
        if decision.state == State.OBJECTED and not waits:
            decision.state = State.WAITING  # For another bar raiser.
            session.add(decision)
            webhooks.moved_on(session, panel.loop, decision, here.now)
    decided.show_homes(session, panel, here.now)
    session.flush()
    return stored_panels.find(session, here.team_id, loop_id)


def _asked(session: Session, here: Here, loop_id: str, decision_id: str) -> tuple[Panel, Stance]:
    """Raises Refusal for who was not asked about this decision."""
    panel = stored_panels.find(session, here.team_id, loop_id, alone=True)
    return panel, decisions.require_stance(panel, decision_id, here.user_id)


def _ids(value: str) -> tuple[str, str]:
    loop_id, _, decision_id = str(value).partition("|")
    return loop_id, decision_id


def _reason(view: Body) -> str:
    """Raises Refusal for what no form of ours sends."""
    try:
        return (view["state"]["values"]["reason"]["reason"]["value"] or "").strip()
    except (KeyError, TypeError, AttributeError):
        raise Refusal(OLD) from None
