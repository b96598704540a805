"""What those who plan a loop, and its panel, hear around the debrief."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot import decisions, nudges, panels
from bot.nudges import SLACK
from bot.panels import Panel
from bot.records import Notice
from bot.store import notices
from bot.store import panels as stored_panels
from handlers.outgoing import Outgoing
from handlers.seats import SETTLED, TOLD, TOO_LATE, Seats
from handlers.timetables import Row
from handlers.views import meeting as meeting_view

READY = ("ready1", "ready2", "ready3")


class Meetings(Seats):
    """Renders what is said around a debrief, from how things are when it is due."""

    def agenda(self, session: Session, notice: Notice, now: datetime) -> None:
        """Owe all that this person is to hear of the debrief, or lay it out anew."""
        panel = stored_panels.find(session, notice.team_id, notice.subject)
        policy, hours = self.bank().nudges, self.hours(session, notice)
        row = Row(session, notice, hours.zone)
        debrief = panel.loop.debrief_at if panel.loop.state == "active" else None
        plans = panel.plans(notice.recipient)
        for at, kind in enumerate(READY):
            if debrief is None or not plans or at >= len(policy.ready):
                row.set(kind, None, now)
                continue
            row.set(kind, nudges.ready_at(hours, debrief, policy.ready[at]), now)
        final = None
        if debrief is not None and policy.final_before and meets(panel, notice.recipient):
            final = debrief - timedelta(minutes=policy.final_before)
        row.set("final", final, now)
        decision = None
        if debrief is not None and notice.recipient == panel.opening.hiring_manager:
            decision = nudges.decision_at(policy, hours, debrief)
        row.set("decide", decision, now)

    def ready(self, session: Session, notice: Notice, now: datetime) -> Outgoing | None:
        panel = stored_panels.find(session, notice.team_id, notice.subject)
        debrief = panel.loop.debrief_at
        if debrief is None or panel.loop.state != "active" or not panel.plans(notice.recipient):
            notice.reason = SETTLED
            return None
        hours, policy = self.hours(session, notice), self.bank().nudges
        number = READY.index(notice.kind)
        due = nudges.ready_at(hours, debrief, policy.ready[min(number, len(policy.ready) - 1)])
        early = timedelta(minutes=policy.together_within) + SLACK
        if due > now + early and not notice.told.get("now"):
            where = (notice.team_id, notice.kind, notice.recipient, notice.subject)
            notices.owe(session, *where, due, **notice.told)
            notice.reason = "the debrief was moved"
            return None
        if now >= debrief:
            notice.reason = TOO_LATE
        elif self._told_for(session, notice, debrief):
            notice.reason = TOLD
        elif number and not panel.missing and panel.is_revealed:
            notice.reason = "all are in, as was told"
        else:
            said = meeting_view.ready(panel, notice.recipient, now)
            told = {**notice.told, "for": debrief.isoformat()}
            return Outgoing(said["text"], said["blocks"], told)
        return None

    def final(self, session: Session, notice: Notice, now: datetime) -> Outgoing | None:
        """At any hour, and however much they heard today."""
        panel = stored_panels.find(session, notice.team_id, notice.subject)
        debrief, before = panel.loop.debrief_at, self.bank().nudges.final_before
        if debrief is None or panel.loop.state != "active" or not meets(panel, notice.recipient):
            notices.drop(session, notice, SETTLED)
            return None
        due = debrief - timedelta(minutes=before)
        if due > now + SLACK:
            where = (notice.team_id, "final", notice.recipient, notice.subject)
            notices.owe(session, *where, due, **notice.told)
            return None
        if now >= debrief or self._told_for(session, notice, debrief):
            notices.drop(session, notice, TOO_LATE if now >= debrief else TOLD)
            return None
        minutes = max(1, round((debrief - now).total_seconds() / 60))
        said = meeting_view.final(panel, minutes)
        told = {**notice.told, "for": debrief.isoformat()}
        return Outgoing(said["text"], said["blocks"], told)

    def decide(self, session: Session, notice: Notice, now: datetime) -> Outgoing | None:
        """To the hiring manager, each working day, so many times at most."""
        panel = stored_panels.find(session, notice.team_id, notice.subject)
        policy, hours = self.bank().nudges, self.hours(session, notice)
        where = (notice.team_id, "decide", notice.recipient, notice.subject)
        sent = notices.sent_of(session, notice.team_id, notice.subject, ("decide",))
        mine = [each for each in sent if each.recipient == notice.recipient]
        if not panels.awaits_decision(panel, now):
            debrief = panel.loop.debrief_at
            if debrief is not None and debrief > now and panel.loop.state == "active":
                notices.owe(session, *where, nudges.decision_at(policy, hours, debrief))
            notice.reason = SETTLED
            return None
        if panel.decision is not None and not decisions.is_open(panel, now.date()):
            # A bar raiser, a day or another interview comes first; that is no asking.
            notices.owe(session, *where, nudges.next_morning(hours, now), **notice.told)
            notice.reason = SETTLED
            return None
        left = policy.decisions_asked - len(mine) - 1
        if left < 0 or notice.recipient != panel.opening.hiring_manager:
            notice.reason = SETTLED
            return None
        if left:
            notices.owe(session, *where, nudges.next_morning(hours, now), **notice.told)
        said = meeting_view.decide(panel, left)
        return Outgoing(said["text"], said["blocks"], notice.told)

    def _told_for(self, session: Session, notice: Notice, debrief: datetime) -> bool:
        last = notices.last_told(
            session, notice.team_id, notice.kind, notice.recipient, notice.subject
        )
        return last is not None and last.told.get("for") == debrief.isoformat()


def meets(panel: Panel, person: str) -> bool:
    """Whether somebody is expected at the debrief: whoever's scorecard counts, and the hiring
    manager."""
    on = {chair.seat.person for chair in panel.awaited}
    return person in on or person == panel.opening.hiring_manager
