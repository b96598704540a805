"""Panels that have handed in, made at once rather than through Slack."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from bot import packets, scorecards
from bot.content import Bank, Level
from bot.packets import Packet
from bot.panels import Chair, Panel
from bot.records import Interview, KeptQuestion, Loop, Opening, Scorecard, SealedVersion, Seat
from tests.banks import SHIPPED
from tests.rows import NOON
from tests.test_openings import made

SAID = "They counted the cases first, named an owner, and said what they would measure each week."
MANAGER = "UMANAGER"


@dataclass
class Written:
    """What one person hands in: a score (None for “not assessed”) for each question, by its id."""

    person: str
    scores: Mapping[str, int | None]
    evidence: str = SAID
    flags: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=lambda: {"level_fit": "at"})
    role: str = "lead"
    late: bool = False
    missing: bool = False


def answers(bank: Bank, written: Written) -> dict[str, Any]:
    found = []
    for id_, score in written.scores.items():
        question = bank.questions[id_]
        level = Level.SENIOR if Level.SENIOR in question.levels else question.levels[0]
        found.append(
            {
                "id": id_, "version": question.version, "area": str(question.area),
                "level": str(level), "evidence": written.evidence,
                "score": scorecards.NOT_ASSESSED if score is None else str(score),
            }
        )  # fmt: skip
    flags = [{"key": key, "where": where} for key, where in written.flags.items()]
    return {"questions": found, "flags": flags, "fields": dict(written.fields)}


@dataclass
class Rows:
    """A panel's rows, and the panel that is read from them."""

    panel: Panel
    versions: dict[str, list[SealedVersion]]
    bank: Bank = SHIPPED

    def packet(self) -> Packet:
        questions = {(each.id, each.version): each for each in self.bank.questions.values()}
        return packets.made(self.bank, self.panel, self.versions, questions)

    def save(self, session: Session) -> None:
        session.add_all([self.panel.opening, self.panel.loop, *self.panel.interviews])
        for chair in self.panel.chairs:
            session.add(chair.seat)
            if chair.card:
                session.add(chair.card)
        session.add_all(each for sealed in self.versions.values() for each in sealed)

    def keep(self, session: Session, version: int) -> None:
        """Keep every question that was asked, in another version than the bank has."""
        for line in self.panel.opening.kits[0]["lines"]:
            fields = self.bank.questions[line["question"]].model_dump(
                mode="json", exclude_none=True
            )
            fields["version"] = version
            session.add(KeptQuestion(id=fields["id"], version=version, fields=fields, kept_at=NOON))


def rows(
    written: Sequence[Written], *, bank: Bank = SHIPPED, loop_id: str = "loop", **opening: Any
) -> Rows:
    """One interview for each of `written`, all about the questions that they score. Opened, unless
    `revealed` says otherwise."""
    ids = list(dict.fromkeys(id_ for each in written for id_ in each.scores))
    line = [
        {"minutes": 5, "question": id_, "version": bank.questions[id_].version,
         "area": str(bank.questions[id_].area)}
        for id_ in ids
    ]  # fmt: skip
    kit = {"id": "onsite_a", "title": "Onsite A", "minutes": 60, "lines": line}
    role: Opening = made(
        **{"kits": [kit], "hiring_manager": MANAGER, "coordinators": ["UCOORD"], **opening}
    )
    loop = Loop(
        id=loop_id, team_id=role.team_id, opening_id=role.id, number=101, candidate="Candidate 12",
        created_by="UCOORD", created_at=NOON, revealed_at=NOON + timedelta(days=1),
    )  # fmt: skip
    interviews, chairs, versions = [], [], {}
    for at, each in enumerate(written):
        keys: dict[str, Any] = {"team_id": role.team_id, "loop_id": loop_id}
        id_ = f"{loop_id}-{at}"
        starts = NOON + timedelta(hours=at)
        interview = Interview(id=id_, round="onsite_a", minutes=60, starts_at=starts, **keys)
        who: dict[str, Any] = {"interview_id": id_, "person": each.person}
        seat = Seat(id=id_, role=each.role, owes=each.missing, **who, **keys)
        card = Scorecard(
            id=id_, draft={}, version=0 if each.missing else 1, submitted_at=NOON, **who, **keys
        )
        if not each.missing:
            sealed = SealedVersion(
                scorecard_id=id_, number=1, team_id=role.team_id, answers=answers(bank, each),
                seal="0" * 64, submitted_at=NOON, after_reveal=each.late,
            )  # fmt: skip
            versions[id_] = [sealed]
        interviews.append(interview)
        chairs.append(Chair(seat, interview, card))
    return Rows(Panel(loop, role, tuple(interviews), tuple(chairs)), versions, bank)


def senior(count: int) -> list[str]:
    """So many questions, those asked at senior first."""
    every = sorted(
        SHIPPED.questions.values(), key=lambda each: (Level.SENIOR not in each.levels, each.id)
    )
    return [each.id for each in every[:count]]


def largest(people: int = 12, questions: int = 30, length: int = 3000, text: str = "") -> Rows:
    """Everybody has asked every question, and written as much as a scorecard takes."""
    ids = senior(questions)
    pattern = text or "They said: “filter & block <script>”, and counted twice. "
    evidence = (pattern * (length // len(pattern) + 1))[:length]
    return rows(
        [
            Written(
                f"U{at:08}", {id_: 1 + (at + n) % 4 for n, id_ in enumerate(ids)}, evidence,
                fields={"level_fit": ("below", "at", "above")[at % 3], "recommendation": "yes"},
            )
            for at in range(people)
        ]
    )  # fmt: skip
