"""The index: every request, and who answers it."""

import re
from collections.abc import Callable

from slack_bolt import App, BoltContext, BoltResponse

from bot.content import Bank
from handlers import commands, home, sharing, sheets
from handlers.errors import explain
from handlers.events import Once
from handlers.people import Clock, Doorkeeper


def register(app: App, bank: Bank, now: Clock) -> None:
    """Bind every handler to `app`. Bolt gives `bank` to any handler that names it."""

    @app.use
    def supply(context: BoltContext, next_: Callable[[], BoltResponse]) -> BoltResponse:
        context["bank"] = bank
        return next_()

    app.use(Once())
    app.use(Doorkeeper(now))
    app.error(explain)

    app.command("/safety-interview")(commands.safety_interview)
    app.action(re.compile(r"^sheet_open_"))(sheets.open_sheet)
    app.action("question_menu")(sheets.choose)
    app.action("rubric_open")(sheets.open_rubric)
    app.action(re.compile(r"^rubric_level_"))(sheets.switch_level)
    app.view("question_share")(sharing.share)
    app.view("words_copied")(lambda ack: ack())
    app.action("shared_remove")(sharing.remove)
    app.event("app_home_opened")(home.opened)
