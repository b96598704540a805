"""Whether what a bank is shown as fits into Slack: every message of it is built once."""

from collections.abc import Iterator
from functools import partial
from itertools import product
from typing import Any

from slackblocks.errors import InvalidUsageError

from bot import guide, kits
from bot.content import Bank, Problem, Specialization
from bot.sheets import Sheet
from handlers.views import guide as guide_view
from handlers.views import kit as kit_view
from handlers.views import rubric as rubric_view
from handlers.views import sheet as sheet_view

LONGEST = 12_000  # Characters over all blocks; Slack refuses a message of a little more.


def problems(bank: Bank) -> Iterator[Problem]:
    """A problem for each topic, sheet, plan and rubric that Slack would refuse."""
    for name in guide.TOPICS:
        yield from _fits("guide.yaml", f"topic {name}", partial(_topic, bank, name))
    for level, area in product(bank.levels, (None, *bank.areas)):
        told = f"the {area or 'whole'} sheet at {level}"
        yield from _fits("levels.yaml", told, partial(sheet_view.message, bank, Sheet(level, area)))
    for level, special in product(bank.levels, Specialization):
        told = f"the plan of {level}, {special}"
        yield from _fits("kits.yaml", told, partial(_plan, bank, level, special))
    for question in bank.questions.values():
        for level in question.levels:
            build = partial(rubric_view.modal, bank, question, level)
            yield from _fits(f"questions/{question.id}.yaml", f"the rubric at {level}", build)


def _topic(bank: Bank, name: str) -> Any:
    return guide_view.page(bank, name).message()


def _plan(bank: Bank, level: Any, special: Specialization) -> Any:
    return kit_view.plan(bank, kits.compose(bank, level, special)).message()


def _fits(file: str, told: str, build: partial[Any]) -> Iterator[Problem]:
    try:
        size = characters(build())
    except InvalidUsageError as error:
        yield Problem(file, told, f"cannot be shown in Slack ({error}): shorten it")
    else:
        if size > LONGEST:
            yield Problem(file, told, f"takes {size} characters, at most {LONGEST}: shorten it")


def characters(shown: Any) -> int:
    """Those of every text in a message or a view."""
    if isinstance(shown, dict):
        own = shown.get("text")
        below = sum(characters(each) for each in shown.values() if not isinstance(each, str))
        return below + (len(own) if isinstance(own, str) else 0)
    return sum(map(characters, shown)) if isinstance(shown, list) else 0
