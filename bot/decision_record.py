"""The record of a decision: one file that holds what was decided, by whom, on what; with hashes."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from bot import audit, decisions, openings
from bot.content import Level, Question
from bot.panels import Chair, Panel
from bot.records import AuditEntry, Debrief, DebriefNote, Decision, RecordedView, Stance
from bot.votes import Versions

Record = dict[str, Any]
Json = Any
Fields = Mapping[str, Any]  # Of a question, as it was served.

FORMAT = "safety-interview decision record 1"
ALGORITHM = "SHA-256 of JSON with sorted keys and no spaces; of single values the first 32 digits"
DIGITS = 32


@dataclass(frozen=True)
class Material:
    """Everything that goes into a record; `served` holds the questions as they were asked."""

    panel: Panel
    versions: Versions
    views: Sequence[RecordedView]  # All of them, of each person the oldest first.
    entries: Sequence[AuditEntry]
    served: Mapping[tuple[str, int], Fields]  # By id and version.
    names: Mapping[str, str]  # By Slack user id, as far as they are known.
    debrief: Debrief | None = None
    notes: Sequence[DebriefNote] = ()  # What was noted in it, oldest first.


def made(material: Material, person: str, at: datetime) -> Record:
    """The record as `person` takes it along at `at`. They must plan the loop: it holds what only
    planners read."""
    parts = {
        "about": _about(material, person, at),
        "people": _people(material),
        "rubrics": _rubrics(material),
        "interviews": _interviews(material.panel),
        "scorecards": _scorecards(material),
        "debrief": _debrief(material),
        "views_after": _views(material),
        "decisions": [_decision(material, each) for each in material.panel.decisions],
        "audit": list(audit.rows(material.entries, material.names)),
    }
    return {"format": FORMAT, "parts": parts, "hashes": hashes(parts)}


def _about(material: Material, person: str, at: datetime) -> Record:
    panel = material.panel
    loop, opening = panel.loop, panel.opening
    return {
        "candidate": panel.candidate,
        "loop": loop.id,
        "opening": opening.title,
        "level": opening.level,
        "specialization": opening.specialization,
        "hiring_manager": opening.hiring_manager,
        "coordinators": list(opening.coordinators),
        "state": loop.state,
        "opened": _iso(loop.revealed_at),
        "opened_early_because": loop.reveal_reason,
        "ended": _iso(loop.ended_at),
        "erased": _iso(loop.erased_at),
        "exported": at.isoformat(),
        "exported_by": person,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _people(material: Material) -> list[Record]:
    panel = material.panel
    ids = [chair.seat.person for chair in panel.chairs]
    ids += [*panel.opening.coordinators, panel.opening.hiring_manager]
    return [{"id": id_, "name": material.names.get(id_, "")} for id_ in dict.fromkeys(ids)]


def _counted(material: Material) -> list[Chair]:
    """Those whose scorecards the panel decided on. People in training are not in the record."""
    return [
        chair
        for chair in material.panel.chairs
        if chair.role.counts and chair.card and material.versions.get(chair.card.id)
    ]


def _rubrics(material: Material) -> list[Record]:
    """Each question that was scored, in the version in which it was asked, with a hash of what
    its scores meant at the level."""
    asked = {
        (each["id"], each["version"], each["level"], each["area"]): None
        for chair in _counted(material)
        for version in _versions(material, chair)
        for each in version.answers["questions"]
    }
    return [
        {
            "question": id_,
            "version": number,
            "title": _title(material, id_, number),
            "area": area,
            "level": level,
            "anchors_sha256": anchors_hash(material.served.get((id_, number)), level),
        }
        for id_, number, level, area in asked
    ]


def _versions(material: Material, chair: Chair) -> Sequence[Any]:
    return material.versions.get(chair.card.id, []) if chair.card else []


def _title(material: Material, id_: str, number: int) -> str:
    return str(material.served.get((id_, number), {}).get("title", id_))


def anchors_hash(fields: Fields | None, level: str) -> str | None:
    """None for a question that is not kept any more, or was kept by a version of the bot whose
    questions had other fields."""
    try:
        scale = Question.model_validate(fields).scale(Level(level))
    except (ValidationError, KeyError, ValueError):
        return None
    return sha({str(score): text for score, text in scale.items()})


def _interviews(panel: Panel) -> list[Record]:
    return [
        {
            "id": interview.id,
            "round": interview.round,
            "title": openings.round_title(panel.opening, interview.round),
            "starts": interview.starts_at.isoformat(),
            "minutes": interview.minutes,
            "state": interview.state,
            "panel": [
                {"person": chair.seat.person, "role": chair.seat.role, "state": chair.seat.state}
                for chair in panel.chairs
                if chair.interview.id == interview.id
            ],
        }
        for interview in panel.interviews
    ]


def _scorecards(material: Material) -> list[Record]:
    return [
        {
            "interview": chair.interview.id,
            "person": chair.seat.person,
            "role": chair.seat.role,
            "versions": [
                {
                    "number": each.number,
                    "submitted": each.submitted_at.isoformat(),
                    "after_reveal": each.after_reveal,
                    "answers": each.answers,
                    "seal": each.seal,
                }
                for each in _versions(material, chair)
            ],
        }
        for chair in _counted(material)
    ]


def _debrief(material: Material) -> Record | None:
    """The meeting, as far as it was run by the bot; None without one."""
    found = material.debrief
    if found is None:
        return None
    return {
        "started": found.started_at.isoformat(),
        "ended": _iso(found.ended_at),
        "led_by": found.led_by,
        "seed": found.seed,
        "topics": [{"key": each["key"], "title": each["title"]} for each in found.topics],
        "notes": [
            {
                "topic": each.topic,
                "person": each.person,
                "at": each.at.isoformat(),
                "text": each.text,
            }
            for each in material.notes
        ],
    }


def _views(material: Material) -> list[Record]:
    return [
        {
            "person": each.person,
            "number": each.number,
            "recorded": each.recorded_at.isoformat(),
            "views": each.views,
            "seal": each.seal,
        }
        for each in material.views
    ]


def _decision(material: Material, decision: Decision) -> Record:
    return {
        "number": decision.number,
        "outcome": decision.outcome,
        "level": decision.level,
        "round": decision.round,
        "until": decision.until.isoformat() if decision.until else None,
        "by": decision.by,
        "decided": decision.decided_at.isoformat(),
        "state": decision.state,
        "took_effect": _iso(decision.effective_at),
        "rationale": decision.rationale,
        "cites": [_cited(material, each) for each in decision.cites],
        "stances": [_stance(each) for each in decisions.of(material.panel, decision)],
        "reopened": _iso(decision.reopened_at),
        "reopened_by": decision.reopened_by,
        "reopened_because": decision.reopen_reason,
    }


def _cited(material: Material, id_: str) -> Record:
    """A question that the rationale builds on, with what was heard there."""
    found = [
        {"person": chair.seat.person, "score": each["score"], "evidence": each["evidence"]}
        for chair in _counted(material)
        for each in _versions(material, chair)[-1].answers["questions"]
        if each["id"] == id_
    ]
    numbers = [number for known, number in material.served if known == id_]
    return {
        "question": id_,
        "title": _title(material, id_, max(numbers, default=0)),
        "heard": found,
    }


def _stance(said: Stance) -> Record:
    return {
        "person": said.person,
        "as": said.role,
        "says": said.says,
        "asked": said.asked_at.isoformat(),
        "said": _iso(said.said_at),
        "reason": said.reason,
        "answered": _iso(said.answered_at),
        "answer": said.answer,
    }


def hashes(parts: Record) -> Record:
    """Of the whole, of each part, and of each single value by its place."""
    return {
        "algorithm": ALGORITHM,
        "whole": sha(parts),
        "parts": {name: sha(part) for name, part in parts.items()},
        "values": {place: value_hash(place, value) for place, value in places(parts)},
    }


def value_hash(place: str, value: Json) -> str:
    return sha([place, value])[:DIGITS]


def places(value: Json, at: str = "") -> Iterator[tuple[str, Json]]:
    """Each single value with its place, such as `/decisions/0/outcome` (RFC 6901). What is empty
    is a value, too."""
    if isinstance(value, dict) and value:
        for name, each in value.items():
            yield from places(each, f"{at}/{name.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list) and value:
        for number, each in enumerate(value):
            yield from places(each, f"{at}/{number}")
    else:
        yield at, value


def sha(value: Json) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def as_json(record: Record) -> str:
    """Readable in every language; what breaks lines in a text but not in JSON is escaped."""
    text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    for breaks in ("\x85", "\u2028", "\u2029"):
        text = text.replace(breaks, f"\\u{ord(breaks):04x}")
    return text
