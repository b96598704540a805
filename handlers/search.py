"""Search: its window, and turning the pages of what it found."""

from typing import Any

from slack_bolt import Ack, Respond
from slack_sdk import WebClient

from bot import finding
from bot.content import Bank
from bot.errors import Refusal
from bot.sheets import OUTDATED
from handlers import places
from handlers.views import found as found_view

Body = dict[str, Any]


def open_window(ack: Ack, body: Body, client: WebClient) -> None:
    client.views_open(trigger_id=body["trigger_id"], view=found_view.window())
    ack()


def submit(ack: Ack, view: Body, bank: Bank) -> None:
    """Answer in the window, below what was typed, so that it can be changed and sent again."""
    query = view["state"]["values"]["query"]["query"]["value"] or ""
    found = finding.find(bank, query)
    ack(response_action="update", view=found_view.window(query, bank, found))


def turn(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, bank: Bank
) -> None:
    first, _, query = action["value"].partition("|")
    if not first.isdecimal():
        raise Refusal(OUTDATED)
    page = found_view.page(bank, query, finding.find(bank, query), int(first))
    places.show(page, body, respond, client)
    ack()
