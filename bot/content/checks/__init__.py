"""The machine checks of a question bank: what no field can be held to by itself.

They take a second for a hundred questions, so they run in `safety-interview content check` and in
tests, never when the bot starts.
"""

from collections.abc import Iterator

from bot.content.bank import Bank
from bot.content.checks.coverage import Coverage, coverage
from bot.content.checks.likeness import alike
from bot.content.checks.wording import worded
from bot.content.reading import Problem

__all__ = ["Coverage", "coverage", "problems"]


def problems(bank: Bank) -> Iterator[Problem]:
    """Every problem of every question that is not retired, with its file, field and fix."""
    questions = [question for question in bank.questions.values() if question.is_kept]
    for question in questions:
        yield from worded(question, bank.guide)
    yield from alike(questions)
