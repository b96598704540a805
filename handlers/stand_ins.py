"""Somebody else in the place of an interviewer: before the interview, or because they held it."""

from sqlmodel import Session

from bot.errors import Refusal
from bot.panels import Panel
from bot.plans import Sitting
from bot.store import loops
from handlers import planning
from handlers.here import Here


def put(
    session: Session, here: Here, panel: Panel, interview_id: str, person: str, other: str
) -> None:
    """`other` owes the scorecard from now on, and `person` does not; both are told. Raises Refusal
    when that was settled meanwhile. The panel was read to be changed by nobody else."""
    before = loops.plan(session, panel.loop)
    at = next((n for n, each in enumerate(before.sessions) if each.id == interview_id), None)
    seats = before.sessions[at].seats if at is not None else ()
    if panel.loop.state != "active" or not any(seat.person == person for seat in seats):
        raise Refusal("That has been settled meanwhile.")
    chair = panel.chair(interview_id, person)
    if chair is not None and chair.is_in:
        raise Refusal(f"<@{person}> has handed in their scorecard of it already.")
    if any(seat.person == other for seat in seats):
        raise Refusal(f"<@{other}> is in that interview already.")
    new = tuple(
        Sitting(person=other, role=seat.role) if seat.person == person else seat for seat in seats
    )
    planning.remember(session, here, panel.loop, before)
    loops.save(session, panel.loop, before.with_session(at or 0, seats=new))
    planning.owe(session, here, before, loops.plan(session, panel.loop), later=True)
    here.note(session, "interviewer replaced", panel.loop.id)
