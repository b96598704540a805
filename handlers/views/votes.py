"""A panellist's view after the discussion, beside the one that they sealed; who moved, whither."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slackblocks import (
    ActionsBlock,
    AlertBlock,
    Block,
    Button,
    ContextBlock,
    Element,
    HeaderBlock,
    InputBlock,
    ModalView,
    PlainTextInput,
    RadioButtonGroup,
    SectionBlock,
    Text,
)

from bot import drafts, votes
from bot.content import Bank
from bot.panels import Panel
from bot.records import RecordedView
from bot.scorecards import NOT_ASSESSED, SCORES
from bot.votes import WHOLE, Sealed
from handlers.views import moves as moves_view
from handlers.views.card import EACH_LETTER, LONGEST, MAY_READ, Place
from handlers.views.text import choice, escape, label, when
from handlers.views.words import option, quoted, score, title

Payload = dict[str, Any]

BEFORE = "Sealed view of your own interview"
AFTER = "View after the discussion"


@dataclass(frozen=True)
class Sheet:
    """Everything that the window shows."""

    loop_id: str
    candidate: str
    own: Sealed
    draft: Mapping[str, Any]
    saved_at: datetime | None
    recorded: bool  # Whether there is an earlier view after the discussion.

    @property
    def values(self) -> dict[str, Any]:
        return drafts.values(self.draft)

    @property
    def last(self) -> int:
        return len(self.own.questions)


def window(bank: Bank, sheet: Sheet, page: int, told: str = "") -> Payload:
    """The page `page`: one of each question of one's own interviews, then the whole."""
    page = max(0, min(page, sheet.last))
    blocks: list[Block] = [
        ContextBlock([Text(_progress(sheet, page))], block_id="progress"),
        _pages(sheet, page),
        *([AlertBlock(told, level="warning", block_id="told")] if told else []),
        *(_whole(bank, sheet) if page == sheet.last else _question(bank, sheet, page)),
        ContextBlock([Text(MAY_READ)]),
    ]
    return ModalView(
        title="After the discussion",
        blocks=blocks,
        submit="Record" if page == sheet.last else "Next",
        close="Close",
        callback_id="vote_page",
        private_metadata=Place(sheet.loop_id, page, drafts.revision(sheet.draft)).dumped(),
    ).to_dict()


def _progress(sheet: Sheet, page: int) -> str:
    where = f"Question {page + 1} of {sheet.last}" if page < sheet.last else "Overall"
    saved = f"draft saved {when(sheet.saved_at)}" if sheet.saved_at else "saved as you type"
    again = " · you have recorded one already; the next is kept beside it" if sheet.recorded else ""
    return (
        f"*{escape(sheet.candidate)}* · {where} · {saved}{again}\n"
        "What you sealed stays as it is. Leave everything as it stands if nothing moved."
    )


def _pages(sheet: Sheet, page: int) -> ActionsBlock:
    buttons: list[Element] = []
    for at in range(sheet.last + 1):
        name = f"Question {at + 1}" if at < sheet.last else "Overall"
        buttons.append(
            Button(
                name, action_id=f"vote_turn_{at}", value=str(at),
                style="primary" if at == page else None,
            )
        )  # fmt: skip
    # The last page is always among them.
    return ActionsBlock([*buttons[:24], buttons[-1]][: len(buttons)], block_id="vote_pages")


def _question(bank: Bank, sheet: Sheet, page: int) -> list[Block]:
    asked = sheet.own.questions[page]
    key = str(asked["id"])
    options = [choice(score(each), each) for each in (*SCORES, NOT_ASSESSED)]
    chosen = votes.current(sheet.own, sheet.values, key)
    return [
        SectionBlock(
            f"*{escape(title(bank, key))}*\n*{BEFORE}:* {escape(score(asked['score']))}"
        ),
        *quoted(asked["evidence"]),
        InputBlock(
            AFTER,
            RadioButtonGroup(
                action_id="vote_choice", options=options,
                initial_option=next((each for each in options if each.value == chosen), None),
            ),
            block_id=votes.after_name(key),
            dispatch_action=True,
            optional=True,
        ),
        _why(sheet, key),
    ]  # fmt: skip


def _why(sheet: Sheet, key: str) -> Block:
    return InputBlock(
        "What moved it?",
        PlainTextInput(
            action_id="vote_text", multiline=True, max_length=LONGEST,
            initial_value=sheet.values.get(votes.why_name(key)),
            dispatch_action_config=EACH_LETTER,
        ),
        block_id=votes.why_name(key),
        dispatch_action=True,
        optional=True,
        hint="Needed where the two differ: what did you hear that you had not heard before?",
    )  # fmt: skip


def _whole(bank: Bank, sheet: Sheet) -> list[Block]:
    fields = votes.overall(bank.scorecard)
    if not fields:
        return [SectionBlock("This team's scorecards ask nothing about the whole.")]
    lines = [
        f"{escape(field.label)}: {escape(option(field, sheet.own.fields.get(field.id, '')))}"
        for field in fields
    ]
    blocks: list[Block] = [SectionBlock("\n".join([f"*{BEFORE}*", *lines]))]
    for field in fields:
        options = [choice(text, key) for key, text in field.options.items()]
        chosen = votes.current(sheet.own, sheet.values, field.id)
        blocks.append(
            InputBlock(
                label(f"{field.label} after the discussion", 150),
                RadioButtonGroup(
                    action_id="vote_choice", options=options,
                    initial_option=next((each for each in options if each.value == chosen), None),
                ),
                block_id=votes.after_name(field.id),
                dispatch_action=True,
                optional=True,
            )
        )  # fmt: skip
    return [*blocks, _why(sheet, WHOLE)]


def recorded(row: RecordedView, panel: Panel) -> Payload:
    """It is kept: when, and what everybody sees of it."""
    return ModalView(
        title="After the discussion",
        blocks=[
            HeaderBlock("Recorded"),
            SectionBlock(
                f"{when(row.recorded_at)}. It is kept beside what you had sealed; the panel and "
                f"those who plan the loop see both.\n{moves_view.summary(panel)}"
            ),
            ContextBlock([Text(f"Seal {row.seal[:16]}…")]),
        ],
        close="Close",
        callback_id="vote_recorded",
    ).to_dict()


def opener(loop_id: str, *, again: bool = False) -> Button:
    """For a panellist whose scorecard counts."""
    text = "Change my view after the discussion" if again else "My view after the discussion"
    return Button(text, action_id="vote_open", value=loop_id)
