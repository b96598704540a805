"""The plan of a loop at another level or for another specialization."""

from typing import Any

from slack_bolt import Ack, Respond
from slack_sdk import WebClient

from bot import kits
from bot.content import Bank, Level, Specialization
from bot.errors import Refusal
from bot.sheets import OUTDATED
from handlers import places
from handlers.views import kit as kit_view

Body = dict[str, Any]


def open_plan(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, bank: Bank
) -> None:
    """Show the plan that a button or a menu names, in place of what it stands on."""
    code = (action.get("selected_option") or action)["value"]
    level, _, special = code.partition("|")
    try:
        loop = kits.compose(bank, Level(level), Specialization(special))
    except ValueError:
        raise Refusal(OUTDATED) from None
    places.show(kit_view.plan(bank, loop), body, respond, client)
    ack()
