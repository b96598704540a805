"""Pasting a table of interviews: the form, and what it would do."""

from collections.abc import Sequence
from typing import Any

from slackblocks import (
    AlertBlock,
    Block,
    ContextBlock,
    InputBlock,
    ModalView,
    PlainTextInput,
    SectionBlock,
    Text,
)

from bot.imports import EXAMPLE, Problem
from bot.plans import Plan
from handlers.views.text import count, escape

Payload = dict[str, Any]

LONGEST = 2900  # The text travels in the private metadata, which holds 3,000 characters.
MOST_TOLD = 20


def form(text: str = "", problems: Sequence[Problem] = (), rows: int = 0) -> Payload:
    blocks: list[Block] = []
    if problems:
        lines = [f"•  {escape(str(each))}" for each in problems[:MOST_TOLD]]
        lines += [f"•  and {len(problems) - MOST_TOLD} more"] if len(problems) > MOST_TOLD else []
        heading = f"{count(len(problems), 'problem')}. Nothing was imported."
        blocks += [
            AlertBlock(heading, level="warning", block_id="told"),
            SectionBlock("\n".join(lines)[:3000]),
        ]
    elif text:
        told = f"All {count(rows, 'row')} are planned like this already: nothing to change."
        blocks.append(AlertBlock(told, block_id="told"))
    blocks += [
        InputBlock(
            "Paste the table, with its header",
            PlainTextInput(
                action_id="table", multiline=True, max_length=LONGEST, initial_value=text or None,
                focus_on_load=True,
            ),
            block_id="table",
            hint="One row for each person in each interview. Longer tables: the command line.",
        ),
        SectionBlock(f"For example:\n```{EXAMPLE}```"),
        ContextBlock(
            [
                Text(
                    "Also understood: `opening`, `zone`, `link`. Times without a zone are yours. "
                    "Importing the same table again changes nothing."
                )
            ]
        ),
    ]  # fmt: skip
    return ModalView(
        title="Import interviews", blocks=blocks, submit="Check", close="Cancel",
        callback_id="import_check",
    ).to_dict()  # fmt: skip


def check(
    text: str, plans: Sequence[Plan], changed: int, people: Sequence[str], odd: Sequence[str]
) -> Payload:
    interviews = sum(len(plan.held) for plan in plans)
    lines = [
        f"*{count(len(plans) - changed, 'new loop')}, {changed} changed*, "
        f"{count(interviews, 'interview')} in all.",
        f"Briefed: {', '.join(f'<@{person}>' for person in people)}",
    ]
    blocks: list[Block] = [SectionBlock("\n".join(lines)[:3000])]
    if odd:
        heading = f"{count(len(odd), 'thing')} to look at. You can import all the same."
        shown = [f"•  {each}" for each in odd[:MOST_TOLD]]
        shown += [f"•  and {len(odd) - MOST_TOLD} more"] if len(odd) > MOST_TOLD else []
        blocks += [
            AlertBlock(heading, level="warning", block_id="odd"),
            SectionBlock("\n".join(shown)[:3000]),
        ]
    return ModalView(
        title="Check before importing", blocks=blocks, submit="Import", close="Cancel",
        callback_id="import_save", private_metadata=text,
    ).to_dict()  # fmt: skip
