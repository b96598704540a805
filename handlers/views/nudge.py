"""Asking for a scorecard: the question, the reminders, and what the coordinator hears."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from slackblocks import ActionsBlock, Button, Element, MessageResponse, SectionBlock

from bot import clashes
from bot.panels import Chair, Panel
from handlers.views.text import escape, when

Payload = dict[str, Any]

CLOSED = "This has been settled; there is nothing to do here any more."


def question(panel: Panel, chair: Chair, reminders: Sequence[datetime], due: datetime) -> Payload:
    """At the end of the interview: the whole plan is said, and nothing is sent beyond it."""
    again = " and ".join(when(at) for at in reminders)
    plan = f"I ask again {again}, then" if again else "Then"
    return _message(
        chair,
        f"How was *{escape(panel.candidate)}* in {_title(panel, chair)}? Write down what they said "
        f"while it is fresh; nobody sees it until all are in. It is due *{when(due)}*, so that the "
        f"panel can decide. {plan} I tell the coordinator. That's all.",
    )


def reminder(panel: Panel, chair: Chair, done: int, of: int, due: datetime) -> Payload:
    """Shorter than the question, with how far the draft is."""
    draft = f" Your draft has {done} of {of} questions." if done else ""
    return _message(
        chair,
        f"*{escape(panel.candidate)}*: your scorecard is due *{when(due)}*.{draft} "
        "The panel waits for it.",
    )


def late(panel: Panel, chair: Chair) -> Payload:
    """For the coordinator, once."""
    who = f"<@{chair.seat.person}>"
    text = (
        f"{who} has not handed in the scorecard of *{escape(panel.candidate)}* "
        f"({_title(panel, chair)}). They know that I tell you now."
    )
    look = Button("Look", action_id="loop_show", value=panel.loop.id, style="primary")
    happened = Button("Excuse them…", action_id="loop_happened", value=panel.loop.id)
    return _with(text, [look, happened])


def snoozed(until: datetime) -> str:
    return f"Until {when(until)}, then. When the scorecard is due does not change."


def settled(text: str) -> Payload:
    """What an earlier message looks like once the scorecard is in."""
    done = f"✓ {text}"
    return MessageResponse(text=done, blocks=[SectionBlock(done, block_id="told")]).to_dict()


def _message(chair: Chair, text: str) -> Payload:
    id_ = chair.interview.id
    started = chair.card is not None and chair.card.draft_at is not None
    return _with(
        text,
        [
            Button(
                "Finish scorecard" if started else "Open scorecard", action_id="card_open",
                value=id_, style="primary",
            ),
            Button("In 1 hour", action_id="nudge_hour", value=id_),
            Button("Tomorrow 9:00", action_id="nudge_tomorrow", value=id_),
            Button("I wasn't there…", action_id="brief_cannot", value=id_),
        ],
    )  # fmt: skip


def _with(text: str, buttons: list[Element]) -> Payload:
    blocks = [SectionBlock(text, block_id="told"), ActionsBlock(buttons, block_id="nudge")]
    return MessageResponse(text=text, blocks=blocks).to_dict()


def _title(panel: Panel, chair: Chair) -> str:
    return clashes.title(panel.opening, chair.interview.round)
