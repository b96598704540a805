"""A loop with its panel: who has handed in, whom the others wait for, and what may be shown."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot import openings
from bot.errors import Refusal
from bot.plans import Role, State, shown
from bot.records import (
    Decision,
    Interview,
    Loop,
    Opening,
    RecordedView,
    Scorecard,
    Seat,
    Stance,
    Undo,
)
from bot.typed import escape


class Status(StrEnum):
    """Where one person's scorecard is."""

    UPCOMING = "upcoming"
    DUE = "not started"
    DRAFT = "being written"
    IN = "in"
    EXCUSED = "excused"
    NOT_HELD = "not held"


@dataclass(frozen=True)
class Chair:
    """One person in one interview, with their scorecard once they have begun it."""

    seat: Seat
    interview: Interview
    card: Scorecard | None = None

    @property
    def role(self) -> Role:
        return Role(self.seat.role)

    @property
    def is_in(self) -> bool:
        return self.card is not None and self.card.version > 0

    @property
    def ends_at(self) -> datetime:
        return self.interview.starts_at + timedelta(minutes=self.interview.minutes)

    @property
    def writes(self) -> bool:
        """Whether this person may write a scorecard: they were there, or are to be."""
        held = self.interview.state == State.PLANNED
        return self.is_in or (self.seat.state == "on" and held)

    def status(self, now: datetime) -> Status:
        if self.is_in:
            return Status.IN
        if self.interview.state != State.PLANNED:
            return Status.NOT_HELD
        if self.seat.state == "excused":
            return Status.EXCUSED
        if self.card is not None and self.card.draft_at is not None:
            return Status.DRAFT
        return Status.UPCOMING if now < self.ends_at else Status.DUE


@dataclass(frozen=True)
class Turn:
    """One interview of somebody, with what is needed to name it."""

    interview: Interview
    seat: Seat
    loop: Loop
    opening: Opening
    draft_at: datetime | None = None


@dataclass(frozen=True)
class Panel:
    """A loop as it is now. `chairs` are in the order of the day; those who left are among them
    only when they had handed in a scorecard or were excused."""

    loop: Loop
    opening: Opening
    interviews: tuple[Interview, ...]
    chairs: tuple[Chair, ...]
    undo: Undo | None = None
    unreachable: frozenset[str] = frozenset()  # Those of the panel whom no message reaches.
    decisions: tuple[Decision, ...] = ()  # Oldest first, with those that were reopened.
    stances: tuple[Stance, ...] = ()  # On all of them.
    views: tuple[RecordedView, ...] = ()  # The newest of each person, after the discussion.

    @property
    def decision(self) -> Decision | None:
        """The one that stands: the newest, unless it was reopened."""
        newest = self.decisions[-1] if self.decisions else None
        return newest if newest is not None and newest.state != "reopened" else None

    @property
    def candidate(self) -> str:
        return shown(self.opening, self.loop)

    @property
    def awaited(self) -> tuple[Chair, ...]:
        """Those whose scorecards the panel decides on: handed in, or still expected."""
        return tuple(
            chair
            for chair in self.chairs
            if chair.role.counts and (chair.is_in or (chair.writes and chair.seat.state == "on"))
        )

    @property
    def missing(self) -> tuple[Chair, ...]:
        return tuple(chair for chair in self.awaited if not chair.is_in)

    @property
    def is_revealed(self) -> bool:
        return self.loop.revealed_at is not None

    def plans(self, person: str) -> bool:
        return openings.plans_it(self.opening, person)

    def chair(self, interview_id: str, person: str) -> Chair | None:
        """This person's place in this interview, if they have one."""
        mine = (each for each in self.of(person) if each.interview.id == interview_id)
        return next(mine, None)

    def of(self, person: str) -> tuple[Chair, ...]:
        return tuple(chair for chair in self.chairs if chair.seat.person == person)


def with_card(panel: Panel, card: Scorecard) -> Panel:
    """The panel with a scorecard as it is now."""
    chairs = tuple(
        replace(chair, card=card)
        if (chair.interview.id, chair.seat.person) == (card.interview_id, card.person)
        else chair
        for chair in panel.chairs
    )
    return replace(panel, chairs=chairs)


def is_complete(panel: Panel) -> bool:
    """Whether the last scorecard is in, so that all are opened."""
    return bool(panel.awaited) and not panel.missing


def awaits_decision(panel: Panel, now: datetime) -> bool:
    """Whether the debrief is over and what the panel decided is not known yet."""
    debrief = panel.loop.debrief_at
    return panel.loop.state == "active" and debrief is not None and debrief <= now


def require_insight(panel: Panel, person: str) -> None:
    """Raises Refusal for whoever neither plans the loop nor sits on its panel."""
    if not (panel.plans(person) or panel.of(person)):
        raise Refusal(
            f"Only the panel of {escape(panel.candidate)} and those who plan it can open this. "
            f"Ask <@{panel.opening.hiring_manager}> if you should be on it."
        )


def require_planner(panel: Panel, person: str) -> None:
    openings.require_planner(panel.opening, person)


def chair(panel: Panel, interview_id: str, person: str) -> Chair:
    """This person's place in this interview. Raises Refusal when they have none."""
    found = panel.chair(interview_id, person)
    if found is not None and found.writes:
        return found
    raise Refusal(
        "You are not on that interview's panel, so there is no scorecard of yours. "
        f"Ask <@{panel.opening.coordinators[0]}> if you should be."
    )


def may_read(panel: Panel, person: str) -> bool:
    """Whether this person may read what others wrote: the panel and those who plan, once all
    scorecards were opened. Somebody who still owes theirs waits, and so does a planner who is on
    the panel."""
    if not panel.is_revealed or not (panel.plans(person) or panel.of(person)):
        return False
    return not any(chair.seat.person == person for chair in panel.missing)


def may_read_card(panel: Panel, chair: Chair, person: str) -> bool:
    """Whether this person may read this scorecard: their own, at any time; after the reveal those
    that count, and of people in training only who was in the same interview."""
    if chair.seat.person == person:
        return chair.is_in
    if not chair.is_in or not may_read(panel, person):
        return False
    return chair.role.counts or panel.chair(chair.interview.id, person) is not None
