"""Buttons and menus of an interview sheet."""

from typing import Any

from slack_bolt import Ack, Respond
from slack_sdk import WebClient

from bot import sheets
from bot.content import Bank
from bot.errors import Refusal
from bot.sheets import Sheet
from handlers.views import home as home_view
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
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, bank: Bank
) -> None:
    """A question's menu: another question, copy the words to ask, share with the channel."""
    verb, _, rest = action["selected_option"]["value"].partition("|")
    if verb == "another":
        _show(sheets.read(rest), body, respond, client, bank)
        ack()
        return
    question, level = sheets.asked(bank, *_pair(rest))
    if verb == "copy":
        view = sharing_view.words(question)
    elif verb == "share" and body.get("response_url"):
        view = sharing_view.preview(bank, question, level, body["response_url"])
    else:
        raise Refusal(sheets.OUTDATED)
    client.views_open(trigger_id=body["trigger_id"], view=view)
    ack()


def open_rubric(ack: Ack, action: Body, body: Body, client: WebClient, bank: Bank) -> None:
    question, level = sheets.asked(bank, *_pair(action["value"]))
    client.views_open(trigger_id=body["trigger_id"], view=rubric_view.modal(bank, question, level))
    ack()


def switch_level(ack: Ack, action: Body, body: Body, client: WebClient, bank: Bank) -> None:
    """Redraw a rubric for another level, in place.

    A question of one level has no rubric at another: the same area's question stands in.
    """
    question_id, wanted = _pair(action["value"])
    if wanted not in bank.levels:
        raise Refusal(sheets.OUTDATED)
    level = next(known for known in bank.levels if known == wanted)
    question = bank.questions.get(question_id)
    note = ""
    if question is None:
        raise Refusal(sheets.OUTDATED)
    if level not in question.levels:
        asked_at = bank.levels[question.levels[0]].title
        note = f"“{question.title}” is asked at {asked_at} only. This is the area's question here."
        question = next(iter(bank.units(level, question.area)), None)
        if question is None:
            raise Refusal(f"There is no question of this area at {bank.levels[level].title} yet.")
    view = body["view"]
    client.views_update(
        view_id=view["id"],
        hash=view["hash"],
        view=rubric_view.modal(bank, question, level, note),
    )
    ack()


def _pair(value: str) -> tuple[str, str]:
    question_id, _, level = value.partition("|")
    return question_id, level


def _show(sheet: Sheet, body: Body, respond: Respond, client: WebClient, bank: Bank) -> None:
    if (body.get("view") or {}).get("type") == "home":
        client.views_publish(user_id=body["user"]["id"], view=home_view.home(bank, sheet))
        return
    shown = sheet_view.message(bank, sheet)
    respond(text=shown["text"], blocks=shown["blocks"], replace_original=True)
