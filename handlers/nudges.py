"""Scorecards that are owed: planned, put off, and the ways out for who owes them."""

from datetime import UTC, datetime
from typing import Any

from slack_bolt import Ack, Respond
from slack_sdk import WebClient
from sqlmodel import Session

from bot import nudges, panels, typed
from bot.errors import Refusal
from bot.nudges import REMINDERS
from bot.panels import Chair, Panel
from bot.plans import Plan
from bot.store import loops as stored_loops
from bot.store import notices, people, snoozes
from bot.store import panels as stored_panels
from handlers import loops, places
from handlers.here import Here
from handlers.seats import is_owed
from handlers.settling import say, settle
from handlers.views import loop as loop_view
from handlers.views import nudge_forms as forms
from handlers.views.text import when

Body = dict[str, Any]

NOT_YET = "The interview is not over yet. If you can't make it, the button under the brief says so."
OLD_FORM = "That form is from an older version of me. Open it anew."


def owe(session: Session, here: Here, plan: Plan) -> None:
    """Have all that a loop's people are to hear of it laid out as the loop is now."""
    panel = stored_panels.find(session, here.team_id, plan.loop_id)
    for seat in stored_loops.seats(session, here.team_id, [plan.loop_id]):
        zone = here.people.zone(here.team_id, seat.person)
        where = (here.team_id, "plan", seat.person, seat.interview_id)
        notices.owe(session, *where, here.now, zone=zone)
    people_of_it = {chair.seat.person for chair in panel.chairs}
    people_of_it |= {*panel.opening.coordinators, panel.opening.hiring_manager}
    for person in sorted(people_of_it):
        zone = here.people.zone(here.team_id, person)
        notices.owe(session, here.team_id, "agenda", person, plan.loop_id, here.now, zone=zone)


def hours_changed(session: Session, here: Here) -> None:
    """What this person is to hear is laid out in their new hours; who waits for them is told when
    they are away."""
    for turn in stored_loops.turns(session, here.team_id, here.user_id, here.now):
        zone = here.people.zone(here.team_id, here.user_id)
        where = (here.team_id, "plan", here.user_id, turn.interview.id)
        notices.owe(session, *where, here.now, zone=zone)


def choose_snooze(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, here: Here
) -> None:
    """From the menu of a nudge; from the buttons of an older one."""
    if action["action_id"] == "nudge_snooze":
        choice, _, interview_id = action["selected_option"]["value"].partition("|")
    else:
        choice, interview_id = action["action_id"].removeprefix("nudge_"), action["value"]
    policy = here.bank.nudges
    with here.db.begin() as session:
        panel, chair = _mine(session, here, interview_id, alone=True)
        zone = here.people.zone(here.team_id, here.user_id)
        hours = people.hours(session, here.team_id, here.user_id, zone)
        if choice == "pick" and is_owed(panel, chair):
            due = nudges.schedule(policy, hours, chair.ends_at, panel.loop.debrief_at).due_at
            at = nudges.put_off(policy, hours, "tomorrow", here.now)
            form = forms.snooze(panel, chair, at, due)
        else:
            form = None
            until = nudges.put_off(policy, hours, choice, here.now)
            answer = _snooze(session, here, panel, chair, until)
    if form is not None:
        places.open_window(form, body, client)
        ack()
        return
    here.wake()
    ack()
    respond(text=answer, replace_original=False)


def pick_snooze(ack: Ack, view: Body, here: Here) -> None:
    """A time of their own choice."""
    try:
        stamp = int(view["state"]["values"]["until"]["until"]["selected_date_time"])
        until = datetime.fromtimestamp(stamp, UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        raise Refusal(OLD_FORM) from None
    if until <= here.now:
        ack(response_action="errors", errors={"until": "Choose a time that is still to come."})
        return
    with here.db.begin() as session:
        panel, chair = _mine(session, here, view["private_metadata"], alone=True)
        answer = _snooze(session, here, panel, chair, until)
    here.wake()
    ack(response_action="update", view=loop_view.sentence("Remind me", answer))


def _snooze(session: Session, here: Here, panel: Panel, chair: Chair, until: datetime) -> str:
    """The next reminder comes at `until`, and those planned before then are left out. When the
    scorecard is due does not change."""
    if not is_owed(panel, chair):
        return answer(panel, chair)
    where = (here.team_id, here.user_id, chair.interview.id)
    snoozes.put_off(session, *where, until)
    waiting = notices.open_about(session, *where, REMINDERS)
    wanted = next((each for each in waiting if each.told.get("wanted")), None)
    first = wanted or next(iter(waiting), None)
    for notice in waiting:
        if notice is not first and notice.due_at <= until:
            notices.drop(session, notice, "it was put off")
    zone = here.people.zone(here.team_id, here.user_id)
    if first is None:
        kind = REMINDERS[-1]
        notices.owe(session, here.team_id, kind, *where[1:], until, zone=zone, wanted=True)
    else:
        first.due_at, first.told = until, {**first.told, "wanted": True}
        session.add(first)
    told = f"Put off until {when(until)}. When the scorecard is due does not change."
    for notice in notices.sent_of(
        session, here.team_id, chair.interview.id, ("nudge", *REMINDERS, "asked")
    ):
        if notice.recipient == here.user_id and "settled" not in notice.told and notice.ts:
            say(session, here.now, notice, note=told)
    return told


def ask_absent(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, here: Here
) -> None:
    _open_form(ack, action, body, respond, client, here, absent=True)


def ask_unheld(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, here: Here
) -> None:
    _open_form(ack, action, body, respond, client, here, absent=False)


def _open_form(
    ack: Ack,
    action: Body,
    body: Body,
    respond: Respond,
    client: WebClient,
    here: Here,
    *,
    absent: bool,
) -> None:
    with here.db.begin() as session:
        panel, chair = _mine(session, here, action["value"])
    if not is_owed(panel, chair):
        ack()
        respond(text=answer(panel, chair), replace_original=False)
        return
    if here.now < chair.interview.starts_at:
        raise Refusal(NOT_YET)
    form = forms.absent(panel, chair) if absent else forms.unheld(panel, chair)
    places.open_window(form, body, client)
    ack()


def absent(ack: Ack, view: Body, here: Here) -> None:
    """“I wasn't there”: nobody waits for their scorecard, and the coordinators hear of it. It
    opens nobody's scorecards: else one could read the others' by not writing one's own."""
    values = view["state"]["values"]
    instead = str(values.get("instead", {}).get("instead", {}).get("selected_user") or "")
    reason = _reason(values)
    with here.db.begin() as session:
        panel, chair = _mine(session, here, view["private_metadata"], alone=True)
        told = answer(panel, chair)
        if is_owed(panel, chair) and here.now >= chair.interview.starts_at:
            loops.mark(
                session, here, panel, chair.interview.id, here.user_id, "excused",
                f"was not there. {reason}".strip()[:200],
            )  # fmt: skip
            told = "You were not there, so nobody waits for your scorecard. The coordinator knows."
            _tell(session, here, panel, chair, "absent", told, instead=instead, reason=reason)
    here.wake()
    ack(response_action="update", view=loop_view.sentence("I wasn't there", told))


def unheld(ack: Ack, view: Body, here: Here) -> None:
    """“It did not happen”: nobody is asked for a scorecard of it, and the coordinators hear so."""
    values = view["state"]["values"]
    try:
        what = values["what"]["what"]["selected_option"]["value"]
    except (KeyError, TypeError):
        raise Refusal(OLD_FORM) from None
    if what not in forms.HELD:
        raise Refusal(OLD_FORM)
    reason = _reason(values)
    with here.db.begin() as session:
        panel, chair = _mine(session, here, view["private_metadata"], alone=True)
        told = answer(panel, chair)
        together = [each for each in panel.chairs if each.interview.id == chair.interview.id]
        if any(each.is_in for each in together):
            raise Refusal(
                "Somebody has handed in a scorecard of it, so it was held. "
                f"Ask <@{panel.opening.coordinators[0]}>."
            )
        if is_owed(panel, chair) and here.now >= chair.interview.starts_at:
            id_ = chair.interview.id
            loops.mark(session, here, panel, id_, here.user_id, what, reason)
            told = "It did not happen, so nobody is asked for a scorecard. The coordinator knows."
            for each in together:
                outcome = f"<@{here.user_id}> says that it did not happen."
                settle(session, (here.team_id, here.now), id_, each.seat.person, outcome)
            _tell(session, here, panel, chair, "unheld", told, reason=reason)
    here.wake()
    ack(response_action="update", view=loop_view.sentence("It did not happen", told))


def _tell(
    session: Session, here: Here, panel: Panel, chair: Chair, kind: str, done: str, **told: str
) -> None:
    """The coordinators hear it, and the person's earlier messages say so."""
    id_ = chair.interview.id
    settle(session, (here.team_id, here.now), id_, here.user_id, done)
    for coordinator in panel.opening.coordinators:
        where = (here.team_id, kind, coordinator, id_)
        notices.owe(session, *where, here.now, here.user_id, **told)


def answer(panel: Panel, chair: Chair) -> str:
    """Why there is nothing to do under a nudge any more."""
    if chair.is_in:
        return "Your scorecard is in; there is nothing to do here any more."
    if panel.loop.state != "active":
        return f"This loop has ended ({panel.loop.state}); nobody waits for it."
    if chair.seat.state == "excused":
        return "You are excused already: nobody waits for your scorecard."
    if chair.interview.state != "planned":
        return "It was not held, so nobody waits for a scorecard of it."
    return "This has been settled; there is nothing to do here any more."


def _reason(values: Body) -> str:
    found = (values.get("reason") or {}).get("reason") or {}
    return typed.line(found.get("value") or "")[:200]


def _mine(
    session: Session, here: Here, interview_id: str, *, alone: bool = False
) -> tuple[Panel, Chair]:
    """With `alone`, nobody else changes the loop until the transaction ends. Raises Refusal for
    who is not on that panel."""
    panel = stored_panels.of_interview(session, here.team_id, interview_id, alone=alone)
    found = panel.chair(interview_id, here.user_id)
    return panel, found if found is not None else panels.chair(panel, interview_id, here.user_id)
