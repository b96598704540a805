"""What is wrong with a plan, and what its coordinator should know before saving it."""

from collections.abc import Iterator, Mapping, Sequence
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


@dataclass(frozen=True)
class Odd:
    """One thing to look at: `told` goes on about the person it is `about`; about the loop as a
    whole, "", it stands by itself."""

    about: str
    told: str

    def __str__(self) -> str:
        return f"<@{self.about}> {self.told}." if self.about else f"{self.told}."


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
) -> list[Odd]:
    """What the coordinator may overlook, the gravest first; what one person or the loop has to do
    with stands together."""
    found = [
        *_twice(plan, opening, known),
        *_uncovered(plan, opening, bank),
        *_unsuitable(plan, opening, known),
        *_too_many(plan, known),
        *_untrained(plan, opening, known),
        *_out_of_order(plan, opening, now),
    ]
    order = list(dict.fromkeys(each.about for each in found))
    return sorted(found, key=lambda each: order.index(each.about))


def overlap(starts: datetime, minutes: int, other: datetime, others: int) -> bool:
    return starts < other + timedelta(minutes=others) and other < starts + timedelta(
        minutes=minutes
    )


def _twice(plan: Plan, opening: Opening, known: Mapping[str, Known]) -> Iterator[Odd]:
    for at, (session, starts) in enumerate(plan.timed):
        for other, begins in plan.timed[at + 1 :]:
            if not overlap(starts, session.minutes, begins, other.minutes):
                continue
            where = f"{_title(opening, session)} and {_title(opening, other)}"
            yield Odd("", f"{where} overlap: the candidate cannot be in both")
            both = {seat.person for seat in session.seats} & {seat.person for seat in other.seats}
            for person in sorted(both):
                yield Odd(person, f"is in both {where} at one time")
        for seat in session.seats:
            for busy in known[seat.person].busy:
                if overlap(starts, session.minutes, busy.starts_at, busy.minutes):
                    where = _title(opening, session)
                    yield Odd(seat.person, f"interviews {busy.code} at the time of {where}")


def _uncovered(plan: Plan, opening: Opening, bank: Bank) -> Iterator[Odd]:
    empty = [openings.round_title(opening, each.round) for each in plan.held if not each.lead]
    if empty:
        titles = [f"*{title.partition(',')[0]}*" for title in empty]
        yield Odd("", f"{_and(titles)} {'has' if len(empty) == 1 else 'have'} no interviewer yet")
    must = bank.levels[Level(opening.level)].must_reach
    missing = [area for area, found in plans.coverage(opening, plan).items() if not found]
    titles = [f"*{bank.areas[area].title}*" for area in missing if area in must]
    if titles:
        yield Odd("", f"Nobody covers {_and(titles)}, and a 3 is expected there at this level")
    titles = [f"*{bank.areas[area].title}*" for area in missing if area not in must]
    if titles:
        yield Odd("", f"Nobody covers {_and(titles)}")


def _unsuitable(plan: Plan, opening: Opening, known: Mapping[str, Known]) -> Iterator[Odd]:
    """Interviews that do not suit one person for one reason are one thing to look at."""
    found: dict[tuple[str, str], list[str]] = {}
    for session, starts in plan.timed:
        for seat in session.seats:
            theirs = known[seat.person].hours
            begins = hours.local(theirs, starts)
            where = _title(opening, session)
            why = hours.day_off(theirs, begins.date())
            if not why and hours.trouble(theirs, starts, session.minutes):
                why = f"works {theirs.starts:%H:%M}-{theirs.ends:%H:%M}; in their time"
                where += f" is {begins:%H:%M}-{begins + timedelta(minutes=session.minutes):%H:%M}"
            if why:
                found.setdefault((seat.person, why), []).append(where)
    for (person, why), places in found.items():
        yield Odd(person, f"{why}: {', '.join(places)}")


def _too_many(plan: Plan, known: Mapping[str, Known]) -> Iterator[Odd]:
    for person in plan.people:
        theirs = known[person]
        here = [session.starts_at for session, seat in plans.seated(plan) if seat.person == person]
        weeks = [_week(theirs.hours, at) for at in here if at]
        for week in dict.fromkeys(weeks):
            others = sum(_week(theirs.hours, busy.starts_at) == week for busy in theirs.busy)
            total = others + weeks.count(week)
            if total > theirs.hours.weekly_limit:
                day = datetime.fromisocalendar(*week, 1)
                yield Odd(
                    person,
                    f"would have {total} interviews in the week of {day:%-d %b}; "
                    f"their limit is {theirs.hours.weekly_limit}",
                )


def _week(at: Hours, when: datetime) -> tuple[int, int]:
    year, week, _ = hours.local(at, when).isocalendar()
    return year, week


def _untrained(plan: Plan, opening: Opening, known: Mapping[str, Known]) -> Iterator[Odd]:
    for session, seat in plans.seated(plan):
        if seat.role in (Role.LEAD, Role.BAR_RAISER) and known[seat.person].trains:
            where = _title(opening, session)
            yield Odd(
                seat.person,
                f"is still in training, and would hold {where} without somebody experienced",
            )


def _out_of_order(plan: Plan, opening: Opening, now: datetime) -> Iterator[Odd]:
    past = [_title(opening, session) for session, starts in plan.timed if starts < now]
    if past:
        yield Odd("", f"{_and(past)} {'lies' if len(past) == 1 else 'lie'} in the past")
    ends = [session.ends_at for session in plan.held if session.ends_at]
    if plan.debrief_at and ends and plan.debrief_at < max(ends):
        yield Odd("", "The debrief begins before the last interview ends")


def _and(words: Sequence[str]) -> str:
    return " and ".join([*([", ".join(words[:-1])] if words[:-1] else []), words[-1]])


def _title(opening: Opening, session: Session) -> str:
    return title(opening, session.round)


def title(opening: Opening, round_id: str) -> str:
    """What a round is called, as markup."""
    return f"*{openings.round_title(opening, round_id)}*"
