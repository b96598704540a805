"""The app's Home: what needs this person now, then what comes, then what the bot can do."""

from collections.abc import Sequence
from dataclasses import dataclass
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
    HomeTabView,
    ModalView,
    SectionBlock,
    Text,
)

from bot import clashes, plans
from bot.content import Bank
from bot.panels import Panel, Turn
from bot.plans import Role
from bot.records import Loop, Opening, UnfinishedPlan
from handlers.views import decision as decision_view
from handlers.views import help as help_view
from handlers.views import loop_list, plan_start
from handlers.views.page import Page
from handlers.views.text import count, escape, label, when

Payload = dict[str, Any]

MOST_DUE, MOST_AHEAD, MOST_LOOPS, MOST_DEBRIEFS, MOST_BEGUN = 10, 5, 5, 5, 3
MOST_COUNTED = 200  # Of one's loops: counting thousands takes longer than all the rest.
EMPTY = (
    "Nothing waits for you. Interviews that you are on will stand here, with their kits and, "
    "afterwards, their scorecards."
)


@dataclass(frozen=True)
class Desk:
    """What one person has to do with, as it is `now`."""

    now: datetime
    due: Sequence[Turn]
    ahead: Sequence[Turn]
    loops: Sequence[Panel]  # Those that they plan, the newest first.
    total: int  # How many of these there are.
    debriefs: Sequence[tuple[Loop, Opening]] = ()  # Those whose scorecards are open.
    deciding: Sequence[Panel] = ()  # Whose decision may need this person.
    decided: Sequence[Panel] = ()  # Of those that they plan, decided lately.
    person: str = ""
    begun: Sequence[UnfinishedPlan] = ()  # What they were planning, the newest first.
    plans: bool = False  # Whether any opening is theirs.

    @property
    def trouble(self) -> list[tuple[Panel, str]]:
        """Loops that need their planner, with why."""
        return [(panel, why) for panel in self.loops if (why := _trouble(panel, self.now))]


def _trouble(panel: Panel, now: datetime) -> str:
    empty = [
        clashes.title(panel.opening, each.round)
        for each in panel.interviews
        if each.state == "planned"
        and each.starts_at > now
        and not any(
            chair.role is Role.LEAD and chair.interview.id == each.id for chair in panel.chairs
        )
    ]
    if empty:
        return f"nobody interviews yet in {', '.join(empty)}"
    late = [chair for chair in panel.missing if chair.ends_at < now]
    debrief = panel.loop.debrief_at
    if late and debrief is not None and debrief < now:
        verb = "is" if len(late) == 1 else "are"
        return (
            f"the debrief was {when(debrief)}, and {count(len(late), 'scorecard')} {verb} missing"
        )
    return ""


def home(bank: Bank, desk: Desk) -> Payload:
    blocks: list[Block] = [HeaderBlock("What needs you now"), *_due(desk)]
    if desk.debriefs:
        blocks += [HeaderBlock("To debrief"), *(_debrief(*each) for each in desk.debriefs)]
    if desk.ahead:
        blocks += [HeaderBlock("Your next interviews"), *map(_ahead, desk.ahead)]
    if desk.loops:
        blocks += [HeaderBlock("Loops that you plan"), *_loops(desk)]
    if desk.decided:
        blocks += [HeaderBlock("Decided lately"), *_decided(desk)]
    do: list[Element] = [
        Button("Plan a loop", action_id="plan_new", value="plan"),
        Button("All loops", action_id="loops_first", value="0|"),
        Button("Openings", action_id="opening_list"),
        Button("My hours", action_id="hours_open", value="hours"),
        Button("Calendar feed", action_id="feed_open", value="feed"),
    ]
    if desk.loops:
        do.insert(2, Button("Nudges", action_id="nudge_list", value="nudges"))
    blocks += [
        ActionsBlock(do, block_id="home_do"),
        ActionsBlock(_learn(desk), block_id="home_learn"),
        DividerBlock(),
        *help_view.page(bank).blocks,
    ]
    return HomeTabView(blocks=blocks[:100]).to_dict()


def _learn(desk: Desk) -> list[Element]:
    """What everybody may look into, and what only those who plan may."""
    buttons: list[Element] = [
        Button("Calibrate", action_id="drill_open", value="any"),
        Button("My mirror", action_id="mirror_open", value="mine"),
    ]
    if desk.plans:
        buttons += [
            Button("Insights", action_id="insights_home", value="time|"),
            Button("Question use", action_id="rotation_show", value="0"),
        ]
    return buttons


def _due(desk: Desk) -> list[Block]:
    blocks: list[Block] = []
    for turn in desk.due:
        draft = f"your draft is from {when(turn.draft_at)}" if turn.draft_at else "not started"
        text = f"*Scorecard of {_name(turn)}*\n{_round(turn)} · {draft}"
        button = Button(
            "Finish it" if turn.draft_at else "Write it", action_id="card_open",
            value=turn.interview.id, style="primary",
            accessibility_label=label(f"Scorecard of {_plain(turn)}"),
        )  # fmt: skip
        blocks.append(SectionBlock(text, accessory=button))
    for panel in desk.deciding:
        needed = decision_view.needs(panel, desk.person, desk.now)
        if needed is not None:
            text, button = needed
            blocks.append(SectionBlock(text, accessory=button))
    for plan in desk.begun[:MOST_BEGUN]:
        button = Button(
            "Continue", action_id="plan_continue", value=plan.id,
            accessibility_label=label(f"Continue planning {plan.candidate}"),
        )  # fmt: skip
        text = f"*{escape(plan.candidate)}*\n{plan_start.age(plan)}"
        blocks.append(SectionBlock(text, accessory=button))
    for panel, why in desk.trouble:
        button = Button(
            "Look", action_id="loop_show", value=panel.loop.id,
            accessibility_label=label(f"Show {panel.candidate}"),
        )  # fmt: skip
        text = f"*{escape(panel.candidate)}*: {why}"
        blocks.append(SectionBlock(text, accessory=button))
    return blocks or [SectionBlock(EMPTY)]


def _debrief(loop: Loop, opening: Opening) -> Block:
    who = plans.shown(opening, loop)
    button = Button(
        "Packet", action_id="debrief_open", value=loop.id,
        accessibility_label=label(f"Packet of {who}"),
    )  # fmt: skip
    at = f" · debrief {when(loop.debrief_at)}" if loop.debrief_at else ""
    text = f"*{escape(who)}* · {escape(opening.title)}\nScorecards opened {when(loop.revealed_at)}"
    return SectionBlock(text + at, accessory=button)


def _ahead(turn: Turn) -> Block:
    role = Role(turn.seat.role)
    as_ = "" if role is Role.LEAD else f" · as {role.label.lower()}"
    button = Button(
        "Kit", action_id="kit_mine", value=turn.interview.id,
        accessibility_label=label(f"Kit for {_plain(turn)}"),
    )  # fmt: skip
    return SectionBlock(f"*{_name(turn)}*{as_}\n{_round(turn)}", accessory=button)


def _decided(desk: Desk) -> list[Block]:
    return [
        SectionBlock(
            f"*{escape(panel.candidate)}* · {decision_view.glance(panel)}",
            accessory=Button(
                "Show", action_id="loop_show", value=panel.loop.id,
                accessibility_label=label(f"Show {panel.candidate}"),
            ),
        )
        for panel in desk.decided
    ]  # fmt: skip


def _loops(desk: Desk) -> list[Block]:
    blocks: list[Block] = []
    for panel in desk.loops:
        button = Button(
            "Show", action_id="loop_show", value=panel.loop.id,
            accessibility_label=label(f"Show {panel.candidate}"),
        )  # fmt: skip
        blocks.append(SectionBlock(loop_list.line(panel, desk.now), accessory=button))
    if desk.total > len(desk.loops):
        more = " or more" if desk.total == MOST_COUNTED else ""
        text = f"The newest {len(desk.loops)} of {desk.total}{more}."
        blocks.append(ContextBlock([Text(text)]))
    return blocks


def _name(turn: Turn) -> str:
    return escape(_plain(turn))


def _plain(turn: Turn) -> str:
    return plans.shown(turn.opening, turn.loop)


def _round(turn: Turn) -> str:
    return f"{clashes.title(turn.opening, turn.interview.round)} · {when(turn.interview.starts_at)}"


def instead(shown: Page) -> Payload:
    """What was asked for on Home, with a way back."""
    back = Button("Home", action_id="home_open", value="home")
    return shown.home(
        [ActionsBlock([back], block_id="home_back"), help_view.more(), DividerBlock()]
    )


def sentence(text: str) -> Payload:
    """A Home that only says `text`: for those who may not use the bot."""
    return HomeTabView(blocks=[SectionBlock(text)]).to_dict()


def sentence_modal(text: str) -> Payload:
    return ModalView(title="Safety interview", blocks=[SectionBlock(text)], close="Close").to_dict()
