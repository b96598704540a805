"""Calendar feeds, and the interviews in them."""

from datetime import datetime

from sqlmodel import Session, col, select

from bot.records import CalendarFeed, Interview, Loop, Opening, Seat

MOST = 300  # Entries of one calendar.


def by_hash(session: Session, token_hash: str) -> CalendarFeed | None:
    """Whose feed it is, of any team: the hash is of a secret that one person has."""
    wanted = select(CalendarFeed).where(CalendarFeed.token_hash == token_hash)
    return session.exec(wanted).first()


def of(session: Session, team_id: str, person: str) -> CalendarFeed | None:
    wanted = select(CalendarFeed).where(
        CalendarFeed.team_id == team_id, CalendarFeed.person == person
    )
    return session.exec(wanted.with_for_update()).first()


def renew(session: Session, team_id: str, person: str, token_hash: str, now: datetime) -> None:
    """From now on only this token opens it."""
    found = of(session, team_id, person)
    if found is None:
        found = CalendarFeed(
            team_id=team_id, person=person, token_hash="", made_at=now, changed_at=now
        )
    found.token_hash, found.made_at, found.read_at = token_hash, now, None
    session.add(found)


def revoke(session: Session, team_id: str, person: str) -> bool:
    """False when there was none."""
    found = of(session, team_id, person)
    if found is not None:
        session.delete(found)
    return found is not None


def entries(
    session: Session, team_id: str, person: str, since: datetime
) -> list[tuple[Seat, Interview, Loop, Opening]]:
    """Each interview from `since` on in which this person sits or sat, in the order of the day, the
    latest MOST of them."""
    mine = select(Seat).where(Seat.team_id == team_id, Seat.person == person)
    seats = {each.interview_id: each for each in session.exec(mine)}
    wanted = (
        select(Interview, Loop, Opening)
        .join(Loop, col(Loop.id) == col(Interview.loop_id))
        .join(Opening, col(Opening.id) == col(Loop.opening_id))
        .where(
            col(Interview.id).in_(seats),
            Interview.team_id == team_id,
            Loop.team_id == team_id,
            Opening.team_id == team_id,
            Interview.starts_at >= since,
        )
    )
    found = [(seats[each.id], each, loop, opening) for each, loop, opening in session.exec(wanted)]
    return sorted(found, key=lambda each: (each[1].starts_at, each[1].id))[-MOST:]
