"""A decision as it is shown: in the loop's window, on Home, and in what people are told."""

from datetime import datetime
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ContextBlock,
    Element,
    SectionBlock,
    Text,
)

from bot import decisions, panels
from bot.decisions import Outcome, State
from bot.panels import Panel
from bot.records import Decision, Stance
from handlers.views import moves as moves_view
from handlers.views import votes as votes_view
from handlers.views import words
from handlers.views.text import escape, label, when

Payload = dict[str, Any]


def title(panel: Panel, decision: Decision) -> str:
    """What was decided, in a few words of plain text."""
    return decisions.in_words(panel, decision)


def state(panel: Panel, decision: Decision) -> str:
    """Where the decision stands, as a sentence."""
    match State(decision.state):
        case State.WAITING:
            raisers = ", ".join(
                f"<@{each.person}>"
                for each in decisions.of(panel, decision)
                if each.role == "bar_raiser" and each.says == "asked"
            )
            return f"It takes effect {when(decision.due_at)}, or once {raisers} has concurred."
        case State.OBJECTED:
            return f"*An objection stops it* until <@{panel.opening.hiring_manager}> answers."
        case State.REOPENED:
            return f"Reopened by <@{decision.reopened_by}> {when(decision.reopened_at)}."
        case State.IN_EFFECT:
            return ""


def opener(loop_id: str, text: str = "Decide…") -> Button:
    return Button(text, action_id="decision_open", value=loop_id, style="primary")


def section(panel: Panel, user_id: str) -> list[Block]:
    """The loop's window after the reveal: what was decided, what this person may do about it."""
    if not panel.is_revealed:
        return []
    blocks: list[Block] = []
    for decision in panel.decisions:
        blocks += _decision(panel, decision, user_id)
    if panels.may_read(panel, user_id):
        blocks.append(ContextBlock([Text(moves_view.summary(panel))], block_id="moves"))
    buttons = _buttons(panel, user_id)
    if buttons:
        blocks.append(ActionsBlock(buttons, block_id="decision"))
    return blocks


def _decision(panel: Panel, decision: Decision, user_id: str) -> list[Block]:
    reads = panels.may_read(panel, user_id)
    head = f"*Decided: {escape(title(panel, decision))}* · <@{decision.by}>"
    head += f" {when(decision.decided_at)}"
    if decision.state == State.REOPENED:
        head = f"~Decided: {escape(title(panel, decision))}~ · {state(panel, decision)}"
        reason = f"\n>{escape(_flat(decision.reopen_reason))}" if decision.reopen_reason else ""
        return [SectionBlock(f"{head}{reason}"[:3000])]
    told = state(panel, decision)
    blocks: list[Block] = [SectionBlock(f"{head}\n{told}" if told else head)]
    if reads and decision.rationale:
        blocks += words.quoted(decision.rationale)
    stances = decisions.of(panel, decision)
    lines = [line for each in stances if (line := stance(panel, each, reads=reads))]
    blocks += [SectionBlock(line[:3000]) for line in lines[:12]]
    return blocks


def _flat(text: str) -> str:
    return " ".join(text.split())


def stance(panel: Panel, said: Stance, *, reads: bool) -> str:
    """What somebody said to a decision, with the reason for those who may read it; "" while they
    have said nothing."""
    who = f"<@{said.person}>"
    reason = f"\n>{escape(_flat(said.reason))}" if reads and said.reason else ""
    match said.says:
        case "concurs":
            return f"{who} (bar raiser) concurs." if said.role == "bar_raiser" else ""
        case "dissents":
            return f"{who} dissents.{reason}"
        case "objects":
            answer = ""
            if said.answered_at is not None:
                manager = panel.opening.hiring_manager
                answer = f"\nAnswered by <@{manager}> {when(said.answered_at)}."
                answer += f"\n>{escape(_flat(said.answer))}" if reads and said.answer else ""
            return f"{who} (bar raiser) objects.{reason}{answer}"
    return ""


def _buttons(panel: Panel, user_id: str) -> list[Element]:
    loop, decision = panel.loop, panel.decision
    buttons = steps(panel, user_id)
    if panel.plans(user_id) and panel.decisions:
        buttons.append(record_button(loop.id))
        if decision is not None and loop.erased_at is None and loop.state != "withdrawn":
            buttons.append(Button("Reopen…", action_id="decision_reopen", value=loop.id))
    return buttons


def steps(panel: Panel, user_id: str) -> list[Element]:
    """What this person may do next on the way to a decision, and see of it."""
    loop, decision = panel.loop, panel.decision
    buttons: list[Element] = []
    is_manager = user_id == panel.opening.hiring_manager
    pending = decision is not None and decision.state in (State.WAITING, State.OBJECTED)
    if is_manager and loop.state == "active" and not pending:
        buttons.append(opener(loop.id))
    if is_manager and decision is not None and decision.state == State.OBJECTED:
        buttons.append(answerer(loop.id))
    mine = decisions.stance(panel, user_id)
    if mine is not None and mine.says == "asked":
        buttons += answers(mine)
    if can_vote(panel, user_id):
        again = any(each.person == user_id for each in panel.views)
        buttons.append(votes_view.opener(loop.id, again=again))
    if panels.may_read(panel, user_id):
        buttons.append(Button("Before and after", action_id="votes_show", value=loop.id))
    return buttons


def can_vote(panel: Panel, user_id: str) -> bool:
    mine = [chair for chair in panel.awaited if chair.seat.person == user_id]
    return bool(mine) and all(chair.is_in for chair in mine) and panel.loop.state == "active"


def record_button(loop_id: str) -> Button:
    return Button("Export record", action_id="record_send", value=loop_id)


def answerer(loop_id: str) -> Button:
    return Button(
        "Answer the objection…", action_id="objection_answer", value=loop_id, style="primary"
    )


def answers(asked: Stance) -> list[Element]:
    """What somebody who was asked may say."""
    value = f"{asked.loop_id}|{asked.decision_id}"
    concur = Button("Concur", action_id="stance_concur", value=value)
    if asked.role == "bar_raiser":
        return [concur, Button("Object…", action_id="stance_object", value=value)]
    return [concur, Button("Record my dissent…", action_id="stance_dissent", value=value)]


def glance(panel: Panel) -> str:
    """A few words for a list of loops; "" where nothing was decided."""
    decision = panel.decision
    if decision is None:
        return "deciding" if panel.is_revealed and panel.loop.state == "active" else ""
    told = f"decided {when(decision.decided_at)}: {escape(title(panel, decision))}"
    waits = {State.WAITING: " (the bar raiser is asked)", State.OBJECTED: " (objection)"}
    return told + waits.get(State(decision.state), "")


def needs(panel: Panel, user_id: str, now: datetime) -> tuple[str, Button] | None:
    """What the decision of this loop needs from this person, and the button for it. Before the
    debrief nobody is asked to decide, though they may."""
    who, decision = f"*{escape(panel.candidate)}*", panel.decision
    spoken = label(f"Decide on {panel.candidate}")
    if user_id == panel.opening.hiring_manager and panel.loop.state == "active":
        if decision is not None and decision.state == State.OBJECTED:
            return f"{who}: a bar raiser objects to your decision", answerer(panel.loop.id)
        owes = any(chair.seat.person == user_id for chair in panel.missing)
        is_over = panel.loop.debrief_at is None or panel.loop.debrief_at <= now
        if decisions.is_open(panel, now.date()) and is_over and not owes:
            held = decision is not None and decision.outcome == Outcome.HOLD
            told = "the hold is over" if held else "the scorecards are open"
            button = Button(
                "Decide…", action_id="decision_open", value=panel.loop.id, style="primary",
                accessibility_label=spoken,
            )  # fmt: skip
            return f"{who}: {told}; the decision is yours", button
    mine = decisions.stance(panel, user_id)
    ended = panel.loop.state == "withdrawn" or panel.loop.erased_at is not None
    if decision is not None and mine is not None and mine.says == "asked" and not ended:
        what = escape(title(panel, decision))
        look = Button(
            "Look", action_id="loop_show", value=panel.loop.id,
            accessibility_label=label(f"Show {panel.candidate}"),
        )  # fmt: skip
        if mine.role == "bar_raiser":
            return f"{who}: decided *{what}*. Do you concur?", look
        return f"{who}: decided *{what}*. You saw it otherwise: record a dissent?", look
    return None
