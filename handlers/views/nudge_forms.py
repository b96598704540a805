"""Ways out of a nudge: a time of one's own, “I wasn't there”, “It did not happen”."""

from datetime import datetime
from typing import Any

from slackblocks import (
    DateTimePicker,
    InputBlock,
    ModalView,
    PlainTextInput,
    SectionBlock,
    StaticSelectMenu,
    UserSelectMenu,
)

from bot import clashes
from bot.panels import Chair, Panel
from handlers.views.happened import MARKS
from handlers.views.text import choice, escape, when

Payload = dict[str, Any]

HELD = ("no_show", "not_held")


def snooze(panel: Panel, chair: Chair, at: datetime, due: datetime) -> Payload:
    return ModalView(
        title="Remind me",
        blocks=[
            SectionBlock(
                f"The scorecard of *{escape(panel.candidate)}*, {_title(panel, chair)}. "
                f"It is due {when(due)}; that does not change."
            ),
            InputBlock(
                "When?",
                DateTimePicker(action_id="until", initial_datetime=int(at.timestamp())),
                block_id="until",
            ),
        ],
        submit="Remind me then",
        close="Cancel",
        callback_id="nudge_snooze",
        private_metadata=chair.interview.id,
    ).to_dict()


def absent(panel: Panel, chair: Chair) -> Payload:
    return ModalView(
        title="I wasn't there",
        blocks=[
            SectionBlock(
                f"{_title(panel, chair)} with *{escape(panel.candidate)}*, "
                f"{when(chair.interview.starts_at)}. Nobody waits for your scorecard then; the "
                "coordinator is told."
            ),
            InputBlock(
                "Who held it instead?",
                UserSelectMenu(action_id="instead", placeholder="Choose"),
                block_id="instead", optional=True,
            ),
            _reason("What should the coordinator know?"),
        ],
        submit="I wasn't there",
        close="Cancel",
        callback_id="nudge_absent",
        private_metadata=chair.interview.id,
    ).to_dict()  # fmt: skip


def unheld(panel: Panel, chair: Chair) -> Payload:
    options = [choice(MARKS[name], name) for name in HELD]
    return ModalView(
        title="It did not happen",
        blocks=[
            SectionBlock(
                f"{_title(panel, chair)} with *{escape(panel.candidate)}*, "
                f"{when(chair.interview.starts_at)}. Nobody is asked for a scorecard of it then; "
                "the coordinator is told."
            ),
            InputBlock(
                "What happened?",
                StaticSelectMenu(
                    action_id="what", placeholder="Choose", options=options,
                    initial_option=options[0],
                ),
                block_id="what",
            ),
            _reason("What should the coordinator know?"),
        ],
        submit="It did not happen",
        close="Cancel",
        callback_id="nudge_unheld",
        private_metadata=chair.interview.id,
    ).to_dict()  # fmt: skip


def _reason(label: str) -> InputBlock:
    entry = PlainTextInput(action_id="reason", max_length=200)
    return InputBlock(label, entry, block_id="reason", optional=True)


def _title(panel: Panel, chair: Chair) -> str:
    return clashes.title(panel.opening, chair.interview.round)
