"""Scorecards of one team: drafts, and what was sealed."""

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from sqlmodel import Session, col, select

from bot.drafts import Draft
from bot.panels import Chair
from bot.records import Scorecard, SealedVersion, ThreadNote
from bot.scorecards import Answers, seal
from bot.store import take_turns


def hold(session: Session, interview_id: str, person: str) -> None:
    """Until the transaction ends nobody else changes this person's scorecard of the interview. It
    has to be read after this, or what others wrote meanwhile is overwritten."""
    take_turns(session, f"scorecard {interview_id} {person}")


def begin(session: Session, chair: Chair) -> Scorecard:
    """The scorecard of this place, made when it is not there."""
    if chair.card is not None:
        return chair.card
    interview = chair.interview
    made = Scorecard(
        id=uuid4().hex,
        team_id=interview.team_id,
        loop_id=interview.loop_id,
        interview_id=interview.id,
        person=chair.seat.person,
        draft={},
    )
    session.add(made)
    session.flush()
    return made


def of(session: Session, team_id: str, interview_id: str, person: str) -> Scorecard | None:
    wanted = select(Scorecard).where(
        Scorecard.team_id == team_id,
        Scorecard.interview_id == interview_id,
        Scorecard.person == person,
    )
    return session.exec(wanted).first()


def card(session: Session, team_id: str, card_id: str) -> Scorecard | None:
    wanted = select(Scorecard).where(Scorecard.team_id == team_id, Scorecard.id == card_id)
    return session.exec(wanted).first()


def write(session: Session, card: Scorecard, draft: Draft, now: datetime) -> None:
    card.draft, card.draft_at = draft, now
    session.add(card)


def submit(
    session: Session, chair: Chair, answers: Answers, now: datetime, *, after_reveal: bool
) -> SealedVersion:
    """Seal the answers as the next version of this place's scorecard, which has been begun."""
    card, seat = begin(session, chair), chair.seat
    card.version += 1
    card.submitted_at = card.submitted_at or now
    seat.owes = False
    session.add_all([card, seat])
    version = SealedVersion(
        scorecard_id=card.id,
        number=card.version,
        team_id=card.team_id,
        answers=answers,
        seal=seal(answers, card.interview_id, card.person, now),
        submitted_at=now,
        after_reveal=after_reveal,
    )
    session.add(version)
    return version


def newest(session: Session, card: Scorecard) -> SealedVersion | None:
    """What was sealed last; None before the first."""
    wanted = select(SealedVersion).where(
        SealedVersion.team_id == card.team_id,
        SealedVersion.scorecard_id == card.id,
        SealedVersion.number == card.version,
    )
    return session.exec(wanted).first() if card.version else None


def versions(
    session: Session, team_id: str, card_ids: Collection[str]
) -> dict[str, list[SealedVersion]]:
    """What was sealed, by scorecard, oldest first."""
    wanted = select(SealedVersion).where(
        SealedVersion.team_id == team_id, col(SealedVersion.scorecard_id).in_(card_ids)
    )
    found: dict[str, list[SealedVersion]] = {}
    for version in session.exec(wanted.order_by(col(SealedVersion.number))):
        found.setdefault(version.scorecard_id, []).append(version)
    return found


def note(session: Session, team_id: str, channel: str, ts: str) -> ThreadNote | None:
    return session.get(ThreadNote, (team_id, channel, ts))


def notes_of(session: Session, team_id: str, interview_ids: Collection[str]) -> list[ThreadNote]:
    """What was typed in the threads of briefs about these interviews, by anybody, oldest first."""
    wanted = select(ThreadNote).where(
        ThreadNote.team_id == team_id, col(ThreadNote.interview_id).in_(interview_ids)
    )
    return list(session.exec(wanted.order_by(col(ThreadNote.at), col(ThreadNote.ts))))


def notes(session: Session, team_id: str, interview_id: str, person: str) -> list[ThreadNote]:
    """What this person typed in the thread of their brief, oldest first."""
    wanted = select(ThreadNote).where(
        ThreadNote.team_id == team_id,
        ThreadNote.interview_id == interview_id,
        ThreadNote.person == person,
    )
    return list(session.exec(wanted.order_by(col(ThreadNote.ts))))
