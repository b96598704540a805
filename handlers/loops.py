"""Loops: find one, see how it stands, change or undo, withdraw, open its scorecards."""

from typing import Any

from slack_bolt import Ack, Respond
from slack_sdk import WebClient
from sqlmodel import Session

from bot import openings, panels, typed
from bot.errors import Refusal
from bot.panels import Panel
from bot.plans import Plan, State
from bot.records import Undo
from bot.store import figures, loops, notices
from bot.store import openings as stored
from bot.store import panels as stored_panels
from bot.store import unfinished as stored_unfinished
from handlers import places, planning, stand_ins, training, unfinished, webhooks
from handlers.here import Here
from handlers.settling import settle
from handlers.views import happened as happened_view
from handlers.views import loop as loop_view
from handlers.views import loop_forms as forms
from handlers.views import loop_list, plan_form, plan_start
from handlers.views.page import Page

Body = dict[str, Any]


def listed(here: Here, page: int = 0, chosen: str = "") -> Page:
    """The active loops that this person plans or sits on; the last page, when there are fewer by
    now than when a button for `page` was drawn."""
    with here.db.begin() as session:
        mine = stored.titles(session, here.team_id, here.user_id)
        one = chosen if chosen in mine else ""
        found, total = loops.active(
            session,
            here.team_id,
            opening_ids={one} if one else set(mine),
            person="" if one else here.user_id,
            offset=page * loop_list.PER_PAGE,
            limit=loop_list.PER_PAGE,
        )
        shown = stored_panels.read_all(session, here.team_id, found)
    if page and total and not found:
        return listed(here, (total - 1) // loop_list.PER_PAGE, chosen)
    return loop_list.listed(shown, total, page, mine, one, here.now)


def show_list(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, here: Here
) -> None:
    """Another page, or another opening's loops, in place."""
    value = (action.get("selected_option") or action).get("value", "")
    page, chosen = 0, value
    if action["action_id"].startswith("loops_") and action["action_id"] != "loops_filter":
        number, _, chosen = value.partition("|")
        page = int(number) if number.isdigit() and len(number) < 6 else 0
    places.show(listed(here, page, chosen), body, respond, client)
    ack()


def show(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    panel = _panel(here, action["value"])
    places.open_window(loop_view.window(panel, here.user_id, here.now), body, client)
    ack()


def change(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    """The form of the plan, as the loop is now."""
    panel = _planned(here, action["value"])
    with here.db.begin() as session:
        begun = stored_unfinished.of_loop(session, here.team_id, here.user_id, panel.loop.id)
        plan = loops.plan(session, panel.loop)
        note = "Nobody is told before you have seen who, and what."
        if begun is not None:
            plan, note = unfinished.latest(session, here, begun)
    left = begun.id if begun is not None and note != unfinished.CHANGED else ""
    view = plan_form.sessions(here.bank, panel.opening, plan, note, left)
    places.open_window(view, body, client)
    ack()


def undo(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    """Within a minute: the loop as it was. Who was not told yet never is."""
    with here.db.begin() as session:
        panel = _require_planned(session, here, action["value"])
        kept = session.get(Undo, panel.loop.id)
        if kept is None or kept.team_id != here.team_id or here.now >= kept.until:
            raise Refusal("The minute is over, and people have been told. Change it back instead.")
        before = loops.plan(session, panel.loop)
        old = Plan.model_validate(kept.before["plan"])
        panel.loop.state, panel.loop.ended_at = kept.before["state"], None
        loops.save(session, panel.loop, old)
        planning.owe(session, here, before, loops.plan(session, panel.loop), later=False)
        session.delete(kept)
        here.note(session, "change undone", panel.loop.id)
        session.flush()
        panel = stored_panels.find(session, here.team_id, panel.loop.id)
    here.wake()
    places.redraw(loop_view.window(panel, here.user_id, here.now, "Undone."), body, client)
    ack()


def ask_withdrawal(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    panel = _planned(here, action["value"])
    places.open_window(forms.withdraw_form(panel, here.now), body, client)
    ack()


def withdraw(ack: Ack, view: Body, client: WebClient, here: Here) -> None:
    with here.db.begin() as session:
        panel = _require_planned(session, here, view["private_metadata"])
        loop = panel.loop
        if loop.state != "active":
            raise Refusal("This loop has ended already.")
        before = loops.plan(session, loop)
        planning.remember(session, here, loop, before)
        sessions = tuple(
            each.model_copy(update={"state": State.CANCELLED})
            if each.starts_at and each.starts_at > here.now and each.state is State.PLANNED
            else each
            for each in before.sessions
        )
        loops.save(session, loop, before.model_copy(update={"sessions": sessions}))
        planning.owe(session, here, before, loops.plan(session, loop), later=True)
        loop.state, loop.ended_at = "withdrawn", here.now
        session.add(loop)
        here.note(session, "candidate withdrew", loop.id)
        over = openings.kept_until(panel.opening, loop)
        if over is not None:
            notices.owe(session, here.team_id, "retain", "retention", loop.id, over)
        session.flush()
        panel = stored_panels.find(session, here.team_id, loop.id)
    here.wake()
    shown = loop_view.window(panel, here.user_id, here.now, "Withdrawn. The panel is told soon.")
    places.close_onto(shown, ack, view, client)


def ask_reveal(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    panel = _planned(here, action["value"])
    if panel.is_revealed:
        raise Refusal("The scorecards are open already.")
    places.open_window(forms.reveal_form(panel), body, client)
    ack()


def reveal(ack: Ack, view: Body, client: WebClient, here: Here) -> None:
    """Open the scorecards without the missing ones."""
    reason = typed.line(view["state"]["values"]["reason"]["reason"]["value"] or "")
    if len(reason) < 3:
        ack(response_action="errors", errors={"reason": "Say why, for those who are missing."})
        return
    with here.db.begin() as session:
        panel = _require_planned(session, here, view["private_metadata"])
        if not panel.is_revealed:
            panel.loop.reveal_reason = reason[:300]
            missing = ", ".join(chair.seat.person for chair in panel.missing)
            here.note(session, "scorecards opened early", panel.loop.id, missing=missing)
            _open(session, here, panel)
            session.flush()
        panel = stored_panels.find(session, here.team_id, panel.loop.id)
    here.wake()
    places.close_onto(loop_view.window(panel, here.user_id, here.now, "Opened."), ack, view, client)


def open_if_complete(session: Session, here: Here, panel: Panel) -> None:
    """Open the scorecards for everybody when the last one is in."""
    if panels.is_complete(panel) and not panel.is_revealed:
        _open(session, here, panel)


def _open(session: Session, here: Here, panel: Panel) -> None:
    """Open the scorecards; the panel and those who plan are told."""
    panel.loop.revealed_at = here.now
    session.add(panel.loop)
    figures.open_all(session, here.bank.scorecard, panel)
    webhooks.opened(session, panel, here.now)
    people = {chair.seat.person for chair in panel.chairs if chair.writes}
    people |= {*panel.opening.coordinators, panel.opening.hiring_manager}
    notices.owe_all(session, here.team_id, "reveal", sorted(people), panel.loop.id, here.now)
    if panel.opening.channel:  # It is said there only if it is private: seen when it is sent.
        where = (here.team_id, "packet_news", panel.opening.channel, panel.loop.id)
        notices.owe(session, *where, here.now)
    training.look(session, here, panel)


def ask_happened(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    """From the loop's button, or from the menu of one interview, which says what."""
    value = (action.get("selected_option") or action)["value"]
    loop_id, _, rest = value.partition("|")
    interview_id, _, what = rest.partition("|")
    panel = _planned(here, loop_id)
    if not panel.chairs:
        raise Refusal("Nobody sits on this panel yet.")
    places.open_window(happened_view.form(panel, interview_id, what), body, client)
    ack()


def happened(ack: Ack, view: Body, client: WebClient, here: Here) -> None:
    """A no-show, an interview that was not held, or somebody who need not hand in, perhaps since
    somebody else does."""
    values = view["state"]["values"]
    try:
        code = values["chair"]["chair"]["selected_option"]["value"]
        what = values["what"]["what"]["selected_option"]["value"]
        reason = typed.line(values["reason"]["reason"]["value"] or "")[:200]
        instead = values["instead"]["instead"]["selected_user"] or ""
    except (KeyError, TypeError):
        raise Refusal(plan_start.OLD) from None
    interview_id, _, person = code.partition("|")
    if what == happened_view.ANOTHER:
        told = _unfit(instead, client, here)
        if told:
            ack(response_action="errors", errors={"instead": told})
            return
    with here.db.begin() as session:
        panel = _require_planned(session, here, view["private_metadata"])
        if what == happened_view.ANOTHER:
            stand_ins.put(session, here, panel, interview_id, person, instead)
        else:
            mark(session, here, panel, interview_id, person, what, reason)
        only_theirs = what in ("excused", happened_view.ANOTHER)
        for chair in panel.chairs:
            theirs = chair.interview.id == interview_id
            if theirs and not chair.is_in and (not only_theirs or chair.seat.person == person):
                outcome = f"{happened_view.SETTLED[what]}."
                settle(session, (here.team_id, here.now), interview_id, chair.seat.person, outcome)
        session.flush()
        panel = stored_panels.find(session, here.team_id, panel.loop.id)
        open_if_complete(session, here, panel)
    here.wake()
    places.close_onto(loop_view.window(panel, here.user_id, here.now, "Saved."), ack, view, client)


def _unfit(person: str, client: WebClient, here: Here) -> str:
    """Why this person cannot have held an interview; "" when they can."""
    if not person:
        return "Say who did it: the scorecard is asked of them from now on."
    member = here.people.member(here.team_id, person, client)
    return "They cannot see interview material: choose a full member." if member.refusal else ""


def mark(
    session: Session,
    here: Here,
    panel: Panel,
    interview_id: str,
    person: str,
    what: str,
    reason: str,
) -> None:
    """From now on nobody waits for a scorecard that will not come. Raises Refusal for an
    interview or a person that is not of this loop."""
    chair = panel.chair(interview_id, person)
    if chair is None or what not in happened_view.MARKS:
        raise Refusal(plan_start.OLD)
    if what == "excused":
        chair.seat.state, chair.seat.reason = "excused", reason
        session.add(chair.seat)
    else:
        chair.interview.state, chair.interview.reason = what, reason
        session.add(chair.interview)
    here.note(session, f"interview marked {what}", panel.loop.id, round=chair.interview.round)


def _planned(here: Here, loop_id: str) -> Panel:
    with here.db.begin() as session:
        return _require_planned(session, here, loop_id)


def _require_planned(session: Session, here: Here, loop_id: str) -> Panel:
    """To be changed by nobody else meanwhile. Raises Refusal unless this person plans the loop."""
    panel = stored_panels.find(session, here.team_id, loop_id, alone=True)
    panels.require_planner(panel, here.user_id)
    return panel


def _panel(here: Here, loop_id: str) -> Panel:
    """Raises Refusal unless this person plans the loop or sits on its panel."""
    with here.db.begin() as session:
        panel = stored_panels.find(session, here.team_id, loop_id)
    panels.require_insight(panel, here.user_id)
    return panel
