"""One person's part in one interview, as it is when a notice about it is due."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import Session

from bot import hours as working
from bot import nudges, openings, scorecards
from bot.content import Bank
from bot.hours import Hours
from bot.nudges import SLACK, Schedule
from bot.panels import Chair, Panel
from bot.records import Notice
from bot.store import envelopes, notices, people
from bot.store import panels as stored_panels
from handlers.people import Directory
from handlers.views.nudge import Draft

# Why something is left out.
SETTLED = "it is settled"
TOO_LATE = "it was too late"
TOLD = "they were told already"


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
        since = asked.sent_at if asked else entered(session, chair, now)
        begins = since.replace(second=0, microsecond=0) if since else None
        debrief = panel.loop.debrief_at
        return nudges.schedule(self.bank().nudges, hours, chair.ends_at, debrief, begins)

    def waits(
        self, session: Session, notice: Notice, now: datetime, begins: datetime | None
    ) -> bool:
        """Whether news of a meeting that `begins` then waits for the recipient's morning or, when
        they have had their messages for the day, for the digest: it is owed anew for that, unless
        they would hear it too late."""
        if notice.joined:
            return False  # It has waited.
        hours, policy = self.hours(session, notice), self.bank().nudges
        quiet = self.people.quiet(notice.team_id, notice.recipient)
        at, digest = nudges.allowed(hours, now, quiet), False
        works = at <= now + SLACK
        if works and notice.kind in nudges.PATIENT:
            where = (notice.team_id, notice.recipient, working.midnight(hours, now), notice.id)
            at, digest = nudges.turn(policy, hours, quiet, now, envelopes.heard(session, *where))
        urgent = timedelta(hours=policy.urgent_within)
        if (at <= now + SLACK and not digest) or (begins and now < begins < at + urgent):
            return False
        notices.put_off(session, notice, at, together=works)
        return True


def entered(session: Session, chair: Chair, now: datetime) -> datetime | None:
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
