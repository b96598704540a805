"""Views after the discussion: opened, saved with every letter, recorded beside what was sealed."""

from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from sqlmodel import Session

from bot import drafts, panels, votes
from bot.errors import Refusal
from bot.panels import Panel
from bot.records import Loop
from bot.store import decisions as stored
from bot.store import panels as stored_panels
from bot.store import scorecards as stored_cards
from bot.votes import Sealed, Versions
from handlers import places
from handlers.here import Here
from handlers.views import moves as moves_view
from handlers.views import scorecard as card_view
from handlers.views import votes as votes_view
from handlers.views.card import OLD, Place
from handlers.views.votes import Sheet

Body = dict[str, Any]

KIND = "view"


def open_(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    with here.db.begin() as session:
        found = _mine(session, here, action["value"])
    places.open_window(votes_view.window(here.bank, found.sheet, 0), body, client)
    ack()


def typed(ack: Ack, action: Body, body: Body, here: Here) -> None:
    """One field changed: it is saved before the change is acknowledged."""
    seen = body["view"]
    if seen.get("callback_id") != "vote_page":
        ack()  # It came after the form was handed in, which brought this field with it.
        return
    place = Place.read(seen["private_metadata"])
    name, value = action["block_id"], card_view.entered(action)
    with here.db.begin() as session:
        found = _mine(session, here, place.interview_id)
        _require_field(here, found.own, name)
        draft = drafts.typed(found.draft, name, value, seen["id"], place.base)
        stored.write(session, found.panel.loop, here.user_id, KIND, draft, here.now)
    ack()


def turn(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    """To another page; what stands on this one is saved first."""
    seen = body["view"]
    place = Place.read(seen["private_metadata"])
    wanted = int(action["value"]) if str(action["value"]).isdigit() else 0
    with here.db.begin() as session:
        sheet = _saved(session, here, seen, place).sheet
    places.redraw(votes_view.window(here.bank, sheet, wanted), body, client)
    ack()


def next_page(ack: Ack, view: Body, here: Here) -> None:
    """Next, or Record on the last page."""
    place = Place.read(view["private_metadata"])
    with here.db.begin() as session:
        found = _saved(session, here, view, place)
        sheet = found.sheet
        missing = list(votes.troubles(here.bank.scorecard, found.own, sheet.values))
        errors = {each.field: each.told for each in missing if each.page == place.page}
        is_last = place.page >= sheet.last
        done = _record(session, here, found) if is_last and not missing else None
    if done is not None:
        ack(response_action="update", view=done)
    elif errors:
        ack(response_action="errors", errors=errors)
    elif is_last:
        page, told = missing[0].page, missing[0].told
        shown = votes_view.window(here.bank, sheet, page, told)
        ack(response_action="update", view=shown)
    else:
        shown = votes_view.window(here.bank, sheet, place.page + 1)
        ack(response_action="update", view=shown)


def compare(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    """Everybody's views before and after."""
    with here.db.begin() as session:
        panel = stored_panels.find(session, here.team_id, action["value"])
        if not panels.may_read(panel, here.user_id):
            raise Refusal(SEALED)
        sealed = votes.everybody(panel, read_versions(session, panel))
        here.note(session, "read views", panel.loop.id)
    places.open_window(moves_view.comparison(here.bank, panel, sealed), body, client)
    ack()


SEALED = (
    "The views before and after are for the panel and those who plan the loop, once the "
    "scorecards are open and their own is in."
)


def read_versions(session: Session, panel: Panel) -> Versions:
    """Everything that was sealed in the loop."""
    cards = [chair.card.id for chair in panel.chairs if chair.card]
    return stored_cards.versions(session, panel.loop.team_id, cards)


@dataclass(frozen=True)
class Found:
    """One's own views, in the transaction under way."""

    panel: Panel
    versions: Versions
    own: Sealed
    draft: drafts.Draft
    sheet: Sheet


def _mine(session: Session, here: Here, loop_id: str) -> Found:
    """Raises Refusal for whoever has no view to record there."""
    panel = stored_panels.find(session, here.team_id, loop_id)
    votes.require_voter(panel, here.user_id)
    versions = read_versions(session, panel)
    own = votes.sealed(panel, versions, here.user_id)
    if own is None:
        raise Refusal("I find nothing that you have sealed in this loop.")
    draft = stored.draft(session, panel.loop, here.user_id, KIND)
    sheet = _sheet(session, panel.loop, panel, own, draft)
    return Found(panel, versions, own, draft, sheet)


def _sheet(session: Session, loop: Loop, panel: Panel, own: Sealed, draft: drafts.Draft) -> Sheet:
    kept = stored.writing(session, loop, own.person, KIND)
    recorded = any(each.person == own.person for each in panel.views)
    return Sheet(loop.id, panel.candidate, own, draft, kept.draft_at if kept else None, recorded)


def _saved(session: Session, here: Here, seen: Body, place: Place) -> Found:
    found = _mine(session, here, place.interview_id)
    shown = card_view.read((seen.get("state") or {}).get("values") or {})
    for name in shown:
        _require_field(here, found.own, name)
    draft = drafts.turned(found.draft, shown, seen["id"], place.base)
    if drafts.revision(draft) == drafts.revision(found.draft):
        return found
    stored.write(session, found.panel.loop, here.user_id, KIND, draft, here.now)
    sheet = _sheet(session, found.panel.loop, found.panel, found.own, draft)
    return Found(found.panel, found.versions, found.own, draft, sheet)


def _require_field(here: Here, own: Sealed, name: str) -> None:
    """Raises Refusal for a field that no such window has."""
    keys = [each["id"] for each in own.questions]
    whole = [field.id for field in votes.overall(here.bank.scorecard)]
    known = {votes.after_name(key) for key in [*keys, *whole]}
    known |= {votes.why_name(key) for key in [*keys, votes.WHOLE]}
    if name not in known:
        raise Refusal(OLD)


def _record(session: Session, here: Here, found: Found) -> Body:
    panel, manager = found.panel, found.panel.opening.hiring_manager
    theirs = votes.sealed(panel, found.versions, manager) if manager != here.user_id else None
    views = votes.views(here.bank.scorecard, found.own, found.sheet.values, theirs)
    before = next((each for each in panel.views if each.person == here.user_id), None)
    if before is not None and before.views == views:  # The form came twice, or nothing is new.
        return votes_view.recorded(before, panel)
    row = stored.record(session, panel.loop, here.user_id, views, here.now)
    # What was written stays in the draft: who thinks again begins from there.
    here.note(session, "view recorded", panel.loop.id, version=row.number, seal=row.seal)
    return votes_view.recorded(row, stored_panels.find(session, here.team_id, panel.loop.id))
