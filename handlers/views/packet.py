"""The packet, page by page: the matrix, what to discuss, the spread, the recommendations last."""

from collections.abc import Sequence
from typing import Literal

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ContextBlock,
    Element,
    HeaderBlock,
    SectionBlock,
    StaticSelectMenu,
    Text,
)

from bot import openings, packets, scorecards
from bot.content import Bank
from bot.packets import Card, Packet, Topic
from bot.records import Debrief
from handlers.views import decision as decision_view
from handlers.views import matrix, outcome
from handlers.views.page import Page
from handlers.views.paging import MOST_BLOCKS, MOST_TEXT, Piece, paged
from handlers.views.reasons import absent, reasons
from handlers.views.text import choice, count, escape, label, quoted, when

FRAME_TEXT, FRAME_BLOCKS = 1_000, 4  # What stands on every page, menus aside.
NOTHING = (
    "Nothing stands out: no 1, nobody far apart, no gap. The evidence of each question is in the "
    "menu below."
)


def page(
    bank: Bank, packet: Packet, number: int, debrief: Debrief | None = None, person: str = ""
) -> Page:
    """One page of the packet, counted from 0, with what `person` may do from there."""
    pages = _pages(bank, packet)
    number = max(0, min(number, len(pages) - 1))
    title = f"Packet of {packet.panel.candidate}"
    blocks: list[Block] = [
        HeaderBlock(label(title, 150)),
        ContextBlock([Text(_facts(packet, number, len(pages)))]),
        *pages[number],
        *_foot(packet, number, len(pages), debrief, person),
    ]
    return Page(title, blocks)


def _pages(bank: Bank, packet: Packet) -> list[list[Block]]:
    menu = sum(len(row.title) for row in packet.rows)
    return paged(
        list(_pieces(bank, packet)),
        text=FRAME_TEXT + menu, blocks=FRAME_BLOCKS,
        most_text=MOST_TEXT, most_blocks=MOST_BLOCKS,
    )  # fmt: skip


def _facts(packet: Packet, number: int, pages: int) -> str:
    panel = packet.panel
    parts = [
        f"{escape(panel.opening.title)} · {panel.opening.level}",
        f"{len(packet.cards)} of {count(len(panel.awaited), 'scorecard')}, "
        f"opened {when(panel.loop.revealed_at)}",
    ]
    if pages > 1:
        parts.append(f"page {number + 1} of {pages}")
    return " · ".join(parts)


def _pieces(bank: Bank, packet: Packet) -> list[Piece]:
    pieces: list[Piece] = []
    gone = absent(packet)
    if gone:
        lines = "\n".join(f"•  {line}" for line in gone)
        pieces += [
            [SectionBlock(part)] for part in _sections(f":warning: *Read this first*\n{lines}")
        ]
    pieces += outcome.heading(packet.panel)
    if not packet.cards:
        return [*pieces, [SectionBlock("No scorecard that counts was handed in.")]]
    pieces += matrix.tables(bank, packet)
    pieces.append([matrix.legend(bank, packet)])
    topics = [_topic(bank, packet, at, each) for at, each in enumerate(packet.topics, start=1)]
    head = HeaderBlock("To discuss, in this order")
    if topics:
        pieces += [[head, *topics[0]], *topics[1:]]
    else:
        pieces.append([head, SectionBlock(NOTHING)])
    chart = matrix.chart(bank, packet)
    if chart:
        pieces.append(chart)
    # Each block by itself: a team's own fields may hold long texts.
    said = [block for card in packet.cards for block in overall(bank, packet, card)]
    pieces += [[HeaderBlock("Overall, read last"), said[0]], *([block] for block in said[1:])]
    return pieces + outcome.pieces(bank, packet.panel)


def _sections(text: str) -> list[str]:
    """`text` in parts that a section takes, broken between lines."""
    parts = [""]
    for line in text.splitlines():
        if len(parts[-1]) + len(line) + 1 > 2900:
            parts.append("")
        parts[-1] = f"{parts[-1]}\n{line}" if parts[-1] else line
    return parts


def _topic(bank: Bank, packet: Packet, number: int, topic: Topic) -> list[Block]:
    area = bank.areas[topic.area].title if topic.area else ""
    about = f" · {escape(area)}" if area and area != topic.title else ""
    lines = "\n".join(reasons(bank, packet, topic))
    button = Button(
        "Evidence", action_id="packet_topic", value=f"{packet.panel.loop.id}|{topic.key}",
        accessibility_label=label(f"Evidence: {topic.title}"),
    )  # fmt: skip
    first, *more = _sections(f"*{number}. {escape(topic.title)}*{about}\n{lines}")
    return [SectionBlock(first, accessory=button), *map(SectionBlock, more)]


def overall(bank: Bank, packet: Packet, card: Card) -> list[Block]:
    """What somebody said of the candidate as a whole: of what the panel may read."""
    chair, fields = card.chair, card.answers["fields"]
    about = (
        f"{chair.role.label}, {openings.round_title(packet.panel.opening, chair.interview.round)}"
    )
    chosen, written = [], []
    for field in scorecards.readable(bank.scorecard, planner=False):
        value = str(fields.get(field.id, ""))
        if field.kind == "choice" and value:
            chosen.append(f"{escape(field.label)}: *{escape(field.options.get(value, value))}*")
        elif value:
            written.append((field.label, value))
    said = "\n".join(chosen) or "Nothing was said overall."
    blocks: list[Block] = [SectionBlock(f"<@{card.person}> · {escape(about)}\n{said}")]
    for name, text in written:
        first, *more = quoted(text)
        blocks += [SectionBlock(f"*{escape(name)}*\n{first}"), *map(SectionBlock, more)]
    return blocks


def _foot(
    packet: Packet, number: int, pages: int, debrief: Debrief | None, person: str
) -> list[Block]:
    loop = packet.panel.loop
    turns: list[Element] = []
    if number > 0:
        turns.append(
            Button("Earlier page", action_id="packet_turn_back", value=f"{loop.id}|{number - 1}")
        )
    if number + 1 < pages:
        turns.append(
            Button(
                f"Next page ({number + 2} of {pages})", action_id="packet_turn_next",
                value=f"{loop.id}|{number + 1}", style="primary",
            )
        )  # fmt: skip
    does: list[Element] = [*turns, Button("As a file", action_id="packet_file", value=loop.id)]
    if loop.state == "active":
        does.append(start_button(loop.id, debrief, last=number + 1 == pages))
    does += decision_view.steps(packet.panel, person)
    does.append(Button("Loop", action_id="loop_show", value=loop.id))
    if packet.rows:
        options = [
            choice(label(row.title), f"{loop.id}|{packets.row_key(row)}")
            for row in packet.rows[:100]
        ]
        menu = StaticSelectMenu(
            action_id="packet_pick", placeholder="Evidence of any question", options=options
        )
        return [
            ActionsBlock(does, block_id="packet_do"),
            ActionsBlock([menu], block_id="packet_any"),
        ]
    return [ActionsBlock(does, block_id="packet_do")]


def start_button(loop_id: str, debrief: Debrief | None, *, last: bool) -> Button:
    """On the last page it is what comes next."""
    style: Literal["primary"] | None = "primary" if last else None
    if debrief is None:
        return Button("Start debrief…", action_id="debrief_start", value=loop_id, style=style)
    text = "Debrief notes" if debrief.state == "ended" else "Debrief is running"
    return Button(text, action_id="debrief_notes", value=f"{loop_id}|0", style=style)


def sentences(lines: Sequence[str]) -> list[Block]:
    return [SectionBlock(part) for part in _sections("\n".join(lines))]
