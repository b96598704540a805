"""What is kept of a loop: taking it along, and erasing it."""

from typing import Any

from slackblocks import (
    AlertBlock,
    Block,
    InputBlock,
    ModalView,
    PlainTextInput,
    RadioButtonGroup,
    SectionBlock,
)

from bot.exports import FORMATS
from bot.panels import Panel
from handlers.views.text import choice, escape

Payload = dict[str, Any]

SUBJECT = "subject"
ERASE = "ERASE"
GOES = (
    "•  the name and the link\n"
    "•  notes, evidence, the reasons of views and of the decision, and everything else that was "
    "written about them, drafts too\n"
    "•  my messages and files about them, in everybody's conversation with me\n"
    "•  details of their loop in the audit"
)
STAYS = (
    "•  scores, flags, choices and what was decided, without text\n"
    "•  who interviewed when, under the candidate's code\n"
    "•  that they were erased, when, and by whom\n"
    "•  what people typed themselves in Slack: I cannot delete that, they can"
)


def export_form(title: str, where: str, *, one: bool) -> Payload:
    """`where` says of what: `loop|id` or `opening|id`. `one` offers the candidate's own copy."""
    options = [choice(text, name) for name, text in FORMATS.items()]
    if one:
        options.append(choice("For the candidate: their data, nobody else's name", SUBJECT))
    return ModalView(
        title="Export",
        blocks=[
            SectionBlock(
                f"*{escape(title)}*\nI send you a file with what you may read: scorecards only "
                "once they are open."
            ),
            InputBlock(
                "As",
                RadioButtonGroup(action_id="format", options=options, initial_option=options[0]),
                block_id="format",
            ),
        ],
        submit="Send it to me",
        close="Cancel",
        callback_id="export",
        private_metadata=where,
    ).to_dict()


def erase_form(panel: Panel, told: str = "") -> Payload:
    blocks: list[Block] = [AlertBlock(told, level="warning", block_id="told")] if told else []
    blocks += [
        SectionBlock(
            f"*{escape(panel.candidate)}* will be erased. This cannot be undone.\n\n"
            f"*What goes*\n{GOES}\n\n*What stays*\n{STAYS}"
        ),
        InputBlock(
            f"Type {ERASE} to go on",
            PlainTextInput(action_id="sure", max_length=10),
            block_id="sure",
        ),
    ]
    return ModalView(
        title="Erase a candidate", blocks=blocks, submit="Erase", close="Keep",
        callback_id="erase", private_metadata=panel.loop.id,
    ).to_dict()  # fmt: skip
