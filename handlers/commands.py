"""`/safety-interview …`: answered inside the acknowledgement."""

from slack_bolt import Ack

from bot import asking
from bot.content import Area, Bank, Specialization
from bot.sheets import Sheet
from handlers.views import help as help_view
from handlers.views import sheet as sheet_view
from handlers.views.text import escape


def safety_interview(ack: Ack, command: dict[str, str], bank: Bank) -> None:
    text = command.get("text", "").strip()
    if text.lower() in ("", "help", "?"):
        ack(help_view.message(bank))
        return
    asked = asking.understand(text, bank)
    single = len(asked.levels) == 1 and len(asked.areas) <= 1 and len(asked.specializations) <= 1
    if not single or asked.unknown or asked.ambiguous:
        near = {word: asking.nearest(word, bank) for word in asked.unknown}
        ack(help_view.question_back(bank, asked, near))
        return
    sheet = Sheet(
        level=asked.levels[0],
        area=next(iter(asked.areas), None),
        specialization=next(iter(asked.specializations), Specialization.NONE),
    )
    ack(sheet_view.message(bank, sheet, _notes(bank, sheet, asked)))


def _notes(bank: Bank, sheet: Sheet, asked: asking.Asked) -> str:
    """What the person should know about how their words were taken."""
    level = bank.levels[sheet.level].title
    notes = [f"“{escape(word)}” is taken as {level} here." for word in asked.mapped]
    special = sheet.specialization
    if special is not Specialization.NONE and not any(
        question.specialization is special
        for area in ([sheet.area] if sheet.area else Area)
        for question in bank.units(sheet.level, area, special)
    ):
        title = escape(bank.specializations[special].title)
        notes.append(f"There is no {title} question here yet; these are core questions.")
    return " ".join(notes)
