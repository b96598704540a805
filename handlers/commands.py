"""`/safety-interview …`: answered inside the acknowledgement."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import asking, finding, guide, kits
from bot.content import Area, Bank, Level, Specialization
from bot.errors import Refusal
from bot.sheets import Sheet
from handlers import (
    agendas,
    drills,
    hours,
    imports,
    insights,
    loops,
    mirror,
    openings,
    packets,
    planning,
    rotation,
)
from handlers.here import Here
from handlers.views import found as found_view
from handlers.views import guide as guide_view
from handlers.views import help as help_view
from handlers.views import kit as kit_view
from handlers.views import pay as pay_view
from handlers.views import sheet as sheet_view
from handlers.views.text import escape

Payload = dict[str, Any]


def safety_interview(
    ack: Ack, command: dict[str, str], client: WebClient, bank: Bank, here: Here
) -> None:
    text = command.get("text", "").strip()
    verb, _, rest = text.partition(" ")
    verb = verb.lower()
    if verb in WORK:
        WORK[verb](ack, command, client, here)
    else:
        ack(VERBS.get(verb, _sheet)(bank, rest.strip() if verb in VERBS else text))


def _help(bank: Bank, _: str) -> Payload:
    return help_view.page(bank).message()


def _sheet(bank: Bank, text: str) -> Payload:
    asked = asking.understand(text, bank)
    if not _is_one(asked):
        return _ask_back(bank, asked)
    sheet = Sheet(
        level=asked.levels[0],
        area=next(iter(asked.areas), None),
        specialization=next(iter(asked.specializations), Specialization.NONE),
    )
    return sheet_view.message(bank, sheet, _notes(bank, sheet, asked))


def _kit(bank: Bank, text: str) -> Payload:
    """`kit senior llm`. An area may be typed by its name for a specialization: “alignment”."""
    asked = asking.understand(text, bank)
    if not text:
        return kit_view.plan(bank, kits.compose(bank, Level.SENIOR)).message()
    specials = asked.specializations or tuple(special for _, _, special in asked.ambiguous)
    if len(asked.levels) != 1 or len(specials) > 1 or asked.areas or asked.unknown:
        raise Refusal(KIT_HOW)
    loop = kits.compose(bank, asked.levels[0], next(iter(specials), Specialization.NONE))
    return kit_view.plan(bank, loop).message()


def _guide(bank: Bank, text: str) -> Payload:
    """The topic whose name holds what was typed; the first one otherwise."""
    found = [name for name, topic in guide.TOPICS.items() if _names(name, topic, text.lower())]
    return guide_view.page(bank, found[0] if text and found else guide_view.FIRST).message()


def _names(name: str, topic: guide.Topic, typed: str) -> bool:
    return typed in name or typed in topic.title.lower()


def _pay(bank: Bank, text: str) -> Payload:
    asked = asking.understand(text, bank)
    if len(asked.levels) > 1 or asked.unknown or asked.areas or asked.specializations:
        raise Refusal(PAY_HOW)
    return pay_view.page(bank, next(iter(asked.levels), None)).message()


def _find(bank: Bank, text: str) -> Payload:
    if not text:
        return found_view.help_().message()
    return found_view.page(bank, text, finding.find(bank, text)).message()


def _about(bank: Bank, _: str) -> Payload:
    return guide_view.page(bank, "about").message()


KIT_HOW = (
    "I plan a loop for one level and, if you like, one specialization: "
    "`/safety-interview kit senior` or `/safety-interview kit senior llm`."
)
PAY_HOW = "I know pay by level: `/safety-interview pay senior`, or `/safety-interview pay` for all."

# What is done with the team's own data; each reads what follows the verb in `command["text"]`.
WORK: dict[str, Callable[[Ack, Payload, WebClient, Here], object]] = {
    "open": openings.open_form,
    "openings": lambda ack, _, __, here: ack(openings.listed(here).message()),
    "plan": planning.open_form,
    "import": lambda ack, command, client, _: imports.open_form(ack, command, client),
    "hours": hours.open_form,
    "calibrate": drills.command,
    "mirror": mirror.command,
    "insights": insights.command,
    "questions": rotation.command,
    "loops": lambda ack, _, __, here: ack(loops.listed(here).message()),
    "debrief": packets.command,
    "packet": packets.command,
    "nudges": lambda ack, command, _, here: agendas.command(ack, command, here),
    "status": lambda ack, _, __, here: ack(loops.listed(here).message()),
}
# What the bank answers, to anybody who may see it.
VERBS: dict[str, Callable[[Bank, str], Payload]] = {
    "": _help,
    "help": _help,
    "?": _help,
    "kit": _kit,
    "kits": _kit,
    "loop": _kit,
    "guide": _guide,
    "pay": _pay,
    "salary": _pay,
    "find": _find,
    "search": _find,
    "about": _about,
}


def _is_one(asked: asking.Asked) -> bool:
    """Whether `asked` names exactly one sheet."""
    single = len(asked.levels) == 1 and len(asked.areas) <= 1 and len(asked.specializations) <= 1
    return single and not asked.unknown and not asked.ambiguous


def _ask_back(bank: Bank, asked: asking.Asked) -> Payload:
    near, typed = {word: asking.nearest(word, bank) for word in asked.unknown}, [*VERBS, *WORK]
    verbs = [verb for word in asked.unknown for verb in get_close_matches(word.lower(), typed, n=1)]
    return help_view.question_back(bank, asked, near, verbs)


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
