"""What an interviewer is told: the brief, what changed since, their kit, and being unable to come.

Nothing about pay, and of other rounds no more than their areas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slackblocks import (
    ActionsBlock,
    Button,
    ContextBlock,
    Element,
    InputBlock,
    MessageResponse,
    ModalView,
    PlainTextInput,
    SectionBlock,
    Text,
)

from bot import clashes, openings
from bot.content import Bank, Level
from bot.panels import Panel
from bot.plans import Role
from bot.records import Interview
from handlers.views import loop as loop_view
from handlers.views.text import escape, when

Payload = dict[str, Any]

AS = {
    Role.LEAD: "You interview",
    Role.BAR_RAISER: "You are bar raiser for",
    Role.SHADOW: "You shadow the interview of",
    Role.REVERSE_SHADOW: "You lead, and somebody experienced watches: the interview of",
}
GOES = {
    Role.SHADOW: "Your scorecard is for you: nobody counts it. Once both are in, you and the "
    "interviewer see the two side by side.",
    Role.REVERSE_SHADOW: "Your scorecard is for you: nobody counts it.",
}


def told(panel: Panel, interview: Interview, person: str) -> dict[str, Any]:
    """What a brief says, as data: two briefs that say the same are equal."""
    seats = [
        chair.seat
        for chair in panel.chairs
        if chair.interview.id == interview.id and chair.seat.state == "on"
    ]
    mine = next((seat for seat in seats if seat.person == person), None)
    on = mine is not None and interview.state == "planned" and panel.loop.state == "active"
    if not on or mine is None:
        return {"on": False}
    return {
        "on": True,
        "role": mine.role,
        "starts_at": interview.starts_at.isoformat(),
        "minutes": interview.minutes,
        "with": sorted(f"{seat.person} {seat.role}" for seat in seats if seat is not mine),
    }


def message(
    bank: Bank,
    panel: Panel,
    interview: Interview,
    fact: Mapping[str, Any],
    *,
    with_others: bool = False,
) -> Payload:
    """The brief. `fact` is what `told` made of the interview; `with_others` says that it may stand
    in one message with other briefs, under which no notes can be kept."""
    role = Role(fact["role"])
    title = clashes.title(panel.opening, interview.round)
    measured = ", ".join(
        bank.areas[area].title.lower()
        for area in openings.areas(openings.kit(panel.opening, interview.round))
    )
    level = bank.levels[Level(panel.opening.level)].title
    lines = [
        f"{AS[role]} *{escape(panel.candidate)}* for {escape(panel.opening.title)}, {level}.",
        f"*{when(interview.starts_at)}* · {interview.minutes} min · {title}",
        f"It measures {measured}." if measured else "",
        *(_company(each) for each in fact["with"]),
    ]
    if panel.loop.debrief_at:
        lines.append(f"Debrief {when(panel.loop.debrief_at)}.")
    buttons: list[Element] = [
        Button("Kit", action_id="kit_mine", value=interview.id, style="primary"),
        Button("Add to calendar", action_id="brief_calendar", value=interview.id),
        Button("Scorecard", action_id="card_open", value=interview.id),
        Button("Can't make it…", action_id="brief_cannot", value=interview.id),
    ]
    foot = "What you type in the thread under this message is kept as your notes."
    if with_others:
        foot = "Right before it you get a message of its own, with a thread for notes."
    if role in GOES:
        foot = f"{GOES[role]} {foot}"
    return MessageResponse(
        text=f"{AS[role]} {escape(panel.candidate)}: {title}",
        blocks=[
            SectionBlock("\n".join(line for line in lines if line), block_id="brief"),
            ActionsBlock(buttons, block_id="brief_actions"),
            ContextBlock([Text(foot)]),
        ],
    ).to_dict()


def _company(who: str) -> str:
    person, _, role = who.partition(" ")
    return f"With <@{person}> ({Role(role).label.lower()})."


def changed(
    panel: Panel, interview: Interview, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Payload:
    """What is different from what the person was told last."""
    title = clashes.title(panel.opening, interview.round)
    who = escape(panel.candidate)
    if not after["on"]:
        return _sentence(
            f"You are no longer needed for {title} with *{who}*. {_why(panel, interview)}"
        )
    parts = []
    if before.get("starts_at") != after["starts_at"]:
        parts.append(f"it is now *{when(interview.starts_at)}*")
    if before.get("role") != after["role"]:
        parts.append(f"you are now there as {Role(after['role']).label.lower()}")
    if before.get("with") != after["with"]:
        people = [f"<@{each.partition(' ')[0]}>" for each in after["with"]]
        parts.append(f"with you: {', '.join(people)}" if people else "you are alone now")
    if before.get("minutes") != after["minutes"]:
        parts.append(f"it takes {interview.minutes} minutes")
    return _sentence(f"{title} with *{who}* has changed: {'; '.join(parts)}.")


def _why(panel: Panel, interview: Interview) -> str:
    if panel.loop.state == "withdrawn":
        return "The candidate withdrew."
    if interview.state == "cancelled":
        return "The interview was cancelled."
    return "Somebody else does it. There is nothing you have to do."


def _sentence(text: str) -> Payload:
    return MessageResponse(text=text, blocks=[SectionBlock(text, block_id="told")]).to_dict()


def debrief(panel: Panel) -> Payload:
    place = f" ({escape(panel.loop.debrief_place)})" if panel.loop.debrief_place else ""
    return _sentence(
        f"The debrief of *{escape(panel.candidate)}* is now *{when(panel.loop.debrief_at)}*{place}."
    )


def revealed(panel: Panel, person: str, glance: str) -> Payload:
    """The scorecards are open: to whom has handed in, with a way to read them. `glance` says how
    much there is to discuss."""
    who = escape(panel.candidate)
    owes = [chair for chair in panel.missing if chair.seat.person == person]
    early = f" Opened early: {escape(panel.loop.reveal_reason)}" if panel.loop.reveal_reason else ""
    arrived = len(panel.awaited) - len(panel.missing)
    text = f"{arrived} of {len(panel.awaited)} scorecards of *{who}* are open.{early} {glance}"
    buttons: list[Element] = [
        Button("Open packet", action_id="debrief_open", value=panel.loop.id, style="primary"),
        Button("Read them", action_id="loop_show", value=panel.loop.id),
    ]
    if owes:
        text = (
            f"The scorecards of *{who}* were opened without yours.{early} You can still add it; "
            "it will be marked as written after the reveal."
        )
        buttons = [loop_view.card_button(owes[0].interview.id, owes[0])]
    return MessageResponse(
        text=text,
        blocks=[SectionBlock(text, block_id="told"), ActionsBlock(buttons, block_id="reveal")],
    ).to_dict()


def cannot_form(panel: Panel, interview: Interview) -> Payload:
    return ModalView(
        title="Can't make it",
        blocks=[
            SectionBlock(
                f"{clashes.title(panel.opening, interview.round)} with "
                f"*{escape(panel.candidate)}*, {when(interview.starts_at)}."
            ),
            InputBlock(
                "What should the coordinator know?",
                PlainTextInput(
                    action_id="reason", multiline=True, max_length=300, focus_on_load=True,
                    placeholder="On call that week; after 14:00 I could",
                ),
                block_id="reason",
            ),
        ],
        submit="Tell the coordinator",
        close="I can after all",
        callback_id="brief_cannot",
        private_metadata=interview.id,
    ).to_dict()  # fmt: skip


def cannot_write(panel: Panel, interview: Interview, person: str, reason: str) -> Payload:
    """For the coordinator, when the interview is over: who cannot write its scorecard, and why."""
    title = clashes.title(panel.opening, interview.round)
    text = (
        f"<@{person}> asks to be swapped out of the scorecard of *{escape(panel.candidate)}* "
        f"({title}): “{escape(reason)}”"
    )
    buttons: list[Element] = [
        Button("Excuse", action_id="late_excuse", value=f"{interview.id}|{person}"),
        Button("Reassign…", action_id="loop_change", value=panel.loop.id),
    ]
    return MessageResponse(text=text, blocks=[SectionBlock(text), ActionsBlock(buttons)]).to_dict()


@dataclass(frozen=True)
class Proposal:
    """Somebody who could stand in; `trouble` is why it does not suit them, if it does not."""

    person: str
    trouble: str = ""


def cannot(
    panel: Panel,
    interview: Interview,
    person: str,
    reason: str,
    free: Sequence[Proposal],
    at: datetime,
) -> Payload:
    """For the coordinator: who cannot, why, and who could instead."""
    title = clashes.title(panel.opening, interview.round)
    text = (
        f"<@{person}> can't make {title} with *{escape(panel.candidate)}* "
        f"({when(at)}): “{escape(reason)}”"
    )
    could = ", ".join(
        f"<@{each.person}>" + (f" (but {each.trouble})" if each.trouble else "") for each in free
    )
    offer = (
        f"Free then, trained, and under their limit: {could}."
        if free
        else "I know nobody trained who is free then and under their limit."
    )
    buttons: list[Element] = [
        Button(
            f"Ask number {number}" if len(free) > 1 else "Ask them",
            action_id=f"brief_instead_{number}",
            value=f"{interview.id}|{person}|{each.person}",
        )
        for number, each in enumerate(free, start=1)
    ]
    buttons.append(Button("Change the loop…", action_id="loop_change", value=panel.loop.id))
    return MessageResponse(
        text=text,
        blocks=[
            SectionBlock(f"{text}\n{offer}", block_id="told"),
            ActionsBlock(buttons, block_id="cannot"),
        ],
    ).to_dict()
