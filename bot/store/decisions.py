"""Views after the discussion, decisions and stances of one team."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from bot import votes
from bot.decisions import Outcome, Proposal, State
from bot.drafts import Draft
from bot.records import Decision, Loop, RecordedView, Stance, Writing
from bot.store import take_turns


def writing(session: Session, loop: Loop, person: str, kind: str) -> Writing | None:
    wanted = select(Writing).where(
        Writing.team_id == loop.team_id,
        Writing.loop_id == loop.id,
        Writing.person == person,
        Writing.kind == kind,
    )
    return session.exec(wanted).first()


def draft(session: Session, loop: Loop, person: str, kind: str) -> Draft:
    """What this person is writing, to be changed. Until the transaction ends nobody else does."""
    take_turns(session, f"writing {loop.id} {person} {kind}")
    found = writing(session, loop, person, kind)
    return dict(found.draft) if found else {}


def write(
    session: Session, loop: Loop, person: str, kind: str, draft: Draft, now: datetime
) -> None:
    found = writing(session, loop, person, kind)
    if found is None:
        found = Writing(
            loop_id=loop.id, person=person, kind=kind, team_id=loop.team_id, draft={}, draft_at=now
        )
    found.draft, found.draft_at = draft, now
    session.add(found)
    session.flush()


def handed_in(session: Session, loop: Loop, person: str, kind: str) -> None:
    """What was written has been handed in: the draft goes."""
    session.exec(
        delete(Writing).where(
            col(Writing.team_id) == loop.team_id,
            col(Writing.loop_id) == loop.id,
            col(Writing.person) == person,
            col(Writing.kind) == kind,
        )
    )


def record(
    session: Session, loop: Loop, person: str, views: votes.Views, now: datetime
) -> RecordedView:
    """Keep the next view of this person after the discussion."""
    newest = select(func.max(RecordedView.number)).where(
        RecordedView.team_id == loop.team_id,
        RecordedView.loop_id == loop.id,
        RecordedView.person == person,
    )
    found = RecordedView(
        loop_id=loop.id,
        person=person,
        number=(session.exec(newest).one() or 0) + 1,
        team_id=loop.team_id,
        views=views,
        seal=votes.seal(views, loop.id, person, now),
        recorded_at=now,
    )
    session.add(found)
    session.flush()
    return found


def views(session: Session, team_id: str, loop_ids: Collection[str]) -> list[RecordedView]:
    """All of these loops, of each person the oldest first."""
    wanted = select(RecordedView).where(
        RecordedView.team_id == team_id, col(RecordedView.loop_id).in_(loop_ids)
    )
    order = (col(RecordedView.loop_id), col(RecordedView.person), col(RecordedView.number))
    return list(session.exec(wanted.order_by(*order)))


def decisions(session: Session, team_id: str, loop_ids: Collection[str]) -> list[Decision]:
    """Of these loops, oldest first."""
    wanted = select(Decision).where(
        Decision.team_id == team_id, col(Decision.loop_id).in_(loop_ids)
    )
    return list(session.exec(wanted.order_by(col(Decision.loop_id), col(Decision.number))))


def stances(session: Session, team_id: str, loop_ids: Collection[str]) -> list[Stance]:
    wanted = select(Stance).where(Stance.team_id == team_id, col(Stance.loop_id).in_(loop_ids))
    return list(session.exec(wanted.order_by(col(Stance.asked_at), col(Stance.person))))


def decide(
    session: Session,
    loop: Loop,
    number: int,
    by: str,
    proposal: Proposal,
    cites: Sequence[str],
    now: datetime,
) -> Decision:
    """Keep a decision as the loop's `number`th. Raises ValueError for one without an outcome."""
    outcome = proposal.outcome
    if outcome is None:
        raise ValueError(number)
    found = Decision(
        id=uuid4().hex,
        team_id=loop.team_id,
        loop_id=loop.id,
        number=number,
        by=by,
        outcome=outcome,
        level=proposal.level if outcome is Outcome.OTHER_LEVEL else "",
        round=proposal.round if outcome is Outcome.ANOTHER else "",
        until=proposal.until if outcome is Outcome.HOLD else None,
        rationale=proposal.rationale,
        cites=list(cites),
        state=State.WAITING,
        decided_at=now,
    )
    session.add(found)
    session.flush()
    return found


def ask(session: Session, decision: Decision, person: str, role: str, now: datetime) -> None:
    session.add(
        Stance(
            decision_id=decision.id,
            person=person,
            team_id=decision.team_id,
            loop_id=decision.loop_id,
            role=role,
            asked_at=now,
        )
    )


MOST = 20  # Loops of each kind that somebody's Home reads.


def to_decide(session: Session, team_id: str, opening_ids: Collection[str]) -> list[Loop]:
    """Open loops of these openings whose scorecards are open, the longest waiting first. Those
    that wait for something else than a decision are among them: bot.decisions.is_open tells."""
    wanted = select(Loop).where(
        Loop.team_id == team_id,
        Loop.state == "active",
        col(Loop.opening_id).in_(opening_ids),
        col(Loop.revealed_at).is_not(None),
    )
    return list(session.exec(wanted.order_by(col(Loop.revealed_at)).limit(MOST)))


def asked(session: Session, team_id: str, person: str, since: datetime) -> list[Loop]:
    """Loops about whose decision this person was asked after `since` and has said nothing."""
    wanted = (
        select(Loop)
        .where(Stance.team_id == team_id, Stance.person == person, Stance.says == "asked")
        .where(Stance.asked_at >= since)
        .where(Loop.team_id == team_id, Loop.id == Stance.loop_id)
        .where(col(Loop.erased_at).is_(None))
    )
    return list(session.exec(wanted.limit(MOST)))


def lately(
    session: Session, team_id: str, opening_ids: Collection[str], since: datetime
) -> list[Loop]:
    """Loops of these openings that were decided after `since`, the newest first."""
    wanted = (
        select(Loop)
        .where(Loop.team_id == team_id, Loop.state == "closed")
        .where(col(Loop.opening_id).in_(opening_ids), col(Loop.ended_at) >= since)
        .where(col(Loop.revealed_at).is_not(None), col(Loop.erased_at).is_(None))
    )
    return list(session.exec(wanted.order_by(col(Loop.ended_at).desc()).limit(MOST)))
