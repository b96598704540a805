"""A loop: who interviews when, whose scorecard is in; and the list of loops. Never a score."""

from datetime import datetime
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ContextBlock,
    DividerBlock,
    Element,
    HeaderBlock,
    ModalView,
    SectionBlock,
    Text,
)

from bot import clashes, panels
from bot.panels import Chair, Panel, Status
from bot.plans import Role, State
from bot.records import Interview
from handlers.views import decision as decision_view
from handlers.views import happened
from handlers.views.text import count, escape, label, link, when

Payload = dict[str, Any]

SIGNS = {
    Status.UPCOMING: "–",
    Status.DUE: "○",
    Status.DRAFT: "✎",
    Status.IN: "✓",
    Status.EXCUSED: "–",
    Status.NOT_HELD: "–",
}


def window(panel: Panel, user_id: str, now: datetime, note: str = "") -> Payload:
    """The loop as `user_id` may see it. `note` is a sentence above it."""
    blocks: list[Block] = [ContextBlock([Text(note)], block_id="note")] if note else []
    if panel.undo is not None and panel.plans(user_id) and now < panel.undo.until:
        undo = Button("Undo", action_id="loop_undo", value=panel.loop.id)
        blocks.append(ActionsBlock([undo], block_id="loop_undo"))
    blocks += [
        HeaderBlock(label(panel.candidate, 150)),
        SectionBlock(_facts(panel, user_id)),
        ContextBlock([Text(progress(panel))], block_id="progress"),
    ]
    for interview in panel.interviews:
        blocks += _interview(panel, interview, user_id, now)
    blocks += decision_view.section(panel, user_id)
    if panels.may_read(panel, user_id) and panel.loop.erased_at is None:
        packet = Button("Packet", action_id="debrief_open", value=panel.loop.id, style="primary")
        blocks.append(ActionsBlock([packet], block_id="loop_packet"))
    if panel.plans(user_id):
        blocks += [DividerBlock(), ActionsBlock(_planners(panel), block_id="loop_plan")]
    return ModalView(
        title="Loop", blocks=blocks[:100], close="Close", callback_id="loop",
        private_metadata=panel.loop.id,
    ).to_dict()  # fmt: skip


def _facts(panel: Panel, user_id: str) -> str:
    loop = panel.loop
    lines = [f"*{escape(panel.opening.title)}* · {panel.opening.level}"]
    if loop.state != "active":
        lines.append(f"*{loop.state.capitalize()}*")
    if loop.debrief_at:
        place = f" · {escape(loop.debrief_place)}" if loop.debrief_place else ""
        lines.append(f"Debrief {when(loop.debrief_at)}{place}")
    if loop.link and panel.plans(user_id):
        lines.append(link(loop.link, "Their record"))
    return "\n".join(lines)


def progress(panel: Panel) -> str:
    """How many are in, and what that means for what may be read."""
    owed = len(panel.awaited)
    arrived = owed - len(panel.missing)
    text = f"{arrived} of {count(owed, 'scorecard')} in."
    if panel.is_revealed:
        early = (
            f" Opened early: {escape(panel.loop.reveal_reason)}" if panel.loop.reveal_reason else ""
        )
        return f"{text} They were opened {when(panel.loop.revealed_at)}.{early}"
    return f"{text} They stay sealed until the last one is in."


def _interview(panel: Panel, interview: Interview, user_id: str, now: datetime) -> list[Block]:
    title = clashes.title(panel.opening, interview.round)
    chairs = [chair for chair in panel.chairs if chair.interview.id == interview.id]
    head = f"{title} · {interview.minutes} min · {when(interview.starts_at)}"
    if interview.state != State.PLANNED:
        ended = {"cancelled": "cancelled", "no_show": "no-show", "not_held": "did not happen"}
        reason = f": {escape(interview.reason)}" if interview.reason else ""
        head = f"~{title}~ · {ended[interview.state]}{reason}"
    lines = [head, *(_chair(panel, chair, now) for chair in chairs)]
    if not any(chair.role is Role.LEAD for chair in chairs) and interview.state == State.PLANNED:
        lines.append(":warning: nobody yet")
    may = panel.plans(user_id) and interview.state == State.PLANNED and chairs
    menu = happened.menu(panel, interview) if may and interview.starts_at <= now else None
    blocks: list[Block] = [
        SectionBlock("\n".join(lines), block_id=f"at_{interview.id}", accessory=menu)
    ]
    buttons = _own(panel, interview, user_id)
    if buttons:
        blocks.append(ActionsBlock(buttons, block_id=f"do_{interview.id}"))
    return blocks


def _chair(panel: Panel, chair: Chair, now: datetime) -> str:
    role = "" if chair.role is Role.LEAD else f" ({chair.role.label.lower()})"
    status = chair.status(now)
    lost = " · :warning: unreachable" if chair.seat.person in panel.unreachable else ""
    return f"{SIGNS[status]} <@{chair.seat.person}>{role}: {status}{lost}"


def _own(panel: Panel, interview: Interview, user_id: str) -> list[Element]:
    """What this person may do about this interview."""
    mine = panel.chair(interview.id, user_id)
    buttons: list[Element] = []
    if mine is not None and mine.writes:
        buttons += [kit_button(interview.id), card_button(interview.id, mine)]
    for chair in panel.chairs:
        others = chair.interview.id == interview.id and chair.seat.person != user_id
        if others and chair.card and panels.may_read_card(panel, chair, user_id):
            text = "Read scorecard" if chair.role is Role.LEAD else f"Read ({chair.role.label})"
            action_id = f"card_read_{len(buttons)}"
            buttons.append(Button(text, action_id=action_id, value=chair.card.id))
    return buttons


def kit_button(interview_id: str) -> Button:
    return Button("Kit", action_id="kit_mine", value=interview_id)


def card_button(interview_id: str, chair: Chair | None = None) -> Button:
    text = "Scorecard"
    if chair is not None and chair.is_in:
        text = "Amend scorecard"
    elif chair is not None and chair.card is not None:
        text = "Finish scorecard"
    return Button(text, action_id="card_open", value=interview_id, style="primary")


def _planners(panel: Panel) -> list[Element]:
    loop = panel.loop
    buttons: list[Element] = []
    if loop.state == "active":
        buttons += [
            Button("Change…", action_id="loop_change", value=loop.id),
            Button("Nudges…", action_id="nudge_plan", value=loop.id),
            Button("Candidate withdraws…", action_id="loop_withdraw", value=loop.id),
        ]
    if not panel.is_revealed and any(chair.is_in for chair in panel.awaited):
        buttons.append(Button("Open scorecards…", action_id="loop_reveal", value=loop.id))
    buttons.append(Button("Something else happened…", action_id="loop_happened", value=loop.id))
    buttons.append(Button("Export…", action_id="export_open", value=f"loop|{loop.id}"))
    buttons.append(Button("Audit", action_id="audit_open", value=loop.id))
    if loop.erased_at is None:
        buttons.append(Button("Erase…", action_id="erase_open", value=loop.id, style="danger"))
    return buttons


def sentence(title: str, text: str) -> Payload:
    """A modal that says how it went."""
    return ModalView(title=title, blocks=[SectionBlock(text)], close="Close").to_dict()
