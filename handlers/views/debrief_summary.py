"""What came of a debrief: how far it was, and every note under its topic."""

from collections.abc import Sequence

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ContextBlock,
    Element,
    HeaderBlock,
    SectionBlock,
    Text,
)

from bot.panels import Panel
from bot.records import Debrief, DebriefNote
from handlers.views import decision as decision_view
from handlers.views.page import Page
from handlers.views.paging import MOST_BLOCKS, MOST_TEXT, Piece, paged
from handlers.views.text import count, escape, label, quoted, when


def summary(
    panel: Panel, debrief: Debrief, notes: Sequence[DebriefNote], person: str, number: int = 0
) -> Page:
    """What was noted, topic by topic, for one person who may read it. From here the panel says what
    it thinks now, and the hiring manager decides."""
    pages = paged(
        list(_noted(debrief, notes)),
        text=900, blocks=4, most_text=MOST_TEXT, most_blocks=MOST_BLOCKS,
    )  # fmt: skip
    number = max(0, min(number, len(pages) - 1))
    title = f"Debrief of {panel.candidate}"
    state = "It is over" if debrief.state == "ended" else "It is running"
    facts = f"{state}: {reached(debrief)}." if debrief.state == "ended" else f"{state}."
    if len(pages) > 1:
        facts += f" Page {number + 1} of {len(pages)}."
    buttons: list[Element] = []
    loop = panel.loop
    if debrief.state == "ended":
        buttons += decision_view.steps(panel, person)
        if person != panel.opening.hiring_manager and loop.state == "active":
            facts += f" <@{panel.opening.hiring_manager}> decides."
    if number > 0:
        buttons.append(
            Button("Earlier page", action_id="notes_back", value=f"{loop.id}|{number - 1}")
        )
    if number + 1 < len(pages):
        buttons.append(Button("Next page", action_id="notes_next", value=f"{loop.id}|{number + 1}"))
    buttons.append(Button("Packet", action_id="debrief_open", value=loop.id))
    if debrief.state == "ended" and loop.state == "active":
        buttons.append(Button("Take it up again", action_id="debrief_resume", value=loop.id))
    return Page(
        title,
        [
            HeaderBlock(label(title, 150)),
            ContextBlock([Text(facts)], block_id="facts"),
            *pages[number],
            ActionsBlock(buttons, block_id="debrief_summary"),
        ],
    )


def _noted(debrief: Debrief, notes: Sequence[DebriefNote]) -> list[Piece]:
    """Every note under its topic, in the order of the agenda; topics without any in one line."""
    pieces: list[Piece] = []
    silent = []
    for item in debrief.topics:
        mine = [note for note in notes if note.topic == item["key"]]
        if not mine:
            silent.append(escape(item["title"]))
            continue
        head: list[Block] = [SectionBlock(f"*{escape(item['title'])}*")]
        for note in mine:
            first, *more = quoted(note.text, 2700)
            pieces.append([*head, SectionBlock(f"<@{note.person}>, {when(note.at)}\n{first}")])
            pieces += [[SectionBlock(part)] for part in more]
            head = []
    if silent:
        pieces.append([SectionBlock(label(f"Nothing was noted on: {', '.join(silent)}.", 3000))])
    return pieces


def reached(debrief: Debrief) -> str:
    took = (debrief.ended_at or debrief.until) - debrief.started_at
    minutes = max(1, round(took.total_seconds() / 60))
    return (
        f"{debrief.seen + 1} of {count(len(debrief.topics), 'topic')}, {count(minutes, 'minute')}"
    )
