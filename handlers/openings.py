"""Openings: make one, read and swap what is pinned for it, close it."""

from typing import Any

from slack_bolt import Ack, Respond
from slack_sdk import WebClient
from sqlmodel import Session

from bot import kits, openings, people, rotation, typed
from bot.content import Level, Question, Specialization
from bot.errors import Refusal
from bot.records import Opening
from bot.store import loops, notices
from bot.store import openings as stored
from bot.store import rotation as stored_rotation
from handlers import events, places
from handlers.here import Here
from handlers.views import opening as opening_view
from handlers.views import opening_form, opening_kit
from handlers.views.page import Page

Body = dict[str, Any]

GONE = "That opening is not here. `/safety-interview openings` lists those of this workspace."


def open_form(ack: Ack, body: Body, client: WebClient, here: Here) -> None:
    view = opening_form.form(here.bank, here.user_id)
    client.views_open(trigger_id=body["trigger_id"], view=view)
    ack()


def create(ack: Ack, view: Body, client: WebClient, here: Here) -> None:
    """Make the opening and pin its kits. People who may not see interview material are refused on
    the field where they were chosen."""
    opening = _typed(view["state"]["values"], here, events.made_by(here, view))
    errors = _strangers(opening, client)
    if not opening.title:
        errors["title"] = "Give the opening a title, such as AI Safety Engineer."
    if errors:
        ack(response_action="errors", errors=errors)
        return
    # Rendered before the session ends its object's life.
    shown = opening_view.window(
        here.bank, opening, here.user_id, "Created. These questions are pinned."
    )
    with here.db.begin() as session:
        if stored.opening(session, here.team_id, opening.id) is not None:
            ack(response_action="update", view=shown)  # The form came twice.
            return
        detail = {"level": opening.level, "specialization": opening.specialization}
        here.note(session, "opening created", opening.id, **detail)
        session.add(opening)
    ack(response_action="update", view=shown)


def _typed(values: Body, here: Here, id_: str) -> Opening:
    """Raises Refusal for values that no form of ours can send."""

    def chosen(name: str) -> str:
        return str((values[name][name].get("selected_option") or {}).get("value", ""))

    try:
        level, special = Level(chosen("level")), Specialization(chosen("specialization"))
        keep_months, shown_as = int(chosen("keep_months")), chosen("shown_as")
        manager = values["hiring_manager"]["hiring_manager"]["selected_user"] or ""
        coordinators = values["coordinators"]["coordinators"]["selected_users"]
        channel = values["channel"]["channel"].get("selected_conversation") or ""
        title = typed.line(values["title"]["title"]["value"] or "")
    except (KeyError, TypeError, ValueError):
        raise Refusal("That form is not one of mine. Type `/safety-interview open` anew.") from None
    if keep_months not in openings.KEEP_MONTHS or shown_as not in openings.SHOWN_AS:
        raise Refusal("That form is not one of mine. Type `/safety-interview open` anew.")
    return Opening(
        id=id_,
        team_id=here.team_id,
        title=title,
        level=level,
        specialization=special,
        hiring_manager=manager,
        coordinators=list(dict.fromkeys(coordinators))[: openings.MOST_COORDINATORS],
        channel=channel,
        shown_as=shown_as,
        keep_months=keep_months,
        kits=openings.pin(kits.compose(here.bank, level, special, _wear(here))),
        created_by=here.user_id,
        created_at=here.now,
    )


def _wear(here: Here) -> kits.Wear:
    """How often the team has asked what: of two questions that would do, the fresher is pinned."""
    policy = here.bank.insights
    with here.db.begin() as session:
        found = stored_rotation.usage(session, here.team_id, rotation.since(policy, here.now))
    return rotation.wear(policy, found.values())


def _strangers(opening: Opening, client: WebClient) -> dict[str, str]:
    """By field, why somebody chosen there cannot be: guests, bots, people of other companies."""
    errors = {}
    fields = {
        "hiring_manager": [opening.hiring_manager],
        "coordinators": opening.coordinators,
    }
    for field, chosen in fields.items():
        for person in chosen:
            user = client.users_info(user=person).get("user") or {}
            try:
                people.require_member(user, opening.team_id)
            except Refusal:
                name = user.get("real_name") or user.get("name") or person
                errors[field] = f"{name} cannot see interview material: choose a full member."
    return errors


def listed(here: Here) -> Page:
    with here.db.begin() as session:
        found = stored.openings(session, here.team_id)
    return opening_view.listed(here.bank, found)


def show_list(ack: Ack, body: Body, respond: Respond, client: WebClient, here: Here) -> None:
    places.show(listed(here), body, respond, client)
    ack()


def show(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    with here.db.begin() as session:
        opening = _find(session, here, action["value"])
    places.open_window(opening_view.window(here.bank, opening, here.user_id), body, client)
    ack()


def show_kit(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    opening_id, _, kit_id = action["value"].partition("|")
    with here.db.begin() as session:
        opening = _find(session, here, opening_id)
    places.open_window(_kit(opening, kit_id, here), body, client)
    ack()


def choose_swap(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    opening_id, kit_id, question_id = _three(action["value"])
    with here.db.begin() as session:
        opening = _find(session, here, opening_id)
        _require_unasked(session, here, opening)
    openings.require_planner(opening, here.user_id)
    others = openings.others(here.bank, opening, kit_id, question_id)
    if not others:
        raise Refusal("The bank has no other question that fits here.")
    old = _pinned(opening, kit_id, here)[question_id]
    view = opening_kit.swap_form(opening, openings.kit(opening, kit_id), old, others)
    client.views_push(trigger_id=body["trigger_id"], view=view)
    ack()


def swap(ack: Ack, view: Body, client: WebClient, here: Here) -> None:
    """Exchange one question, and redraw the kit below."""
    opening_id, kit_id, old = _three(view["private_metadata"])
    chosen = view["state"]["values"]["new"]["new"].get("selected_option") or {}
    with here.db.begin() as session:
        opening = _find(session, here, opening_id, alone=True)
        openings.require_planner(opening, here.user_id)
        _require_unasked(session, here, opening)
        others = {each.code: each for each in openings.others(here.bank, opening, kit_id, old)}
        new = others.get(chosen.get("value", ""))
        if new is None:
            raise Refusal("That question is taken meanwhile. Open the kit again.")
        opening.kits = openings.swapped(opening, kit_id, old, new)
        session.add(opening)
        detail = {"round": kit_id, "old": old, "new": new.code}
        here.note(session, "question swapped", opening.id, **detail)
    ack()
    below = view.get("previous_view_id")
    if below:
        client.views_update(view_id=below, view=_kit(opening, kit_id, here))


def close(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    """Close the opening, or open it again; the window shows it at once."""
    closing = action["action_id"] == "opening_close"
    with here.db.begin() as session:
        opening = _find(session, here, action["value"], alone=True)
        openings.require_planner(opening, here.user_id)
        opening.closed_at = here.now if closing else None
        session.add(opening)
        for loop in loops.of_opening(session, here.team_id, opening.id) if closing else []:
            over = openings.kept_until(opening, loop)
            if over is not None and loop.erased_at is None:
                notices.owe(session, here.team_id, "retain", "retention", loop.id, over)
        what = "opening closed" if closing else "opening opened again"
        here.note(session, what, opening.id)
    told = "Closed." if closing else "Open again."
    places.redraw(opening_view.window(here.bank, opening, here.user_id, told), body, client)
    ack()


def _find(session: Session, here: Here, opening_id: str, *, alone: bool = False) -> Opening:
    """Raises Refusal when the team has no such opening."""
    opening = stored.opening(session, here.team_id, opening_id, alone=alone)
    if opening is None:
        raise Refusal(GONE)
    return opening


def _require_unasked(session: Session, here: Here, opening: Opening) -> None:
    """Raises Refusal once a candidate was interviewed: all of them get the same questions."""
    if loops.has_begun(session, here.team_id, opening.id, here.now):
        raise Refusal(
            "The first interview has been held with these questions, and every candidate of an "
            "opening gets the same. For other questions make a new opening."
        )


def _kit(opening: Opening, kit_id: str, here: Here) -> dict[str, Any]:
    pinned = _pinned(opening, kit_id, here)
    may = here.user_id in (*opening.coordinators, opening.hiring_manager)
    swappable = [
        each for each in pinned if may and openings.others(here.bank, opening, kit_id, each)
    ]
    return opening_kit.window(opening, openings.kit(opening, kit_id), pinned, swappable)


def _pinned(opening: Opening, kit_id: str, here: Here) -> dict[str, Question]:
    """The round's questions, in the versions that were pinned, by id."""
    with here.db.begin() as session:
        lines = here.current.pinned(session, opening, kit_id)
    return {line.question.id: line.question for line in lines if line.question}


def _three(value: str) -> tuple[str, str, str]:
    first, _, rest = value.partition("|")
    second, _, third = rest.partition("|")
    return first, second, third
