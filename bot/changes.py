"""What a change of a plan means for each person: who is told what."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.plans import Plan, Session, Sitting

UNDO = timedelta(
    minutes=1
)  # People are told when it is over, so that an undone change tells nobody.


@dataclass(frozen=True)
class Change:
    """What changes for one person. `before` and `after` are None where they were not, or are no
    longer, there. Without a `session` it is the debrief that moves."""

    person: str
    session: Session | None
    before: tuple[Session, Sitting] | None = None
    after: tuple[Session, Sitting] | None = None
    debrief: datetime | None = None


def changes(before: Plan, after: Plan) -> list[Change]:
    """In the order of the day. Whoever notices nothing is not among them."""
    found = list(_seats(before, after))
    if (before.debrief_at, before.debrief_place) != (after.debrief_at, after.debrief_place):
        found += [Change(person, None, debrief=after.debrief_at) for person in after.people]
    return found


def _seats(before: Plan, after: Plan) -> Iterator[Change]:
    old, new = _by_seat(before), _by_seat(after)
    for key in dict.fromkeys([*old, *new]):
        was, now = old.get(key), new.get(key)
        if _matters(was) != _matters(now):
            session = (now or was or (None, None))[0]
            yield Change(key[1], session, was, now)


Key = tuple[str, str]
Place = tuple[Session, Sitting]


def _by_seat(plan: Plan) -> dict[Key, Place]:
    """A session that is not saved yet is known by its round."""
    return {
        (session.id or session.round, seat.person): (session, seat)
        for session in plan.held
        for seat in session.seats
    }


def _matters(place: Place | None) -> tuple[object, ...] | None:
    if place is None:
        return None
    session, seat = place
    return session.starts_at, session.minutes, seat.role
