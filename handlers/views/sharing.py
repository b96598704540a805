"""Taking a question's words elsewhere: to the clipboard, or to a channel. Never its anchors."""

import json
from typing import Any

from slackblocks import (
    ActionsBlock,
    AlertBlock,
    Block,
    Button,
    ContextBlock,
    InputBlock,
    ModalView,
    PlainTextInput,
    SectionBlock,
    Text,
    WebhookMessage,
)

from bot.content import Bank, Level, Question
from bot.sheets import Given
from handlers.views.text import escape

Payload = dict[str, Any]

PREVIEW = "Everybody in the channel will see this. The rubric stays with you."


def words(question: Question) -> Payload:
    """The words to ask, ready to be selected: Slack gives apps no clipboard."""
    field = PlainTextInput(
        action_id="words", initial_value=question.words, multiline=True, focus_on_load=True
    )
    hint = "Select all and copy. What you change here changes nothing in the bank."
    blocks: list[Block] = [InputBlock("Words to ask", field, hint=hint, optional=True)]
    return ModalView(
        title="Copy the words", blocks=blocks, submit="Done", callback_id="words_copied"
    ).to_dict()


def preview(bank: Bank, question: Question, level: Level, response_url: str) -> Payload:
    """What will be posted, before it is. `response_url` is where the channel takes it."""
    given = Given(question.id, level, question.version)
    kept = {"given": given.code, "response_url": response_url}
    return ModalView(
        title="Share with the channel",
        blocks=[AlertBlock(PREVIEW), *_question(bank, question, level)],
        submit="Share",
        close="Cancel",
        callback_id="question_share",
        private_metadata=json.dumps(kept),
    ).to_dict()


def post(bank: Bank, question: Question, level: Level, user_id: str) -> Payload:
    """The question in a channel, with a button for `user_id`, who shared it, to take it back."""
    remove = Button("Remove", action_id="shared_remove", value=user_id)
    return WebhookMessage(
        text=f"Interview question: {question.title}",
        response_type="in_channel",
        replace_original=False,
        blocks=[
            *_question(bank, question, level),
            ContextBlock([Text(f"Shared by <@{user_id}>")]),
            ActionsBlock([remove], block_id="shared"),
        ],
    ).to_dict()


def failed() -> Payload:
    """In place of the preview, when the channel did not take the question."""
    text = "The channel did not take it. Close this, open a fresh sheet there and try again."
    return ModalView(
        title="Share with the channel", blocks=[AlertBlock(text, level="error")], close="Close"
    ).to_dict()


def _question(bank: Bank, question: Question, level: Level) -> list[Block]:
    facts = f"{bank.areas[question.area].title} · {bank.levels[level].title}"
    return [
        SectionBlock(f"*{escape(question.title)}*\n>{escape(question.words)}"),
        ContextBlock([Text(f"{escape(facts)} · {question.minutes(level)} min")]),
    ]
