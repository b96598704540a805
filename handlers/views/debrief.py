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
    InputBlock,
    MessageResponse,
    ModalView,
    NumberInput,
    PlainTextInput,
    SectionBlock,
    Text,
    UserMultiSelectMenu,
)

from bot import debriefs
from bot.content.debrief import DebriefPolicy
from bot.debriefs import Item
from bot.packets import Packet
from bot.panels import Panel
from bot.records import Debrief, DebriefNote
from handlers.views.page import Page
from handlers.views.paging import MOST_BLOCKS, MOST_TEXT, Piece, paged
from handlers.views.text import count, escape, label, quoted, when

Payload = dict[str, Any]

QUESTION = "What did the candidate say or do?"
LONGEST_NOTE = 3000
AROUND = 3  # Topics named before and after the one that is talked about.


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


def live(
    policy: DebriefPolicy, panel: Panel, debrief: Debrief, notes: Sequence[DebriefNote]
) -> Payload:
    """The message that everybody looks at while they talk; changed in place."""
    who = escape(panel.candidate)
    if debrief.state == "ended":
        text = f"The debrief of *{who}* is over: {_reached(debrief)}."
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


def _reached(debrief: Debrief) -> str:
    took = (debrief.ended_at or debrief.until) - debrief.started_at
    minutes = max(1, round(took.total_seconds() / 60))
    return (
        f"{debrief.seen + 1} of {count(len(debrief.topics), 'topic')}, {count(minutes, 'minute')}"
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


def summary(
    panel: Panel, debrief: Debrief, notes: Sequence[DebriefNote], person: str, number: int = 0
) -> Page:
    """What was noted, topic by topic, for one person who may read it. The hiring manager decides
    from here."""
    pages = paged(
        list(_noted(debrief, notes)),
        text=900, blocks=4, most_text=MOST_TEXT, most_blocks=MOST_BLOCKS,
    )  # fmt: skip
    number = max(0, min(number, len(pages) - 1))
    title = f"Debrief of {panel.candidate}"
    state = "It is over" if debrief.state == "ended" else "It is running"
    facts = f"{state}: {_reached(debrief)}." if debrief.state == "ended" else f"{state}."
    if len(pages) > 1:
        facts += f" Page {number + 1} of {len(pages)}."
    buttons: list[Element] = []
    loop = panel.loop
    if debrief.state == "ended" and person == panel.opening.hiring_manager:
        if loop.state == "active":
            button = Button("Decide…", action_id="decision_open", value=loop.id, style="primary")
            buttons.append(button)
    elif debrief.state == "ended":
        facts += f" <@{panel.opening.hiring_manager}> decides."
    if number > 0:
        buttons.append(
            Button("Earlier page", action_id="notes_back", value=f"{loop.id}|{number - 1}")
        )
    if number + 1 < len(pages):
        buttons.append(Button("Next page", action_id="notes_next", value=f"{loop.id}|{number + 1}"))
    buttons.append(Button("Packet", action_id="debrief_open", value=loop.id))
    if debrief.state == "ended" and loop.state == "active":
        buttons.append(Button("Take it up again", action_id="debrief_resume", value=loop.id))
    return Page(
        title,
        [
            HeaderBlock(label(title, 150)),
            ContextBlock([Text(facts)], block_id="facts"),
            *pages[number],
            ActionsBlock(buttons, block_id="debrief_summary"),
        ],
    )


def _noted(debrief: Debrief, notes: Sequence[DebriefNote]) -> list[Piece]:
    """Every note under its topic, in the order of the agenda; topics without any in one line."""
    pieces: list[Piece] = []
    silent = []
    for item in debrief.topics:
        mine = [note for note in notes if note.topic == item["key"]]
        if not mine:
            silent.append(escape(item["title"]))
            continue
        head: list[Block] = [SectionBlock(f"*{escape(item['title'])}*")]
        for note in mine:
            first, *more = quoted(note.text, 2700)
            pieces.append([*head, SectionBlock(f"<@{note.person}>, {when(note.at)}\n{first}")])
            pieces += [[SectionBlock(part)] for part in more]
            head = []
    if silent:
        pieces.append([SectionBlock(label(f"Nothing was noted on: {', '.join(silent)}.", 3000))])
    return pieces


def _message(text: str, blocks: Sequence[Block]) -> Payload:
    return MessageResponse(text=text, blocks=list(blocks)).to_dict()
