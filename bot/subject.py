"""Everything that is kept about a candidate, for them: without anybody else's name, and not before
scorecards are opened for whoever fetches it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot import decisions, drafts, openings
from bot.exports import Record, Versions, decided
from bot.panels import Chair, Panel
from bot.records import DebriefNote, Decision, RecordedView, ThreadNote
from bot.scorecards import Answers

SEALED = "Sealed until all scorecards are opened."
LEFT_OUT = {
    "names of other people": (
        "They are called by the number of their interview. Where a sentence names somebody in "
        "another way, whoever passes this on has to remove it."
    ),
    "views and decisions that somebody is still writing": (
        "They may never be recorded. Once they are, they are part of this copy."
    ),
    "the audit": "It says who read and changed what, and so is about them.",
    "messages of the bot": "They repeat what is here, to people who are named.",
    "figures about interviews": "They hold scores that are here, and no words.",
}
NOT_YET = {
    "what interviewers wrote": (
        "Whoever fetched this may not read it yet: scorecards, drafts and notes are sealed until "
        "all scorecards are opened, so that nobody is swayed by others. Ask again after that."
    )
}


@dataclass(frozen=True)
class Kept:
    """What is kept of a loop besides what its panel holds; notes oldest first. `names` are those of
    people, by Slack user id, as far as they are known."""

    versions: Versions
    notes: Sequence[ThreadNote] = ()
    debrief: Sequence[DebriefNote] = ()
    names: Mapping[str, str] = field(default_factory=dict)


def copy(panel: Panel, kept: Kept, *, opened: bool) -> str:
    """As JSON. Whoever fetches it may read what others wrote only once that is `opened` for them.

    What was typed is given in full, so whoever sends it on reads it first.
    """
    loop = panel.loop
    found = {
        "candidate": loop.candidate,
        "record": loop.link or None,
        "opening": panel.opening.title,
        "level": panel.opening.level,
        "state": loop.state,
        "kept_for_months": panel.opening.keep_months,
        "left_out": LEFT_OUT if opened else {**NOT_YET, **LEFT_OUT},
        "interviews": [
            {
                "round": openings.round_title(panel.opening, chair.interview.round),
                "starts": chair.interview.starts_at.isoformat(),
                "interviewer": f"Interviewer {number}",
                **(_written(chair, kept) if opened else _sealed(chair, kept)),
            }
            for number, chair in enumerate(panel.chairs, start=1)
        ],
        "notes_of_others": _notes_of_others(panel, kept) if opened else SEALED,
        "notes_of_the_debrief": [
            {"by": _numbered(panel, each.person), "at": each.at.isoformat(), "text": each.text}
            for each in kept.debrief
        ]
        if opened
        else SEALED,
        "views_after_the_discussion": [_view(panel, each) for each in panel.views]
        if opened
        else SEALED,
        "decisions": [_decision(panel, each) for each in panel.decisions] if opened else SEALED,
    }
    return json.dumps(_nameless(panel, kept.names, found), indent=2, ensure_ascii=False) + "\n"


def _sealed(chair: Chair, kept: Kept) -> Record:
    """Whether a scorecard is in is no secret; whether somebody took notes is."""
    handed_in = chair.card is not None and bool(kept.versions.get(chair.card.id))
    return {"scorecard": SEALED if handed_in else None, "draft": SEALED, "notes": SEALED}


def _written(chair: Chair, kept: Kept) -> Record:
    card = chair.card
    versions = kept.versions.get(card.id, []) if card else []
    answers = versions[-1].answers if versions else None
    typed = _unsealed(card.draft, answers) if card and card.draft_at else {}
    saved = card.draft_at.isoformat() if card and card.draft_at else None
    return {
        "scorecard": answers,
        "draft": {"saved": saved, **typed} if typed else None,
        "notes": [
            {"at": note.at.isoformat(), "text": note.text}
            for note in kept.notes
            if (note.interview_id, note.person) == (chair.interview.id, chair.seat.person)
        ],
    }


def _unsealed(draft: drafts.Draft, answers: Answers | None) -> Record:
    """What stands in a draft and is not in the scorecard as it was handed in, if it was."""
    handed_in = _fields(answers) if answers else {}
    fields = {
        name: value
        for name, value in drafts.values(draft).items()
        if _bare(handed_in.get(name)) != _bare(value)
    }
    earlier = [each["value"] for each in draft.get("displaced", [])]
    return {
        **({"fields": fields} if fields else {}),
        **({"texts_that_gave_way": earlier} if earlier else {}),
    }


def _bare(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _fields(answers: Answers) -> dict[str, Any]:
    """As the fields of a draft are called. The order of flags is that of their kinds."""
    flags = [each["key"] for each in answers["flags"]]
    kinds = {kind: [key for key in flags if key.startswith(kind)] for kind in ("red", "green")}
    return {
        **{f"evidence.{each['id']}": each["evidence"] for each in answers["questions"]},
        **{f"score.{each['id']}": each["score"] for each in answers["questions"]},
        **{f"where.{each['key']}": each["where"] for each in answers["flags"]},
        **{f"flags.{kind}": keys for kind, keys in kinds.items()},
        **answers["fields"],
    }


def _notes_of_others(panel: Panel, kept: Kept) -> list[Record]:
    """Of those who took notes and sit in that interview no more."""
    seated = {(chair.interview.id, chair.seat.person) for chair in panel.chairs}
    return [
        {"at": note.at.isoformat(), "text": note.text}
        for note in kept.notes
        if (note.interview_id, note.person) not in seated
    ]


def _view(panel: Panel, view: RecordedView) -> Record:
    return {
        "interviewer": _numbered(panel, view.person),
        "questions": view.views["questions"],
        "overall": view.views["overall"],
        "reason": view.views["reason"],
    }


def _decision(panel: Panel, decision: Decision) -> Record:
    return {
        **decided(panel, decision),
        "reopened_because": decision.reopen_reason or None,
        "said_to_it": [
            {
                "by": _numbered(panel, said.person),
                "says": said.says,
                "reason": said.reason,
                "answer": said.answer or None,
            }
            for said in decisions.of(panel, decision)
            if said.says != "asked"
        ],
    }


def _numbered(panel: Panel, person: str) -> str:
    """Somebody by the number of their first interview, as the interviews above number them."""
    found = (at for at, chair in enumerate(panel.chairs, start=1) if chair.seat.person == person)
    number = next(found, None)
    return f"Interviewer {number}" if number else "somebody"


def _nameless(panel: Panel, names: Mapping[str, str], found: Any) -> Any:
    """`found` with every text as it is without anybody's mention or name but the candidate's."""
    own = panel.loop.candidate.casefold()
    called = {
        name.casefold(): _numbered(panel, person)
        for person, name in names.items()
        if name and name.casefold() not in own
    }
    longest = sorted(called, key=len, reverse=True)  # “Ann Lee-Ray” before “Ann Lee”.
    mention = r"<@([A-Z0-9]+)(?:\|[^>]*)?>"
    pattern = "|".join([mention, *(rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest)])

    def without(match: re.Match[str]) -> str:
        if match.group(1):
            return _numbered(panel, match.group(1))
        return called[match.group().casefold()]

    def clean(value: Any) -> Any:
        match value:
            case str():
                return re.sub(pattern, without, value, flags=re.IGNORECASE)
            case dict():
                return {key: clean(each) for key, each in value.items()}
            case list():
                return [clean(each) for each in value]
        return value

    return clean(found)
