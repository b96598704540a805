"""Before and after: what a panellist sealed of their own interview, and what they think of it and
of the candidate after the discussion. Both are kept; the one never changes the other."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.content.scorecard import CardField, CardForm
from bot.errors import Refusal
from bot.panels import Panel
from bot.records import SealedVersion
from bot.scorecards import NOT_ASSESSED, SCORES, Trouble

Versions = Mapping[str, Sequence[SealedVersion]]  # By scorecard, oldest first.
Views = dict[str, Any]

VOTES = ("recommendation", "level_fit")  # The fields of a scorecard that are about the whole.
SHORTEST_REASON = 10  # Characters.


@dataclass(frozen=True)
class Sealed:
    """What one panellist sealed of their own interviews, in the order of the day."""

    person: str
    questions: tuple[dict[str, Any], ...]  # As bot.scorecards.answers makes them.
    fields: Mapping[str, str]  # Of the last of their interviews: what they thought in the end.


def before(versions: Sequence[SealedVersion]) -> SealedVersion | None:
    """The view before the discussion: the newest version that was sealed before the reveal, or
    else the first that came after it."""
    early = [each for each in versions if not each.after_reveal]
    return next(iter([*early[::-1], *versions]), None)


def sealed(panel: Panel, versions: Versions, person: str) -> Sealed | None:
    """None for whoever has handed in nothing that counts."""
    found = [
        answers.answers
        for chair in panel.awaited
        if chair.seat.person == person and chair.card is not None
        if (answers := before(versions.get(chair.card.id, []))) is not None
    ]
    if not found:
        return None
    questions = tuple(each for answers in found for each in answers["questions"])
    return Sealed(person, questions, found[-1]["fields"])


def everybody(panel: Panel, versions: Versions) -> list[Sealed]:
    """Everybody whose scorecard counts and is in, in the order of the day."""
    people = dict.fromkeys(chair.seat.person for chair in panel.awaited if chair.is_in)
    return [view for person in people if (view := sealed(panel, versions, person)) is not None]


def require_voter(panel: Panel, person: str) -> None:
    """Raises Refusal for whoever may not record a view after the discussion (now)."""
    mine = [chair for chair in panel.awaited if chair.seat.person == person]
    if not mine:
        raise Refusal(
            "Views after the discussion are those of the panel: whoever wrote a scorecard that "
            "counts records one."
        )
    if not panel.is_revealed:
        raise Refusal(
            "The scorecards are not open yet. A view after the discussion comes after they are."
        )
    if any(not chair.is_in for chair in mine):
        raise Refusal("Your own scorecard is not in yet. Hand it in first: it is your view before.")
    if panel.loop.state != "active":
        raise Refusal("This loop has ended, so views are recorded no more.")


def overall(form: CardForm) -> list[CardField]:
    """What is asked about the whole, as far as this team's scorecard asks it."""
    return [field for field in form.fields if field.id in VOTES and field.kind == "choice"]


def after_name(key: str) -> str:
    """The name of the field for the view after the discussion, of a question or of the whole."""
    return f"after.{key}"


def why_name(key: str) -> str:
    return f"why.{key}"


WHOLE = "overall"  # What the reason for the whole goes by.


def current(own: Sealed, values: Mapping[str, Any], key: str) -> str:
    """What stands for a question or field: what was chosen, or else what was sealed."""
    return str(values.get(after_name(key)) or _sealed_of(own, key))


def _sealed_of(own: Sealed, key: str) -> str:
    asked = next((each["score"] for each in own.questions if each["id"] == key), None)
    return str(asked if asked is not None else own.fields.get(key, ""))


def troubles(form: CardForm, own: Sealed, values: Mapping[str, Any]) -> Iterator[Trouble]:
    """What moved without a reason, in the order of the pages: one of each question, then the
    whole."""
    for page, asked in enumerate(own.questions):
        key = asked["id"]
        if current(own, values, key) != asked["score"] and not _is_said(values, key):
            told = f"It was {_word(asked['score'])}. Say what moved it, in a sentence."
            yield Trouble(page, why_name(key), told)
    moved = [
        field.label
        for field in overall(form)
        if current(own, values, field.id) != own.fields.get(field.id, "")
    ]
    if moved and not _is_said(values, WHOLE):
        told = f"Say what moved it ({', '.join(moved)}), in a sentence."
        yield Trouble(len(own.questions), why_name(WHOLE), told)


def _is_said(values: Mapping[str, Any], key: str) -> bool:
    return len(str(values.get(why_name(key), "")).strip()) >= SHORTEST_REASON


def _word(score: str) -> str:
    return "not assessed" if score == NOT_ASSESSED else score


def views(form: CardForm, own: Sealed, values: Mapping[str, Any], manager: Sealed | None) -> Views:
    """What is kept: each view before and after, which way it moved (1 up, -1 down, 0 neither), and
    why. `manager` is what the hiring manager sealed, when they are on the panel and somebody
    else: `toward` says whether the recommendation is nearer to theirs now (1), farther (-1)."""
    questions = [
        {
            "id": asked["id"],
            "version": asked["version"],
            "before": asked["score"],
            "after": (after := current(own, values, asked["id"])),
            "moved": _way(SCORES[::-1], asked["score"], after),
            "reason": str(values.get(why_name(asked["id"]), "")).strip(),
        }
        for asked in own.questions
    ]
    whole = [
        {
            "field": field.id,
            "before": (was := own.fields.get(field.id, "")),
            "after": (after := current(own, values, field.id)),
            "moved": _way(tuple(field.options), was, after),
        }
        for field in overall(form)
    ]
    return {
        "questions": questions,
        "overall": whole,
        "reason": str(values.get(why_name(WHOLE), "")).strip(),
        "toward": _toward(form, whole, manager) if manager and manager != own else 0,
    }


def _way(order: Sequence[str], was: str, now: str) -> int:
    """0 also where one of them has no place in the order: “not assessed”."""
    if was not in order or now not in order:
        return 0
    return (order.index(now) > order.index(was)) - (order.index(now) < order.index(was))


def _toward(form: CardForm, whole: Sequence[Mapping[str, Any]], manager: Sealed) -> int:
    field = next((each for each in overall(form) if each.id == VOTES[0]), None)
    mine = next((each for each in whole if each["field"] == VOTES[0]), None)
    theirs = manager.fields.get(VOTES[0])
    if field is None or mine is None:
        return 0
    order = list(field.options)
    if not {mine["before"], mine["after"], theirs} <= set(order):
        return 0
    goal = order.index(str(theirs))
    far, near = (abs(order.index(mine[when]) - goal) for when in ("before", "after"))
    return (near < far) - (near > far)


def seal(views: Views, loop_id: str, person: str, at: datetime) -> str:
    """SHA-256 over the views, whose they are, and when they were recorded."""
    sealed_ = {"views": views, "loop": loop_id, "person": person, "at": at.isoformat()}
    text = json.dumps(sealed_, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def stated(views: Views, field: str) -> tuple[str, str]:
    """The view before and after of one field of the whole; "" for one that was not asked."""
    found: Views = next((each for each in views["overall"] if each["field"] == field), {})
    return str(found.get("before", "")), str(found.get("after", ""))
