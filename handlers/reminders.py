"""What an interviewer hears of one interview, written when it is due."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot import nudges
from bot.nudges import NUDGES, REMINDERS, SLACK
from bot.records import Notice
from bot.store import envelopes, notices, snoozes
from handlers.outgoing import Outgoing
from handlers.seats import SETTLED, TOLD, TOO_LATE, Seats, is_on, is_owed, progress, thread
from handlers.timetables import NO_TIME, owe_late
from handlers.views import meeting as meeting_view
from handlers.views import nudge as nudge_view


class Reminders(Seats):
    """Renders what an interviewer is sent, from how things are when it is due."""

    def morning(self, session: Session, notice: Notice, now: datetime) -> Outgoing | None:
        panel, chair = self.chair(session, notice)
        if chair is None or not is_on(panel, chair):
            notice.reason = SETTLED
            return None
        starts, policy = chair.interview.starts_at, self.bank().nudges
        key = (notice.team_id, "brief", notice.recipient, notice.subject)
        brief = notices.last_told(session, *key)
        lately, wanted = timedelta(hours=policy.told_lately), bool(notice.told.get("now"))
        told = brief is not None and brief.sent_at is not None and brief.sent_at > now - lately
        if now >= starts - timedelta(minutes=2 * policy.minutes_before):
            notice.reason = TOO_LATE
        elif notices.unsent(session, *key[:1], *key[2:], "brief") is not None:
            notice.reason = TOLD  # The brief says it in a moment.
        elif (told and not wanted) or self._told_for(session, notice, starts):
            notice.reason = TOLD
        else:
            said = meeting_view.morning(self.bank(), panel, chair)
            kept = {**notice.told, "for": starts.isoformat()}
            return Outgoing(said["text"], said["blocks"], kept, thread(session, notice))
        return None

    def soon(self, session: Session, notice: Notice, now: datetime) -> Outgoing | None:
        """At any hour, and however much they heard today."""
        panel, chair = self.chair(session, notice)
        if chair is None or not is_on(panel, chair):
            notices.drop(session, notice, SETTLED)
            return None
        starts, before = chair.interview.starts_at, self.bank().nudges.minutes_before
        if starts - timedelta(minutes=before) > now + SLACK:  # It was moved.
            where = (notice.team_id, "soon", notice.recipient, notice.subject)
            notices.owe(session, *where, starts - timedelta(minutes=before), **notice.told)
            return None
        if now >= starts or self._told_for(session, notice, starts):
            notices.drop(session, notice, TOO_LATE if now >= starts else TOLD)
            return None
        minutes = max(1, round((starts - now).total_seconds() / 60))
        said = meeting_view.soon(panel, chair, minutes)
        told = {**notice.told, "for": starts.isoformat()}
        return Outgoing(said["text"], said["blocks"], told, thread(session, notice))

    def _told_for(self, session: Session, notice: Notice, starts: datetime) -> bool:
        last = notices.last_told(
            session, notice.team_id, notice.kind, notice.recipient, notice.subject
        )
        return last is not None and last.told.get("for") == starts.isoformat()

    def nudge(self, session: Session, notice: Notice, now: datetime) -> Outgoing | None:
        """The question at the end of the interview, with all that follows it."""
        panel, chair = self.chair(session, notice)
        if chair is None or not is_owed(panel, chair):
            notice.reason = SETTLED
            return None
        if now < chair.ends_at:  # It was moved; its plan is laid out anew.
            where = (notice.team_id, "nudge", notice.recipient, notice.subject)
            notices.owe(session, *where, chair.ends_at, **notice.told)
            notice.reason = "the interview was moved"
            return None
        hours, policy = self.hours(session, notice), self.bank().nudges
        begins = now.replace(second=0, microsecond=0)
        plan = nudges.schedule(policy, hours, chair.ends_at, panel.loop.debrief_at, begins)
        where_ = (notice.team_id, notice.recipient, notice.subject)
        rows = notices.open_about(session, *where_, REMINDERS)
        times = nudges.kept_to(plan.reminders, len(rows))
        for row, at in zip(rows, times, strict=False):
            row.due_at = at
            session.add(row)
        for row in rows[len(times) :]:
            notices.drop(session, row, NO_TIME)
        owe_late(session, panel, chair, plan.due_at)
        printed = [row.due_at for row in rows[: len(times)] if row.state != "held"]
        said = nudge_view.question(panel, chair, printed, plan.due_at)
        told = {"zone": hours.zone, "plan": [at.isoformat() for at in printed]}
        told["due"] = plan.due_at.isoformat()
        return Outgoing(said["text"], said["blocks"], told, thread(session, notice))

    def again(self, session: Session, notice: Notice, now: datetime) -> Outgoing | None:
        """One of the reminders that the question printed."""
        panel, chair = self.chair(session, notice)
        if chair is None or not is_owed(panel, chair):
            notice.reason = SETTLED
            return None
        where = (notice.team_id, notice.recipient, notice.subject)
        asked = notices.last_told(session, notice.team_id, "nudge", *where[1:])
        if asked is None or asked.sent_at is None:
            # The question is late itself, and prints anew what follows it.
            self._move(session, notice, now + timedelta(minutes=self.bank().nudges.apart))
            return None
        hours = self.hours(session, notice)
        plan = self.schedule(session, panel, chair, hours, now)
        debrief = panel.loop.debrief_at
        over = now >= plan.due_at and not (debrief is not None and now < debrief)
        if (over and not notice.told.get("wanted")) or self._newer(session, notice, now):
            notice.reason = TOO_LATE
            return None
        free = self._free_at(session, notice)
        if free > now + SLACK and not notice.told.get("now"):
            self._move(session, notice, free)
            return None
        sent = [
            each
            for each in notices.sent_of(session, notice.team_id, notice.subject, REMINDERS)
            if each.recipient == notice.recipient
        ]
        draft = progress(panel, chair)
        said = nudge_view.reminder(panel, chair, len(sent) + 1, draft, plan.due_at, now)
        return Outgoing(said["text"], said["blocks"], notice.told, thread(session, notice))

    def asked(self, session: Session, notice: Notice, now: datetime) -> Outgoing | None:
        """Because a coordinator pressed “Nudge now”."""
        panel, chair = self.chair(session, notice)
        if chair is None or not is_owed(panel, chair) or now < chair.ends_at:
            notice.reason = SETTLED
            return None
        draft = progress(panel, chair)
        said = nudge_view.asked(panel, chair, str(notice.told.get("by", "")), draft)
        return Outgoing(said["text"], said["blocks"], notice.told, thread(session, notice))

    def _newer(self, session: Session, notice: Notice, now: datetime) -> bool:
        """Whether a later reminder of the same is due, too: then that one says it."""
        wanted = (notice.team_id, notice.recipient, notice.subject, REMINDERS)
        waiting = [each for each in notices.open_about(session, *wanted) if each.state != "held"]
        with_it = notices.joined_with(session, notice)
        later = [each for each in [*waiting, *with_it] if each.kind > notice.kind]
        return any(
            each.due_at <= now and each.subject == notice.subject and each.kind in REMINDERS
            for each in later
        )

    def _free_at(self, session: Session, notice: Notice) -> datetime:
        """When they may hear of this scorecard again."""
        apart = timedelta(minutes=self.bank().nudges.apart)
        where = (notice.team_id, notice.recipient, notice.subject)
        free = envelopes.last_said(session, *where, set(NUDGES), apart) or notice.due_at
        until = snoozes.until(session, *where)
        return max(free, until) if until else free

    def _move(self, session: Session, notice: Notice, to: datetime) -> None:
        where = (notice.team_id, notice.kind, notice.recipient, notice.subject)
        notices.owe(session, *where, to, **notice.told)
        notice.reason = "it was moved"
