"""Scores, options, questions and long texts in the words that people read."""

from slackblocks import Block, SectionBlock

from bot.content import Bank
from bot.content.scorecard import CardField
from bot.scorecards import NOT_ASSESSED, SCORES
from handlers.views import text as text_view
from handlers.views.rubric import SCORES as SCORE_NAMES


def score(value: str) -> str:
    """A score in words and as a number."""
    if value == NOT_ASSESSED:
        return "Not assessed"
    return f"{value} · {SCORE_NAMES[int(value)]}" if value in SCORES else value or "—"


def title(bank: Bank, question_id: str) -> str:
    question = bank.questions.get(question_id)
    return question.title if question else question_id


def option(field: CardField, value: str) -> str:
    return field.options.get(value, value or "—")


def quoted(text: str) -> list[Block]:
    """The whole of it: escaped and quoted, 3,000 characters may need two blocks."""
    return [SectionBlock(part) for part in text_view.quoted(text or "—")]
