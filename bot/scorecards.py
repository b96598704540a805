"""Scorecards: what one asks, what is missing in it, its answers, and their seal."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from bot import drafts
from bot.content import Level, Question
from bot.content.scorecard import CardField, CardForm
from bot.records import Scorecard

Values = Mapping[str, Any]
Answers = dict[str, Any]

NOT_ASSESSED = "na"
SCORES = ("4", "3", "2", "1")


@dataclass(frozen=True)
class Page:
    """One question of a scorecard: what was pinned for the round. `minutes` count from the start
    of the interview to when the question is asked, and `until` to when it is over."""

    question: Question
    level: Level
    words: str
    minutes: int
    until: int

    @property
    def evidence(self) -> str:
        """The name of the field for what they said or did."""
        return f"evidence.{self.question.id}"

    @property
    def score(self) -> str:
        return f"score.{self.question.id}"


@dataclass(frozen=True)
class Trouble:
    """Why a scorecard cannot be handed in yet. `page` counts from 0, the overall one last."""

    page: int
    field: str
    told: str


def troubles(form: CardForm, pages: Sequence[Page], values: Values) -> Iterator[Trouble]:
    """All that is missing, in the order of the pages."""
    for at, page in enumerate(pages):
        yield from unbacked(form, page, at, values)
        if not values.get(page.score):
            told = "Choose a score, or “Not assessed” if you did not get to it."
            yield Trouble(at, page.score, told)
    for key in flags(values):
        if not str(values.get(f"where.{key}", "")).strip():
            yield Trouble(len(pages), f"where.{key}", "Say where you heard this, in a few words.")
    for field in form.fields:
        if field.required and not values.get(field.id):
            yield Trouble(len(pages), field.id, f"{field.label}: choose one.")


def unbacked(form: CardForm, page: Page, at: int, values: Values) -> Iterator[Trouble]:
    """A score without evidence, on the field where the evidence belongs."""
    score = values.get(page.score)
    evidence = str(values.get(page.evidence, "")).strip()
    if score and score != NOT_ASSESSED and len(evidence) < form.minimum_evidence:
        told = f"Your {score} needs one concrete moment: a quote or an action is enough"
        if evidence:
            told += f" ({form.minimum_evidence} characters or more)"
        yield Trouble(at, page.evidence, f"{told}.")


def flags(values: Values) -> list[str]:
    """The keys of the flags that were heard: red ones first."""
    return [*values.get("flags.red", []), *values.get("flags.green", [])]


def drafted(card: Scorecard | None) -> dict[str, Any]:
    """What stands in the draft of a scorecard; nothing for one that was not begun."""
    return drafts.values(card.draft) if card else {}


def finished(pages: Sequence[Page], values: Values) -> int:
    """How many questions have a score or were not assessed."""
    return sum(bool(values.get(page.score)) for page in pages)


def answers(form: CardForm, pages: Sequence[Page], values: Values) -> Answers:
    """What is sealed: only what the scorecard asks, with the version of each question."""
    return {
        "questions": [
            {
                "id": page.question.id,
                "version": page.question.version,
                "area": str(page.question.area),
                "level": str(page.level),
                "evidence": str(values.get(page.evidence, "")).strip(),
                "score": values.get(page.score, NOT_ASSESSED),
            }
            for page in pages
        ],
        "flags": [
            {"key": key, "where": str(values.get(f"where.{key}", "")).strip()}
            for key in flags(values)
        ],
        "fields": {field.id: values[field.id] for field in form.fields if values.get(field.id)},
    }


def seal(answers: Answers, interview_id: str, person: str, at: datetime) -> str:
    """SHA-256 over the answers, whose they are, and when they were handed in."""
    sealed = {"answers": answers, "interview": interview_id, "person": person}
    text = json.dumps({**sealed, "at": at.isoformat()}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def changed(before: Answers, after: Answers) -> list[str]:
    """What an amendment changed, by name: question ids, “flags”, ids of fields."""
    old = {each["id"]: each for each in before["questions"]}
    found = [each["id"] for each in after["questions"] if old.get(each["id"]) != each]
    if before["flags"] != after["flags"]:
        found.append("flags")
    names = dict.fromkeys([*before["fields"], *after["fields"]])
    return found + [
        name for name in names if before["fields"].get(name) != after["fields"].get(name)
    ]


def readable(form: CardForm, *, planner: bool) -> list[CardField]:
    """The fields that may be shown to who may read the scorecard."""
    return [
        field
        for field in form.fields
        if field.read_by == "panel" or (planner and field.read_by == "planners")
    ]


def pointed_out(form: CardForm, values: Values) -> list[tuple[str, str]]:
    """Words about protected matters in what was typed, each with what it is about."""
    text = "\n".join(value for value in values.values() if isinstance(value, str))
    found = []
    for about, words in form.pointed_out.items():
        found += [(match.group().lower(), about) for match in _words(words).finditer(text)]
    return list(dict.fromkeys(found))


@lru_cache(maxsize=64)
def _words(words: tuple[str, ...]) -> re.Pattern[str]:
    either = "|".join(re.escape(word) for word in words)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
