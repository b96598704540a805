"""The hiring manager decides: what, on which evidence, why; a last look; then it is done."""

from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from sqlmodel import Session

from bot import decisions, dissent, drafts, hours, votes
from bot.decisions import Outcome, Proposal, State
from bot.errors import Refusal
from bot.hours import Hours
from bot.panels import Panel
from bot.plans import Role
from bot.records import Decision
from bot.store import decisions as stored
from bot.store import loops, notices
from bot.store import panels as stored_panels
from bot.store import people as stored_people
from bot.votes import Versions
from handlers import decided, places, planning, webhooks
from handlers import votes as views
from handlers.here import Here
from handlers.views import decision as decision_view
from handlers.views import decision_check as check_view
from handlers.views import decision_form as form_view
from handlers.views import loop as loop_view
from handlers.views import plan_form
from handlers.views.decision_check import Audience
from handlers.views.decision_form import Form, Where

Body = dict[str, Any]

KIND = "decision"


def open_(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    """The form, as it was left."""
    with here.db.begin() as session:
        found = _mine(session, here, action["value"])
    places.open_window(form_view.form(here.bank, found.form), body, client)
    ack()


def typed(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    """One field changed: it is saved before the change is acknowledged. Another outcome asks
    something else, so the form is drawn anew with everything that stands in it."""
    seen = body["view"]
    if seen.get("callback_id") != "decision_form":
        ack()  # It came after the form had been handed in, which brought this field with it.
        return
    where = Where.read(seen["private_metadata"])
    name, value = action["block_id"], form_view.entered(action)
    form_view.require_fields([name])
    with here.db.begin() as session:
        redraws = name == "outcome"
        found = _mine(session, here, where.loop_id, whole=redraws)
        _require_newest(found.panel, where)
        shown = form_view.read((seen.get("state") or {}).get("values") or {}) if redraws else {}
        draft = drafts.turned(found.draft, shown, seen["id"], where.base)
        draft = drafts.typed(draft, name, value, seen["id"], where.base)
        stored.write(session, found.panel.loop, here.user_id, KIND, draft, here.now)
    if redraws:
        places.redraw(form_view.form(here.bank, found.with_(draft)), body, client)
    ack()


def check(ack: Ack, view: Body, here: Here) -> None:
    """The last look. What is missing keeps the form open, with the reason on its field."""
    where = Where.read(view["private_metadata"])
    shown = form_view.read(view["state"]["values"])
    with here.db.begin() as session:
        found = _mine(session, here, where.loop_id)
        _require_newest(found.panel, where)
        draft = drafts.turned(found.draft, shown, view["id"], where.base)
        stored.write(session, found.panel.loop, here.user_id, KIND, draft, here.now)
        found = Found(found.panel, found.versions, draft)
        proposal = decisions.read(found.form.values)
        errors = _troubles(session, here, found, proposal)
        audience = _audience(session, here, found, proposal)
    if errors:
        on_fields = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        here_ = {name: told for name, told in errors.items() if name in on_fields}
        if len(here_) == len(errors):
            ack(response_action="errors", errors=errors)
        else:  # Such as a level, asked for by an outcome that was chosen a moment ago.
            told = next(told for name, told in errors.items() if name not in on_fields)
            ack(response_action="update", view=form_view.form(here.bank, found.form, told))
        return
    last = check_view.confirm(here.bank, found.form, proposal, audience)
    ack(response_action="update", view=last)


def back(ack: Ack, body: Body, client: WebClient, here: Here) -> None:
    """From the last look to the form, with everything as it was."""
    where = Where.read(body["view"]["private_metadata"])
    with here.db.begin() as session:
        found = _mine(session, here, where.loop_id)
    places.redraw(form_view.form(here.bank, found.form), body, client)
    ack()


def decide(ack: Ack, view: Body, client: WebClient, here: Here) -> None:
    """Keep the decision, and owe everybody what they are to be told, in one transaction."""
    where = Where.read(view["private_metadata"])
    with here.db.begin() as session:
        panel = stored_panels.find(session, here.team_id, where.loop_id, alone=True)
        if here.user_id == panel.opening.hiring_manager:
            _require_newest(panel, where)
        found = _mine(session, here, where.loop_id)
        proposal = decisions.read(found.form.values)
        errors = _troubles(session, here, found, proposal)
        audience = _audience(session, here, found, proposal)
        decision = None
        if not errors and found.form.where == where:
            decision = _decide(session, here, found, proposal, audience)
            session.flush()
            panel = stored_panels.find(session, here.team_id, where.loop_id)
    if decision is None:
        if errors:
            shown = form_view.form(here.bank, found.form, next(iter(errors.values())))
        else:
            shown = check_view.confirm(here.bank, found.form, proposal, audience, OTHERWISE)
        ack(response_action="update", view=shown)
        return
    here.wake()
    if decision.outcome == Outcome.ANOTHER:
        ack(response_action="update", view=_planning(here, client, panel, decision))
        return
    note = f"Decided: {decision_view.title(panel, decision)}. {_then(decision)}"
    shown = loop_view.window(panel, here.user_id, here.now, note)
    places.close_onto(shown, ack, view, client)


OTHERWISE = "This was changed in another window meanwhile. This is how it stands now."


def _then(decision: Decision) -> str:
    if decision.state == State.WAITING:
        return "The bar raiser is asked now; the panel is told once it takes effect."
    return "The panel and the coordinator are told now."


def _planning(here: Here, client: WebClient, panel: Panel, decision: Decision) -> Body:
    """The form of the plan, with the wanted interview in it."""
    own = planning.own_hours(here, client)
    with here.db.begin() as session:
        plan = loops.plan(session, panel.loop)
    plan = planning.with_round(panel.opening, plan, decision.round, own)
    note = "Decided: another interview. Choose who and when; the panel is told what you decided."
    return plan_form.sessions(here.bank, panel.opening, plan, note)


@dataclass(frozen=True)
class Found:
    """A loop to be decided on, in the transaction under way, with what is written so far."""

    panel: Panel
    versions: Versions
    draft: drafts.Draft

    @property
    def form(self) -> Form:
        return Form(self.panel, self.draft, decisions.citable(self.panel, self.versions))

    def with_(self, draft: drafts.Draft) -> Form:
        return Form(self.panel, draft, self.form.citable)


def _mine(session: Session, here: Here, loop_id: str, *, whole: bool = True) -> Found:
    """Unless it is `whole`, without the scorecards: they are not read for every letter. Raises
    Refusal unless this person may decide on it now."""
    panel = stored_panels.find(session, here.team_id, loop_id)
    decisions.require_decider(panel, here.user_id)
    draft = stored.draft(session, panel.loop, here.user_id, KIND)
    return Found(panel, views.read_versions(session, panel) if whole else {}, draft)


def _require_newest(panel: Panel, where: Where) -> None:
    """Raises Refusal when somebody decided since the window was drawn: the same press twice, or
    another window."""
    if len(panel.decisions) == where.number:
        return
    newest = panel.decisions[-1]
    raise Refusal(
        f"This has been decided already: {decision_view.title(panel, newest)}, by <@{newest.by}>. "
        "There is one decision, and nothing was done twice. Open the loop to see it."
    )


def _troubles(session: Session, here: Here, found: Found, proposal: Proposal) -> dict[str, str]:
    own = _hours(session, here, here.user_id)
    today = hours.local(own, here.now).date()
    return decisions.troubles(found.panel, proposal, found.form.citable, today)


def _hours(session: Session, here: Here, person: str) -> Hours:
    zone = here.people.zone(here.team_id, person)
    return stored_people.hours(session, here.team_id, person, zone)


def _audience(session: Session, here: Here, found: Found, proposal: Proposal) -> Audience:
    panel = found.panel
    closes = proposal.outcome is not None and proposal.outcome.closes
    raisers = decisions.bar_raisers(panel) if closes else []
    sealed = votes.everybody(panel, found.versions)
    contrary = dissent.contraries(panel, here.bank.scorecard, sealed, proposal)
    plan = loops.plan(session, panel.loop)
    ahead = len(plan.held) - len(decided.without_what_lies_ahead(plan, here.now).held)
    coordinators = panel.opening.coordinators
    return Audience(
        panel=[
            each
            for each in decided.audience(panel)
            if each not in (*coordinators, panel.opening.hiring_manager)
        ],
        coordinators=coordinators,
        raisers=raisers,
        contrary={each.person: each.views for each in contrary if each.person not in raisers},
        cancelled=ahead if closes else 0,
        due=decisions.due_at(here.now, [_hours(session, here, each) for each in raisers]),
    )


def _decide(
    session: Session, here: Here, found: Found, proposal: Proposal, audience: Audience
) -> Decision:
    panel, loop = found.panel, found.panel.loop
    cited = [each for each in proposal.cites if each in found.form.citable]
    decision = stored.decide(
        session, loop, len(panel.decisions) + 1, here.user_id, proposal, cited, here.now
    )
    decision.due_at = audience.due
    stored.handed_in(session, loop, here.user_id, KIND)
    here.note(session, "decided", loop.id, number=decision.number, outcome=decision.outcome)
    webhooks.decided(session, loop, decision, here.now)
    where = (here.team_id, "stance")
    for person in audience.raisers:
        stored.ask(session, decision, person, Role.BAR_RAISER, here.now)
        notices.owe(session, *where, person, loop.id, here.now)
    for person, theirs in audience.contrary.items():
        stored.ask(session, decision, person, "panellist", here.now)
        notices.owe(session, *where, person, loop.id, here.now, views=list(theirs))
    session.flush()
    panel = stored_panels.find(session, here.team_id, loop.id)
    zone = here.people.zone(here.team_id, here.user_id)
    if not decided.settle(session, panel, here.user_id, here.now, zone) and audience.due:
        notices.owe(session, here.team_id, "effect", decided.EFFECT, loop.id, audience.due)
        decided.show_homes(session, panel, here.now)
    return decision
