"""Asking for a scorecard: the question, the reminders, what they look like once it is settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slackblocks import (
    ActionsBlock,
    Button,
    Element,
    MessageResponse,
    SectionBlock,
    StaticSelectMenu,
)

from bot import clashes
from bot.panels import Chair, Panel
from handlers.views.text import choice, count, escape, when

Payload = dict[str, Any]
Blocks = list[dict[str, Any]]

SNOOZES = {
    "hour": "In 1 hour",
    "afternoon": "This afternoon",
    "tomorrow": "Tomorrow 9:00",
    "pick": "Pick a time…",
}


@dataclass(frozen=True)
class Draft:
    """How far somebody's scorecard is."""

    done: int
    of: int
    begun: bool = False

    @property
    def text(self) -> str:
        if not self.begun:
            return "You have not started it yet."
        return f"Your draft has {self.done} of {count(self.of, 'question')} done."

    @property
    def short(self) -> str:
        return f"{self.done} of {self.of} done." if self.begun else "Not started."


def question(panel: Panel, chair: Chair, reminders: Sequence[datetime], due: datetime) -> Payload:
    """At the end of the interview: the whole plan is said, and nothing is sent beyond it."""
    last = f" {_last(panel, chair)}" if _last(panel, chair) else ""
    buttons = [
        _open_button(chair),
        Button("It did not happen…", action_id="nudge_unheld", value=chair.interview.id),
        _snooze(chair, "More time"),
        *_ways_out(chair),
    ]
    sealed = (
        "it will be marked as written after the reveal"
        if panel.is_revealed
        else ("nobody sees it until all are in")
    )
    text = (
        f"How was *{escape(panel.candidate)}* in {_title(panel, chair)}? Write down what they said "
        f"while it is fresh; {sealed}. It is due *{when(due)}*, so that the "
        f"panel can decide.{last} {plan(reminders, due)}"
    )
    return _with(text, buttons)


def plan(reminders: Sequence[datetime], due: datetime) -> str:
    """All that is still to come, said beforehand."""
    if not reminders:
        return "If it is not in by then, I tell the coordinator. That's all."
    times = [when(at) for at in reminders]
    again = " and ".join([", ".join(times[:-1]), times[-1]] if len(times) > 1 else times)
    return (
        f"I ask again {again}, sooner if yours is the last one, and tell the coordinator "
        f"{when(due)} if it is not in. That's all."
    )


def reminder(
    panel: Panel, chair: Chair, number: int, draft: Draft, due: datetime, now: datetime
) -> Payload:
    """Each shorter than the one before, with what the panel waits for and how far the draft is."""
    who = escape(panel.candidate)
    last, debrief = _last(panel, chair), panel.loop.debrief_at
    if now >= due and debrief is not None:
        text = f"*{who}*: the debrief is {when(debrief)}. {last or 'Yours is missing.'}"
        text += f" {draft.short}"
    elif number == 1:
        waits = last or "The panel waits for it to decide."
        text = f"*{who}*, {_title(panel, chair)}: your scorecard is due *{when(due)}*. {waits}"
        text += f" {draft.text}"
    elif number == 2:
        text = f"*{who}*: your scorecard is due *{when(due)}*. "
        text += f"{last or 'The panel waits.'} {draft.short}"
    else:
        text = f"*{who}*: due *{when(due)}*. {last or draft.short}"
    return _with(text, [_open_button(chair), _snooze(chair, "Snooze"), *_ways_out(chair)])


def asked(panel: Panel, chair: Chair, by: str, draft: Draft) -> Payload:
    """Because a coordinator pressed “Nudge now”."""
    text = (
        f"<@{by}> asks for your scorecard of *{escape(panel.candidate)}* "
        f"({_title(panel, chair)}): the panel cannot decide without it. {draft.text}"
    )
    return _with(text, [_open_button(chair), _snooze(chair, "Snooze"), *_ways_out(chair)])


def _last(panel: Panel, chair: Chair) -> str:
    others = [each for each in panel.awaited if each is not chair]
    if others and all(each.is_in for each in others):
        return (
            f"You are the last one: the other {len(others)} are in."
            if len(others) > 1
            else ("You are the last one: the other is in.")
        )
    return ""


def settled(text: str, outcome: str) -> Blocks:
    """What an earlier message looks like once what it asked for is settled: struck through."""
    lines = [f"~{line.replace('~', '')}~" for line in text.splitlines() if line.strip()]
    return plain("\n".join([*lines, f"✓ {outcome}"])[:3000])


def noted(blocks: Blocks, note: str) -> Blocks:
    """The same message with a sentence under it, such as until when it was put off."""
    return [*blocks, {"type": "context", "elements": [{"type": "mrkdwn", "text": note}]}]


def plain(text: str) -> Blocks:
    return [dict(block) for block in _message(text, [SectionBlock(text)])["blocks"]]


def joint(said: Sequence[tuple[str, Blocks]]) -> Payload:
    """Several messages as one. Ids of blocks may stand only once in it."""
    heading = f"{len(said)} things, in one message."
    blocks: Blocks = [{"type": "context", "elements": [{"type": "mrkdwn", "text": heading}]}]
    for number, (_, each) in enumerate(said):
        if number:
            blocks.append({"type": "divider", "block_id": f"{number}_line"})
        for place, block in enumerate(each):
            blocks.append({**block, "block_id": f"{number}_{place}"})
    return {"text": "; ".join(text for text, _ in said)[:3000], "blocks": blocks}


def _open_button(chair: Chair) -> Button:
    started = chair.card is not None and chair.card.draft_at is not None
    return Button(
        "Finish scorecard" if started else "Open scorecard", action_id="card_open",
        value=chair.interview.id, style="primary",
    )  # fmt: skip


def _snooze(chair: Chair, text: str) -> StaticSelectMenu:
    options = [choice(label, f"{name}|{chair.interview.id}") for name, label in SNOOZES.items()]
    return StaticSelectMenu(action_id="nudge_snooze", placeholder=text, options=options)


def _ways_out(chair: Chair) -> list[Element]:
    id_ = chair.interview.id
    return [
        Button("I wasn't there…", action_id="nudge_absent", value=id_),
        Button("Swap me out…", action_id="brief_cannot", value=id_),
    ]


def _with(text: str, buttons: list[Element]) -> Payload:
    return _message(text, [SectionBlock(text, block_id="told"), ActionsBlock(buttons)])


def _message(text: str, blocks: list[Any]) -> Payload:
    return MessageResponse(text=text, blocks=blocks).to_dict()


def _title(panel: Panel, chair: Chair) -> str:
    return clashes.title(panel.opening, chair.interview.round)
