"""`/safety-interview nudges`: what goes to whom and when for a loop; send now, hold, skip."""

from typing import Any

from slack_bolt import Ack, Respond
from slack_sdk import WebClient
from sqlmodel import Session

from bot import nudges, panels
from bot.errors import Refusal
from bot.nudges import SLACK
from bot.panels import Panel
from bot.records import Notice
from bot.store import loops, notices, people
from bot.store import openings as stored
from bot.store import panels as stored_panels
from handlers import places
from handlers.here import Here
from handlers.timetables import BY_HAND
from handlers.views import agenda as agenda_view
from handlers.views.page import Page
from handlers.views.text import when

Body = dict[str, Any]

MOST_LOOPS = 15
GONE = "That is sent, or left out, already."


def command(ack: Ack, asked: Body, here: Here) -> None:
    """`nudges C-102`; without a candidate, the loops to choose from."""
    code = asked["text"].partition(" ")[2].strip()
    with here.db.begin() as session:
        if code:
            loop = loops.numbered(session, here.team_id, code)
            shown = _page(session, here, stored_panels.read(session, here.team_id, loop))
        else:
            shown = _choice(session, here)
    ack(shown.message())


def _choice(session: Session, here: Here) -> Page:
    mine = set(stored.titles(session, here.team_id, here.user_id))
    found = []
    if mine:
        listed, _ = loops.active(session, here.team_id, opening_ids=mine, limit=MOST_LOOPS)
        found = stored_panels.read_all(session, here.team_id, listed) if listed else []
    if len(found) == 1:
        return _page(session, here, found[0])
    return agenda_view.choose(found, here.now)


def _page(session: Session, here: Here, panel: Panel, at: int = 0, note: str = "") -> Page:
    """Raises Refusal unless this person plans the loop."""
    panels.require_planner(panel, here.user_id)
    subjects = [panel.loop.id, *(each.id for each in panel.interviews)]
    found = [
        each
        for each in notices.of_loop(session, here.team_id, subjects)
        if each.kind in agenda_view.NAMES
    ]
    ahead = [each for each in found if each.state not in ("sent", "skipped", "failed")]
    past = [each for each in found if each.state in ("sent", "failed") or each.reason]
    past = [each for each in past if each not in ahead and each.reason not in _UNSAID]
    past.sort(key=lambda each: each.sent_at or each.due_at, reverse=True)
    last = max(0, (len(ahead) - 1) // agenda_view.PER_PAGE)
    return agenda_view.page(panel, ahead, past, min(at, last), note)


_UNSAID = {"it was moved", "the interview was moved", "it is due later", "the debrief was moved"}


def choose(ack: Ack, body: Body, respond: Respond, client: WebClient, here: Here) -> None:
    """From Home."""
    with here.db.begin() as session:
        shown = _choice(session, here)
    places.show(shown, body, respond, client)
    ack()


def show(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, here: Here
) -> None:
    """From a loop's window, from the list of loops, and to another page."""
    loop_id, _, number = action["value"].partition("|")
    at = int(number) if number.isdigit() and len(number) < 4 else 0
    with here.db.begin() as session:
        panel = stored_panels.find(session, here.team_id, loop_id)
        shown = _page(session, here, panel, at)
    _answer(shown, loop_id, body, respond, client)
    ack()


def change(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, here: Here
) -> None:
    """Send now, hold, resume or skip one message."""
    verb, _, id_ = action["selected_option"]["value"].partition("|")
    with here.db.begin() as session:
        notice = notices.notice(session, here.team_id, id_)
        panel = _panel(session, here, notice)
        panels.require_planner(panel, here.user_id)
        note = _change(session, here, panel, notice, verb) if notice else GONE
        session.flush()
        shown = _page(session, here, panel, note=note)
    here.wake()
    _answer(shown, panel.loop.id, body, respond, client)
    ack()


def _change(session: Session, here: Here, panel: Panel, notice: Notice, verb: str) -> str:
    who = f"<@{notice.recipient}>"
    if notice.state not in notices.OPEN:
        return GONE
    match verb:
        case "hold":
            notice.state, answer = "held", f"Held: {who} does not hear it until you resume it."
        case "resume" if notice.state == "held":
            notice.state = "waiting" if notice.kind in nudges.TOGETHER else "pending"
            answer = f"{who} hears it {when(max(notice.due_at, here.now))}, when they work."
        case "skip":
            notices.drop(session, notice, f"{BY_HAND} <@{here.user_id}>")
            answer = f"Left out: {who} does not hear it."
        case "now" if notice.kind in agenda_view.AT_ONCE:
            zone = here.people.zone(here.team_id, notice.recipient, str(notice.told.get("zone")))
            hours = people.hours(session, here.team_id, notice.recipient, zone)
            at = nudges.allowed(hours, here.now)
            notice.state, notice.due_at = "waiting", here.now
            notice.told = {**notice.told, "now": True}
            later = at > here.now + SLACK
            answer = f"{who} hears it {when(at)}, when they work." if later else f"Sent to {who}."
        case _:
            raise Refusal("That list is from an older version of me. Open it anew.")
    session.add(notice)
    here.note(session, f"notice: {verb}", panel.loop.id, kind=notice.kind)
    return answer


def _panel(session: Session, here: Here, notice: Notice | None) -> Panel:
    """The loop that a notice is about. Raises Refusal when there is none."""
    if notice is None:
        raise Refusal(GONE)
    loop = loops.loop(session, here.team_id, notice.subject)
    if loop is not None:
        return stored_panels.read(session, here.team_id, loop)
    return stored_panels.of_interview(session, here.team_id, notice.subject)


def _answer(shown: Page, loop_id: str, body: Body, respond: Respond, client: WebClient) -> None:
    view = body.get("view") or {}
    if view.get("callback_id") == "nudge_plan":
        places.redraw(agenda_view.window(shown, loop_id), body, client)
    elif view.get("type") == "modal":
        places.open_window(agenda_view.window(shown, loop_id), body, client)
    else:
        places.show(shown, body, respond, client)
