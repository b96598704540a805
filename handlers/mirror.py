"""One's own mirror. Whose it is comes from what Slack signed: nothing in a button names anybody."""

from typing import Any

from slack_bolt import Ack, Respond
from slack_sdk import WebClient

from bot.store import mirror as stored
from handlers import places
from handlers.here import Here
from handlers.views import mirror as view
from handlers.views.page import Page

Body = dict[str, Any]


def command(ack: Ack, _: Body, __: WebClient, here: Here) -> None:
    ack(_page(here).message())


def show(ack: Ack, body: Body, respond: Respond, client: WebClient, here: Here) -> None:
    places.show(_page(here), body, respond, client)
    ack()


def _page(here: Here) -> Page:
    within = here.bank.scorecard.training.within
    with here.db.begin() as session:
        found = stored.own(session, here.team_id, here.user_id, within)
    return view.page(found, here.bank.insights.fewest)
