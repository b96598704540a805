"""Debriefs of one team: what is read in them, how far they have come, what was noted."""

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from sqlalchemy import or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from bot import packets
from bot.content import Bank
from bot.packets import Packet
from bot.panels import Panel
from bot.records import Debrief, DebriefNote, Loop, Opening, Seat
from bot.store import scorecards, served, take_turns

MOST_SOUGHT = 500  # Loops among which a candidate is looked for by name, the newest.


def packet(session: Session, bank: Bank, panel: Panel) -> Packet:
    """The panel's packet, in two queries at most."""
    cards = [
        chair.card.id for chair in panel.chairs if chair.card and chair.is_in and chair.role.counts
    ]
    versions = scorecards.versions(session, panel.loop.team_id, cards)
    questions = served.questions(session, bank, packets.asked(versions.values()))
    return packets.made(bank, panel, versions, questions)


def debrief(session: Session, team_id: str, loop_id: str) -> Debrief | None:
    wanted = select(Debrief).where(Debrief.team_id == team_id, Debrief.loop_id == loop_id)
    return session.exec(wanted).first()


def take(session: Session, team_id: str, loop_id: str) -> Debrief | None:
    """The loop's debrief. Until the transaction ends nobody else changes it."""
    take_turns(session, f"debrief {loop_id}")
    wanted = select(Debrief).where(Debrief.team_id == team_id, Debrief.loop_id == loop_id)
    return session.exec(wanted.execution_options(populate_existing=True)).first()


def note(
    session: Session, found: Debrief, topic: str, person: str, text: str, now: datetime
) -> None:
    session.add(
        DebriefNote(
            id=uuid4().hex,
            team_id=found.team_id,
            loop_id=found.loop_id,
            topic=topic,
            person=person,
            text=text,
            at=now,
        )
    )


def notes(session: Session, team_id: str, loop_id: str) -> list[DebriefNote]:
    """What was noted, oldest first."""
    wanted = select(DebriefNote).where(
        DebriefNote.team_id == team_id, DebriefNote.loop_id == loop_id
    )
    return list(session.exec(wanted.order_by(col(DebriefNote.at), col(DebriefNote.id))))


def opened(
    session: Session, team_id: str, opening_ids: Collection[str], person: str, limit: int
) -> list[tuple[Loop, Opening]]:
    """Active loops whose scorecards are open, the newest reveal first: those of `opening_ids`, and
    those on whose panel this person sits."""
    wanted = (
        _seen(team_id, opening_ids, person)
        .where(Loop.state == "active", col(Loop.revealed_at).is_not(None))
        .order_by(col(Loop.revealed_at).desc())
    )
    return [(loop, opening) for loop, opening in session.exec(wanted.limit(limit))]


def sought(
    session: Session, team_id: str, opening_ids: Collection[str], person: str
) -> list[tuple[Loop, Opening]]:
    """The newest loops of `opening_ids`, and of those on whose panel this person sits; ended ones
    too, erased ones not."""
    wanted = _seen(team_id, opening_ids, person).where(col(Loop.erased_at).is_(None))
    wanted = wanted.order_by(col(Loop.created_at).desc()).limit(MOST_SOUGHT)
    return [(loop, opening) for loop, opening in session.exec(wanted)]


def _seen(team_id: str, opening_ids: Collection[str], person: str) -> Select[Loop, Opening]:
    mine = select(Seat.loop_id).where(
        Seat.team_id == team_id, Seat.loop_id == Loop.id, Seat.person == person
    )
    return (
        select(Loop, Opening)
        .where(Loop.team_id == team_id, Opening.team_id == team_id, Opening.id == Loop.opening_id)
        .where(or_(col(Loop.opening_id).in_(opening_ids), mine.exists()))
    )
