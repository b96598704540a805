"""What people see when a handler stops: the reason, or a reference under which it was logged."""

import logging
from http.client import HTTPException
from typing import Any

from slack_bolt import BoltRequest, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient
from sqlalchemy.exc import SQLAlchemyError

from bot import references
from bot.errors import Refusal
from bot.store.disks import Ailment, ailment, reason
from bot.vault import VaultError
from handlers.views import home as home_view

log = logging.getLogger(__name__)

Body = dict[str, Any]
# A call that Slack did not answer, or not to its end: refused, reset, timed out, broken off.
NO_ANSWER = (SlackClientError, OSError, HTTPException)
NOT_SAVED = "I could not save or read this just now. Please press again"
TELL = "Please tell whoever runs me, and press again once they say so"
AILING = {
    Ailment.FULL: f"The disk on which I keep everything is full, so I could not save this. {TELL}",
    Ailment.READ_ONLY: f"I may not write to my database just now, so I could not save this. {TELL}",
    Ailment.DAMAGED: f"My database is damaged, so I could not save or read this. {TELL}",
}
NO_KEY = (
    "I have not got the key that this was encrypted with, so I could not read or save it. "
    "Please tell whoever runs me that DATA_KEYS lacks one"
)
NO_SLACK = "Slack did not answer me just now, so nothing has changed. Please try again"
BROKEN = "Something went wrong on my side. Please try again"


def explain(error: Exception, request: BoltRequest) -> BoltResponse:
    """Tell the person who asked, and acknowledge: Slack would show its own error otherwise."""
    text = _sentence(error)
    body: Body = request.body
    if "command" in body:
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": text})
    if body.get("type") == "view_submission":
        field = _first_input(body["view"])
        if field and not isinstance(error, Refusal):
            # The form stays open with all that was typed: it is sent again with one press.
            errors = {field: f"{text} What you typed is still here."}
            return BoltResponse(status=200, body={"response_action": "errors", "errors": errors})
        view = home_view.sentence_modal(text)
        return BoltResponse(status=200, body={"response_action": "update", "view": view})
    try:
        _tell(request.context.client, body, text)
    except NO_ANSWER as unheard:
        log.warning("could not tell why a request was refused: %s", type(unheard).__name__)
    return BoltResponse(status=200, body="")


def _sentence(error: Exception) -> str:
    match error:
        case Refusal():
            return str(error)
        case SlackApiError() if error.response.get("error") in ("hash_conflict", "not_found"):
            return "That window has changed meanwhile. Please try again."
        case SlackApiError() if error.response.get("error") in (
            "expired_trigger_id",
            "exchanged_trigger_id",
        ):
            references.failed("slow")
            log.warning("too slow for Slack: %s", error.response.get("error"))
            return "That took too long, so Slack no longer lets me open a window. Press again."
        case SlackApiError():
            log.error("Slack refused a call: %s", error.response.get("error"))
            return _referred(NO_SLACK, "slack")
        case SlackClientError() | OSError() | HTTPException():
            log.warning("Slack did not answer a call: %s", type(error).__name__)
            return _referred(NO_SLACK, "slack")
        case SQLAlchemyError():
            log.error("the database cannot be used: %s", reason(error))
            return _referred(AILING.get(ailment(error), NOT_SAVED), "database")
        case VaultError():
            log.error("a key is missing: %s", error)
            return _referred(NO_KEY, "database")
    # The traceback names code, not what anybody typed; the message could, so it is left out.
    log.error("it broke: %s", type(error).__name__, exc_info=_without_text(error))
    return _referred(BROKEN, "bug")


def _referred(sentence: str, trouble: str) -> str:
    """With the reference that stands in the log lines of this request."""
    return f"{sentence}; the reference is {references.failed(trouble)}."


def _first_input(view: Body) -> str:
    """The id of its first field; "" for a view without any."""
    inputs = (block["block_id"] for block in view["blocks"] if block["type"] == "input")
    return next(inputs, "")


def _without_text(error: Exception) -> Exception:
    return RuntimeError(type(error).__name__).with_traceback(error.__traceback__)


def _tell(client: WebClient, body: Body, text: str) -> None:
    view = body.get("view") or {}
    if body.get("response_url"):
        WebhookClient(body["response_url"], timeout=2).send_dict(
            {"response_type": "ephemeral", "replace_original": False, "text": text}
        )
    elif view.get("type") == "modal":
        client.views_push(trigger_id=body["trigger_id"], view=home_view.sentence_modal(text))
    elif body.get("trigger_id"):
        client.views_open(trigger_id=body["trigger_id"], view=home_view.sentence_modal(text))
    elif (event := body.get("event") or {}).get("type") == "app_home_opened":
        client.views_publish(user_id=event["user"], view=home_view.sentence(text))
