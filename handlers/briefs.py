"""Briefs: what interviewers are told, what changes, their kit, their calendar, their way out."""

from datetime import datetime
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from sqlmodel import Session

from bot import openings, panels, typed
from bot.calendar import invitation
from bot.errors import Refusal
from bot.panels import Panel
from bot.records import Interview, Notice
from bot.store import debriefs, notices, scorecards
from bot.store import panels as stored_panels
from handlers import events, places, stand_ins
from handlers.here import Here
from handlers.outgoing import Outgoing, Upload
from handlers.seats import Seats
from handlers.views import brief as brief_view
from handlers.views import loop as loop_view
from handlers.views import own_kit as kit_view
from handlers.views import reasons

Body = dict[str, Any]

THANKS = (
    "I told the coordinator, and whom I know to be free. You stay on the panel until they have "
    "found somebody."
)


class Briefs(Seats):
    """Renders briefs from how things are when they are due."""

    def brief(self, session: Session, notice: Notice, at: datetime) -> Outgoing | None:
        """The first brief, what changed since the last one, or nothing when nothing did."""
        panel = _panel(session, notice)
        interview = next((each for each in panel.interviews if each.id == notice.subject), None)
        if interview is None:
            return None
        now = brief_view.told(panel, interview, notice.recipient)
        key = (notice.team_id, "brief", notice.recipient, notice.subject)
        last, first = notices.last_told(session, *key), notices.first_told(session, *key)
        before = _facts(last.told) if last else {"on": False}
        if before == now:
            return None
        was = before.get("starts_at")
        times = [interview.starts_at, *([datetime.fromisoformat(str(was))] if was else [])]
        begins = min((each for each in times if each > at), default=None)
        if self.waits(session, notice, at, begins):
            return None
        full = (
            brief_view.message(self.bank(), panel, interview, now, with_others=bool(notice.joined))
            if now["on"]
            else brief_view.changed(panel, interview, before, now)
        )
        news = brief_view.changed(panel, interview, before, now)
        if first is None and before["on"] and now["on"]:  # Told with others: this is the head.
            return Outgoing(news["text"], [*news["blocks"], *full["blocks"]], now)
        if first is None:
            return Outgoing(full["text"], full["blocks"], now)
        return Outgoing(news["text"], news["blocks"], now, first.ts, full["blocks"])

    def debrief(self, session: Session, notice: Notice, due: datetime) -> Outgoing | None:
        """When the debrief is; nothing when the person was told just that."""
        panel = stored_panels.find(session, notice.team_id, notice.subject)
        at = panel.loop.debrief_at
        if at is None or panel.loop.state != "active" or not panel.of(notice.recipient):
            return None
        now = {"at": at.isoformat(), "place": panel.loop.debrief_place}
        last = notices.last_told(
            session, notice.team_id, "debrief", notice.recipient, notice.subject
        )
        if last is not None and _facts(last.told) == now:
            return None
        if self.waits(session, notice, due, at):
            return None
        said = brief_view.debrief(panel)
        return Outgoing(said["text"], said["blocks"], now)

    def calendar(self, session: Session, notice: Notice, now: datetime) -> Upload | None:
        panel = _panel(session, notice)
        interview = next(each for each in panel.interviews if each.id == notice.subject)
        if panel.chair(interview.id, notice.recipient) is None:
            return None
        title = openings.round_title(panel.opening, interview.round)
        content = invitation(interview, f"{title}: {panel.candidate}", now)
        told = "Open it to add the interview to your calendar."
        return Upload(content, "interview.ics", told, (panel.loop.id,))

    def revealed(self, session: Session, notice: Notice, _: datetime) -> Outgoing | None:
        panel = stored_panels.find(session, notice.team_id, notice.subject)
        glance = ""
        if panels.may_read(panel, notice.recipient):
            glance = reasons.glance(debriefs.packet(session, self.bank(), panel))
        said = brief_view.revealed(panel, notice.recipient, glance)
        return Outgoing(said["text"], said["blocks"])

    def cannot(self, session: Session, notice: Notice, now: datetime) -> Outgoing | None:
        """Who cannot come; nothing when somebody else does it already."""
        panel = _panel(session, notice)
        person, reason = notice.told["person"], notice.told["reason"]
        chair = panel.chair(notice.subject, person)
        if chair is None or not chair.writes:
            return None
        if self.waits(session, notice, now, chair.interview.starts_at):
            return None
        if now >= chair.ends_at:
            said = brief_view.cannot_write(panel, chair.interview, person, reason)
            return Outgoing(said["text"], said["blocks"], notice.told)
        zones = notice.told.get("zones") or {}
        free = stand_ins.proposals(session, panel, chair.interview, person, zones)
        said = brief_view.cannot(
            panel, chair.interview, person, reason, free, chair.interview.starts_at
        )
        return Outgoing(said["text"], said["blocks"], notice.told)


def _facts(told: Body) -> Body:
    """Without the words, which are kept of what goes with others."""
    return {name: value for name, value in told.items() if name not in ("text", "blocks")}


def _panel(session: Session, notice: Notice) -> Panel:
    return stored_panels.of_interview(session, notice.team_id, notice.subject)


def open_kit(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    """The kit of one's own interview; those who plan the loop may read it too."""
    panel, interview = _mine(here, action["value"], planners=True)
    with here.db.begin() as session:
        lines = here.current.pinned(session, panel.opening, interview.round, interview.starts_at)
    view = kit_view.kit(here.bank, panel, interview, lines, probes(here, panel, interview))
    places.open_window(view, body, client)
    ack()


def probes(here: Here, panel: Panel, interview: Interview) -> list[str]:
    """The areas that earlier interviewers want probed: all that is told of a sealed scorecard."""
    names = {field.id for field in here.bank.scorecard.fields if field.read_by == "next"}
    earlier = [
        chair.card.id
        for chair in panel.chairs
        if chair.card and chair.role.counts and chair.interview.starts_at < interview.starts_at
    ]
    with here.db.begin() as session:
        versions = scorecards.versions(session, here.team_id, earlier)
    found = [each[-1].answers["fields"] for each in versions.values()]
    return sorted({str(fields[name]) for fields in found for name in names & set(fields)})


def calendar(ack: Ack, action: Body, here: Here) -> None:
    """A calendar file of the interview, in the person's direct messages."""
    _, interview = _mine(here, action["value"])
    with here.db.begin() as session:
        notices.owe(session, here.team_id, "calendar", here.user_id, interview.id, here.now)
    here.wake()
    ack()


def ask_cannot(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    panel, interview = _mine(here, action["value"])
    places.open_window(brief_view.cannot_form(panel, interview), body, client)
    ack()


def cannot(ack: Ack, view: Body, client: WebClient, here: Here) -> None:
    """Tell the coordinators. The person stays on the panel until somebody else is found."""
    reason = typed.line(view["state"]["values"]["reason"]["reason"]["value"] or "")
    panel, interview = _mine(here, view["private_metadata"])
    # Asks Slack, so before the transaction.
    zones = stand_ins.zones(here, client, panel, interview)
    told: Body = {"person": here.user_id, "reason": reason[:300], "zones": zones}
    with here.db.begin() as session:
        if events.form_is_new(session, here, view):
            for coordinator in panel.opening.coordinators:
                where = (here.team_id, "cannot", coordinator, interview.id)
                notices.owe(session, *where, here.now, here.user_id, **told)
            here.note(session, "cannot make it", panel.loop.id, round=interview.round)
    here.wake()
    ack(response_action="update", view=loop_view.sentence("Told", THANKS))


def instead(ack: Ack, action: Body, client: WebClient, here: Here, respond: Any) -> None:
    """Put somebody else in the place of who cannot come, with one press."""
    interview_id, _, rest = action["value"].partition("|")
    person, _, other = rest.partition("|")
    member = here.people.member(here.team_id, other, client)
    if member.refusal:
        raise Refusal(f"<@{other}> cannot see interview material: choose a full member.")
    with here.db.begin() as session:
        panel = stored_panels.of_interview(session, here.team_id, interview_id, alone=True)
        panels.require_planner(panel, here.user_id)
        stand_ins.put(session, here, panel, interview_id, person, other)
    here.wake()
    ack()
    minutes = here.bank.nudges.changes_within
    respond(
        text=f"<@{other}> does it instead of <@{person}>; both are told within {minutes} minutes. "
        "Open the loop to undo it: `/safety-interview loops`.",
        replace_original=True,
    )


def _mine(here: Here, interview_id: str, *, planners: bool = False) -> tuple[Panel, Interview]:
    """The interview and its loop. Raises Refusal for those who are not in it (nor plan it, where
    `planners` may)."""
    with here.db.begin() as session:
        panel = stored_panels.of_interview(session, here.team_id, interview_id)
    interview = next(each for each in panel.interviews if each.id == interview_id)
    if not (planners and panel.plans(here.user_id)):
        panels.chair(panel, interview_id, here.user_id)
    return panel, interview
