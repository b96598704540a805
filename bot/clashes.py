"""What is wrong with a plan, and what its coordinator should know before saving it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import hours, openings, plans
from bot.content import Bank, Level
from bot.hours import Hours
from bot.plans import Plan, Role, Session
from bot.records import Opening


@dataclass(frozen=True)
class Busy:
    """An interview of somebody in another loop."""

    starts_at: datetime
    minutes: int
    code: str  # The other candidate's.


@dataclass(frozen=True)
class Known:
    """What is known of one person on the panel."""

    hours: Hours
    busy: tuple[Busy, ...] = ()
    trains: bool = False  # They have only shadowed, and nobody found them ready yet.


def errors(plan: Plan, opening: Opening) -> list[str]:
    """What has to be changed before the plan can be saved: one sentence each."""
    found = []
    if not plan.held:
        found.append("No interview is left. Keep at least one, or withdraw the candidate.")
    for session in plan.held:
        title = _title(opening, session)
        if session.starts_at is None:
            found.append(f"{title} has no date and time.")
        people = [seat.person for seat in session.seats]
        if len(set(people)) < len(people):
            found.append(f"<@{people[0]}> is in {title} twice. Choose somebody else.")
    return found


def warnings(
    plan: Plan, opening: Opening, bank: Bank, known: Mapping[str, Known], now: datetime
) -> list[str]:
    """What the coordinator may overlook: one sentence each, the gravest first."""
    return [
        *_twice(plan, opening, known),
        *_uncovered(plan, opening, bank),
        *_unsuitable(plan, opening, known),
        *_too_many(plan, known),
        *_untrained(plan, opening, known),
        *_out_of_order(plan, opening, now),
    ]


def overlap(starts: datetime, minutes: int, other: datetime, others: int) -> bool:
    return starts < other + timedelta(minutes=others) and other < starts + timedelta(
        minutes=minutes
    )


def _twice(plan: Plan, opening: Opening, known: Mapping[str, Known]) -> Iterator[str]:
    for at, (session, starts) in enumerate(plan.timed):
        for other, begins in plan.timed[at + 1 :]:
            if not overlap(starts, session.minutes, begins, other.minutes):
                continue
            where = f"{_title(opening, session)} and {_title(opening, other)}"
            yield f"{where} overlap: the candidate cannot be in both."
            both = {seat.person for seat in session.seats} & {seat.person for seat in other.seats}
            for person in sorted(both):
                yield f"<@{person}> is in both {where} at one time."
        for seat in session.seats:
            for busy in known[seat.person].busy:
                if overlap(starts, session.minutes, busy.starts_at, busy.minutes):
                    where = _title(opening, session)
                    yield f"<@{seat.person}> interviews {busy.code} at the time of {where}."


def _uncovered(plan: Plan, opening: Opening, bank: Bank) -> Iterator[str]:
    must = bank.levels[Level(opening.level)].must_reach
    for area, sessions in plans.coverage(opening, plan).items():
        if not sessions:
            title = bank.areas[area].title
            more = ", and a 3 is expected there at this level" if area in must else ""
            yield f"Nobody covers *{title}*{more}."
    for session in plan.held:
        if not session.lead:
            yield f"{_title(opening, session)} has no interviewer yet."


def _unsuitable(plan: Plan, opening: Opening, known: Mapping[str, Known]) -> Iterator[str]:
    for session, starts in plan.timed:
        for seat in session.seats:
            why = hours.trouble(known[seat.person].hours, starts, session.minutes)
            if why:
                yield f"<@{seat.person}> {why}: {_title(opening, session)}."


def _too_many(plan: Plan, known: Mapping[str, Known]) -> Iterator[str]:
    for person in plan.people:
        theirs = known[person]
        here = [session.starts_at for session, seat in plans.seated(plan) if seat.person == person]
        weeks = [_week(theirs.hours, at) for at in here if at]
        for week in dict.fromkeys(weeks):
            others = sum(_week(theirs.hours, busy.starts_at) == week for busy in theirs.busy)
            total = others + weeks.count(week)
            if total > theirs.hours.weekly_limit:
                yield (
                    f"<@{person}> would have {total} interviews that week; "
                    f"their limit is {theirs.hours.weekly_limit}."
                )


def _week(at: Hours, when: datetime) -> tuple[int, int]:
    year, week, _ = hours.local(at, when).isocalendar()
    return year, week


def _untrained(plan: Plan, opening: Opening, known: Mapping[str, Known]) -> Iterator[str]:
    for session, seat in plans.seated(plan):
        if seat.role in (Role.LEAD, Role.BAR_RAISER) and known[seat.person].trains:
            yield (
                f"<@{seat.person}> is still in training, and would hold "
                f"{_title(opening, session)} without somebody experienced."
            )


def _out_of_order(plan: Plan, opening: Opening, now: datetime) -> Iterator[str]:
    for session, starts in plan.timed:
        if starts < now:
            yield f"{_title(opening, session)} lies in the past."
    ends = [session.ends_at for session in plan.held if session.ends_at]
    if plan.debrief_at and ends and plan.debrief_at < max(ends):
        yield "The debrief begins before the last interview ends."


def _title(opening: Opening, session: Session) -> str:
    return title(opening, session.round)


def title(opening: Opening, round_id: str) -> str:
    """What a round is called, as markup."""
    return f"*{openings.round_title(opening, round_id)}*"
