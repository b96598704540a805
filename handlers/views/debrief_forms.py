"""The forms of a debrief: starting it, and a note on one of its topics."""

from typing import Any

from slackblocks import (
    HeaderBlock,
    InputBlock,
    ModalView,
    NumberInput,
    PlainTextInput,
    SectionBlock,
    UserMultiSelectMenu,
)

from bot import debriefs
from bot.content.debrief import DebriefPolicy
from bot.packets import Packet
from bot.records import Debrief
from handlers.views.text import count, escape, label

Payload = dict[str, Any]

LONGEST_NOTE = 3000  # Characters: Slack takes no more.


def start_form(policy: DebriefPolicy, packet: Packet, where: str) -> Payload:
    """What is about to happen, how long it takes, and who is known to be least senior."""
    topics = len(packet.topics)
    each = debriefs.minutes_each(policy, policy.minutes, topics)
    fit = debriefs.fitting(policy, policy.minutes, topics)
    rest = f" {count(topics - fit, 'topic')} more come if there is time." if fit < topics else ""
    plan = (
        f"{count(topics, 'topic')}, the gravest first, then the overall recommendations. In "
        f"{policy.minutes} minutes each topic gets {each}.{rest}"
    )
    if not topics:
        plan = "Nothing stands out in the packet, so it is about the overall recommendations alone."
    return ModalView(
        title="Start debrief",
        blocks=[
            HeaderBlock(label(packet.panel.candidate, 150)),
            SectionBlock(f"{plan}\n{where}"),
            InputBlock(
                "Minutes",
                NumberInput(
                    is_decimal_allowed=False, action_id="minutes", min_value=5, max_value=240,
                    initial_value=str(policy.minutes),
                ),
                block_id="minutes",
            ),
            InputBlock(
                "Who speaks first: the least senior",
                UserMultiSelectMenu(action_id="ranked", placeholder="In this order"),
                block_id="ranked",
                optional=True,
                hint="I do not know who is senior. Whom you leave out is drawn by lot, and the "
                "hiring manager speaks last.",
            ),
        ],
        submit="Start",
        close="Not yet",
        callback_id="debrief_begin",
        private_metadata=packet.panel.loop.id,
    ).to_dict()  # fmt: skip


def note_form(debrief: Debrief, key: str) -> Payload:
    title = next((each["title"] for each in debrief.topics if each["key"] == key), key)
    return ModalView(
        title="Note",
        blocks=[
            SectionBlock(f"*{escape(title)}*"),
            InputBlock(
                "What was said that the scorecards do not say?",
                PlainTextInput(
                    action_id="note", multiline=True, max_length=LONGEST_NOTE, min_length=1,
                    focus_on_load=True,
                ),
                block_id="note",
                hint="The panel reads it. The candidate may be entitled to read it, too.",
            ),
        ],
        submit="Keep",
        close="Cancel",
        callback_id="debrief_noted",
        private_metadata=f"{debrief.loop_id}|{key}",
    ).to_dict()  # fmt: skip
