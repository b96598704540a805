"""Where an answer goes: in place of the message or the Home that was clicked on."""

from typing import Any

from slack_bolt import Ack, Respond
from slack_sdk import WebClient

from handlers.views import home as home_view
from handlers.views.page import Page

Body = dict[str, Any]


def on_home(body: Body) -> bool:
    return (body.get("view") or {}).get("type") == "home"


def show(page: Page, body: Body, respond: Respond, client: WebClient) -> None:
    if on_home(body):
        client.views_publish(user_id=body["user"]["id"], view=home_view.instead(page))
        return
    shown = page.message()
    respond(text=shown["text"], blocks=shown["blocks"], replace_original=True)


def tell(text: str, body: Body, respond: Respond, client: WebClient) -> None:
    """Say `text` to the person who pressed, alone: beside the message, or in a window."""
    if body.get("response_url"):
        respond(text=text, response_type="ephemeral", replace_original=False)
    else:
        open_window(home_view.sentence_modal(text), body, client)


def show_alone(page: Page, body: Body, respond: Respond, client: WebClient) -> None:
    """Show a page to the person who pressed, alone: beside the message, or in place of Home."""
    if on_home(body):
        show(page, body, respond, client)
        return
    shown = page.message()
    respond(
        text=shown["text"], blocks=shown["blocks"],
        response_type="ephemeral", replace_original=False,
    )  # fmt: skip


def open_window(view: dict[str, Any], body: Body, client: WebClient) -> None:
    """Open a modal, or push it upon the one that was clicked on."""
    if (body.get("view") or {}).get("type") == "modal":
        client.views_push(trigger_id=body["trigger_id"], view=view)
    else:
        client.views_open(trigger_id=body["trigger_id"], view=view)


def redraw(view: dict[str, Any], body: Body, client: WebClient) -> None:
    """Show `view` in the modal that was clicked in. Raises SlackApiError (hash_conflict) when that
    has changed meanwhile."""
    seen = body["view"]
    client.views_update(view_id=seen["id"], hash=seen["hash"], view=view)


def close_onto(shown: dict[str, Any], ack: Ack, view: Body, client: WebClient) -> None:
    """Close the form `view`; the modal below it shows what it did. Without one, the form does."""
    below = view.get("previous_view_id")
    if below:
        ack()
        client.views_update(view_id=below, view=shown)
    else:
        ack(response_action="update", view=shown)
