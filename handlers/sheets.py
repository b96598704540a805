"""Buttons and menus of an interview sheet."""

from typing import Any

from slack_bolt import Ack, Respond
from slack_sdk import WebClient

from bot import sheets
from bot.content import Bank
from bot.errors import Refusal
from bot.sheets import Sheet
from handlers import places
from handlers.bank import CurrentBank
from handlers.views import rubric as rubric_view
from handlers.views import sharing as sharing_view
from handlers.views import sheet as sheet_view

Body = dict[str, Any]


def open_sheet(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, bank: Bank
) -> None:
    """Show the sheet that a button names, in place of what the button stands on."""
    _show(sheets.read(action["value"]), body, respond, client, bank)
    ack()


def choose(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, current: CurrentBank
) -> None:
    """A question's menu: another question, copy the words to ask, share with the channel."""
    verb, _, rest = action["selected_option"]["value"].partition("|")
    if verb == "another":
        _show(sheets.read(rest), body, respond, client, current.bank)
        ack()
        return
    question, level = current.as_given(sheets.given(rest))
    if verb == "copy":
        view = sharing_view.words(question)
    elif verb == "share" and body.get("response_url"):
        view = sharing_view.preview(current.bank, question, level, body["response_url"])
    else:
        raise Refusal(sheets.OUTDATED)
    client.views_open(trigger_id=body["trigger_id"], view=view)
    ack()


def open_rubric(
    ack: Ack, action: Body, body: Body, client: WebClient, current: CurrentBank
) -> None:
    question, level = current.as_given(sheets.given(action["value"]))
    note = rubric_view.changed(current.bank, question)
    view = rubric_view.modal(current.bank, question, level, note)
    places.open_window(view, body, client)
    ack()


def switch_level(
    ack: Ack, action: Body, body: Body, client: WebClient, current: CurrentBank
) -> None:
    """Redraw a rubric for another level, in place.

    A question of one level has no rubric at another: the same area's question stands in.
    """
    bank, wanted = current.bank, sheets.given(action["value"])
    level, question = wanted.level, current.find(wanted)
    if question is None:
        raise Refusal(sheets.OUTDATED)
    note = rubric_view.changed(bank, question)
    if level not in question.levels:
        asked_at = bank.levels[question.levels[0]].title
        note = f"“{question.title}” is asked at {asked_at} only. This is the area's question here."
        question = next(iter(bank.units(level, question.area)), None)
        if question is None:
            raise Refusal(f"There is no question of this area at {bank.levels[level].title} yet.")
    places.redraw(rubric_view.modal(bank, question, level, note), body, client)
    ack()


def _show(sheet: Sheet, body: Body, respond: Respond, client: WebClient, bank: Bank) -> None:
    page = sheet_view.page(bank, sheet, sharing=not places.on_home(body))
    places.show(page, body, respond, client)
