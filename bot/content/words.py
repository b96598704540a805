"""The words that content is written in (design.md, section 2; content-spec.md, section 2)."""

from enum import StrEnum


class Level(StrEnum):
    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"
    STAFF = "staff"


class Area(StrEnum):
    ADVERSARIAL_THINKING = "adversarial_thinking"
    SYSTEM_DESIGN = "system_design"
    INCIDENT_RESPONSE = "incident_response"
    TRADE_OFFS = "trade_offs"
    ALIGNMENT_CONCEPTS = "alignment_concepts"
    RECRUITER_SCREEN = "recruiter_screen"


class Specialization(StrEnum):
    NONE = "none"
    LLM = "llm"
    ROBUSTNESS = "robustness"
    ALIGNMENT = "alignment"
    GOVERNANCE = "governance"


class Kind(StrEnum):
    SCENARIO = "scenario"
    DESIGN = "design"
    EXPERIENCE = "experience"
    EXPLAIN = "explain"
    REVIEW = "review"


class Mode(StrEnum):
    """`level`: four anchors for one level. `ladder`: seven steps, four of them for each level."""

    LEVEL = "level"
    LADDER = "ladder"


class Round(StrEnum):
    RECRUITER_SCREEN = "recruiter_screen"
    TECHNICAL_SCREEN = "technical_screen"
    ONSITE = "onsite"


class When(StrEnum):
    """When an interviewer asks a follow-up."""

    ALWAYS = "always"
    IF_STUCK = "if_stuck"
    IF_STRONG = "if_strong"


class Status(StrEnum):
    """`reviewed`: judged by a second reader, ten yeses. `retired` is never asked again."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    RETIRED = "retired"


class Exposure(StrEnum):
    NORMAL = "normal"
    LEAKED = "leaked"
