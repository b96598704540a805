"""What goes to whom and when for one loop, and what was sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ContextBlock,
    HeaderBlock,
    ModalView,
    OverflowMenu,
    SectionBlock,
    Text,
)

from bot import openings
from bot.nudges import REMINDERS
from bot.panels import Panel
from bot.records import Notice
from handlers.views import loop_list
from handlers.views.page import Page
from handlers.views.text import choice, count, escape, label, when

Payload = dict[str, Any]

PER_PAGE = 10  # Each takes a block, and its text; a message shows some 9,500 characters.
MOST_SENT = 20
NAMES = {
    "brief": "the brief, or what changed",
    "debrief": "when the debrief is",
    "morning": "working morning before",
    "soon": "right before the interview",
    "nudge": "asked for the scorecard",
    "nudge1": "first reminder",
    "nudge2": "second reminder",
    "nudge3": "third reminder",
    "asked": "“Nudge now”",
    "late": "told who is late",
    "still": "still missing, in the digest",
    "arrived": "a scorecard came in, in the digest",
    "away": "told who is away",
    "absent": "told who was not there",
    "unheld": "told what did not happen",
    "cannot": "told who can't make it",
    "ready1": "how far the panel is",
    "ready2": "how far the panel is, again",
    "ready3": "how far the panel is, once more",
    "final": "right before the debrief",
    "decide": "the decision is due",
    "reveal": "the scorecards are open",
}
AT_ONCE = {"morning", *REMINDERS, "still", "arrived", "ready1", "ready2", "ready3"}
DO = {"now": "Send now", "hold": "Hold", "resume": "Resume", "skip": "Skip"}
EMPTY = "Nothing more goes out for this loop by itself."


def page(panel: Panel, ahead: Sequence[Notice], past: Sequence[Notice], at: int, note: str) -> Page:
    """`ahead` is what is owed, the earliest first; `past` what was sent or left out, the newest
    first."""
    blocks: list[Block] = [
        HeaderBlock(label(f"Nudges of {panel.candidate}", 150)),
        ContextBlock([Text(note or f"{count(len(ahead), 'message')} to come. Times are yours.")]),
    ]
    shown = ahead[at * PER_PAGE : (at + 1) * PER_PAGE]
    for number, notice in enumerate(shown):
        blocks.append(
            SectionBlock(
                _ahead(panel, notice),
                accessory=OverflowMenu(
                    action_id=f"nudge_do_{number}",
                    options=[choice(DO[verb], f"{verb}|{notice.id}") for verb in _verbs(notice)],
                ),
            )
        )
    if not ahead:
        blocks.append(SectionBlock(EMPTY))
    if len(ahead) > PER_PAGE:
        pages = (len(ahead) - 1) // PER_PAGE + 1
        following = (at + 1) % pages
        text = f"Page {at + 1} of {pages}: show the next"
        more = Button(text, action_id="nudge_plan_page", value=f"{panel.loop.id}|{following}")
        blocks.append(ActionsBlock([more]))
    if past:
        lines = "\n".join(_past(panel, notice) for notice in past[:MOST_SENT])
        blocks += [HeaderBlock("Sent, and left out"), SectionBlock(lines[:3000])]
    return Page(f"Nudges of {panel.candidate}", blocks)


def window(shown: Page, loop_id: str) -> Payload:
    return ModalView(
        title="Nudges", blocks=shown.blocks, close="Close", callback_id="nudge_plan",
        private_metadata=loop_id,
    ).to_dict()  # fmt: skip


def choose(panels: Sequence[Panel], now: datetime) -> Page:
    """Which loop?"""
    blocks: list[Block] = [HeaderBlock("Nudges")]
    for panel in panels:
        button = Button(
            "Nudges", action_id="nudge_plan", value=panel.loop.id,
            accessibility_label=label(f"Nudges of {panel.candidate}"),
        )  # fmt: skip
        blocks.append(SectionBlock(loop_list.line(panel, now), accessory=button))
    if not panels:
        blocks.append(SectionBlock("You plan no active loop, so nothing of yours goes out."))
    return Page("Nudges", blocks)


def _verbs(notice: Notice) -> list[str]:
    hold = "resume" if notice.state == "held" else "hold"
    return [*(["now"] if notice.kind in AT_ONCE else []), hold, "skip"]


def _ahead(panel: Panel, notice: Notice) -> str:
    held = "*held* · " if notice.state == "held" else ""
    going = "*on its way* · " if notice.state in ("joined", "sending") else ""
    return f"{held}{going}{when(notice.due_at)} · <@{notice.recipient}>: {_what(panel, notice)}"


def _past(panel: Panel, notice: Notice) -> str:
    who = f"<@{notice.recipient}>: {_what(panel, notice)}"
    if notice.state == "sent":
        return f"✓ {when(notice.sent_at)} · {who}"
    if notice.state == "failed":
        return f"✗ {when(notice.due_at)} · {who} (it could not be sent)"
    why = f" ({notice.reason})" if notice.reason else ""
    return f"– {when(notice.due_at)} · {who}{why}"


def _what(panel: Panel, notice: Notice) -> str:
    interview = next((each for each in panel.interviews if each.id == notice.subject), None)
    title = f", {openings.round_title(panel.opening, interview.round)}" if interview else ""
    about = f" (<@{notice.about}>)" if notice.about else ""
    return f"{NAMES[notice.kind]}{about}{escape(title)}"
