"""Loops with their panels, read at once: no query for each row."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from bot.errors import Refusal
from bot.panels import Chair, Panel
from bot.records import Loop, Opening, Scorecard, Undo
from bot.store import loops

GONE = "That loop is not here. `/safety-interview loops` lists yours."


def read(session: Session, team_id: str, loop: Loop) -> Panel:
    return read_all(session, team_id, [loop])[0]


def find(session: Session, team_id: str, loop_id: str) -> Panel:
    """Raises Refusal when the team has no such loop."""
    loop = loops.loop(session, team_id, loop_id)
    if loop is None:
        raise Refusal(GONE)
    return read(session, team_id, loop)


def of_interview(session: Session, team_id: str, interview_id: str) -> Panel:
    """The panel of the loop to which the interview belongs. Raises Refusal when there is none."""
    interview = loops.interview(session, team_id, interview_id)
    if interview is None:
        raise Refusal("That interview is not here. `/safety-interview loops` lists yours.")
    return find(session, team_id, interview.loop_id)


def read_all(session: Session, team_id: str, found: Sequence[Loop]) -> list[Panel]:
    """In the order of `found`."""
    ids = [loop.id for loop in found]
    openings = {
        each.id: each
        for each in session.exec(
            select(Opening).where(
                Opening.team_id == team_id,
                col(Opening.id).in_({loop.opening_id for loop in found}),
            )
        )
    }
    interviews = loops.interviews(session, team_id, ids)
    cards = {
        (card.interview_id, card.person): card
        for card in session.exec(
            select(Scorecard).where(Scorecard.team_id == team_id, col(Scorecard.loop_id).in_(ids))
        )
    }
    undos = {
        undo.loop_id: undo
        for undo in session.exec(
            select(Undo).where(Undo.team_id == team_id, col(Undo.loop_id).in_(ids))
        )
    }
    by_id = {each.id: each for each in interviews}
    place = {each.id: at for at, each in enumerate(interviews)}
    chairs = sorted(
        (
            Chair(seat, by_id[seat.interview_id], cards.get((seat.interview_id, seat.person)))
            for seat in loops.seats(session, team_id, ids)
        ),
        key=lambda each: (place[each.interview.id], each.role != "lead", each.seat.person),
    )
    return [
        Panel(
            loop,
            openings[loop.opening_id],
            tuple(each for each in interviews if each.loop_id == loop.id),
            tuple(
                each
                for each in chairs
                if each.seat.loop_id == loop.id and (each.seat.state != "off" or each.is_in)
            ),
            undos.get(loop.id),
        )
        for loop in found
    ]
