"""One question and how its answers are scored (content-spec.md, section 2)."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic import model_validator as check

from bot.content.words import (
    Area,
    Exposure,
    Kind,
    Level,
    Mode,
    Round,
    Specialization,
    Status,
    When,
)

# The first step of the ladder that each level sees as a score of 1 (content-spec.md, D-2).
FIRST_STEP = {Level.JUNIOR: 1, Level.MID: 2, Level.SENIOR: 3, Level.STAFF: 4}
SCORES = (1, 2, 3, 4)
STEPS = tuple(f"D{number}" for number in range(1, 8))
BOXES = (5, 8, 10, 12, 15, 20, 25, 35)


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _folded(text: object) -> object:
    if not isinstance(text, str):
        return text
    folded = " ".join(text.split())
    if folded.startswith(("{", "[")):
        raise ValueError(f"begins with {folded[0]!r}, as data written out does: write a sentence")
    return folded


# Lengths are counted after folding white space, as the specification counts them.
Folded = Annotated[str, BeforeValidator(_folded)]
Probe = Annotated[Folded, StringConstraints(min_length=1, max_length=90)]
Variant = Annotated[Folded, StringConstraints(min_length=1, max_length=300)]
Line = Annotated[Folded, StringConstraints(min_length=1, max_length=120)]
Anchor = Annotated[Folded, StringConstraints(min_length=80, max_length=280)]
Step = Annotated[Folded, StringConstraints(min_length=80, max_length=265)]


class FollowUp(Frozen):
    when: When
    text: Annotated[Folded, StringConstraints(min_length=1, max_length=160)]


class Question(Frozen):
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)+$", max_length=48)]
    title: Annotated[Folded, StringConstraints(min_length=8, max_length=60)]
    area: Area
    levels: tuple[Level, ...] = Field(min_length=1)
    specialization: Specialization
    kind: Kind
    mode: Mode
    rounds: tuple[Round, ...] = Field(min_length=1)
    time_min: int | dict[Level, int]
    prompt: Annotated[Folded, StringConstraints(min_length=30, max_length=300)]
    context: Annotated[Folded, StringConstraints(min_length=40, max_length=400)]
    probes: tuple[Probe, ...] = Field(min_length=2, max_length=3)
    followups: tuple[FollowUp, ...] = Field(min_length=3, max_length=4)
    anchors: dict[int, Anchor] | None = None
    ladder: dict[str, Step] | None = None
    strong_signals: tuple[Line, ...] = Field(min_length=2, max_length=4)
    weak_signals: tuple[Line, ...] = Field(min_length=2, max_length=4)
    evidence_prompts: tuple[Line, ...] = Field(min_length=1, max_length=3)
    conduct_note: Annotated[Folded, StringConstraints(min_length=20, max_length=200)] | None = None
    skills: tuple[str, ...] = Field(min_length=1, max_length=4)
    red_flags: tuple[str, ...] = Field(default=(), max_length=3)
    green_flags: tuple[str, ...] = Field(default=(), max_length=3)
    guide_refs: tuple[str, ...] = Field(min_length=1, max_length=8)
    sources: tuple[str, ...] = Field(min_length=1, max_length=4)
    variants: tuple[Variant, ...] = Field(min_length=1, max_length=3)
    status: Status
    version: int = Field(ge=1)
    reviewed_on: date | None = None
    exposure: Exposure = Exposure.NORMAL

    @check(mode="after")
    def _scored_one_way(self) -> Self:
        if self.mode is Mode.LADDER:
            if self.anchors is not None or set(self.ladder or ()) != set(STEPS):
                raise ValueError("mode ladder needs `ladder` with D1 to D7, and no `anchors`")
            if set(self.levels) != set(Level):
                raise ValueError("mode ladder needs all four levels in `levels`")
        else:
            if self.ladder is not None or set(self.anchors or ()) != set(SCORES):
                raise ValueError("mode level needs `anchors` with 1 to 4, and no `ladder`")
            if len(self.levels) != 1:
                raise ValueError("mode level needs exactly one level in `levels`")
        return self

    @check(mode="after")
    def _timed_at_each_level(self) -> Self:
        boxes = {self.time_min} if isinstance(self.time_min, int) else set(self.time_min.values())
        if isinstance(self.time_min, dict) and set(self.time_min) != set(self.levels):
            raise ValueError("`time_min` by level needs exactly the levels in `levels`")
        if not boxes <= set(BOXES):
            allowed = ", ".join(map(str, BOXES))
            raise ValueError(f"`time_min` must be one of {allowed} minutes")
        return self

    @check(mode="after")
    def _complete(self) -> Self:
        missing = set(When) - {followup.when for followup in self.followups}
        if missing:
            raise ValueError(f"`followups` lacks one of: {', '.join(sorted(missing))}")
        if self.area is Area.ADVERSARIAL_THINKING and self.conduct_note is None:
            raise ValueError("`conduct_note` is required for adversarial_thinking")
        if self.status is Status.REVIEWED and self.reviewed_on is None:
            raise ValueError("`reviewed_on` is required once `status` is reviewed")
        return self

    @property
    def is_asked(self) -> bool:
        return self.status is not Status.RETIRED

    @property
    def words(self) -> str:
        """What an interviewer says, word for word. A leaked prompt gives way to its variant."""
        return self.variants[0] if self.exposure is Exposure.LEAKED else self.prompt

    def minutes(self, level: Level) -> int:
        """The time box of the whole exchange, follow-ups included."""
        return self.time_min if isinstance(self.time_min, int) else self.time_min[level]

    def scale(self, level: Level) -> dict[int, str]:
        """Score 1 to 4 to what was said or done, relative to `level`.

        A ladder's score 1 is a ceiling, not a description of what must be heard, so it is
        prefixed. Raises KeyError when the question is not asked at `level`.
        """
        if level not in self.levels:
            raise KeyError(level)
        if self.anchors is not None:
            return {score: self.anchors[score] for score in SCORES}
        steps = self.ladder or {}
        window = {score: steps[f"D{FIRST_STEP[level] + score - 1}"] for score in SCORES}
        return window | {1: f"No more than: {window[1]}"}
