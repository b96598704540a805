"""The decision on a loop: what it needs, who is asked about it, when it takes effect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot import hours as working
from bot import openings
from bot.content import Level
from bot.errors import Refusal
from bot.hours import Hours
from bot.panels import Panel
from bot.plans import Role
from bot.records import Decision, Stance
from bot.typed import escape
from bot.votes import Versions

SHORTEST_RATIONALE = 20  # Characters.
MOST_CITED = 10
LEVELS = list(Level)


class Outcome(StrEnum):
    HIRE = "hire"
    OTHER_LEVEL = "other_level"
    NO_HIRE = "no_hire"
    ANOTHER = "another_interview"
    HOLD = "hold"

    @property
    def closes(self) -> bool:
        """Whether it ends the loop."""
        return self in (Outcome.HIRE, Outcome.OTHER_LEVEL, Outcome.NO_HIRE)


class State(StrEnum):
    WAITING = "waiting"  # For a bar raiser.
    OBJECTED = "objected"  # Until the hiring manager answers.
    IN_EFFECT = "in_effect"
    REOPENED = "reopened"


def in_words(panel: Panel, decision: Decision) -> str:
    """What was decided, in a few words of plain text."""
    match Outcome(decision.outcome):
        case Outcome.HIRE:
            return f"hire at {panel.opening.level.capitalize()}"
        case Outcome.OTHER_LEVEL:
            return f"hire at {decision.level.capitalize()}"
        case Outcome.NO_HIRE:
            return "no hire"
        case Outcome.ANOTHER:
            return f"another interview: {openings.round_title(panel.opening, decision.round)}"
        case Outcome.HOLD:
            return f"on hold until {day(decision.until)}"


def day(at: date | None) -> str:
    return f"{at:%a %-d %b %Y}" if at else "a day to be named"


@dataclass(frozen=True)
class Proposal:
    """What the form of a decision says. Fields of other outcomes are ignored."""

    outcome: Outcome | None
    level: str = ""
    round: str = ""
    until: date | None = None
    cites: tuple[str, ...] = ()
    rationale: str = ""


def read(values: Mapping[str, Any]) -> Proposal:
    """The proposal in a draft, whatever is in it."""
    try:
        outcome = Outcome(values.get("outcome", ""))
    except ValueError:
        outcome = None
    try:
        until = date.fromisoformat(str(values.get("until", "")))
    except ValueError:
        until = None
    return Proposal(
        outcome,
        str(values.get("level", "")),
        str(values.get("round", "")),
        until,
        tuple(str(each) for each in values.get("cites", [])),
        str(values.get("rationale", "")).strip(),
    )


def troubles(
    panel: Panel, proposal: Proposal, citable: Sequence[str], today: date
) -> dict[str, str]:
    """What is missing, by field. `today` is the hiring manager's."""
    found = {}
    match proposal.outcome:
        case None:
            found["outcome"] = "Choose what you decide."
        case Outcome.OTHER_LEVEL if proposal.level not in other_levels(panel):
            found["level"] = "Choose at which level."
        case Outcome.ANOTHER if proposal.round not in {kit["id"] for kit in rounds_left(panel)}:
            found["round"] = "Choose which interview you want."
        case Outcome.HOLD if proposal.until is None or proposal.until <= today:
            found["until"] = "Choose a day after today: I remind you then."
        case _:
            pass
    cited = set(proposal.cites) & set(citable)
    if citable and not cited:
        found["cites"] = "Choose at least one question whose evidence you build on."
    elif not citable and proposal.outcome is not None and proposal.outcome.closes:
        found["outcome"] = (
            "No scorecard holds any evidence yet, so nothing can be decided on it. Ask for "
            "another interview, or hold."
        )
    if len(proposal.rationale) < SHORTEST_RATIONALE:
        found["rationale"] = "Say why, in a sentence or two that the panel can follow."
    return found


def other_levels(panel: Panel) -> list[str]:
    return [str(level) for level in LEVELS if level != panel.opening.level]


def rounds_left(panel: Panel) -> list[openings.Kit]:
    """The rounds of the opening that this candidate has not had: their questions are new."""
    had = {each.round for each in panel.interviews}
    return [kit for kit in panel.opening.kits if kit["id"] not in had]


def citable(panel: Panel, versions: Versions) -> list[str]:
    """The ids of the questions that have evidence, in the order of the day."""
    newest = [
        versions[chair.card.id][-1].answers
        for chair in panel.awaited
        if chair.card is not None and versions.get(chair.card.id)
    ]
    asked = (each for answers in newest for each in answers["questions"])
    return list(dict.fromkeys(each["id"] for each in asked if each["evidence"].strip()))


def require_decider(panel: Panel, person: str) -> None:
    """Raises Refusal unless this person may decide on the loop now, with what to do instead."""
    opening, manager = panel.opening, panel.opening.hiring_manager
    if person != manager:
        raise Refusal(
            f"Only the hiring manager of “{escape(opening.title)}” decides: <@{manager}>. What you "
            "think of it belongs in your view after the discussion."
        )
    if panel.decision is not None and panel.decision.state == State.WAITING:
        raise Refusal("You have decided; the bar raiser is asked about it. Reopen it to change it.")
    if panel.decision is not None and panel.decision.state == State.OBJECTED:
        raise Refusal("There is an objection to your decision: answer that first, in the loop.")
    if panel.loop.state != "active":
        told = "It has been decided. Reopen it first, with a reason."
        raise Refusal(
            told if panel.decision else "This loop has ended: there is nothing to decide."
        )
    if not panel.is_revealed:
        arrived = len(panel.awaited) - len(panel.missing)
        raise Refusal(
            f"{arrived} of {len(panel.awaited)} scorecards are in, and they are sealed until all "
            "are. Decide then; or open them without the missing ones, with a reason: “Open "
            "scorecards…” in the loop."
        )
    if any(chair.seat.person == person for chair in panel.missing):
        raise Refusal(
            "Your own scorecard is not in yet. Hand it in first: you read the others', and decide, "
            "after that."
        )


def is_open(panel: Panel, today: date) -> bool:
    """Whether a decision of the hiring manager is what the loop needs next. What was put on hold
    is not open until the day has come, nor is a loop that waits for another interview."""
    if panel.loop.state != "active" or not panel.is_revealed:
        return False
    decision = panel.decision
    if decision is None:
        return True
    if decision.state == State.OBJECTED:
        return True
    if decision.state == State.WAITING:
        return False
    if decision.outcome == Outcome.HOLD:
        return decision.until is None or decision.until <= today
    if decision.outcome == Outcome.ANOTHER:
        held = [chair for chair in panel.awaited if chair.interview.round == decision.round]
        return bool(held) and all(chair.is_in for chair in held)
    return False


def bar_raisers(panel: Panel) -> list[str]:
    """Those on the panel who are asked before a decision takes effect."""
    found = (
        chair.seat.person
        for chair in panel.chairs
        if chair.role is Role.BAR_RAISER and chair.writes
    )
    return [each for each in dict.fromkeys(found) if each != panel.opening.hiring_manager]


def due_at(now: datetime, raisers: Sequence[Hours]) -> datetime | None:
    """When a decision takes effect unless a bar raiser objects: at the same hour of the last one's
    next working day. None without a bar raiser: at once."""
    return max((_a_working_day_later(now, each) for each in raisers), default=None)


def _a_working_day_later(now: datetime, hours: Hours) -> datetime:
    here = working.local(hours, now)
    day = working.next_working_day(hours, here.date())
    return datetime.combine(day, here.time(), hours.tz).astimezone(now.tzinfo)


def takes_effect(decision: Decision, stances: Sequence[Stance], now: datetime) -> bool:
    """Whether nobody stands in its way any more: all bar raisers concurred, or the time that they
    had is over; and each objection was answered."""
    if decision.state not in (State.WAITING, State.OBJECTED):
        return False
    asked = [each for each in stances if each.role == Role.BAR_RAISER]
    if any(each.says == "objects" and each.answered_at is None for each in asked):
        return False
    is_over = decision.due_at is None or now >= decision.due_at
    return is_over or all(each.says != "asked" for each in asked)


def of(panel: Panel, decision: Decision) -> list[Stance]:
    return [each for each in panel.stances if each.decision_id == decision.id]


def stance(panel: Panel, person: str) -> Stance | None:
    """Where this person stands on the decision that stands; None for who was not asked."""
    decision = panel.decision
    if decision is None:
        return None
    return next((each for each in of(panel, decision) if each.person == person), None)


def require_stance(panel: Panel, decision_id: str, person: str) -> Stance:
    """Raises Refusal for who was not asked about this decision, and for one that stands no more."""
    found = stance(panel, person)
    if panel.decision is None or panel.decision.id != decision_id:
        raise Refusal("That decision stands no more: it was reopened, or there is a newer one.")
    if found is None:
        raise Refusal(
            "Only those who were asked about that decision can answer: bar raisers, and panellists "
            f"who saw it otherwise. Ask <@{panel.opening.hiring_manager}>."
        )
    return found


def require_reopening(panel: Panel, person: str) -> Decision:
    """Raises Refusal for who may not reopen it, and where there is nothing to reopen."""
    openings.require_planner(panel.opening, person)
    if panel.decision is None:
        raise Refusal("There is no decision to reopen.")
    if panel.loop.erased_at is not None:
        raise Refusal("The candidate has been erased: what was decided stays as it is.")
    if panel.loop.state == "withdrawn":
        raise Refusal("The candidate has withdrawn, so there is nothing to decide anew.")
    return panel.decision
