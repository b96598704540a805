"""Calendar files, and the calendar of one person."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.openings import round_title
from bot.plans import State, shown
from bot.records import Interview, Loop, Opening, Seat

REFRESH = timedelta(minutes=15)  # How often a calendar program is asked to look.
PAST = timedelta(days=30)  # How long what is over stays in a feed.


def invitation(interview: Interview, title: str, now: datetime) -> str:
    """One interview as an iCalendar file. Opened again after a change, it replaces the entry."""
    from icalendar import Calendar, Event  # Only now: a start without it is faster.

    event = Event()
    event.add("uid", f"{interview.id}@safety-interview")
    event.add("dtstamp", now)
    event.add("sequence", int(now.timestamp()))
    event.add("dtstart", interview.starts_at)
    event.add("dtend", interview.starts_at + timedelta(minutes=interview.minutes))
    event.add("summary", title)
    calendar = Calendar()
    calendar.add("prodid", "-//Safety Interview//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical()).decode()


@dataclass(frozen=True)
class Entry:
    """One line of somebody's calendar. It keeps its `id` whatever becomes of it; of two with the
    same, the one with the higher `sequence` is the newer."""

    id: str
    title: str
    starts_at: datetime
    minutes: int
    sequence: int
    place: str = ""
    cancelled: bool = False


def entries(
    found: Iterable[tuple[Seat, Interview, Loop, Opening]], debrief_minutes: int
) -> list[Entry]:
    """What stands in the calendar of the person whose seats these are: candidates as their opening
    shows them, and nothing else about them."""
    made: list[Entry] = []
    debriefs: dict[str, Entry] = {}
    for seat, interview, loop, opening in found:
        who = shown(opening, loop)
        there = seat.state != "off"
        made.append(
            Entry(
                interview.id,
                f"{round_title(opening, interview.round)}: {who}",
                interview.starts_at,
                interview.minutes,
                loop.revision,
                cancelled=not there or interview.state != State.PLANNED,
            )
        )
        if loop.debrief_at is not None:
            known = debriefs.get(loop.id)
            here = there and loop.state != "withdrawn"
            debriefs[loop.id] = Entry(
                f"debrief-{loop.id}",
                f"Debrief: {who}",
                loop.debrief_at,
                debrief_minutes,
                loop.revision,
                loop.debrief_place,
                cancelled=not here and (known is None or known.cancelled),
            )
    return sorted([*made, *debriefs.values()], key=lambda each: (each.starts_at, each.id))


def tag(found: Sequence[Entry]) -> str:
    """The same for the same entries."""
    return hashlib.sha256(repr(found).encode()).hexdigest()[:32]


def feed(found: Sequence[Entry], changed_at: datetime) -> bytes:
    """The entries as an iCalendar file (RFC 5545), as they have been since `changed_at`. Times are
    in UTC: every calendar program shows them in its reader's own zone."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Safety Interview//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Interviews")
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    for each in found:
        event = Event()
        event.add("uid", f"{each.id}@safety-interview")
        event.add("dtstamp", changed_at)
        event.add("sequence", each.sequence)
        event.add("dtstart", each.starts_at)
        event.add("dtend", each.starts_at + timedelta(minutes=each.minutes))
        event.add("summary", each.title)
        event.add("status", "CANCELLED" if each.cancelled else "CONFIRMED")
        event.add("transp", "TRANSPARENT" if each.cancelled else "OPAQUE")
        event.add("class", "PRIVATE")
        if each.place:
            event.add("location", each.place)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
