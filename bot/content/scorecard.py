"""What a scorecard asks besides evidence and score for each question: content/scorecard.yaml."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from bot.content.question import Frozen

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
MOST_FIELDS = 15  # A modal holds 100 blocks, and the flags take their share.


class CardField(Frozen):
    """One more thing that a scorecard asks."""

    id: Name
    kind: Literal["text", "choice", "area"]
    label: str = Field(min_length=1, max_length=100)
    hint: str = Field(default="", max_length=150)
    required: bool = False
    options: dict[str, Annotated[str, StringConstraints(min_length=1, max_length=75)]] = Field(
        default_factory=dict
    )
    read_by: Literal["panel", "planners", "next"] = "panel"

    @model_validator(mode="after")
    def _has_options(self) -> Self:
        if (self.kind == "choice") != bool(self.options):
            raise ValueError("a field of kind choice needs `options`, and no other kind has any")
        if self.read_by == "next" and self.kind != "area":
            raise ValueError("only a field of kind area can be read by the next interviewer")
        return self


class Training(Frozen):
    """When the coordinator is asked whether somebody who shadows is ready to lead."""

    interviews: int = Field(default=3, ge=1)
    within: int = Field(default=1, ge=0, le=3)  # Points between the two.
    share: float = Field(default=0.8, ge=0, le=1)  # Of the ratings.
    drills: int = Field(default=8, ge=0)  # That many stand for one interview; 0: none ever does.


class CardForm(Frozen):
    minimum_evidence: int = Field(default=20, ge=1, le=500)
    flags: bool = True
    fields: tuple[CardField, ...] = Field(default=(), max_length=MOST_FIELDS)
    training: Training = Training()
    pointed_out: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # By what it is about.

    @model_validator(mode="after")
    def _ids_stand_once(self) -> Self:
        ids = [field.id for field in self.fields]
        twice = {id_ for id_ in ids if ids.count(id_) > 1}
        if twice:
            raise ValueError(f"`fields` has two of the id {', '.join(sorted(twice))}: rename one")
        return self
