"""Insights, one section at a time: what is chosen, and what is not shown and why."""

from collections.abc import Mapping

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    Element,
    HeaderBlock,
    SectionBlock,
    StaticSelectMenu,
)

from bot.insights import Section
from handlers.views import figures
from handlers.views.page import Page
from handlers.views.text import choice, label

ONLY_OPENED = (
    "Counted are scorecards that were opened for everybody, and never a shadow's. Of erased "
    "candidates the numbers stay."
)


def page(section: Section, chosen: str, openings: Mapping[str, str], body: list[Block]) -> Page:
    """`openings` are the titles of those that the reader plans, by id; `chosen` is one or ""."""
    return Page(
        f"Insights · {section.label}",
        [
            HeaderBlock(f"Insights · {section.label}"),
            *_top(section, chosen, openings),
            *body,
            *([figures.note(ONLY_OPENED)] if section.counts_scores else []),
        ],
    )


def _top(section: Section, chosen: str, openings: Mapping[str, str]) -> list[Block]:
    buttons: list[Element] = [
        Button(
            each.word, action_id=f"insights_{each}", value=f"{each}|{chosen}",
            style="primary" if each is section else None,
            accessibility_label=f"{each.label}{', shown' if each is section else ''}",
        )
        for each in Section
    ]  # fmt: skip
    blocks: list[Block] = [ActionsBlock(buttons, block_id="insights_sections")]
    if len(openings) > 1:
        options = [choice("All openings that I plan", f"{section}|")]
        options += [
            choice(label(title), f"{section}|{id_}") for id_, title in list(openings.items())[:99]
        ]
        initial = next(
            (each for each in options if each.value == f"{section}|{chosen}"), options[0]
        )
        menu = StaticSelectMenu(
            action_id="insights_opening", placeholder="Opening", options=options,
            initial_option=initial,
        )  # fmt: skip
        blocks.append(ActionsBlock([menu], block_id="insights_opening"))
    return blocks


def too_few(fewest: int, of: str, have: int | None = None) -> Block:
    known = f" There {'is' if have == 1 else 'are'} {have} so far." if have is not None else ""
    return SectionBlock(f"Fewer than {fewest} {of}: not shown.{known}")
