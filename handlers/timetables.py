"""All that somebody is to hear of one interview: laid out at once, and anew on every change."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from bot import nudges
from bot.hours import Hours
from bot.nudges import NUDGES, REMINDERS, SLACK
from bot.panels import Chair, Panel
from bot.records import Notice
from bot.store import notices, snoozes
from handlers.seats import SETTLED, Seats, entered, is_on, is_owed
from handlers.settling import settle
from handlers.views import nudge as nudge_view

BY_HAND = "left out by"  # How the reason of what a planner skipped begins.
BEFORE = ("morning", "soon")
NO_TIME = "the plan has no time for it any more"


class Timetables(Seats):
    """Renders the silent notice `plan`, which owes all the others."""

    def plan(self, session: Session, notice: Notice, now: datetime) -> None:
        """Owe all that this person is to hear of the interview, or lay it out anew. Once they were
        asked for their scorecard nothing is added to what was printed then."""
        panel, chair = self.chair(session, notice)
        if chair is None or not is_on(panel, chair):
            self._drop(session, notice, (*BEFORE, *NUDGES), SETTLED)
            self._drop_late(session, notice)
            if chair is None or not chair.is_in:
                where = (notice.team_id, now), notice.subject, notice.recipient
                settle(session, *where, "Nobody waits for it any more.")
            return
        hours, policy = self.hours(session, notice), self.bank().nudges
        row = Row(session, notice, hours.zone)
        starts = chair.interview.starts_at
        morning = nudges.morning(hours, starts) if policy.morning_before else None
        row.set("morning", morning, now)
        before = starts - timedelta(minutes=policy.minutes_before)
        row.set("soon", before if policy.minutes_before else None, now)
        if not is_owed(panel, chair):
            self._drop(session, notice, NUDGES, SETTLED)
            self._drop_late(session, notice)
            return
        self._ask(session, notice, panel, chair, hours, now)
        self._tell_if_away(session, panel, chair, hours, now)
        look = (morning or before) - timedelta(days=1)
        if look > now + timedelta(hours=1):  # Their zone may be another one by then.
            notices.owe(
                session, notice.team_id, "plan", notice.recipient, notice.subject, look,
                zone=hours.zone,
            )  # fmt: skip

    def _ask(
        self,
        session: Session,
        notice: Notice,
        panel: Panel,
        chair: Chair,
        hours: Hours,
        now: datetime,
    ) -> None:
        policy, row = self.bank().nudges, Row(session, notice, hours.zone)
        asked = notices.last_told(
            session, notice.team_id, "nudge", notice.recipient, notice.subject
        )
        if asked is not None:
            self._lay_out_anew(session, asked, panel, chair, hours, now)
            return
        late: dict[str, str] = {}
        key = (notice.team_id, notice.recipient, notice.subject, ("nudge",))
        begins = entered(session, chair, now)
        if begins is not None and not notices.open_about(session, *key):
            begins = now + timedelta(minutes=policy.entered_late)
        if begins is not None:
            late = {"from": begins.isoformat()}
        plan = nudges.schedule(policy, hours, chair.ends_at, panel.loop.debrief_at, begins)
        row.set("nudge", plan.asked_at, now, **late)
        for kind, at in _paired(REMINDERS, plan.reminders):
            row.set(kind, at, now)
        owe_late(session, panel, chair, plan.due_at)

    def _lay_out_anew(
        self,
        session: Session,
        asked: Notice,
        panel: Panel,
        chair: Chair,
        hours: Hours,
        now: datetime,
    ) -> None:
        """Move what was printed; what has no place any more is left out, and nothing is added."""
        plan = self.schedule(session, panel, chair, hours, now)
        where = (asked.team_id, asked.recipient, asked.subject)
        found = notices.open_about(session, *where, REMINDERS)
        rows = [each for each in found if not each.told.get("wanted")]  # They asked for those.
        after = max(now + SLACK, snoozes.until(session, *where) or now)
        ahead = tuple(at for at in plan.reminders if at > after)
        times = nudges.kept_to(ahead, len(rows))
        for notice, at in zip(rows, times, strict=False):
            notice.due_at = at
            session.add(notice)
        for notice in rows[len(times) :]:
            notices.drop(session, notice, NO_TIME)
        owe_late(session, panel, chair, plan.due_at)
        wanted = [each.due_at for each in found if each.told.get("wanted")]
        reprint(session, asked, panel, chair, sorted([*wanted, *times]), plan.due_at, now)

    def _tell_if_away(
        self, session: Session, panel: Panel, chair: Chair, hours: Hours, now: datetime
    ) -> None:
        if not nudges.absent(hours, chair.ends_at, now):
            return
        team, person = panel.loop.team_id, chair.seat.person
        until = str(hours.away_until)
        told = notices.sent_of(session, team, chair.interview.id, ("away",))
        for coordinator in panel.opening.coordinators:
            if coordinator != person and not any(
                (each.recipient, each.about, each.told.get("until")) == (coordinator, person, until)
                for each in told
            ):
                where = (team, "away", coordinator, chair.interview.id)
                notices.owe(session, *where, now, person, until=until)

    def _drop(self, session: Session, notice: Notice, kinds: Sequence[str], reason: str) -> None:
        where = (notice.team_id, notice.recipient, notice.subject)
        for each in notices.open_about(session, *where, kinds):
            notices.drop(session, each, reason)

    def _drop_late(self, session: Session, notice: Notice) -> None:
        """What others were to hear about this person."""
        for each in notices.of_loop(session, notice.team_id, [notice.subject]):
            mine = each.about == notice.recipient and each.kind in ("late", "still", "away")
            if mine and each.state in notices.OPEN:
                notices.drop(session, each, SETTLED)


class Row:
    """The notices of one person about one interview, set one by one."""

    def __init__(self, session: Session, notice: Notice, zone: str) -> None:
        self._session, self._zone = session, zone
        self._where = (notice.team_id, notice.recipient, notice.subject)

    def set(self, kind: str, at: datetime | None, now: datetime, **told: str) -> None:
        """Have it sent at `at`; without one, not at all. What lies in the past is not owed any
        more, but what waits since then goes on waiting; what a planner left out stays so."""
        team, person, subject = self._where
        if at is None:
            for each in notices.open_about(self._session, *self._where, (kind,)):
                notices.drop(self._session, each, NO_TIME)
        elif at > now and not notices.left_out(self._session, *self._where, kind, BY_HAND):
            notices.owe(self._session, team, kind, person, subject, at, zone=self._zone, **told)


def _paired(kinds: Sequence[str], times: Sequence[datetime]) -> list[tuple[str, datetime | None]]:
    return [(kind, times[at] if at < len(times) else None) for at, kind in enumerate(kinds)]


def owe_late(session: Session, panel: Panel, chair: Chair, due: datetime) -> None:
    """Have the coordinators told once when it is due, unless they were."""
    team, person = panel.loop.team_id, chair.seat.person
    told = notices.sent_of(session, team, chair.interview.id, ("late",))
    for coordinator in panel.opening.coordinators:
        if coordinator == person or any(
            (each.recipient, each.about) == (coordinator, person) for each in told
        ):
            continue
        where = (team, "late", coordinator, chair.interview.id)
        notices.owe(session, *where, due, person)


def reprint(
    session: Session,
    asked: Notice,
    panel: Panel,
    chair: Chair,
    times: Sequence[datetime],
    due: datetime,
    now: datetime,
) -> None:
    """The question says what follows it now, when that has changed."""
    printed = [at.isoformat() for at in times]
    ahead = [each for each in asked.told.get("plan", []) if each > now.isoformat()]
    if (ahead, asked.told.get("due")) == (printed, due.isoformat()) or "settled" in asked.told:
        return
    said = nudge_view.question(panel, chair, times, due)
    changed = {"text": said["text"], "blocks": said["blocks"], "due": due.isoformat()}
    asked.told = {**asked.told, **changed, "plan": printed}
    session.add(asked)
    notices.owe(session, asked.team_id, "settle", asked.channel, asked.ts, now)
