"""One question and how its answers are scored (content-spec.md, section 2)."""

from datetime import date
from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
)
from pydantic import field_validator as check

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
    mode: Mode  # Before what depends on it: fields are checked in this order.
    levels: tuple[Level, ...] = Field(min_length=1)
    specialization: Specialization
    kind: Kind
    rounds: tuple[Round, ...] = Field(min_length=1)
    time_min: int | dict[Level, int]
    prompt: Annotated[Folded, StringConstraints(min_length=30, max_length=300)]
    context: Annotated[Folded, StringConstraints(min_length=40, max_length=400)]
    probes: tuple[Probe, ...] = Field(min_length=2, max_length=3)
    followups: tuple[FollowUp, ...] = Field(min_length=3, max_length=4)
    anchors: dict[int, Anchor] | None = Field(default=None, validate_default=True)
    ladder: dict[str, Step] | None = Field(default=None, validate_default=True)
    strong_signals: tuple[Line, ...] = Field(min_length=2, max_length=4)
    weak_signals: tuple[Line, ...] = Field(min_length=2, max_length=4)
    evidence_prompts: tuple[Line, ...] = Field(min_length=1, max_length=3)
    conduct_note: Annotated[Folded, StringConstraints(min_length=20, max_length=200)] | None = (
        Field(default=None, validate_default=True)
    )
    skills: tuple[str, ...] = Field(min_length=1, max_length=4)
    red_flags: tuple[str, ...] = Field(default=(), max_length=3)
    green_flags: tuple[str, ...] = Field(default=(), max_length=3)
    guide_refs: tuple[str, ...] = Field(min_length=1, max_length=8)
    sources: tuple[str, ...] = Field(min_length=1, max_length=4)
    variants: tuple[Variant, ...] = Field(min_length=1, max_length=3)
    status: Status
    version: int = Field(ge=1)
    reviewed_on: date | None = Field(default=None, validate_default=True)
    exposure: Exposure = Exposure.NORMAL

    # Each rule stands at its own field, so that one file's problems are all told in one run.
    # A field that is wrong itself is not in `info.data`: rules that need it wait.

    @check("time_min")
    @classmethod
    def _timed_at_each_level(
        cls, found: int | dict[Level, int], info: ValidationInfo
    ) -> int | dict[Level, int]:
        levels = info.data.get("levels")
        boxes = {found} if isinstance(found, int) else set(found.values())
        if not boxes <= set(BOXES):
            raise ValueError(f"must be one of {', '.join(map(str, BOXES))} minutes")
        if levels and isinstance(found, dict) and set(found) != set(levels):
            raise ValueError("by level needs exactly the levels in `levels`")
        return found

    @check("levels")
    @classmethod
    def _asked_at_its_levels(
        cls, found: tuple[Level, ...], info: ValidationInfo
    ) -> tuple[Level, ...]:
        mode = info.data.get("mode")
        if mode is Mode.LADDER and set(found) != set(Level):
            raise ValueError("mode ladder needs all four levels")
        if mode is Mode.LEVEL and len(found) != 1:
            raise ValueError("mode level needs exactly one level")
        return found

    @check("followups")
    @classmethod
    def _followed_up(cls, found: tuple[FollowUp, ...]) -> tuple[FollowUp, ...]:
        missing = set(When) - {followup.when for followup in found}
        if missing:
            raise ValueError(f"lacks one of: {', '.join(sorted(missing))}")
        return found

    @check("anchors")
    @classmethod
    def _anchored(
        cls, found: dict[int, Anchor] | None, info: ValidationInfo
    ) -> dict[int, Anchor] | None:
        mode = info.data.get("mode")
        if mode is Mode.LADDER and found is not None:
            raise ValueError("belong to mode level: mode ladder has `ladder`")
        if mode is Mode.LEVEL and set(found or ()) != set(SCORES):
            raise ValueError("need 1 to 4 in mode level")
        return found

    @check("ladder")
    @classmethod
    def _stepped(
        cls, found: dict[str, Step] | None, info: ValidationInfo
    ) -> dict[str, Step] | None:
        mode = info.data.get("mode")
        if mode is Mode.LADDER and set(found or ()) != set(STEPS):
            raise ValueError("needs D1 to D7 in mode ladder")
        if mode is Mode.LEVEL and found is not None:
            raise ValueError("belongs to mode ladder: mode level has `anchors`")
        return found

    @check("conduct_note")
    @classmethod
    def _conducted(cls, found: str | None, info: ValidationInfo) -> str | None:
        if found is None and info.data.get("area") is Area.ADVERSARIAL_THINKING:
            raise ValueError("is required for adversarial_thinking: add it")
        return found

    @check("reviewed_on")
    @classmethod
    def _dated(cls, found: date | None, info: ValidationInfo) -> date | None:
        if found is None and info.data.get("status") is Status.REVIEWED:
            raise ValueError("is required once `status` is reviewed: add the date")
        return found

    @property
    def is_asked(self) -> bool:
        """Only what a second reader has passed is put to candidates."""
        return self.status is Status.REVIEWED

    @property
    def is_kept(self) -> bool:
        """Whether it is worked on: a draft is checked, and counted, before it is asked."""
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
