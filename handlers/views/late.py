"""What a coordinator hears of scorecards: who is late, away, was not there, has handed in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from slackblocks import ActionsBlock, Button, ConfirmationDialogue, Element, MessageResponse
from slackblocks import SectionBlock as Section

from bot import clashes
from bot.hours import Hours
from bot.panels import Chair, Panel
from handlers.views.text import escape, when

Payload = dict[str, Any]


def late(panel: Panel, chair: Chair) -> Payload:
    """Once for each scorecard, when it is due."""
    text = (
        f"{_who(chair)} has not handed in the scorecard of {_what(panel, chair)}. "
        "They know that I tell you now."
    )
    return _with(text, _late_buttons(panel, chair, chase=True))


def still(panel: Panel, chair: Chair, due: datetime) -> Payload:
    """One line of the daily digest."""
    text = f"Still missing: {_who(chair)}, {_what(panel, chair)}, due {when(due)}."
    return _with(text, _late_buttons(panel, chair, chase=True))


def arrived(panel: Panel, chair: Chair) -> Payload:
    owed = len(panel.awaited)
    text = (
        f"✓ {_who(chair)} has handed in {_what(panel, chair)}: "
        f"{owed - len(panel.missing)} of {owed} are in."
    )
    return _with(text, [])


def away(panel: Panel, chair: Chair, hours: Hours, due: datetime, now: datetime) -> Payload:
    back = f"{hours.away_until:%A %-d %B}" if hours.away_until else "later"
    if chair.interview.starts_at > now:
        what = f"and is to interview {_what(panel, chair)} {when(chair.interview.starts_at)}"
    else:
        what = f"and has not handed in {_what(panel, chair)}: I ask them again when they are back"
    debrief = panel.loop.debrief_at
    after = " That is after the debrief." if debrief and due > debrief else ""
    text = f"{_who(chair)} is away until {back}, {what}. Their scorecard would be due {when(due)}."
    return _with(text + after, _late_buttons(panel, chair, chase=False))


def absent(panel: Panel, chair: Chair, instead: str, reason: str) -> Payload:
    other = f" <@{instead}> was, instead." if instead else ""
    why = f" “{escape(reason)}”" if reason else ""
    text = (
        f"{_who(chair)} says: I wasn't there, at {_what(panel, chair)}.{other}{why} "
        "Nobody waits for their scorecard any more."
    )
    buttons: list[Element] = [_reassign(panel)]
    buttons.append(Button("They owe it after all", action_id="late_restore", value=_code(chair)))
    return _with(text, buttons)


def unheld(panel: Panel, chair: Chair, reason: str) -> Payload:
    why = f" “{escape(reason)}”" if reason else ""
    text = (
        f"{_who(chair)} says that it did not happen: {_what(panel, chair)}.{why} "
        "Nobody is asked for a scorecard of it any more."
    )
    buttons: list[Element] = [
        Button("Plan it anew…", action_id="loop_change", value=panel.loop.id, style="primary"),
        Button("It was held after all", action_id="late_restore", value=_code(chair)),
    ]
    return _with(text, buttons)


def _late_buttons(panel: Panel, chair: Chair, *, chase: bool) -> list[Element]:
    sure = ConfirmationDialogue(
        "Excuse them?", "Nobody waits for this scorecard any more.", "Excuse", "Wait"
    )
    buttons: list[Element] = []
    if chase:
        buttons.append(
            Button("Nudge now", action_id="late_nudge", value=_code(chair), style="primary")
        )
    buttons.append(Button("Excuse", action_id="late_excuse", value=_code(chair), confirm=sure))
    return [*buttons, _reassign(panel)]


def _reassign(panel: Panel) -> Button:
    return Button("Reassign…", action_id="loop_change", value=panel.loop.id)


def _code(chair: Chair) -> str:
    return f"{chair.interview.id}|{chair.seat.person}"


def _who(chair: Chair) -> str:
    return f"<@{chair.seat.person}>"


def _what(panel: Panel, chair: Chair) -> str:
    title = clashes.title(panel.opening, chair.interview.round)
    return f"*{escape(panel.candidate)}* ({title})"


def _with(text: str, buttons: Sequence[Element]) -> Payload:
    blocks: list[Any] = [Section(text)]
    if buttons:
        blocks.append(ActionsBlock(list(buttons)))
    return MessageResponse(text=text, blocks=blocks).to_dict()
