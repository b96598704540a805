"""What somebody may take with them of loops that they may see: CSV, JSON or Markdown. A candidate's
own data: bot.subject."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot import decisions, openings, panels, scorecards
from bot.cells import guarded
from bot.content import Bank
from bot.panels import Chair, Panel
from bot.records import Decision, SealedVersion
from bot.typed import markdown

FORMATS = {"csv": "CSV, for a spreadsheet", "json": "JSON", "md": "Markdown, to read"}
Record = dict[str, Any]
Versions = Mapping[str, Sequence[SealedVersion]]  # By scorecard, oldest first.

COLUMNS = (
    "candidate", "opening", "level", "loop", "round", "starts", "state", "person", "role", "status",
    "question", "version", "area", "score", "evidence", "after_discussion", "decision",
)  # fmt: skip


@dataclass(frozen=True)
class Export:
    """One person's export: what it holds follows from what they may read. What is to be read calls
    people by their `names`, by Slack user id, where they are known."""

    bank: Bank
    person: str
    panels: Sequence[Panel]
    versions: Versions
    names: Mapping[str, str] = field(default_factory=dict)

    def written(self, format_: str) -> str:
        """Raises KeyError for an unknown format."""
        return {"csv": self._csv, "json": self._json, "md": self._markdown}[format_]()

    def _json(self) -> str:
        found = [self.loop(panel) for panel in self.panels]
        return json.dumps({"loops": found}, indent=2, ensure_ascii=False) + "\n"

    def loop(self, panel: Panel) -> Record:
        loop = panel.loop
        return {
            "candidate": panel.candidate,
            "opening": panel.opening.title,
            "level": panel.opening.level,
            "specialization": panel.opening.specialization,
            "state": loop.state,
            "debrief": loop.debrief_at.isoformat() if loop.debrief_at else None,
            "opened": loop.revealed_at.isoformat() if loop.revealed_at else None,
            "opened_early_because": loop.reveal_reason or None,
            "interviews": [
                {
                    "round": interview.round,
                    "title": openings.round_title(panel.opening, interview.round),
                    "starts": interview.starts_at.isoformat(),
                    "minutes": interview.minutes,
                    "state": interview.state,
                    "panel": [
                        self._chair(panel, chair)
                        for chair in panel.chairs
                        if chair.interview.id == interview.id
                    ],
                }
                for interview in panel.interviews
            ],
            **(self._decided(panel) if panels.may_read(panel, self.person) else {}),
        }

    def _decided(self, panel: Panel) -> Record:
        """What came after the reveal: the newest view of each, and every decision."""
        return {
            "views_after": [
                {"person": each.person, "recorded": each.recorded_at.isoformat(), **each.views}
                for each in panel.views
            ],
            "decisions": [
                {
                    **decided(panel, each),
                    "by": each.by,
                    "stances": [
                        {
                            "person": said.person,
                            "as": said.role,
                            "says": said.says,
                            "reason": said.reason,
                            "answer": said.answer,
                        }
                        for said in decisions.of(panel, each)
                    ],
                    "reopened_by": each.reopened_by,
                    "reopened_because": each.reopen_reason,
                }
                for each in panel.decisions
            ],
        }

    def _chair(self, panel: Panel, chair: Chair) -> Record:
        found: Record = {
            "person": chair.seat.person,
            "role": chair.role,
            "scorecard": "in" if chair.is_in else "missing",
        }
        if chair.card is not None and panels.may_read_card(panel, chair, self.person):
            found["versions"] = [
                self._version(panel, each) for each in self.versions.get(chair.card.id, [])
            ]
        return found

    def _version(self, panel: Panel, version: SealedVersion) -> Record:
        readable = {
            field.id
            for field in scorecards.readable(self.bank.scorecard, planner=panel.plans(self.person))
        }
        fields = {k: v for k, v in version.answers["fields"].items() if k in readable}
        return {
            "number": version.number,
            "submitted": version.submitted_at.isoformat(),
            "after_reveal": version.after_reveal,
            "seal": version.seal,
            **version.answers,
            "fields": fields,
        }

    def _csv(self) -> str:
        """One row for each rating, in its newest version; one for a scorecard without any."""
        out = io.StringIO()
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for loop in map(self.loop, self.panels):
            for interview in loop["interviews"]:
                for chair in interview["panel"] or [{"person": "", "role": "", "scorecard": ""}]:
                    newest = (chair.get("versions") or [{"questions": [{}]}])[-1]
                    for rating in newest["questions"]:
                        writer.writerow(guarded(_row(loop, interview, chair, rating)))
        return out.getvalue()

    def _markdown(self) -> str:
        return "\n".join(line for panel in self.panels for line in self._lines(self.loop(panel)))

    def _lines(self, loop: Record) -> list[str]:
        lines = [
            f"# {_flat(loop['candidate'])}",
            "",
            f"{_flat(loop['opening'])}, {loop['level']}",
            "",
        ]
        for interview in loop["interviews"]:
            lines += [
                f"## {interview['title']}",
                "",
                f"{interview['starts']}, {interview['state']}",
                "",
            ]
            for chair in interview["panel"]:
                who = self._name(chair["person"])
                lines += [f"### {who} ({_words(chair['role'])}): {chair['scorecard']}", ""]
                for rating in (chair.get("versions") or [{"questions": []}])[-1]["questions"]:
                    question = self.bank.questions.get(rating["id"])
                    title = question.title if question else rating["id"]
                    lines += [
                        f"- **{title}**: {rating['score']}",
                        f"  > {_flat(rating['evidence'])}",
                    ]
                    after = _after(loop, chair["person"], rating["id"])
                    if after not in ("", rating["score"]):
                        lines.append(f"  After the discussion: {after}")
                lines.append("")
        for decision in loop.get("decisions", []):
            lines += [
                f"## Decided: {decision['decision']} ({_words(decision['state'])})",
                "",
                f"{self._name(decision['by'])}, {decision['decided']}",
                "",
                f"> {_flat(decision['because'])}",
                "",
            ]
            lines += [
                f"- {self._name(each['person'])} {each['says']}: {_flat(each['reason'])}"
                for each in decision["stances"]
                if each["says"] != "asked"
            ]
            lines.append("")
        return lines

    def _name(self, person: str) -> str:
        return self.names.get(person) or person


def _words(name: str) -> str:
    return name.replace("_", " ")


def _row(loop: Record, interview: Record, chair: Record, rating: Record) -> Record:
    return {
        "candidate": loop["candidate"],
        "opening": loop["opening"],
        "level": loop["level"],
        "loop": loop["state"],
        "round": interview["title"],
        "starts": interview["starts"],
        "state": interview["state"],
        "person": chair["person"],
        "role": chair["role"],
        "status": chair["scorecard"],
        "question": rating.get("id", ""),
        "version": rating.get("version", ""),
        "area": rating.get("area", ""),
        "score": rating.get("score", ""),
        "evidence": rating.get("evidence", ""),
        "after_discussion": _after(loop, chair["person"], rating.get("id", "")),
        "decision": next((each["decision"] for each in _standing(loop)), ""),
    }


def _after(loop: Record, person: str, question: str) -> str:
    """The score after the discussion; "" where none was recorded."""
    mine = (each for each in loop.get("views_after", []) if each["person"] == person)
    asked = (each for views in mine for each in views["questions"])
    return next((str(each["after"]) for each in asked if each["id"] == question), "")


def _standing(loop: Record) -> list[Record]:
    return [each for each in loop.get("decisions", []) if each["state"] != "reopened"][-1:]


def decided(panel: Panel, decision: Decision) -> Record:
    """A decision without anybody's name."""
    return {
        "decision": decisions.in_words(panel, decision),
        "decided": decision.decided_at.isoformat(),
        "state": decision.state,
        "because": decision.rationale,
        "on_the_evidence_of": list(decision.cites),
    }


def _flat(text: str) -> str:
    return markdown(" ".join(text.split())) or "—"
