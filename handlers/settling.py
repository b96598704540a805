"""Earlier messages stop asking once what they asked for is settled."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from bot.nudges import NUDGES, REMINDERS
from bot.records import Notice
from bot.store import notices
from bot.store import panels as stored_panels
from handlers.here import Here
from handlers.outgoing import Rewrite
from handlers.views import nudge as nudge_view

DONE = "The scorecard is in. Thank you."


def settle(
    session: Session,
    at: tuple[str, datetime],
    interview_id: str,
    person: str,
    outcome: str,
    others: Collection[str] = ("late", "still", "away"),
) -> None:
    """What was sent to this person about the interview, and to `others` about this person, says
    how it was settled; what was still to come is left out. `at` is the team, and the time."""
    for notice in notices.of_loop(session, at[0], [interview_id]):
        mine = notice.recipient == person and notice.kind in NUDGES
        theirs = notice.about == person and notice.kind in others
        if not (mine or theirs):
            continue
        if notice.state in notices.OPEN:
            notices.drop(session, notice, outcome)
        elif notice.state == "sent" and "settled" not in notice.told and notice.ts:
            say(session, at[1], notice, settled=outcome)


def say(session: Session, now: datetime, notice: Notice, **told: str) -> None:
    """Have a message that was sent say `settled`, or have `note` under it."""
    notice.told = {**notice.told, **told}
    session.add(notice)
    notices.owe(session, notice.team_id, "settle", notice.channel, notice.ts, now)


def redraw(session: Session, notice: Notice, _: datetime) -> Rewrite | None:
    """A message as it is to be seen now, each part of it settled or not."""
    parts = notices.parts(session, notice.team_id, notice.recipient, notice.subject)
    said = []
    for part in parts:
        text, blocks = str(part.told.get("text", "")), part.told.get("blocks") or []
        if not blocks:
            return None  # It was never kept, or was erased.
        if "settled" in part.told:
            outcome = str(part.told["settled"])
            said.append((f"✓ {outcome}", nudge_view.settled(text, outcome)))
        elif "note" in part.told:
            said.append((text, nudge_view.noted(blocks, str(part.told["note"]))))
        else:
            said.append((text, blocks))
    if not said:
        return None
    if len(said) == 1:
        return Rewrite(notice.recipient, notice.subject, *said[0])
    joint = nudge_view.joint(said)
    return Rewrite(notice.recipient, notice.subject, joint["text"], joint["blocks"])


def arrived(session: Session, here: Here, interview_id: str) -> None:
    """A scorecard was handed in: nobody asks for it any more, the coordinators' next digest has
    it, and whoever is the last one now hears that instead of their next reminder."""
    settle(session, (here.team_id, here.now), interview_id, here.user_id, DONE)
    panel = stored_panels.of_interview(session, here.team_id, interview_id)
    chair = panel.chair(interview_id, here.user_id)
    if chair is None or not chair.role.counts or (chair.card and chair.card.version > 1):
        return
    for coordinator in panel.opening.coordinators:
        if coordinator != here.user_id:
            where = (here.team_id, "tally", coordinator, interview_id)
            notices.owe(session, *where, here.now, here.user_id)
    missing = [
        each for each in panel.missing if each.interview.id != interview_id or not each.is_in
    ]
    if len(missing) == 1 and missing[0].ends_at <= here.now:
        last = missing[0]
        them = (last.seat.person, last.interview.id)
        rows = [
            each
            for each in notices.open_about(session, here.team_id, *them, REMINDERS)
            if each.state == "waiting" and not each.told.get("wanted")
        ]
        if rows and notices.last_told(session, here.team_id, "nudge", *them):
            rows[0].due_at = here.now
            session.add(rows[0])
