"""The list of loops, each at a glance. Never a score."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    Element,
    HeaderBlock,
    SectionBlock,
    StaticSelectMenu,
)

from bot.panels import Panel
from handlers.views import decision as decision_view
from handlers.views.loop import SIGNS
from handlers.views.page import Page
from handlers.views.text import choice, escape, label, when

PER_PAGE = 10  # A message holds 50 blocks and 9,500 characters.


def listed(
    found: Sequence[Panel],
    total: int,
    page: int,
    openings: Mapping[str, str],
    chosen: str,
    now: datetime,
) -> Page:
    """One page of active loops. `openings`, titles by id, can be filtered by; `chosen` is
    one of them or ""."""
    plan = Button("Plan a loop", action_id="plan_new", style="primary", value="plan")
    top: list[Element] = [plan]
    if openings:
        options = [choice("All openings", "all")]
        options += [choice(label(title), id_) for id_, title in list(openings.items())[:99]]
        initial = next((each for each in options if each.value == chosen), options[0])
        top.append(
            StaticSelectMenu(
                action_id="loops_filter", placeholder="Opening", options=options,
                initial_option=initial,
            )
        )  # fmt: skip
    blocks: list[Block] = [
        HeaderBlock("Loops"), ActionsBlock(top, block_id="loops_top"),
    ]  # fmt: skip
    if not found:
        blocks.append(
            SectionBlock(
                "No active loop here. A loop is one candidate's interviews: plan one, and "
                "everybody on the panel gets their kit and, afterwards, their scorecard."
            )
        )
    for panel in found:
        button = Button(
            "Show", action_id="loop_show", value=panel.loop.id,
            accessibility_label=label(f"Show {panel.candidate}"),
        )  # fmt: skip
        blocks.append(SectionBlock(line(panel, now), accessory=button))
    if total > PER_PAGE:
        blocks.append(_pages(total, page, chosen))
    return Page("Loops", blocks)


def line(panel: Panel, now: datetime) -> str:
    """A loop at a glance: whose scorecard is where, and what comes next."""
    people = " ".join(
        f"{SIGNS[chair.status(now)]} <@{chair.seat.person}>" for chair in panel.chairs[:8]
    )
    ahead = [each for each in panel.interviews if each.state == "planned" and each.starts_at > now]
    following = f"next {when(ahead[0].starts_at)}" if ahead else "all interviews held"
    arrived = len(panel.awaited) - len(panel.missing)
    return (
        f"*{escape(panel.candidate)}* · {escape(panel.opening.title)}\n"
        f"{arrived} of {len(panel.awaited)} in · {following}"
        + (f" · debrief {when(panel.loop.debrief_at)}" if panel.loop.debrief_at else "")
        + (f" · {state}" if (state := decision_view.glance(panel)) else "")
        + (f"\n{people}" if people else "")
    )


def _pages(total: int, page: int, chosen: str) -> ActionsBlock:
    last = (total - 1) // PER_PAGE
    buttons: list[Element] = []
    if page > 0:
        buttons.append(Button("Earlier page", action_id="loops_back", value=f"{page - 1}|{chosen}"))
    buttons.append(
        Button(f"Page {page + 1} of {last + 1}", action_id="loops_stay", value=f"{page}|{chosen}")
    )
    if page < last:
        buttons.append(Button("Next page", action_id="loops_next", value=f"{page + 1}|{chosen}"))
    return ActionsBlock(buttons, block_id="loops_pages")
