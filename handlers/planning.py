"""Plan a loop: for whom, who and when, a last look, saved. Changing one goes the same way."""

from datetime import date, datetime, timedelta
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot import changes, clashes, hours, openings, plans
from bot.clashes import Busy, Known
from bot.errors import Refusal
from bot.hours import Hours
from bot.nudges import told_in
from bot.plans import Plan, Role, State
from bot.records import Loop, Opening, Undo, UnfinishedPlan
from bot.store import loops, notices, panelists, panels, unfinished
from bot.store import openings as stored
from bot.store import people as stored_people
from handlers import events, home, nudges, places, webhooks
from handlers.here import Here
from handlers.views import loop as loop_view
from handlers.views import plan_check, plan_form, plan_start
from handlers.views.text import count, escape

Body = dict[str, Any]

WEEK = timedelta(days=7)
NO_OPENING = (
    "You plan no open opening yet. Make one with `/safety-interview open`; its questions are then "
    "the same for every candidate."
)


def open_form(ack: Ack, body: Body, client: WebClient, here: Here) -> None:
    open_ = mine(here)
    view = plan_start.form(open_, open_[0], next_day(here, client), _begun(here))
    client.views_open(trigger_id=body["trigger_id"], view=view)
    ack()


def mine(here: Here) -> list[Opening]:
    """The open openings that this person plans. Raises Refusal when there is none."""
    with here.db.begin() as session:
        found = stored.openings(session, here.team_id)
    theirs = [
        each for each in found if each.closed_at is None and openings.plans_it(each, here.user_id)
    ]
    if not theirs:
        raise Refusal(NO_OPENING)
    return theirs


def _begun(here: Here) -> list[UnfinishedPlan]:
    with here.db.begin() as session:
        return unfinished.of(session, here.team_id, here.user_id)


def keep_typed(session: Session, here: Here, plan: Plan) -> None:
    """A plan that is not saved yet; Home offers it from its first word on. Of a candidate who was
    erased meanwhile nothing is kept."""
    if plan.loop_id:
        loop = loops.loop(session, here.team_id, plan.loop_id, alone=True)
        if loop is None or loop.erased_at is not None:
            return
    if unfinished.keep(session, here.team_id, here.user_id, plan, here.now):
        home.owe(session, here, {here.user_id})


def next_day(here: Here, client: WebClient) -> date:
    own = own_hours(here, client)
    return hours.next_working_day(own, hours.local(own, here.now).date())


def own_hours(here: Here, client: WebClient) -> Hours:
    zone = here.people.member(here.team_id, here.user_id, client).zone
    with here.db.begin() as session:
        return stored_people.hours(session, here.team_id, here.user_id, zone)


def choose_opening(ack: Ack, body: Body, action: Body, client: WebClient, here: Here) -> None:
    """Show the rounds of another opening; what was typed stays."""
    open_ = mine(here)
    wanted = (action.get("selected_option") or {}).get("value")
    chosen = next((each for each in open_ if each.id == wanted), open_[0])
    view = plan_start.form(open_, chosen, next_day(here, client), _begun(here))
    places.redraw(view, body, client)
    ack()


def start(ack: Ack, view: Body, client: WebClient, here: Here) -> None:
    """Propose who and when."""
    typed = plan_start.read(view["state"]["values"])
    with here.db.begin() as session:
        opening = require_opening(session, here, typed.opening_id)
        namesake = loops.namesake(session, here.team_id, opening.id, typed.candidate)
    rounds = [kit["id"] for kit in opening.kits if kit["id"] in typed.rounds]
    errors = {}
    if not typed.candidate:
        errors["candidate"] = "Type the candidate's name, or how you call them."
    if typed.link and not typed.link.startswith(("https://", "http://")):
        errors["link"] = "That is no link: it starts with https://."
    if not rounds:
        errors[f"rounds_{opening.id}"] = "Choose at least one round."
    if errors:
        ack(response_action="errors", errors=errors)
        return
    own = own_hours(here, client)
    plan = Plan(
        opening_id=opening.id,
        candidate=typed.candidate,
        link=typed.link,
        sessions=plans.sensible(opening, rounds, typed.first, own),
    )
    plan = plan.model_copy(update={"debrief_at": plans.usual_debrief(plan, own)})
    with here.db.begin() as session:
        keep_typed(session, here, plan)
    note = (
        f"{plans.shown(opening, namesake)} is already active in this opening, with this name."
        if namesake
        else "Times are yours; the next step shows everybody's own."
    )
    ack(response_action="update", view=plan_form.sessions(here.bank, opening, plan, note))


def redraw(ack: Ack, body: Body, action: Body, client: WebClient, here: Here) -> None:
    """Somebody was chosen, a second person asked for, a round added or left out: show it."""
    seen = body["view"]
    plan = plan_form.read(Plan.read(seen["private_metadata"]), seen["state"]["values"])
    with here.db.begin() as session:
        opening = require_opening(session, here, plan.opening_id)
    chosen = (action.get("selected_option") or {}).get("value", "")
    if action["action_id"] == "plan_add":
        plan = with_round(opening, plan, chosen, own_hours(here, client))
    elif action["action_id"] == "plan_session":
        plan = _altered(plan, chosen)
    with here.db.begin() as session:
        keep_typed(session, here, plan)
    view = plan_form.sessions(here.bank, opening, plan)
    try:
        places.redraw(view, body, client)
    except SlackApiError as error:
        # Two choices in quick succession: the form holds both, and is drawn with the later one.
        if action["action_id"] != "lead" or error.response.get("error") != "hash_conflict":
            raise
    ack()


def with_round(opening: Opening, plan: Plan, round_id: str, own: Hours) -> Plan:
    """With the round after the others, or on the first working day when there are none."""
    ends = [session.ends_at for session in plan.held if session.ends_at]
    last = max(ends, default=None)
    day = hours.local(own, last).date() if last else None
    if day is None:
        raise Refusal("Choose a time for the other rounds first.")
    (added,) = plans.sensible(opening, [round_id], hours.next_working_day(own, day), own)
    return plan.model_copy(update={"sessions": (*plan.sessions, added)})


def _altered(plan: Plan, what: str) -> Plan:
    verb, _, number = what.partition("|")
    if not number.isdigit() or int(number) >= len(plan.sessions):
        raise Refusal(plan_start.OLD)
    at = int(number)
    session = plan.sessions[at]
    lead = tuple(seat for seat in session.seats if seat.role is Role.LEAD)
    match verb:
        case "more":
            return plan.with_session(at, seats=(*lead, plan_form.NOBODY))
        case "alone":
            return plan.with_session(at, seats=lead)
        case "cancel":
            return plan.with_session(at, state=State.CANCELLED)
        case "keep":
            return plan.with_session(at, state=State.PLANNED)
    raise Refusal(plan_start.OLD)


def check(ack: Ack, view: Body, client: WebClient, here: Here) -> None:
    """The last look. What cannot be saved keeps the form open, with the reason."""
    typed = plan_form.read(Plan.read(view["private_metadata"]), view["state"]["values"])
    plan = plan_form.finished(typed)
    with here.db.begin() as session:
        opening = require_opening(session, here, plan.opening_id)
        loop = _loop(session, here, plan)
        before = _before(session, plan, loop)
        namesake = (
            None if loop else loops.namesake(session, here.team_id, opening.id, plan.candidate)
        )
        keep_typed(session, here, typed)
    errors = clashes.errors(plan, opening)
    errors += _strangers(plan, client, here)
    if errors:
        wrong = f":warning: {' '.join(errors)}"
        ack(
            response_action="update",
            view=plan_form.sessions(here.bank, opening, typed, wrong),
        )
        return
    known = look_up(plan, client, here)
    warnings = clashes.warnings(plan, opening, here.bank, known, here.now)
    if namesake is not None:
        who = plans.shown(opening, namesake)
        told = f"{who} has the same name and is already active in this opening"
        warnings.insert(0, clashes.Odd("", told))
    changed = changes.changes(before, plan)
    shown = plans.shown(opening, loop) if loop else plan.candidate
    ack(
        response_action="update",
        view=plan_check.check(opening, plan, shown, warnings, changed, known),
    )


def back(ack: Ack, body: Body, client: WebClient, here: Here) -> None:
    """From the last look to the form, with everything as it was."""
    plan = Plan.read(body["view"]["private_metadata"])
    with here.db.begin() as session:
        opening = require_opening(session, here, plan.opening_id)
    places.redraw(plan_form.sessions(here.bank, opening, plan), body, client)
    ack()


def save(ack: Ack, view: Body, client: WebClient, here: Here) -> None:
    """Keep the plan, and owe everybody concerned a notice, in one transaction."""
    plan = plan_form.finished(Plan.read(view["private_metadata"]))
    strangers = _strangers(plan, client, here)  # Asks Slack, so before the transaction.
    with here.db.begin() as session:
        opening = _open(session, here, plan)
        errors = clashes.errors(plan, opening) + strangers
        if errors:
            raise Refusal(" ".join(errors))
        made = events.made_by(here, view)
        loop, note = keep(session, here, plan, later=True, made=made)
        unfinished.drop(session, here.team_id, here.user_id, plan)
        shown = panels.read(session, here.team_id, loop)
    here.wake()
    ack(response_action="update", view=loop_view.window(shown, here.user_id, here.now, note))


def keep(session: Session, here: Here, plan: Plan, *, later: bool, made: str) -> tuple[Loop, str]:
    """Save a plan, and owe everybody concerned a notice; of a change, a minute `later` if it can
    be undone until then. A new loop has the id `made`: when that is there, it was saved before.
    Returns the loop, and a sentence on what was done."""
    loop = _loop(session, here, plan)
    if loop is None and (saved := loops.loop(session, here.team_id, made)) is not None:
        return saved, "Saved. Everybody concerned is told now."
    before = _before(session, plan, loop)
    if loop is None:
        loop = _new(session, here, plan, made)
        here.note(session, "loop planned", loop.id, opening=plan.opening_id)
        loops.save(session, loop, plan)
        owe(session, here, before, loops.plan(session, loop), later=False)
        return loop, "Saved. Everybody concerned is told now."
    if plan == before:
        return loop, "Nothing was changed."
    remember(session, here, loop, before)
    here.note(session, "loop changed", loop.id)
    loops.save(session, loop, plan)
    owe(session, here, before, loops.plan(session, loop), later=later)
    minutes = here.bank.nudges.changes_within
    return loop, f"Saved. Everybody concerned is told {_in(minutes) if later else 'now'}."


def _in(minutes: int) -> str:
    return f"in {count(minutes, 'minute')}"


def remember(session: Session, here: Here, loop: Loop, before: Plan) -> None:
    """How the loop is now, for an undo."""
    kept = session.get(Undo, loop.id)
    if kept is not None:
        session.delete(kept)
        session.flush()
    until = here.now + changes.UNDO
    dumped = {"plan": before.model_dump(mode="json"), "state": loop.state}
    session.add(
        Undo(loop_id=loop.id, team_id=here.team_id, by=here.user_id, until=until, before=dumped)
    )


def owe(session: Session, here: Here, before: Plan, after: Plan, *, later: bool) -> None:
    """Have everybody told whom the change concerns. What they are told is found out then."""
    found = changes.changes(before, after)
    webhooks.changed(session, here.team_id, before, after, here.now)
    nudges.owe(session, here, after)
    home.owe(session, here, {here.user_id, *(change.person for change in found)})
    for change in found:
        kind = "debrief" if change.session is None else "brief"
        subject = after.loop_id if change.session is None else change.session.id
        where = (here.team_id, kind, change.person, subject)
        due = _told_at(session, here, change, where) if later else here.now
        notices.owe(session, *where, due)


def _told_at(
    session: Session, here: Here, change: changes.Change, where: tuple[str, str, str, str]
) -> datetime:
    """When a change is told; what begins soon is not kept back longer than it can be undone."""
    policy = here.bank.nudges
    times = [place[0].starts_at for place in (change.before, change.after) if place]
    begins = min([at for at in [*times, change.debrief] if at], default=None)
    if begins is not None and begins < here.now + timedelta(minutes=2 * policy.minutes_before):
        return here.now + changes.UNDO
    waiting = notices.unsent(session, where[0], where[2], where[3], where[1])
    first = waiting.due_at if waiting is not None else None
    return told_in(policy, first, changes.UNDO, here.now)


def _new(session: Session, here: Here, plan: Plan, id_: str) -> Loop:
    loop = Loop(
        id=id_,
        team_id=here.team_id,
        opening_id=plan.opening_id,
        number=loops.next_number(session, here.team_id),
        candidate=plan.candidate,
        link=plan.link,
        created_by=here.user_id,
        created_at=here.now,
    )
    session.add(loop)
    session.flush()
    return loop


def look_up(plan: Plan, client: WebClient, here: Here) -> dict[str, Known]:
    """What is known of everybody in the plan. Their zones are asked of Slack, outside of any
    transaction."""
    people = plan.people
    zones = {each: here.people.member(here.team_id, each, client).zone for each in people}
    times = [starts for _, starts in plan.timed]
    if not times:
        return {each: Known(hours.of(None, zones[each])) for each in people}
    since, until = min(times) - WEEK, max(times) + WEEK
    with here.db.begin() as session:
        settings = stored_people.settings(session, here.team_id, people)
        found = panelists.engagements(session, here.team_id, people, since, until)
        trainees = panelists.trainees(session, here.team_id, people)
    return {
        each: Known(
            hours.of(settings.get(each), zones[each]),
            tuple(
                Busy(interview.starts_at, interview.minutes, f"C-{number}")
                for person, interview, number in found
                if person == each and interview.loop_id != plan.loop_id
            ),
            each in trainees,
        )
        for each in people
    }


def _strangers(plan: Plan, client: WebClient, here: Here) -> list[str]:
    """Why somebody on the panel cannot be there: guests, bots, people of other companies."""
    found = []
    for person in plan.people:
        member = here.people.member(here.team_id, person, client)
        if member.refusal:
            found.append(f"<@{person}> cannot see interview material: choose a full member.")
    return found


def require_opening(session: Session, here: Here, opening_id: str) -> Opening:
    """Raises Refusal unless this person plans the opening."""
    opening = stored.opening(session, here.team_id, opening_id)
    if opening is None:
        raise Refusal("That opening is not here any more. Type `/safety-interview plan` anew.")
    openings.require_planner(opening, here.user_id)
    return opening


def _open(session: Session, here: Here, plan: Plan) -> Opening:
    """The opening of a plan. Raises Refusal for a new loop in one that is closed."""
    opening = require_opening(session, here, plan.opening_id)
    if opening.closed_at is not None and not plan.loop_id:
        raise Refusal(f"“{escape(opening.title)}” is closed. Open it again before planning for it.")
    return opening


def _loop(session: Session, here: Here, plan: Plan) -> Loop | None:
    """The loop that is being changed, by nobody else meanwhile; None for a new one. Raises Refusal
    for a forged one."""
    if not plan.loop_id:
        return None
    loop = loops.loop(session, here.team_id, plan.loop_id, alone=True)
    if (
        loop is None
        or loop.opening_id != plan.opening_id
        or loop.state != "active"
        or loop.revision != plan.revision
    ):
        raise Refusal("That loop has changed meanwhile. Open it anew: `/safety-interview loops`.")
    ids = {each.id for each in loops.interviews(session, here.team_id, [loop.id])}
    if any(each.id and each.id not in ids for each in plan.sessions):
        raise Refusal(plan_start.OLD)
    return loop


def _before(session: Session, plan: Plan, loop: Loop | None) -> Plan:
    """The loop as it is kept; for a new one, a plan without a session."""
    return loops.plan(session, loop) if loop else plan.model_copy(update={"sessions": ()})
