"""The guide's menus: another topic, and the questions that test a fact."""

from typing import Any

from slack_bolt import Ack, Respond
from slack_sdk import WebClient

from bot import guide
from bot.content import Bank
from bot.errors import Refusal
from bot.sheets import OUTDATED
from handlers import places
from handlers.views import found as found_view
from handlers.views import guide as guide_view

Body = dict[str, Any]


def open_topic(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, bank: Bank
) -> None:
    name = (action.get("selected_option") or action)["value"]
    if name not in guide.TOPICS:
        raise Refusal(OUTDATED)
    places.show(guide_view.page(bank, name), body, respond, client)
    ack()


def open_questions(ack: Ack, action: Body, body: Body, client: WebClient, bank: Bank) -> None:
    key = action["selected_option"]["value"]
    fact = bank.guide.facts.get(key)
    if fact is None:
        raise Refusal(OUTDATED)
    places.open_window(found_view.listed(bank, fact, guide.testing(bank, key)), body, client)
    ack()
