"""Around the interview and the debrief: what comes tomorrow, what comes now, what is awaited."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from slackblocks import ActionsBlock, Button, Element, MessageResponse, SectionBlock

from bot import clashes, openings
from bot.content import Bank
from bot.panels import Chair, Panel
from handlers.views.brief import AS
from handlers.views.text import count, escape, when

Payload = dict[str, Any]

NOTES = "What you type in this thread is kept as your notes and stands beside your scorecard."
HOW = (
    "Everybody has read the packet; where you differ most comes first. Say what you heard before "
    "what you think of it; the hiring manager speaks last."
)


def morning(bank: Bank, panel: Panel, chair: Chair) -> Payload:
    """On the working morning before an interview."""
    measured = ", ".join(
        bank.areas[area].title.lower()
        for area in openings.areas(openings.kit(panel.opening, chair.interview.round))
    )
    text = (
        f"*{when(chair.interview.starts_at)}*: {_as(panel, chair)}, "
        f"{_title(panel, chair)}, {chair.interview.minutes} min."
    )
    if measured:
        text += f" It measures {measured}."
    buttons: list[Element] = [
        Button("Kit", action_id="kit_mine", value=chair.interview.id, style="primary"),
        Button("Add to calendar", action_id="brief_calendar", value=chair.interview.id),
        Button("Can't make it…", action_id="brief_cannot", value=chair.interview.id),
    ]
    return _with(text, buttons)


def soon(panel: Panel, chair: Chair, minutes: int) -> Payload:
    """Right before an interview, in the thread that keeps the notes."""
    text = (
        f"In {count(minutes, 'minute')}: {_as(panel, chair)}, {_title(panel, chair)}, "
        f"{chair.interview.minutes} min. {NOTES}"
    )
    buttons: list[Element] = [
        Button("Kit", action_id="kit_mine", value=chair.interview.id, style="primary")
    ]
    return _with(text, buttons)


def ready(panel: Panel, person: str, now: datetime) -> Payload:
    """How far the panel is, to those who plan the loop."""
    loop = panel.loop
    owed, missing = len(panel.awaited), panel.missing
    ahead = [chair for chair in missing if chair.ends_at > now]
    text = f"The debrief of *{escape(panel.candidate)}* is *{when(loop.debrief_at)}*. "
    text += f"{owed - len(missing)} of {owed} scorecards are in."
    late = [chair for chair in missing if chair.ends_at <= now]
    if late:
        text += " Missing: " + ", ".join(f"<@{chair.seat.person}>" for chair in late) + "."
    if ahead:
        text += " Still to interview: " + ", ".join(f"<@{each.seat.person}>" for each in ahead)
        text += "."
    if any(chair.seat.person == person for chair in missing):
        text += " Yours is among them, so you see the others' only once it is in."
    buttons: list[Element] = [Button("Look", action_id="loop_show", value=loop.id, style="primary")]
    if missing:
        buttons.append(Button("Move the debrief…", action_id="loop_change", value=loop.id))
    for number, chair in enumerate(late[:4]):
        title = openings.round_title(panel.opening, chair.interview.round)
        buttons.append(
            Button(
                f"Nudge now: {title}"[:75], action_id=f"late_nudge_{number}",
                value=f"{chair.interview.id}|{chair.seat.person}",
            )
        )  # fmt: skip
    return _with(text, buttons)


def final(panel: Panel, minutes: int) -> Payload:
    """Right before the debrief, to the panel."""
    place = f" ({escape(panel.loop.debrief_place)})" if panel.loop.debrief_place else ""
    text = (
        f"In {count(minutes, 'minute')}: the debrief of *{escape(panel.candidate)}*{place}. {HOW}"
    )
    packet = Button("Packet", action_id="debrief_open", value=panel.loop.id, style="primary")
    return _with(text, [packet])


def decide(panel: Panel, left: int) -> Payload:
    """The decision is due, to the hiring manager."""
    if left:
        plan = f" I ask again each working day, {left} more {'time' if left == 1 else 'times'}."
    else:
        plan = " I do not ask again."
    text = (
        f"The decision on *{escape(panel.candidate)}* is due: the debrief was "
        f"{when(panel.loop.debrief_at)}, and the panel and the candidate wait for it.{plan}"
    )
    buttons: list[Element] = [
        Button("Decide…", action_id="decision_open", value=panel.loop.id, style="primary"),
        Button("Look", action_id="loop_show", value=panel.loop.id),
    ]
    return _with(text, buttons)


def _as(panel: Panel, chair: Chair) -> str:
    text = f"{AS[chair.role]} *{escape(panel.candidate)}*"
    return text[0].lower() + text[1:]


def _title(panel: Panel, chair: Chair) -> str:
    return clashes.title(panel.opening, chair.interview.round)


def _with(text: str, buttons: Sequence[Element]) -> Payload:
    return MessageResponse(
        text=text, blocks=[SectionBlock(text), ActionsBlock(list(buttons))]
    ).to_dict()
