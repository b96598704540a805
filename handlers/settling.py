"""Earlier messages stop asking once what they asked for is settled."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from bot.nudges import NUDGES, REMINDERS
from bot.records import Notice
from bot.store import notices
from bot.store import panels as stored_panels
from handlers import home, webhooks
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


def arrived(session: Session, notice: Notice, now: datetime) -> None:
    """What follows from a scorecard that was handed in, once: nobody asks for it any more, the
    coordinators' next digest has it, webhooks are told, whoever is the last one now hears that
    instead of their next reminder, and Homes show it."""
    team, interview_id, person = notice.team_id, notice.subject, notice.recipient
    # Alone, as those who change the loop or erase its candidate are.
    panel = stored_panels.of_interview(session, team, interview_id, alone=True)
    if panel.loop.erased_at is not None or not notices.first_time(session, notice):
        return
    settle(session, (team, now), interview_id, person, DONE)
    people = {person, *panel.opening.coordinators, panel.opening.hiring_manager}
    # As soon as if it had been owed when the scorecard was handed in.
    notices.owe_all(session, team, "home", sorted(people), "home", notice.due_at + home.SOON)
    chair = panel.chair(interview_id, person)
    if chair is None or not chair.role.counts:
        return
    webhooks.handed_in(session, panel, chair)
    others = [each for each in panel.opening.coordinators if each != person]
    notices.owe_all(session, team, "tally", others, interview_id, now, person)
    if len(panel.missing) == 1 and panel.missing[0].ends_at <= now:
        last = panel.missing[0]
        them = (last.seat.person, last.interview.id)
        rows = [
            each
            for each in notices.open_about(session, team, *them, REMINDERS)
            if each.state == "waiting" and not each.told.get("wanted")
        ]
        if rows and notices.last_told(session, team, "nudge", *them):
            rows[0].due_at = now
            session.add(rows[0])
