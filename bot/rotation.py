"""How often questions are asked: which are worn, and which a new opening should rather get."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.content import Bank, Exposure, Question
from bot.content.insights import InsightPolicy
from bot.kits import Wear

MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Usage:
    """One question in a team: in how many interviews whose scorecards are open it was asked."""

    question: str
    times: int
    lately: int  # Of these, within the months that the policy names.
    last: datetime


def since(policy: InsightPolicy, now: datetime) -> datetime:
    """From when on a use counts as lately."""
    return now - policy.worn_months * MONTH


def is_worn(policy: InsightPolicy, usage: Usage) -> bool:
    return usage.lately >= policy.worn_after


def wear(policy: InsightPolicy, found: Iterable[Usage]) -> Wear:
    """What composing a new opening's kits avoids."""
    found = list(found)
    return Wear(
        worn=frozenset(each.question for each in found if is_worn(policy, each)),
        uses=frozenset((each.question, each.times) for each in found),
    )


def leaked(bank: Bank, marked: Mapping[str, datetime]) -> dict[str, Question]:
    """The bank's questions, with the team's `marked` ones asked in the words of their variants."""
    return {id_: as_marked(question, marked) for id_, question in bank.questions.items()}


def as_marked(question: Question, marked: Mapping[str, datetime]) -> Question:
    """The question as it is asked: in its variant's words once it was marked."""
    if question.id not in marked:
        return question
    return question.model_copy(update={"exposure": Exposure.LEAKED})


def spare(bank: Bank, question: Question, found: Mapping[str, Usage]) -> Sequence[Question]:
    """What could take a worn question's place in a new opening: of its area and specialization, at
    one of its levels, the least asked first."""
    others = [
        each
        for each in bank.questions.values()
        if each.is_asked
        and each.id != question.id
        and each.area is question.area
        and each.specialization is question.specialization
        and set(each.levels) & set(question.levels)
    ]

    def asked(each: Question) -> int:
        return found[each.id].times if each.id in found else 0

    fresher = [each for each in others if asked(each) < asked(question)]
    return sorted(fresher, key=lambda each: (asked(each), each.id))
