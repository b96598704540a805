"""An opening: its form, its page, and the kits that are pinned for it."""

from collections.abc import Sequence
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    Confirm,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    ModalView,
    SectionBlock,
    Text,
)

from bot.content import Bank, Level, Specialization
from bot.openings import SHOWN_AS
from bot.records import Opening
from handlers.views.page import Page
from handlers.views.text import count, escape

Payload = dict[str, Any]

MOST_LISTED = 20  # A message holds 50 blocks, and each opening takes two.


def window(bank: Bank, opening: Opening, user_id: str, note: str = "") -> Payload:
    """The opening in a modal. `note` is a sentence above it."""
    return ModalView(
        title="Opening",
        blocks=[*([ContextBlock([Text(note)])] if note else []), *_body(bank, opening, user_id)],
        close="Close",
        callback_id="opening",
        private_metadata=opening.id,
    ).to_dict()


def _body(bank: Bank, opening: Opening, user_id: str) -> list[Block]:
    blocks: list[Block] = [
        HeaderBlock(opening.title),
        SectionBlock(_facts(bank, opening)),
        ContextBlock([Text("Every candidate is asked the same questions, in this order.")]),
    ]
    for kit in opening.kits:
        asked = sum("question" in line for line in kit["lines"])
        blocks.append(
            SectionBlock(
                f"*{escape(kit['title'])}* · {kit['minutes']} min · {count(asked, 'question')}",
                accessory=Button(
                    "Read", action_id="opening_kit", value=f"{opening.id}|{kit['id']}",
                    accessibility_label=f"Read the kit: {kit['title']}"[:75],
                ),
            )
        )  # fmt: skip
    if user_id in (*opening.coordinators, opening.hiring_manager):
        blocks += [
            DividerBlock(),
            ActionsBlock([_end(opening), _export(opening)], block_id="opening_end"),
        ]
    return blocks


def _facts(bank: Bank, opening: Opening) -> str:
    special = Specialization(opening.specialization)
    parts = [bank.levels[Level(opening.level)].title]
    if special is not Specialization.NONE:
        parts.append(bank.specializations[special].title)
    parts += [] if opening.closed_at is None else ["closed"]
    coordinators = ", ".join(f"<@{each}>" for each in opening.coordinators)
    shown = SHOWN_AS[opening.shown_as].partition(",")[0].lower()
    lines = [
        f"*{escape(' · '.join(parts))}*",
        f"Hiring manager <@{opening.hiring_manager}> · coordinated by {coordinators}",
        f"Candidates shown by {shown}, data kept for {opening.keep_months} months"
        + (f" · panel in <#{opening.channel}>" if opening.channel else ""),
    ]
    return "\n".join(lines)


def _export(opening: Opening) -> Button:
    return Button("Export…", action_id="export_open", value=f"opening|{opening.id}")


def _end(opening: Opening) -> Button:
    if opening.closed_at is not None:
        return Button("Open again", action_id="opening_reopen", value=opening.id)
    return Button(
        "Close the opening",
        action_id="opening_close",
        value=opening.id,
        confirm=Confirm(
            "Close this opening?",
            "No new loops can be planned for it. It can be opened again.",
            "Close it",
            "Keep it open",
        ),
    )


def listed(bank: Bank, openings: Sequence[Opening]) -> Page:
    """The team's openings, with a way to make one."""
    blocks: list[Block] = [
        HeaderBlock("Openings"),
        ActionsBlock(
            [Button("New opening", action_id="opening_new", style="primary")],
            block_id="opening_new",
        ),
    ]
    if not openings:
        blocks.append(
            SectionBlock(
                "There is no opening yet. An opening pins the questions for a role, so that "
                "every candidate is asked the same."
            )
        )
    for opening in openings[:MOST_LISTED]:
        button = Button(
            "Show", action_id="opening_show", value=opening.id,
            accessibility_label=f"Show {opening.title}"[:75],
        )  # fmt: skip
        blocks.append(
            SectionBlock(f"*{escape(opening.title)}*\n{_facts(bank, opening)}", accessory=button)
        )
    if len(openings) > MOST_LISTED:
        blocks.append(ContextBlock([Text(f"The newest {MOST_LISTED} of {len(openings)}.")]))
    return Page("Openings", blocks)
