"""Calendar files."""

from datetime import datetime, timedelta

from bot.records import Interview


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
