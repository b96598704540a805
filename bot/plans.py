"""The plan of one loop: who interviews when. Rules only; bot.store.loops keeps it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Self

from pydantic import ValidationError

from bot import hours as working
from bot import openings
from bot.content import Area
from bot.content.question import Frozen
from bot.errors import Refusal
from bot.hours import Hours
from bot.records import Loop, Opening

BREAK = 15  # Minutes between two interviews of a day that nobody has changed yet.
FIRST = time(10)  # When such a day begins, where the coordinator is.
LUNCH = (time(12), time(13))
DEBRIEF_AT = time(15)  # On the next working day.
AREAS = tuple(area for area in Area if area is not Area.RECRUITER_SCREEN)


class Role(StrEnum):
    LEAD = "lead"
    BAR_RAISER = "bar_raiser"
    SHADOW = "shadow"
    REVERSE_SHADOW = "reverse_shadow"

    @property
    def label(self) -> str:
        return {"lead": "Interviewer"}.get(self, self.replace("_", " ").capitalize())

    @property
    def counts(self) -> bool:
        """Whether the panel waits for this person's scorecard. People in training write one for
        themselves; it is never in the packet."""
        return self in (Role.LEAD, Role.BAR_RAISER)


class State(StrEnum):
    PLANNED = "planned"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    NOT_HELD = "not_held"


class Sitting(Frozen):
    """One person in one interview."""

    person: str
    role: Role = Role.LEAD


class Session(Frozen):
    """One interview. `id` is "" until it is saved; without `starts_at` it is not planned yet."""

    id: str = ""
    round: str
    minutes: int
    starts_at: datetime | None = None
    seats: tuple[Sitting, ...] = ()
    state: State = State.PLANNED

    @property
    def ends_at(self) -> datetime | None:
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None

    @property
    def lead(self) -> str:
        """The interviewer; "" while there is none."""
        return next((seat.person for seat in self.seats if seat.role is Role.LEAD), "")

    @property
    def other(self) -> Sitting | None:
        """The second person, if there is one."""
        return next((seat for seat in self.seats if seat.role is not Role.LEAD), None)


class Plan(Frozen):
    """What a coordinator enters. It fits in a view's private_metadata, so it is kept short."""

    opening_id: str
    candidate: str
    link: str = ""
    sessions: tuple[Session, ...] = ()
    debrief_at: datetime | None = None
    debrief_place: str = ""
    loop_id: str = ""
    revision: int = 0  # Of the loop when it was read: who saves an older one is told.

    def dumped(self) -> str:
        return self.model_dump_json(exclude_defaults=True)

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises Refusal: any text may come back."""
        try:
            return cls.model_validate_json(text)
        except ValidationError:
            raise Refusal(
                "That form is from an older version of me. Type `/safety-interview plan` anew."
            ) from None

    @property
    def held(self) -> tuple[Session, ...]:
        """What is planned to happen, in the order of the day; what has no time comes last."""
        planned = [each for each in self.sessions if each.state is State.PLANNED]
        late = datetime.max.replace(tzinfo=UTC)
        return tuple(sorted(planned, key=lambda each: each.starts_at or late))

    @property
    def timed(self) -> tuple[tuple[Session, datetime], ...]:
        """What is planned to happen and has a time, with that time."""
        return tuple((each, each.starts_at) for each in self.held if each.starts_at)

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody on the panel, each once."""
        found = (seat.person for session in self.held for seat in session.seats)
        return tuple(dict.fromkeys(found))

    def with_session(self, at: int, **changes: object) -> "Plan":
        """The plan with the session at place `at` changed."""
        sessions = list(self.sessions)
        sessions[at] = sessions[at].model_copy(update=changes)
        return self.model_copy(update={"sessions": tuple(sessions)})


def code(loop: Loop) -> str:
    return f"C-{loop.number}"


def shown(opening: Opening, loop: Loop) -> str:
    """The candidate as the opening says that they are shown."""
    if not loop.candidate:
        return f"{code(loop)} (erased)"
    if opening.shown_as == "name":
        return loop.candidate
    if opening.shown_as == "code":
        return code(loop)
    return f"{initials(loop.candidate)} ({code(loop)})"


def initials(name: str) -> str:
    """“A.B.” of two names; numbers stay whole, so that “Candidate 12” is “C.12”."""
    parts = name.split()[:3]
    return "".join(part if part.isdigit() else f"{part[0].upper()}." for part in parts)


def sensible(
    opening: Opening, rounds: Sequence[str], first: date, at: Hours
) -> tuple[Session, ...]:
    """Sessions of `rounds` one after the other from `first` on, in the coordinator's zone: a
    break between two, none over lunch, none past the end of the day."""
    begins = datetime.combine(first, FIRST, at.tz)
    sessions = []
    for name in rounds:
        minutes = int(openings.kit(opening, name)["minutes"])
        begins = _free(begins, minutes, at)
        # Counted on the wall clock: days on which clocks change still start at the same hour.
        sessions.append(Session(round=name, minutes=minutes, starts_at=begins.astimezone(UTC)))
        begins = _later(begins, minutes + BREAK)
    return tuple(sessions)


def _later(at: datetime, minutes: int) -> datetime:
    return at + timedelta(minutes=minutes)


def _free(at: datetime, minutes: int, hours: Hours) -> datetime:
    lunch, back = LUNCH
    if at.time() < back and _later(at, minutes).time() > lunch:
        at = at.replace(hour=back.hour, minute=back.minute)
    ends = _later(at, minutes)
    if ends.time() > hours.ends or ends.date() > at.date():
        day = working.next_working_day(hours, at.date())
        at = datetime.combine(day, FIRST, hours.tz)
    return at


def usual_debrief(plan: Plan, at: Hours) -> datetime | None:
    """The afternoon of the working day after the last interview."""
    ends = [session.ends_at for session in plan.held if session.ends_at]
    if not ends:
        return None
    day = working.next_working_day(at, working.local(at, max(ends)).date())
    return datetime.combine(day, DEBRIEF_AT, at.tz).astimezone(UTC)


def coverage(opening: Opening, plan: Plan) -> dict[Area, tuple[Session, ...]]:
    """For each area, the sessions with an interviewer that ask about it."""
    return {
        area: tuple(
            session
            for session in plan.held
            if session.lead and area in openings.areas(openings.kit(opening, session.round))
        )
        for area in AREAS
    }


def seated(plan: Plan) -> Iterator[tuple[Session, Sitting]]:
    for session in plan.held:
        for seat in session.seats:
            yield session, seat
