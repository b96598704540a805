"""Openings of one team."""

from sqlmodel import Session, col, select

from bot.records import Opening


def opening(
    session: Session, team_id: str, opening_id: str, *, alone: bool = False
) -> Opening | None:
    """The opening, or None: also when it is another team's. With `alone`, nobody else changes it
    until this transaction ends."""
    wanted = select(Opening).where(Opening.team_id == team_id, Opening.id == opening_id)
    return session.exec(wanted.with_for_update() if alone else wanted).first()


def openings(session: Session, team_id: str) -> list[Opening]:
    """The team's openings: open ones first, then newest first."""
    wanted = select(Opening).where(Opening.team_id == team_id)
    order = (col(Opening.closed_at).is_not(None), col(Opening.created_at).desc())
    return list(session.exec(wanted.order_by(*order)))


def planned_by(session: Session, team_id: str, person: str) -> list[Opening]:
    """Those that this person coordinates or decides on, in the order of `openings`."""
    return [
        each
        for each in openings(session, team_id)
        if person in (*each.coordinators, each.hiring_manager)
    ]


def titles(session: Session, team_id: str, person: str) -> dict[str, str]:
    """The title of each of them by its id: without the kits, which are long."""
    wanted = select(Opening.id, Opening.title, Opening.coordinators, Opening.hiring_manager).where(
        Opening.team_id == team_id
    )
    rows = session.exec(wanted.order_by(col(Opening.created_at).desc()))
    return {
        id_: title
        for id_, title, coordinators, manager in rows
        if person in (*coordinators, manager)
    }
