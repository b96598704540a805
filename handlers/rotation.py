"""Use and leaks of questions: `/safety-interview questions`, and from insights."""

from typing import Any

from slack_bolt import Ack, Respond
from slack_sdk import WebClient
from sqlmodel import Session

from bot import rotation
from bot.errors import Refusal
from bot.store import openings as stored_openings
from bot.store import rotation as stored
from handlers import places
from handlers.here import Here
from handlers.views import rotation as rotation_view
from handlers.views.page import Page

Body = dict[str, Any]

PLANNERS_ONLY = (
    "Only who coordinates or decides on an opening sees how questions are used, and marks leaked "
    "ones. Tell your coordinator which question is known outside."
)


def command(ack: Ack, _: Body, __: WebClient, here: Here) -> None:
    ack(_page(here, 0).message())


def show(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, here: Here
) -> None:
    value = str(action.get("value", ""))
    number = int(value) if value.isdigit() and len(value) < 4 else 0
    places.show(_page(here, number), body, respond, client)
    ack()


def ask_mark(ack: Ack, body: Body, client: WebClient, here: Here) -> None:
    with here.db.begin() as session:
        _require_planner(session, here)
        marked = stored.marked(session, here.team_id)
    places.open_window(rotation_view.form(here.bank, marked), body, client)
    ack()


def mark(ack: Ack, view: Body, here: Here) -> None:
    chosen = view["state"]["values"].get("question", {}).get("question", {}).get("selected_option")
    question = here.bank.questions.get(str((chosen or {}).get("value", "")))
    if question is None:
        raise Refusal("That question is not in the bank. `/safety-interview questions` lists all.")
    with here.db.begin() as session:
        _require_planner(session, here)
        if stored.mark(session, here.team_id, question.id, here.user_id, here.now):
            here.note(session, "question marked as leaked", question.id)
    here.current.look()
    ack(response_action="update", view=rotation_view.done(question))


def unmark(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, here: Here
) -> None:
    with here.db.begin() as session:
        _require_planner(session, here)
        if stored.unmark(session, here.team_id, action["value"]):
            here.note(session, "question no longer marked as leaked", action["value"])
    here.current.look()
    places.show(_page(here, 0, "It is asked in its own words again."), body, respond, client)
    ack()


def _page(here: Here, number: int, told: str = "") -> Page:
    since = rotation.since(here.bank.insights, here.now)
    with here.db.begin() as session:
        _require_planner(session, here)
        found = stored.usage(session, here.team_id, since)
        marked = stored.marked(session, here.team_id)
    return rotation_view.page(here.bank, found, marked, number, told)


def _require_planner(session: Session, here: Here) -> None:
    """Raises Refusal for who plans no opening of the team."""
    if not stored_openings.titles(session, here.team_id, here.user_id):
        raise Refusal(PLANNERS_ONLY)
