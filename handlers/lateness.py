"""What coordinators hear of scorecards, and what they can do: nudge, excuse, take it back."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from slack_bolt import Ack, Respond
from slack_sdk import WebClient
from sqlmodel import Session

from bot import nudges, panels
from bot.errors import Refusal
from bot.nudges import SLACK
from bot.panels import Chair, Panel
from bot.records import Notice
from bot.store import notices, people
from bot.store import panels as stored_panels
from handlers import loops
from handlers.here import Here
from handlers.outgoing import Outgoing
from handlers.seats import SETTLED, Seats, is_owed
from handlers.settling import settle
from handlers.views import late as late_view
from handlers.views.text import when

Body = dict[str, Any]

ABOUT = ("late", "still", "away", "absent", "unheld")  # What coordinators hear of one scorecard.


class Lateness(Seats):
    """Renders what a coordinator hears, from how things are when it is due."""

    def late(self, session: Session, notice: Notice, now: datetime) -> Outgoing | None:
        """Once, when it is due; later when the debrief has moved."""
        panel, chair = self.chair(session, notice, notice.about)
        if chair is None or not is_owed(panel, chair):
            notice.reason = SETTLED
            return None
        hours = self.hours(session, notice, notice.about)
        plan = self.schedule(session, panel, chair, hours, now)
        if plan.due_at > now + SLACK:
            where = (notice.team_id, "late", notice.recipient, notice.subject)
            notices.owe(session, *where, plan.due_at, notice.about, **notice.told)
            notice.reason = "it is due later"
            return None
        self._follow(session, notice, now)
        if panel.is_revealed:
            notice.reason = "the scorecards were opened without it"
            return None
        if nudges.absent(hours, chair.ends_at, now):
            notice.reason = "they are away, as was told"
            return None
        said = late_view.late(panel, chair)
        return Outgoing(said["text"], said["blocks"], notice.told)

    def still(self, session: Session, notice: Notice, now: datetime) -> Outgoing | None:
        """A line of the digest, each working day while it is missing and the panel waits."""
        panel, chair = self.chair(session, notice, notice.about)
        if chair is None or not is_owed(panel, chair) or panel.is_revealed:
            notice.reason = SETTLED
            return None
        hours = self.hours(session, notice, notice.about)
        plan = self.schedule(session, panel, chair, hours, now)
        self._follow(session, notice, now)
        said = late_view.still(panel, chair, plan.due_at)
        return Outgoing(said["text"], said["blocks"], notice.told)

    def _follow(self, session: Session, notice: Notice, now: datetime) -> None:
        at = nudges.next_morning(self.hours(session, notice), now)
        where = (notice.team_id, "still", notice.recipient, notice.subject)
        notices.owe(session, *where, at, notice.about, **notice.told)

    def tally(self, session: Session, notice: Notice, now: datetime) -> None:
        """A scorecard came in: a line of tomorrow's digest, unless all are open by now."""
        panel = stored_panels.of_interview(session, notice.team_id, notice.subject)
        if not panel.is_revealed:
            at = nudges.next_morning(self.hours(session, notice), now)
            where = (notice.team_id, "arrived", notice.recipient, notice.subject)
            notices.owe(session, *where, at, notice.about)

    def arrived(self, session: Session, notice: Notice, _: datetime) -> Outgoing | None:
        panel, chair = self.chair(session, notice, notice.about)
        if chair is None or panel.is_revealed or panel.loop.state != "active":
            notice.reason = SETTLED
            return None
        said = late_view.arrived(panel, chair)
        return Outgoing(said["text"], said["blocks"], notice.told)

    def away(self, session: Session, notice: Notice, now: datetime) -> Outgoing | None:
        panel, chair = self.chair(session, notice, notice.about)
        hours = self.hours(session, notice, notice.about)
        gone = chair is not None and nudges.absent(hours, chair.ends_at, now)
        if chair is None or not is_owed(panel, chair) or not gone:
            notice.reason = SETTLED
            return None
        due = self.schedule(session, panel, chair, hours, now).due_at
        said = late_view.away(panel, chair, hours, due, now)
        return Outgoing(said["text"], said["blocks"], notice.told)

    def absent(self, session: Session, notice: Notice, _: datetime) -> Outgoing | None:
        panel, chair = self.chair(session, notice, notice.about)
        if chair is None or chair.seat.state != "excused":
            notice.reason = SETTLED
            return None
        instead, reason = str(notice.told.get("instead", "")), str(notice.told.get("reason", ""))
        said = late_view.absent(panel, chair, instead, reason)
        return Outgoing(said["text"], said["blocks"], notice.told)

    def unheld(self, session: Session, notice: Notice, _: datetime) -> Outgoing | None:
        panel, chair = self.chair(session, notice, notice.about)
        if chair is None or chair.interview.state == "planned":
            notice.reason = SETTLED
            return None
        said = late_view.unheld(panel, chair, str(notice.told.get("reason", "")))
        return Outgoing(said["text"], said["blocks"], notice.told)


def nudge_now(ack: Ack, action: Body, respond: Respond, client: WebClient, here: Here) -> None:
    """One more message to who is late, from a person: at most one in a while, whoever presses."""
    here.people.look(here.team_id, action["value"].partition("|")[2], client)
    with here.db.begin() as session:
        panel, chair = _planned(session, here, action["value"])
        answer = _nudge(session, here, panel, chair)
    here.wake()
    ack()
    respond(text=answer, replace_original=False)


def _nudge(session: Session, here: Here, panel: Panel, chair: Chair) -> str:
    who = f"<@{chair.seat.person}>"
    if not is_owed(panel, chair):
        return _settled(panel, chair)
    if here.now < chair.ends_at:
        return f"Their interview ends {when(chair.ends_at)}; before that I ask nobody."
    where = (here.team_id, chair.seat.person, chair.interview.id)
    waiting = notices.unsent(session, *where, "asked")
    if waiting is not None:
        return f"<@{waiting.told.get('by')}> has nudged {who} a moment ago; that is on its way."
    wait = timedelta(hours=here.bank.nudges.nudge_again_after)
    last = notices.last_told(session, here.team_id, "asked", *where[1:])
    if last is not None and last.sent_at and here.now < last.sent_at + wait:
        return (
            f"{who} was nudged {when(last.sent_at)} by <@{last.told.get('by')}>. "
            f"You can again {when(last.sent_at + wait)}."
        )
    zone = here.people.zone(here.team_id, chair.seat.person)
    at = nudges.allowed(people.hours(session, here.team_id, chair.seat.person, zone), here.now)
    notices.owe(session, here.team_id, "asked", *where[1:], here.now, by=here.user_id, zone=zone)
    here.note(session, "nudged", panel.loop.id, person=chair.seat.person)
    if at > here.now + SLACK:
        return f"{who} does not work now: I ask them {when(at)}, when they do."
    return f"I ask {who} now."


def excuse(ack: Ack, action: Body, respond: Respond, here: Here) -> None:
    """From now on nobody waits for this scorecard. Who presses second is told so."""
    with here.db.begin() as session:
        panel, chair = _planned(session, here, action["value"])
        if is_owed(panel, chair):
            answer = f"Excused: nobody waits for <@{chair.seat.person}> any more."
            id_, person = chair.interview.id, chair.seat.person
            loops.mark(session, here, panel, id_, person, "excused", "")
            settle(
                session,
                (here.team_id, here.now),
                id_,
                person,
                f"Excused by <@{here.user_id}>.",
                ABOUT,
            )
            session.flush()
            panel = stored_panels.find(session, here.team_id, panel.loop.id)
            loops.open_if_complete(session, here, panel)
        else:
            answer = _settled(panel, chair)
    here.wake()
    ack()
    respond(text=answer, replace_original=False)


def restore(ack: Ack, action: Body, respond: Respond, here: Here) -> None:
    """“It was held after all”, “they owe it after all”."""
    with here.db.begin() as session:
        panel, chair = _planned(session, here, action["value"])
        changed = chair.seat.state == "excused" or chair.interview.state in ("no_show", "not_held")
        if changed:
            chair.seat.state, chair.seat.reason = "on", ""
            chair.interview.state, chair.interview.reason = "planned", ""
            session.add_all([chair.seat, chair.interview])
            seats = [each for each in panel.chairs if each.interview.id == chair.interview.id]
            owe_plans(session, here, seats)
            id_, done = chair.interview.id, f"Taken back by <@{here.user_id}>."
            for each in seats:
                person = each.seat.person
                settle(session, (here.team_id, here.now), id_, person, done, ABOUT[3:])
                if is_owed(panel, each) and here.now >= each.ends_at:  # What they had is settled.
                    where = (here.team_id, "asked", person, id_)
                    notices.owe(session, *where, here.now, by=here.user_id)
            here.note(session, "taken back: it was held, and is awaited", panel.loop.id)
    here.wake()
    ack()
    answer = "Their scorecard is awaited again." if changed else "That was taken back already."
    respond(text=answer, replace_original=False)


def owe_plans(session: Session, here: Here, chairs: Collection[Chair]) -> None:
    """Have what these people are to hear laid out anew."""
    for chair in chairs:
        person = chair.seat.person
        zone = here.people.zone(here.team_id, person)
        where = (here.team_id, "plan", person, chair.interview.id)
        notices.owe(session, *where, here.now, zone=zone)


def _settled(panel: Panel, chair: Chair) -> str:
    who = f"<@{chair.seat.person}>"
    if chair.is_in:
        return f"{who} has handed it in meanwhile."
    if chair.seat.state == "excused":
        return f"{who} is excused already: nobody waits for them."
    if chair.interview.state != "planned":
        return "It was not held, so nobody waits for a scorecard of it."
    return f"Nobody waits for it any more: *{panel.loop.state}*."


def _planned(session: Session, here: Here, code: str) -> tuple[Panel, Chair]:
    """Until the transaction ends nobody else changes the loop. Raises Refusal unless this person
    plans it, and for who is not on its panel."""
    interview_id, _, person = code.partition("|")
    panel = stored_panels.of_interview(session, here.team_id, interview_id, alone=True)
    panels.require_planner(panel, here.user_id)
    chair = panel.chair(interview_id, person)
    if chair is None:
        raise Refusal(f"<@{person}> is not on that panel any more.")
    return panel, chair
