"""Scorecards that are owed: asked for, reminded of, and put off by who owes them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from slack_bolt import Ack, Respond
from sqlmodel import Session

from bot import hours as working
from bot import nudges, openings, panels, scorecards
from bot.content import Bank
from bot.hours import Hours
from bot.nudges import Schedule
from bot.panels import Chair, Panel
from bot.plans import Plan
from bot.records import Notice
from bot.store import notices, people
from bot.store import panels as stored_panels
from handlers.here import Here
from handlers.outgoing import Outgoing, Rewrite
from handlers.views import nudge as nudge_view

Body = dict[str, Any]


def owe(session: Session, here: Here, plan: Plan) -> None:
    """Have everybody whose scorecard counts asked for it when their interview is over."""
    entered_late = timedelta(minutes=here.bank.nudges.entered_late)
    for held in plan.held:
        if held.ends_at is None:
            continue
        due = held.ends_at if held.ends_at > here.now else here.now + entered_late
        for seat in held.seats:
            if seat.role.counts:
                zone = here.people.zone(here.team_id, seat.person)
                where = (here.team_id, "nudge", seat.person, held.id)
                if notices.last_told(session, *where) is not None:
                    continue  # They were asked already; what follows is on its way.
                notices.owe(session, *where, due, zone=zone)


class Nudges:
    """Renders questions and reminders from how things are when they are due."""

    def __init__(self, bank: Callable[[], Bank]) -> None:
        self._bank = bank

    def nudge(self, session: Session, notice: Notice, now: datetime) -> Outgoing | None:
        """The question, or the next reminder; it owes what follows. Nothing to whoever owes
        nothing, and what falls outside of their hours waits."""
        panel, chair = _chair(session, notice, notice.recipient)
        if chair is None or not _is_owed(panel, chair):
            return None
        hours = _hours(session, notice, notice.recipient)
        number = int(notice.kind.removeprefix("nudge") or 0)
        due_at = max(nudges.allowed(hours, now), chair.ends_at)
        if due_at > now + timedelta(minutes=1):  # It moved, or it is night.
            self._owe(session, notice, due_at, number)
            return None
        plan = self._schedule(panel, chair, hours)
        if number == 0:
            ahead = [at for at in plan.reminders if at > now]
            self._follow(session, notice, panel, ahead, plan)
            said = nudge_view.question(panel, chair, ahead, plan.due_at)
        elif now >= plan.due_at:  # The bot was down: the coordinator hears of it now.
            return None
        else:
            done, of = _progress(panel, chair)
            said = nudge_view.reminder(panel, chair, done, of, plan.due_at)
        return Outgoing(said["text"], said["blocks"], notice.told, _thread(session, notice))

    def late(self, session: Session, notice: Notice, now: datetime) -> Outgoing | None:
        """To the coordinator when it is due; later when the debrief has moved."""
        person = str(notice.told.get("person", ""))
        panel, chair = _chair(session, notice, person)
        if chair is None or not _is_owed(panel, chair):
            return None
        hours = _hours(session, notice, person)
        plan = self._schedule(panel, chair, hours)
        if plan.due_at > now:
            where = (notice.team_id, "late", notice.recipient, notice.subject)
            notices.owe(session, *where, plan.due_at, **notice.told)
            return None
        said = nudge_view.late(panel, chair)
        return Outgoing(said["text"], said["blocks"], notice.told)

    def settle(self, _: Session, notice: Notice, __: datetime) -> Rewrite | None:
        """An earlier message no longer asks for what was done meanwhile."""
        text = str(notice.told.get("text", ""))
        said = nudge_view.settled(text)
        return Rewrite(notice.recipient, notice.subject, said["text"], said["blocks"])

    def _schedule(self, panel: Panel, chair: Chair, hours: Hours) -> Schedule:
        return nudges.schedule(self._bank().nudges, hours, chair.ends_at, panel.loop.debrief_at)

    def _follow(
        self, session: Session, notice: Notice, panel: Panel, ahead: list[datetime], plan: Schedule
    ) -> None:
        for number, at in enumerate(ahead, start=1):
            self._owe(session, notice, at, number)
        told = {"person": notice.recipient, "zone": notice.told.get("zone", "UTC")}
        for coordinator in panel.opening.coordinators:
            where = (notice.team_id, "late", coordinator, notice.subject)
            notices.owe(session, *where, plan.due_at, **told)

    def _owe(self, session: Session, notice: Notice, at: datetime, number: int) -> None:
        zone = notice.told.get("zone", "UTC")
        where = (notice.team_id, f"nudge{number or ''}", notice.recipient, notice.subject)
        notices.owe(session, *where, at, zone=zone)


def _chair(session: Session, notice: Notice, person: str) -> tuple[Panel, Chair | None]:
    panel = stored_panels.of_interview(session, notice.team_id, notice.subject)
    return panel, panel.chair(notice.subject, person)


def _is_owed(panel: Panel, chair: Chair) -> bool:
    awaited = chair.role.counts and chair.writes and chair.seat.state == "on"
    return awaited and not chair.is_in and panel.loop.state == "active"


def _hours(session: Session, notice: Notice, person: str) -> Hours:
    return people.hours(session, notice.team_id, person, str(notice.told.get("zone", "UTC")))


def _thread(session: Session, notice: Notice) -> str:
    """The brief of the interview: all about it stands in one thread."""
    key = (notice.team_id, "brief", notice.recipient, notice.subject)
    head = notices.first_told(session, *key)
    return head.ts if head else ""


def _progress(panel: Panel, chair: Chair) -> tuple[int, int]:
    asked = list(openings.asked([openings.kit(panel.opening, chair.interview.round)]))
    values = scorecards.drafted(chair.card)
    return sum(bool(values.get(f"score.{id_}")) for id_ in asked), len(asked)


def settle(session: Session, here: Here, interview_id: str) -> None:
    """The scorecard is in: messages that asked for it say so."""
    for sent in notices.sent_about(session, here.team_id, here.user_id, interview_id):
        if sent.kind.startswith("nudge"):
            where = (here.team_id, "settle", sent.channel, sent.ts)
            notices.owe(session, *where, here.now, text="The scorecard is in. Thank you.")


def put_off(ack: Ack, action: Body, respond: Respond, here: Here) -> None:
    """One reminder later, in an hour or tomorrow at nine; when it is due does not change."""
    with here.db.begin() as session:
        panel = stored_panels.of_interview(session, here.team_id, action["value"])
        chair = panels.chair(panel, action["value"], here.user_id)
        zone = here.people.zone(here.team_id, here.user_id)
        hours = people.hours(session, here.team_id, here.user_id, zone)
        until = here.now + timedelta(hours=1)
        if action["action_id"] == "nudge_tomorrow":
            day = working.local(hours, here.now).date()
            nine = datetime.combine(working.next_working_day(hours, day), hours.starts, hours.tz)
            until = nine.astimezone(here.now.tzinfo)
        owed = _is_owed(panel, chair)
        if owed:
            where = (here.team_id, here.user_id, chair.interview.id)
            notices.put_off(session, *where, until)
    ack()
    told = nudge_view.snoozed(until) if owed else nudge_view.CLOSED
    respond(text=told, replace_original=False)
