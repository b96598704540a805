"""Share a question with a channel, and take it back."""

import json
from typing import Any
from urllib.parse import urlsplit

from slack_bolt import Ack, Respond
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot import sheets
from bot.errors import Refusal
from handlers import events
from handlers.bank import CurrentBank
from handlers.here import Here
from handlers.views import sharing as sharing_view

Body = dict[str, Any]


def share(
    ack: Ack, view: Body, body: Body, client: WebClient, current: CurrentBank, here: Here
) -> None:
    """Post the previewed question where the sheet was asked for. The modal closes once it is in."""
    try:
        kept = json.loads(view["private_metadata"])
        code, url = str(kept["given"]), kept["response_url"]
    except (ValueError, TypeError, KeyError):
        raise Refusal(sheets.OUTDATED) from None
    question, at = current.as_given(sheets.given(code))
    if not _is_slack(url, client.base_url):
        raise Refusal(sheets.OUTDATED)
    with here.db.begin() as session:
        if not events.form_is_new(session, here, view):
            ack()
            return
    answer = WebhookClient(url, timeout=2).send_dict(
        sharing_view.post(current.bank, question, at, body["user"]["id"])
    )
    if answer.status_code == 200:
        ack()
        return
    with here.db.begin() as session:
        events.undone(session, here, view)
    ack(response_action="update", view=sharing_view.failed())


def remove(ack: Ack, action: Body, body: Body, respond: Respond) -> None:
    """Only who shared a question takes it back."""
    if action["value"] != body["user"]["id"]:
        raise Refusal(f"Only <@{action['value']}>, who shared this question, can remove it.")
    respond({"delete_original": True})
    ack()


def _is_slack(url: str, base_url: str) -> bool:
    """Whether `url` leads to Slack or to the server that stands in for it: a forged address must
    not make the bot call somebody else."""
    there, ours = urlsplit(url), urlsplit(base_url)
    if (there.scheme, there.hostname) == ("https", "hooks.slack.com"):
        return True
    return (there.scheme, there.netloc) == (ours.scheme, ours.netloc)
