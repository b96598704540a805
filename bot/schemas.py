"""What the bot hands out as JSON, and takes, described for other programs (JSON Schema, 2020-12).

docs/schemas holds what `schema` gives; a test compares, and every export of the tests is checked
against it. A field that is here stays what it is; one that is added comes with its schema.
"""

import json
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from bot import incoming
from bot.content import Level, Specialization
from bot.decisions import Outcome
from bot.decisions import State as Decided
from bot.plans import Role
from bot.plans import State as Held

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Person = Annotated[str, Field(description="A Slack member ID.")]
Score = Annotated[str, Field(pattern="^([1-4]|na)$", description="1 to 4, or na: not assessed.")]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256.")]
Moved = Annotated[int, Field(ge=-1, le=1, description="Up, neither, or down.")]


class Part(BaseModel):
    """Every field is always there, unless it says otherwise."""

    model_config = ConfigDict(extra="forbid")


class Question(Part):
    id: str
    version: int
    area: str
    level: Level
    evidence: str = Field(description="Empty once the candidate was erased.")
    score: Score


class Flag(Part):
    key: str
    where: str = Field(description="Where it was heard.")


class Answers(Part):
    questions: list[Question]
    flags: list[Flag]
    fields: dict[str, str] = Field(description="What content/scorecard.yaml asks, by field.")


class Version(Answers):
    """A scorecard as it was handed in."""

    number: int
    submitted: AwareDatetime
    after_reveal: bool
    seal: Digest


class Chair(Part):
    person: Person
    role: Role
    scorecard: Literal["in", "missing"]
    versions: list[Version] | None = Field(
        default=None, description="Only for whoever may read them."
    )


class Interview(Part):
    round: str
    title: str
    starts: AwareDatetime
    minutes: int
    state: Held
    panel: list[Chair]


class Change(Part):
    id: str
    version: int
    before: str
    after: str
    moved: Moved
    reason: str


class Whole(Part):
    field: str
    before: str
    after: str
    moved: Moved


class Views(Part):
    """What somebody thinks after the discussion."""

    questions: list[Change]
    overall: list[Whole]
    reason: str
    toward: Moved = Field(description="Nearer to the hiring manager's, or farther.")


class PersonsViews(Views):
    person: Person
    recorded: AwareDatetime


class Stance(Part):
    person: Person
    as_: Literal["bar_raiser", "panellist"] = Field(alias="as")
    says: Literal["asked", "concurs", "dissents", "objects"]
    reason: str
    answer: str


class PlainDecision(Part):
    decision: str = Field(description="In words.")
    decided: AwareDatetime
    state: Decided
    because: str
    on_the_evidence_of: list[str] = Field(description="Ids of questions.")


class Decision(PlainDecision):
    by: Person
    stances: list[Stance]
    reopened_by: str
    reopened_because: str


class Loop(Part):
    candidate: str = Field(description="As the opening shows them.")
    opening: str
    level: Level
    specialization: Specialization
    state: Literal["active", "withdrawn", "closed"]
    debrief: AwareDatetime | None
    opened: AwareDatetime | None = Field(description="When the scorecards were.")
    opened_early_because: str | None
    interviews: list[Interview]
    views_after: list[PersonsViews] | None = Field(
        default=None, description="Only for whoever may read them."
    )
    decisions: list[Decision] | None = Field(
        default=None, description="Only for whoever may read them."
    )


class Loops(Part):
    """Loops as somebody may read them: `safety-interview export C-101 --format json`."""

    loops: list[Loop]


class OwnDraft(Part):
    """What is being written, and is not in the scorecard as it was handed in."""

    saved: AwareDatetime
    fields: dict[str, str | list[str]] | None = None
    texts_that_gave_way: list[str | list[str]] | None = None


class OwnNote(Part):
    at: AwareDatetime
    text: str


class OwnDebriefNote(OwnNote):
    by: str


Sealed = Annotated[str, Field(description="A sentence, while scorecards are sealed.")]


class OwnInterview(Part):
    round: str
    starts: AwareDatetime
    interviewer: str = Field(description="Such as Interviewer 1.")
    scorecard: Answers | Sealed | None
    draft: OwnDraft | Sealed | None
    notes: list[OwnNote] | Sealed


class OwnViews(Part):
    interviewer: str
    questions: list[Change]
    overall: list[Whole]
    reason: str


class OwnSaid(Part):
    by: str
    says: Literal["concurs", "dissents", "objects"]
    reason: str
    answer: str | None


class OwnDecision(PlainDecision):
    reopened_because: str | None
    said_to_it: list[OwnSaid]


class Candidate(Part):
    """A candidate's own copy, without anybody else's name: `--format subject`."""

    candidate: str
    record: str | None = Field(description="A link to their record elsewhere.")
    opening: str
    level: Level
    state: Literal["active", "withdrawn", "closed"]
    kept_for_months: int
    left_out: dict[str, str] = Field(description="What is not in it, each with why.")
    interviews: list[OwnInterview]
    notes_of_others: list[OwnNote] | Sealed
    notes_of_the_debrief: list[OwnDebriefNote] | Sealed
    views_after_the_discussion: list[OwnViews] | Sealed
    decisions: list[OwnDecision] | Sealed


class About(Part):
    candidate: str
    loop: str
    opening: str
    level: Level
    specialization: Specialization
    hiring_manager: Person
    coordinators: list[Person]
    state: Literal["active", "withdrawn", "closed"]
    opened: AwareDatetime | None
    opened_early_because: str
    ended: AwareDatetime | None
    erased: AwareDatetime | None
    exported: AwareDatetime
    exported_by: Person


class Named(Part):
    id: Person
    name: str


class Rubric(Part):
    question: str
    version: int
    title: str
    area: str
    level: Level
    anchors_sha256: Digest | None


class Seat(Part):
    person: Person
    role: Role
    state: Literal["on", "off", "excused"]


class RecordedInterview(Part):
    id: str
    round: str
    title: str
    starts: AwareDatetime
    minutes: int
    state: Held
    panel: list[Seat]


class RecordedVersion(Part):
    number: int
    submitted: AwareDatetime
    after_reveal: bool
    answers: Answers
    seal: Digest


class RecordedCard(Part):
    interview: str
    person: Person
    role: Role
    versions: list[RecordedVersion]


class Topic(Part):
    key: str
    title: str


class Note(Part):
    topic: str
    person: Person
    at: AwareDatetime
    text: str


class Debrief(Part):
    started: AwareDatetime
    ended: AwareDatetime | None
    led_by: Person
    seed: str
    topics: list[Topic]
    notes: list[Note]


class RecordedViews(Part):
    person: Person
    number: int
    recorded: AwareDatetime
    views: Views
    seal: Digest


class Heard(Part):
    person: Person
    score: Score
    evidence: str


class Cited(Part):
    question: str
    title: str
    heard: list[Heard]


class RecordedStance(Part):
    person: Person
    as_: Literal["bar_raiser", "panellist"] = Field(alias="as")
    says: Literal["asked", "concurs", "dissents", "objects"]
    asked: AwareDatetime
    said: AwareDatetime | None
    reason: str
    answered: AwareDatetime | None
    answer: str


class RecordedDecision(Part):
    number: int
    outcome: Outcome
    level: str
    round: str
    until: date | None
    by: Person
    decided: AwareDatetime
    state: Decided
    took_effect: AwareDatetime | None
    rationale: str
    cites: list[Cited]
    stances: list[RecordedStance]
    reopened: AwareDatetime | None
    reopened_by: str
    reopened_because: str


class Entry(Part):
    when: AwareDatetime
    who: str
    name: str
    kind: Literal["saw", "wrote", "changed", "opened", "decided"]
    what: str
    details: str


class Parts(Part):
    about: About
    people: list[Named]
    rubrics: list[Rubric]
    interviews: list[RecordedInterview]
    scorecards: list[RecordedCard]
    debrief: Debrief | None
    views_after: list[RecordedViews]
    decisions: list[RecordedDecision]
    audit: list[Entry]


class Hashes(Part):
    algorithm: str
    whole: Digest
    parts: dict[str, Digest]
    values: dict[str, Annotated[str, Field(pattern="^[0-9a-f]{32}$")]] = Field(
        description="By place: a JSON pointer (RFC 6901) into `parts`."
    )


class Record(Part):
    """The record of a decision, which `safety-interview verify` checks."""

    format: Literal["safety-interview decision record 1"]
    parts: Parts
    hashes: Hashes


class OfLoop(Part):
    """`candidate`, `opening` and `outcome` are there for webhooks that ask for them."""

    loop: str
    code: str = Field(pattern="^C-[0-9]+$")
    candidate: str | None = Field(default=None, description="As the opening shows them.")
    opening: str | None = None


class Sitting(Part):
    person: Person
    as_: Role = Field(alias="as")


class OfInterview(OfLoop):
    revision: int = Field(description="Counts the changes of the loop's plan.")
    interview: str
    round: str
    state: Held
    starts_at: AwareDatetime
    minutes: int
    panel: list[Sitting]


class OfPanel(OfLoop):
    in_: int = Field(alias="in", description="How many scorecards that count are in …")
    of: int = Field(description="… of how many.")


class OfScorecard(OfPanel):
    interview: str
    person: Person
    as_: Role = Field(alias="as")
    after_reveal: bool


class OfDecision(OfLoop):
    decision: int = Field(description="Its number in the loop: 1, 2, …")
    state: Decided
    outcome: Outcome | None = Field(default=None, description="Once it is in effect.")


class OfTest(Part):
    webhook: str


class Event(Part):
    timestamp: AwareDatetime


class InterviewEvent(Event):
    type: Literal[
        "interview.scheduled", "interview.moved", "interview.staffed", "interview.cancelled"
    ]
    data: OfInterview


class ScorecardEvent(Event):
    type: Literal["scorecard.in"]
    data: OfScorecard


class PanelEvent(Event):
    type: Literal["panel.complete", "panel.opened"]
    data: OfPanel


class DecisionEvent(Event):
    type: Literal["decision.recorded", "decision.changed"]
    data: OfDecision


class CandidateEvent(Event):
    type: Literal["candidate.erased"]
    data: OfLoop


class TestEvent(Event):
    type: Literal["webhook.test"]
    data: OfTest


AnyEvent = Annotated[
    InterviewEvent | ScorecardEvent | PanelEvent | DecisionEvent | CandidateEvent | TestEvent,
    Field(discriminator="type"),
]

_TYPES: dict[str, tuple[Any, str]] = {
    "loops": (Loops, "Loops, as somebody may read them"),
    "candidate": (Candidate, "A candidate's own copy"),
    "record": (Record, "The record of a decision"),
    "webhook": (AnyEvent, "What a webhook is told"),
}
NAMES = (*_TYPES, "incoming")


def written(name: str) -> str:
    """As it lies in docs/schemas. Raises KeyError for a name that is not in NAMES."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


def schema(name: str) -> dict[str, Any]:
    """Raises KeyError for a name that is not in NAMES."""
    if name == "incoming":
        found, title = incoming.schema(), "What another program may tell"
    else:
        type_, title = _TYPES[name]
        found = TypeAdapter(type_).json_schema()
    return {"$schema": DIALECT, **found, "title": title}
