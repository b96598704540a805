"""Openings: who may change one, and the kits that are pinned for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.content import Area, Bank, Level, Question, Specialization
from bot.errors import Refusal
from bot.kits import LoopKits
from bot.records import Loop, Opening
from bot.typed import escape

Kit = dict[str, Any]

SHOWN_AS = {"initials": "Initials", "name": "Name", "code": "Code, such as C-102"}
KEEP_MONTHS = (3, 6, 12, 24)
MONTH = timedelta(days=30)
MOST_COORDINATORS = 5  # Each is looked up with Slack before the opening is made.


def pin(loop: LoopKits) -> list[Kit]:
    """`loop` as data: for each round its id, title, minutes and lines. A line has its minutes and
    either `talk` or a question's id, version and area (and, in other words, the number of its
    variant), so that editing the bank changes no kit."""
    return [
        {
            "id": kit.id,
            "title": kit.title,
            "minutes": kit.minutes,
            "lines": [
                {"minutes": line.minutes, **_pinned(Choice(question))}
                if (question := line.question)
                else {"minutes": line.minutes, "talk": line.talk or f"No question: {line.missing}"}
                for line in kit.lines
            ],
        }
        for kit in loop.kits
    ]


def plans_it(opening: Opening, user_id: str) -> bool:
    return user_id in (*opening.coordinators, opening.hiring_manager)


def require_planner(opening: Opening, user_id: str) -> None:
    """Raises Refusal for anybody but the coordinators and the hiring manager."""
    if not plans_it(opening, user_id):
        raise Refusal(
            "Only the coordinators and the hiring manager of "
            f"“{escape(opening.title)}” can change it. Ask <@{opening.coordinators[0]}>."
        )


def kept_until(opening: Opening, loop: Loop, gone_at: datetime | None = None) -> datetime | None:
    """When a candidate is to be erased: so many months after their loop or the opening ended, or
    their team removed the bot (`gone_at`); None while all go on. A month is counted as 30 days."""
    ended = [at for at in (loop.ended_at, opening.closed_at, gone_at) if at is not None]
    return min(ended) + opening.keep_months * MONTH if ended else None


def kit(opening: Opening, kit_id: str) -> Kit:
    """Raises Refusal when the opening has no such round."""
    for found in opening.kits:
        if found["id"] == kit_id:
            return found
    raise Refusal("This opening has no such round. Open it anew with `/safety-interview openings`.")


def round_title(opening: Opening, kit_id: str) -> str:
    """What a round is called; its id once the opening has no such round."""
    return next((str(each["title"]) for each in opening.kits if each["id"] == kit_id), kit_id)


def areas(found: Kit) -> tuple[Area, ...]:
    """What a round asks about, in order, each area once."""
    return tuple(dict.fromkeys(Area(line["area"]) for line in found["lines"] if "area" in line))


def asked(kits: Sequence[Kit]) -> Iterator[str]:
    """The ids of the questions in `kits`, in order."""
    for found in kits:
        yield from (line["question"] for line in found["lines"] if "question" in line)


@dataclass(frozen=True)
class Choice:
    """What a line of a kit may ask: a question in its own words, or in those of a variant."""

    question: Question
    variant: int = 0  # 1 for the first variant; 0 for the question's own words.

    @property
    def code(self) -> str:
        return f"{self.question.id}#{self.variant}"

    @property
    def words(self) -> str:
        return words(self.question, self.variant)


def _pinned(choice: Choice) -> dict[str, Any]:
    question = choice.question
    pinned = {"question": question.id, "version": question.version, "area": str(question.area)}
    return pinned | ({"variant": choice.variant} if choice.variant else {})


def words(question: Question, variant: int) -> str:
    """What is asked. A variant that the question no longer has gives way to its own words."""
    return (
        question.variants[variant - 1] if 0 < variant <= len(question.variants) else question.words
    )


@dataclass(frozen=True)
class Line:
    """One line of a pinned kit, `at` so many minutes after the round's start. `question` is in the
    version that was pinned; None for a line that talks, and for one that no bank has any more."""

    at: int
    minutes: int
    talk: str = ""
    question: Question | None = None
    words: str = ""


def others(bank: Bank, opening: Opening, kit_id: str, question_id: str) -> list[Choice]:
    """What `question_id` could be swapped for in its round: other questions of the same area and
    specialization, no longer, and asked nowhere in the opening, the longest first; then the other
    words of the same question."""
    level, plan = Level(opening.level), bank.rounds.get(kit_id)
    now = bank.questions.get(question_id)
    line = next(
        (each for each in kit(opening, kit_id)["lines"] if each.get("question") == question_id),
        None,
    )
    if now is None or line is None or plan is None:
        return []
    taken = set(asked(opening.kits))
    found = [
        question
        for question in bank.units(level, now.area, Specialization(opening.specialization))
        if question.id not in taken
        and plan.round in question.rounds
        and question.specialization is now.specialization
        and question.minutes(level) <= line["minutes"]
    ]
    found.sort(key=lambda each: (-each.minutes(level), each.id))
    variants = [Choice(now, number) for number in range(len(now.variants) + 1)]
    shown = Choice(now, line.get("variant", 0)).words
    return [*map(Choice, found), *(each for each in variants if each.words != shown)]


def swapped(opening: Opening, kit_id: str, old: str, new: Choice) -> list[Kit]:
    """The opening's kits with `new` in the place of `old`. The line keeps its minutes, so that the
    round stays as long as it was planned."""
    kits = []
    for found in opening.kits:
        lines = [
            {"minutes": line["minutes"], **_pinned(new)}
            if found["id"] == kit_id and line.get("question") == old
            else line
            for line in found["lines"]
        ]
        kits.append({**found, "lines": lines})
    return kits
