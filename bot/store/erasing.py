"""Erase a candidate: what names them or quotes them goes, numbers without text stay."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, select

from bot.records import (
    AuditEntry,
    DebriefNote,
    Decision,
    Interview,
    Loop,
    Notice,
    RecordedView,
    Scorecard,
    SealedVersion,
    Seat,
    SentFile,
    Stance,
    ThreadNote,
    Undo,
    Writing,
)
from bot.scorecards import Answers
from bot.store import audit, notices, scorecards, unfinished, webhooks


def erase(session: Session, loop: Loop, who: str, now: datetime, choices: Collection[str]) -> None:
    """Erase the loop's candidate; of a scorecard's fields only `choices` stay. The bot's messages
    and files about them are removed from Slack by notices of their own, so a Slack that is down
    only delays that."""
    _stop_writers(session, loop)
    if loop.erased_at is not None:
        return
    team, ids = loop.team_id, _interviews(session, loop)
    unfinished.erase(session, loop, loop.candidate)
    loop.candidate, loop.link, loop.reveal_reason = "", "", ""
    loop.erased_at, loop.state = now, "closed" if loop.state == "active" else loop.state
    session.add(loop)
    of_loop = (Interview.team_id == team, Interview.loop_id == loop.id)
    for interview in session.exec(select(Interview).where(*of_loop)):
        interview.reason = ""
        session.add(interview)
    for seat in session.exec(select(Seat).where(Seat.team_id == team, Seat.loop_id == loop.id)):
        seat.reason = ""
        session.add(seat)
    _scorecards(session, loop, choices)
    _decisions(session, loop)
    session.exec(
        delete(ThreadNote).where(
            col(ThreadNote.team_id) == team, col(ThreadNote.interview_id).in_(ids)
        )
    )
    session.exec(
        delete(DebriefNote).where(
            col(DebriefNote.team_id) == team, col(DebriefNote.loop_id) == loop.id
        )
    )
    session.exec(delete(Undo).where(col(Undo.team_id) == team, col(Undo.loop_id) == loop.id))
    _messages(session, loop, ids, now)
    for entry in session.exec(
        select(AuditEntry).where(AuditEntry.team_id == team, AuditEntry.subject == loop.id)
    ):
        entry.detail = {}
        session.add(entry)
    audit.note(session, team, who, "candidate erased", loop.id, now)
    webhooks.owe(session, loop, "candidate.erased", now)


def _stop_writers(session: Session, loop: Loop) -> None:
    """Wait for those who write about the candidate just now, and have those who come later see that
    there is nothing to write about: in the order in which a scorecard is handed in."""
    seats = select(Seat).where(Seat.team_id == loop.team_id, Seat.loop_id == loop.id)
    for seat in session.exec(seats.order_by(col(Seat.interview_id), col(Seat.person))):
        scorecards.hold(session, seat.interview_id, seat.person)
    session.refresh(loop, with_for_update=True)


def _interviews(session: Session, loop: Loop) -> list[str]:
    wanted = select(Interview.id).where(
        Interview.team_id == loop.team_id, Interview.loop_id == loop.id
    )
    return list(session.exec(wanted))


def _scorecards(session: Session, loop: Loop, choices: Collection[str]) -> None:
    """Scores, flags and choices stay; what was written in words goes."""
    cards = select(Scorecard).where(Scorecard.team_id == loop.team_id, Scorecard.loop_id == loop.id)
    for card in session.exec(cards):
        card.draft, card.draft_at = {}, None
        session.add(card)
        versions = select(SealedVersion).where(
            SealedVersion.team_id == loop.team_id, SealedVersion.scorecard_id == card.id
        )
        for version in session.exec(versions):
            version.answers = _without_text(version.answers, choices)
            session.add(version)


def _without_text(answers: Answers, choices: Collection[str]) -> Answers:
    fields = answers["fields"]
    return {
        "questions": [{**each, "evidence": ""} for each in answers["questions"]],
        "flags": [{**each, "where": ""} for each in answers["flags"]],
        "fields": {name: value for name, value in fields.items() if name in choices},
    }


def _decisions(session: Session, loop: Loop) -> None:
    """Votes, outcomes and who stood where stay; every reason goes."""
    team, id_ = loop.team_id, loop.id
    views = select(RecordedView).where(RecordedView.team_id == team, RecordedView.loop_id == id_)
    for view in session.exec(views):
        asked = [{**each, "reason": ""} for each in view.views["questions"]]
        view.views = {**view.views, "questions": asked, "reason": ""}
        session.add(view)
    decisions = select(Decision).where(Decision.team_id == team, Decision.loop_id == id_)
    for decision in session.exec(decisions):
        decision.rationale = decision.reopen_reason = ""
        session.add(decision)
    for stance in session.exec(select(Stance).where(Stance.team_id == team, Stance.loop_id == id_)):
        stance.reason = stance.answer = ""
        session.add(stance)
    session.exec(delete(Writing).where(col(Writing.team_id) == team, col(Writing.loop_id) == id_))


def _messages(session: Session, loop: Loop, ids: list[str], now: datetime) -> None:
    """What is not sent yet never is; what was sent is taken back."""
    about = select(Notice).where(
        Notice.team_id == loop.team_id, col(Notice.subject).in_([loop.id, *ids])
    )
    for notice in session.exec(about.with_for_update()).all():
        if notice.state == "sent" and notice.ts:
            notices.owe(session, loop.team_id, "unsay", notice.channel, notice.ts, now)
        if notice.kind != "erase":
            notice.told = {}
            if notice.state == "sending":
                # It may have arrived already: whoever writes down what came of it takes it back.
                notice.intent = {**notice.intent, "erased": True, "told": {}}
            elif notice.state != "sent":
                notice.state, notice.reason, notice.intent = "skipped", notices.ERASED, {}
            session.add(notice)
    files = select(SentFile).where(SentFile.team_id == loop.team_id, SentFile.loop_id == loop.id)
    for file in session.exec(files).all():
        notices.owe(session, loop.team_id, "unfile", file.person, file.file_id, now)
        session.delete(file)


def keep_file(
    session: Session,
    notice: Notice,
    now: datetime,
    file_id: str,
    about: Sequence[str],
) -> bool:
    """Know the file that `notice` brings before it is sent, so that it goes with any candidate of
    the loops `about`. False when one of them was erased since it was owed: then it must not be
    sent. What was asked for later holds nothing any more that an erasure would take."""
    team_id, person = notice.team_id, notice.recipient
    wanted = select(Loop).where(Loop.team_id == team_id, col(Loop.id).in_(about))
    for loop in session.exec(wanted.with_for_update()):
        if loop.erased_at is not None and loop.erased_at > notice.due_at:
            return False
    for loop_id in about:
        session.add(
            SentFile(file_id=file_id, loop_id=loop_id, team_id=team_id, person=person, sent_at=now)
        )
    return True


def is_kept(session: Session, team_id: str, file_id: str, about: Sequence[str]) -> bool:
    """Whether the file may still be there: False once a candidate of the loops was erased."""
    wanted = select(SentFile.loop_id).where(
        SentFile.team_id == team_id, SentFile.file_id == file_id
    )
    return set(about) <= set(session.exec(wanted))
