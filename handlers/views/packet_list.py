"""Ways to a packet: what is to be debriefed, which candidate is meant, what it still waits for."""

from collections.abc import Sequence
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    Element,
    HeaderBlock,
    MessageResponse,
    SectionBlock,
)

from bot import debriefs, panels
from bot.errors import Refusal
from bot.panels import Panel
from handlers.views import loop as loop_view
from handlers.views.page import Page
from handlers.views.text import count, escape, label, when

Payload = dict[str, Any]

MOST, MOST_AHEAD = 15, 20
UNKNOWN = (
    "I know no such candidate among the loops that you plan or sit on. Type their code, such as "
    "`/safety-interview debrief C-102`, or `/safety-interview debrief` for the list."
)
EMPTY = (
    "No debrief is open, and none is planned. Once all scorecards of a loop are in, it stands here "
    "with its packet."
)


def listed(found: Sequence[Panel], person: str) -> Page:
    """Debriefs that are open, then those that are next."""
    opened = [panel for panel in found if panel.is_revealed]
    coming = [panel for panel in found if not panel.is_revealed and panel.loop.debrief_at]
    coming.sort(key=lambda panel: str(panel.loop.debrief_at))
    blocks: list[Block] = []
    for title, group in (("Open debriefs", opened[:MOST]), ("Next debriefs", coming[:MOST])):
        if group:
            blocks.append(HeaderBlock(title))
            blocks += [_line(panel, person) for panel in group]
    return Page("Debriefs", blocks or [HeaderBlock("Debriefs"), SectionBlock(EMPTY)])


def choose(found: Sequence[Panel], total: int) -> Page:
    """Several candidates are called so."""
    more = f" These are the newest {len(found)}." if total > len(found) else ""
    blocks: list[Block] = [SectionBlock(f"{count(total, 'loop')} match. Which one?{more}")]
    for panel in found:
        state = "" if panel.loop.state == "active" else f" · {panel.loop.state}"
        text = f"*{escape(panel.candidate)}* · {escape(panel.opening.title)}{state}"
        blocks.append(SectionBlock(text, accessory=open_button(panel)))
    return Page("Which candidate?", blocks)


def _line(panel: Panel, person: str) -> Block:
    arrived = len(panel.awaited) - len(panel.missing)
    facts = [f"{arrived} of {len(panel.awaited)} in"]
    if panel.is_revealed:
        facts.append(f"opened {when(panel.loop.revealed_at)}")
    if panel.loop.debrief_at:
        facts.append(f"debrief {when(panel.loop.debrief_at)}")
    if panel.is_revealed and not panels.may_read(panel, person):
        facts.append("opens to you with your scorecard")
    text = f"*{escape(panel.candidate)}* · {escape(panel.opening.title)}\n{' · '.join(facts)}"
    return SectionBlock(text, accessory=open_button(panel))


def open_button(panel: Panel) -> Button:
    return Button(
        "Open", action_id="debrief_open", value=panel.loop.id,
        accessibility_label=label(f"Open the packet of {panel.candidate}"),
    )  # fmt: skip


def waiting(panel: Panel, person: str) -> Page:
    """Why there is nothing to read yet, and what this person can do about it."""
    told = ""
    try:
        debriefs.require_reader(panel, person)
    except Refusal as refusal:
        told = str(refusal)
    debrief = f"\nThe debrief is {when(panel.loop.debrief_at)}." if panel.loop.debrief_at else ""
    mine = [chair for chair in panel.missing if chair.seat.person == person][:1]
    buttons: list[Element] = [loop_view.card_button(chair.interview.id, chair) for chair in mine]
    if panel.plans(person) and not panel.is_revealed and any(each.is_in for each in panel.awaited):
        button = Button("Open scorecards…", action_id="loop_reveal", value=panel.loop.id)
        buttons.append(button)
    buttons.append(Button("Loop", action_id="loop_show", value=panel.loop.id))
    return Page(
        f"Packet of {panel.candidate}",
        [SectionBlock(f"{told}{debrief}"), ActionsBlock(buttons, block_id="packet_waits")],
    )


def news(panel: Panel) -> Payload:
    """That a packet is there: who is in the channel may not be on the panel, so no more."""
    arrived = len(panel.awaited) - len(panel.missing)
    text = (
        f"The packet of *{escape(panel.candidate)}* is ready: {arrived} of "
        f"{count(len(panel.awaited), 'scorecard')}. It opens for those who may read it, "
        "each for themselves."
    )
    buttons: list[Element] = [
        Button("Open packet", action_id="debrief_open", value=panel.loop.id, style="primary"),
        Button("Start debrief…", action_id="debrief_start", value=panel.loop.id),
    ]
    return MessageResponse(
        text=text,
        blocks=[SectionBlock(text, block_id="told"), ActionsBlock(buttons, block_id="packet_news")],
    ).to_dict()
