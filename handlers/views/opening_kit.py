"""A round's kit in an opening, and what its questions can be swapped for."""

from collections.abc import Sequence
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ContextBlock,
    Element,
    HeaderBlock,
    InputBlock,
    ModalView,
    RadioButtonGroup,
    SectionBlock,
    Text,
)

from bot.content import Level, Question
from bot.openings import Choice, Kit, words
from bot.records import Opening
from handlers.views import rubric as rubric_view
from handlers.views.text import choice, escape

Payload = dict[str, Any]


def window(
    opening: Opening,
    kit: Kit,
    questions: dict[str, Question],
    swappable: Sequence[str],
) -> Payload:
    """One round's kit, minute by minute. `questions` are in the versions that were pinned;
    `swappable` names those that this person may exchange."""
    blocks: list[Block] = [
        HeaderBlock(kit["title"]),
        ContextBlock([Text(f"{escape(opening.title)} · {kit['minutes']} min")]),
    ]
    at = 0
    for line in kit["lines"]:
        question = questions.get(line.get("question", ""))
        if question is None:
            blocks.append(ContextBlock([Text(f"{at}′ {escape(line.get('talk', '—'))}")]))
        else:
            blocks += _line(opening, kit, question, line, at, swappable)
        at += line["minutes"]
    return ModalView(
        title="Kit", blocks=blocks, close="Back", callback_id="opening_kit",
        private_metadata=f"{opening.id}|{kit['id']}",
    ).to_dict()  # fmt: skip


def _line(
    opening: Opening,
    kit: Kit,
    question: Question,
    line: dict[str, Any],
    at: int,
    swappable: Sequence[str],
) -> list[Block]:
    buttons: list[Element] = [rubric_view.opener(question, Level(opening.level))]
    if question.id in swappable:
        buttons.append(
            Button(
                "Swap", action_id="opening_swap", value=f"{opening.id}|{kit['id']}|{question.id}",
                accessibility_label=f"Swap {question.title}"[:75],
            )
        )  # fmt: skip
    title = f"{at}′ *{escape(question.title)}* · {line['minutes']} min"
    asked = words(question, line.get("variant", 0))
    return [
        SectionBlock(f"{title}\n>{escape(asked)}", block_id=f"kit_{question.id}"),
        ActionsBlock(buttons, block_id=f"actions_{question.id}"),
    ]


def swap_form(opening: Opening, kit: Kit, old: Question, others: Sequence[Choice]) -> Payload:
    """What `old` can be swapped for."""
    level = Level(opening.level)
    options = [choice(_option(each, level), each.code) for each in others[:10]]
    field = RadioButtonGroup(action_id="new", options=options, initial_option=options[0])
    return ModalView(
        title="Swap a question",
        blocks=[
            SectionBlock(f"*{escape(old.title)}* gives way to:"),
            InputBlock("Question", field, block_id="new"),
        ],
        submit="Swap",
        close="Back",
        callback_id="opening_swapped",
        private_metadata=f"{opening.id}|{kit['id']}|{old.id}",
    ).to_dict()


def _option(each: Choice, level: Level) -> str:
    if each.variant:
        return f"The same in other words: {each.words}"[:75]
    return f"{each.question.title} ({each.question.minutes(level)} min)"
