"""The echo of a hire: owed when it is decided, asked half a year later, answered by the manager."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from sqlmodel import Session

from bot import echo, plans
from bot.content import Bank
from bot.content.insights import InsightPolicy
from bot.errors import Refusal
from bot.panels import Panel
from bot.records import Echo, Notice
from bot.store import echo as stored
from bot.store import notices, panels
from handlers import places
from handlers.here import Here
from handlers.outgoing import Outgoing
from handlers.views import echo as echo_view

Body = dict[str, Any]

NOT_YOURS = (
    "That question is for the hiring manager who decided. What they say counts in insights, "
    "without a name."
)


def owe(session: Session, panel: Panel, manager: str, level: str, decided_at: datetime) -> None:
    """Have the manager asked, half a year after a decision to hire (where the team waits longer,
    it is put off then). The notice is about the echo rather than the loop: that holds no name, so
    it outlives the candidate's data."""
    found = stored.begin(session, panel.loop, manager, level, decided_at)
    where = (panel.loop.team_id, "echo", manager, found.id)
    notices.owe(session, *where, echo.due_at(InsightPolicy(), decided_at))


class Echoes:
    def __init__(self, bank: Callable[[], Bank]) -> None:
        self._bank = bank

    def ask(self, session: Session, notice: Notice, now: datetime) -> Outgoing | None:
        """Nothing when it was answered, asked of somebody else meanwhile, or is no hire any more;
        later when it was decided anew."""
        found = stored.echo(session, notice.team_id, notice.subject)
        if found is None or found.known or found.manager != notice.recipient:
            return None
        if stored.hired_at(session, found.team_id, found.loop_id) is None:
            return None
        if not echo.asked(stored.assessed(session, found.team_id, found.loop_id)):
            return None
        due = echo.due_at(self._bank().insights, found.decided_at)
        if due > now:
            notices.owe(session, notice.team_id, "echo", notice.recipient, found.id, due)
            return None
        panel = panels.find(session, found.team_id, found.loop_id)
        said = echo_view.ask(found, plans.shown(panel.opening, panel.loop), panel.opening.title)
        return Outgoing(said["text"], said["blocks"])


def open_form(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    with here.db.begin() as session:
        found = _mine(session, here, action["value"])
        about = echo.asked(stored.assessed(session, here.team_id, found.loop_id))
        panel = panels.find(session, here.team_id, found.loop_id)
    shown = plans.shown(panel.opening, panel.loop)
    places.open_window(echo_view.form(here.bank, found, shown, about), body, client)
    ack()


def save(ack: Ack, view: Body, here: Here) -> None:
    typed = echo_view.read(view["state"]["values"])
    knows = typed.get(echo_view.TRIED) == "yes"
    with here.db.begin() as session:
        found = _mine(session, here, view["private_metadata"], alone=True)
        about = echo.asked(stored.assessed(session, here.team_id, found.loop_id))
        answers = echo.read(typed, about) if knows else {}
        if answers is not None:
            stored.answer(session, found, answers, about, here.now)
            here.note(session, "echo answered", found.id)
    if answers is None:
        left = [str(each.area) for each in about if each.area not in typed]
        told = "Choose one, or “I have not seen it”."
        ack(response_action="errors", errors=dict.fromkeys(left or [echo_view.TRIED], told))
        return
    ack(response_action="update", view=echo_view.saved(known=knows))


def _mine(session: Session, here: Here, echo_id: str, *, alone: bool = False) -> Echo:
    """Raises Refusal for anybody but the manager who decided, and before it is due."""
    found = stored.echo(session, here.team_id, echo_id, alone=alone)
    if found is None or found.manager != here.user_id:
        raise Refusal(NOT_YOURS)
    if stored.hired_at(session, here.team_id, found.loop_id) is None:
        raise Refusal("That decision was reopened, and nobody is hired by it.")
    if echo.due_at(here.bank.insights, found.decided_at) > here.now:
        raise Refusal("It is too early to say. I ask you half a year after the decision.")
    return found
