"""What an interviewer hears of one interview: planned at once, written when it is due."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from bot import nudges, openings, scorecards
from bot.content import Bank
from bot.hours import Hours
from bot.nudges import NUDGES, REMINDERS, SLACK, Schedule
from bot.panels import Chair, Panel
from bot.records import Notice
from bot.store import envelopes, notices, people, snoozes
from bot.store import panels as stored_panels
from handlers.outgoing import Outgoing
from handlers.people import Directory
from handlers.settling import settle
from handlers.views import meeting as meeting_view
from handlers.views import nudge as nudge_view
from handlers.views.nudge import Draft

BY_HAND = "left out by"  # How the reason of what a planner skipped begins.
BEFORE = ("morning", "soon")
SETTLED = "it is settled"
TOO_LATE = "it was too late"
TOLD = "they were told already"
NO_TIME = "the plan has no time for it any more"


class Seats:
    """What is known of one person's part in one interview, and what they are still to hear."""

    def __init__(self, bank: Callable[[], Bank], directory: Directory) -> None:
        self.bank, self.people = bank, directory

    def chair(
        self, session: Session, notice: Notice, person: str = ""
    ) -> tuple[Panel, Chair | None]:
        panel = stored_panels.of_interview(session, notice.team_id, notice.subject)
        return panel, panel.chair(notice.subject, person or notice.recipient)

    def hours(self, session: Session, notice: Notice, person: str = "") -> Hours:
        who = person or notice.recipient
        zone = self.people.zone(notice.team_id, who, str(notice.told.get("zone", "UTC")))
        return people.hours(session, notice.team_id, who, zone)

    def schedule(
        self, session: Session, panel: Panel, chair: Chair, hours: Hours, now: datetime
    ) -> Schedule:
        """As it is now: counted from when the person was asked, once they were."""
        where = (panel.loop.team_id, "nudge", chair.seat.person, chair.interview.id)
        asked = notices.last_told(session, *where)
        since = asked.sent_at if asked else _entered(session, chair, now)
        begins = since.replace(second=0, microsecond=0) if since else None
        debrief = panel.loop.debrief_at
        return nudges.schedule(self.bank().nudges, hours, chair.ends_at, debrief, begins)

    def waits(
        self, session: Session, notice: Notice, now: datetime, begins: datetime | None
    ) -> bool:
        """Whether news of a meeting that `begins` then waits for the recipient's morning: it is
        owed anew for that, unless they would hear it too late."""
        hours = self.hours(session, notice)
        quiet = self.people.quiet(notice.team_id, notice.recipient)
        at = nudges.allowed(hours, now, quiet)
        urgent = timedelta(hours=self.bank().nudges.urgent_within)
        if at <= now + SLACK or (begins is not None and now < begins < at + urgent):
            return False
        where = (notice.team_id, notice.kind, notice.recipient, notice.subject)
        notices.owe(session, *where, at, notice.about, **notice.told)
        return True


def _entered(session: Session, chair: Chair, now: datetime) -> datetime | None:
    """When the question about an interview that was over when it was planned is due."""
    key = (chair.seat.team_id, chair.seat.person, chair.interview.id, ("nudge",))
    waiting = notices.open_about(session, *key)
    late = waiting[0].told.get("from") if waiting else None
    return datetime.fromisoformat(str(late)) if late else (now if now > chair.ends_at else None)


def is_owed(panel: Panel, chair: Chair) -> bool:
    awaited = chair.role.counts and chair.writes and chair.seat.state == "on"
    return awaited and not chair.is_in and panel.loop.state == "active"


def is_on(panel: Panel, chair: Chair | None) -> bool:
    if chair is None or panel.loop.state != "active":
        return False
    return chair.seat.state == "on" and chair.interview.state == "planned"


class Reminders(Seats):
    """Renders what an interviewer is sent, from how things are when it is due."""

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
        begins = _entered(session, chair, now)
        if begins is not None and not notices.open_about(session, *key):
            begins = now + timedelta(minutes=policy.entered_late)
        if begins is not None:
            late = {"from": begins.isoformat()}
        plan = nudges.schedule(policy, hours, chair.ends_at, panel.loop.debrief_at, begins)
        row.set("nudge", plan.asked_at, now, **late)
        for kind, at in _paired(REMINDERS, plan.reminders):
            row.set(kind, at, now)
        self.owe_late(session, panel, chair, plan.due_at)

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
        self.owe_late(session, panel, chair, plan.due_at)
        wanted = [each.due_at for each in found if each.told.get("wanted")]
        reprint(session, asked, panel, chair, sorted([*wanted, *times]), plan.due_at, now)

    def owe_late(self, session: Session, panel: Panel, chair: Chair, due: datetime) -> None:
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
        self.owe_late(session, panel, chair, plan.due_at)
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


def thread(session: Session, notice: Notice) -> str:
    """The brief of the interview: all about it stands in one thread."""
    key = (notice.team_id, "brief", notice.recipient, notice.subject)
    head = notices.first_told(session, *key)
    return head.ts if head else ""


def progress(panel: Panel, chair: Chair) -> Draft:
    asked = list(openings.asked([openings.kit(panel.opening, chair.interview.round)]))
    values = scorecards.drafted(chair.card)
    begun = chair.card is not None and chair.card.draft_at is not None
    return Draft(sum(bool(values.get(f"score.{id_}")) for id_ in asked), len(asked), begun)
