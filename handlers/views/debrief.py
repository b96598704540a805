"""A debrief that the bot runs: the agenda, topic by topic, and what came of it.

What several people see holds no score and no evidence: these open for each who may read them.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ConfirmationDialogue,
    ContextBlock,
    Element,
    HeaderBlock,
    MessageResponse,
    SectionBlock,
    Text,
)

from bot.content.debrief import DebriefPolicy
from bot.debriefs import Item
from bot.panels import Panel
from bot.records import Debrief, DebriefNote
from handlers.views.debrief_summary import reached
from handlers.views.text import count, escape, label

Payload = dict[str, Any]

QUESTION = "What did the candidate say or do?"
AROUND = 3  # Topics named before and after the one that is talked about.


def live(
    policy: DebriefPolicy, panel: Panel, debrief: Debrief, notes: Sequence[DebriefNote]
) -> Payload:
    """The message that everybody looks at while they talk; changed in place."""
    who = escape(panel.candidate)
    if debrief.state == "ended":
        text = f"The debrief of *{who}* is over: {reached(debrief)}."
        told = f"{text} Those who may read it have the notes in their conversation with me."
        return _message(text, [SectionBlock(told, block_id="told"), _after(debrief)])
    item = debrief.topics[debrief.at]
    number = f"{debrief.at + 1} of {len(debrief.topics)}"
    here = Counter(note.topic for note in notes)[item["key"]]
    facts = [f"{count(here, 'note')} on this topic"] if here else []
    facts.append(f"<@{debrief.stepped_by}> pressed last")
    facts.append(f"lots drawn with seed {debrief.seed}")
    text = f"Debrief of {who}: {number}, {escape(item['title'])}"
    return _message(
        text,
        [
            HeaderBlock(label(f"Debrief · {panel.candidate}", 150)),
            SectionBlock(
                f"*{number} · {escape(item['title'])}*\n{item['minutes']} minutes, until "
                f"*{_clock(debrief)}*",
                block_id="topic",
            ),
            SectionBlock(f"{_speakers(item)}\n>*{QUESTION}*", block_id="speakers"),
            _buttons(policy, debrief),
            ContextBlock([Text(_agenda(debrief))], block_id="agenda"),
            ContextBlock([Text(" · ".join(facts))], block_id="facts"),
        ],
    )


def _clock(debrief: Debrief) -> str:
    stamp = int(debrief.until.timestamp())
    return f"<!date^{stamp}^{{time}}|{debrief.until:%H:%M} UTC>"


def _speakers(item: Item) -> str:
    first, *more = [f"<@{person}>" for person in item["speakers"]]
    if not more:  # The hiring manager alone: nobody of the panel wrote about it.
        return f"{first} asks the panel."
    *between, last = more
    then = f", then {', '.join(between)}" if between else ""
    return f"{first} first{then}; {last} last, as hiring manager."


def _agenda(debrief: Debrief) -> str:
    """What came before and what follows, as far as it helps; the rest is counted."""
    first = max(0, debrief.at - AROUND)
    last = min(len(debrief.topics), debrief.at + AROUND + 1)
    lines = [f"{first} before these"] if first else []
    for at in range(first, last):
        title = escape(debrief.topics[at]["title"])
        done = "✓" if at < debrief.at else "·"
        lines.append(f"▸ *{title}*" if at == debrief.at else f"{done} {title}")
    if last < len(debrief.topics):
        lines.append(f"{len(debrief.topics) - last} after these")
    return "\n".join(lines)


def _buttons(policy: DebriefPolicy, debrief: Debrief) -> ActionsBlock:
    code = f"{debrief.loop_id}|{debrief.revision}"
    last = debrief.at + 1 == len(debrief.topics)
    key = debrief.topics[debrief.at]["key"]
    buttons: list[Element] = [
        Button(
            "End debrief" if last else "Next topic", action_id="debrief_step_next", value=code,
            style="primary",
        ),
        Button(_more(policy), action_id="debrief_step_more", value=code),
    ]  # fmt: skip
    if debrief.at > 0:
        buttons.append(Button("Back", action_id="debrief_step_back", value=code))
    buttons += [
        Button("Note…", action_id="debrief_note", value=f"{debrief.loop_id}|{key}"),
        Button("Evidence", action_id="packet_topic", value=f"{debrief.loop_id}|{key}"),
    ]
    if not last:
        sure = ConfirmationDialogue(
            "End the debrief?", "Topics that were not reached stay in the packet.", "End it",
            "Go on",
        )  # fmt: skip
        buttons.append(
            Button("End…", action_id="debrief_step_end", value=code, confirm=sure, style="danger")
        )
    return ActionsBlock(buttons, block_id="debrief_steps")


def _more(policy: DebriefPolicy) -> str:
    return f"+{count(policy.more, 'minute')}"


def _after(debrief: Debrief) -> ActionsBlock:
    return ActionsBlock(
        [
            Button("Packet", action_id="debrief_open", value=debrief.loop_id),
            Button("Notes", action_id="debrief_notes", value=f"{debrief.loop_id}|0"),
            Button("Take it up again", action_id="debrief_resume", value=debrief.loop_id),
        ],
        block_id="debrief_after",
    )


def time_is_up(policy: DebriefPolicy, debrief: Debrief) -> Payload:
    """Once for each time that runs out."""
    item = debrief.topics[debrief.at]
    text = f"Time is up for *{escape(item['title'])}*."
    code = f"{debrief.loop_id}|{debrief.revision}"
    last = debrief.at + 1 == len(debrief.topics)
    buttons: list[Element] = [
        Button(
            "End debrief" if last else "Next topic", action_id="debrief_step_next", value=code,
            style="primary",
        ),
        Button(_more(policy), action_id="debrief_step_more", value=code),
    ]  # fmt: skip
    blocks = [SectionBlock(text, block_id="told"), ActionsBlock(buttons, block_id="debrief_time")]
    return _message(text, blocks)


def went_on() -> Payload:
    """What stands in the place of “time is up” afterwards."""
    text = "The time was up; it went on."
    return _message(text, [ContextBlock([Text(text)], block_id="told")])


def _message(text: str, blocks: Sequence[Block]) -> Payload:
    return MessageResponse(text=text, blocks=list(blocks)).to_dict()
