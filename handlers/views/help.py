"""What the bot can do, as buttons that do it; and what to press when words were not understood."""

from collections.abc import Iterable, Sequence
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ContextBlock,
    MessageResponse,
    SectionBlock,
    Text,
)

from bot.asking import Asked, Meaning
from bot.content import Area, Bank, Level, Specialization
from bot.sheets import Sheet
from handlers.views.page import Page
from handlers.views.text import escape

Payload = dict[str, Any]

WHAT_FOR = "*Interview questions with rubrics*, for hiring AI Safety Engineers. Pick a level:"
HOW = (
    "Or type it: `/safety-interview senior`, `… mid system design`, `… staff llm`, "
    "`… find prompt injection`, `… kit senior llm`, `… guide`, `… pay senior`; and to hire: "
    "`… open`, `… plan`, `… loops`, `… nudges`, `… debrief`, `… hours`; and to learn: "
    "`… calibrate`, `… mirror`, `… insights`, `… questions`. "
    "Only you see the answer."
)


def page(bank: Bank) -> Page:
    return Page(
        "What I can do",
        [
            SectionBlock(WHAT_FOR),
            _buttons(bank, [Sheet(level) for level in Level], "help_levels"),
            more(),
            ContextBlock([Text(HOW)]),
        ],
    )


def more() -> ActionsBlock:
    """Everything besides the sheets."""
    return ActionsBlock(
        [
            Button("Find a question", action_id="find_open"),
            Button("Kits of a loop", action_id="kit_open", value=f"{Level.SENIOR}|none"),
            Button("Hiring guide", action_id="guide_open", value="levels"),
            Button("Pay", action_id="guide_pay", value="pay"),
            Button("Openings", action_id="opening_list"),
        ],
        block_id="help_more",
    )


def question_back(
    bank: Bank,
    asked: Asked,
    near: dict[str, tuple[Meaning, ...]],
    verbs: Sequence[str] = (),
) -> Payload:
    """Say what was not understood, and offer what may have been meant as buttons.

    `near` gives for each unknown word what it may stand for, likeliest first; `verbs` are the
    commands that it may be a misspelling of.
    """
    sentences = [_not_known(word) for word in asked.unknown]
    sentences += [
        f"*{escape(word)}* can be an area or a specialization." for word, _, _ in asked.ambiguous
    ]
    for kind, found in (("level", asked.levels), ("area", asked.areas)):
        if len(found) > 1:
            sentences.append(f"I can show one {kind} at a time.")
    if len(asked.specializations) > 1:
        sentences.append("I can show one specialization at a time.")
    if not asked.levels and not sentences:
        sentences.append("For which level?")
    offers = list(dict.fromkeys(_offers(asked, near)))[:10]
    sentences += [f"Perhaps you meant `/safety-interview {verb}`." for verb in verbs]
    text = " ".join(sentences)
    built: list[Block] = [SectionBlock(f"{text} Did you mean:" if asked.unknown else text)]
    built.append(_buttons(bank, offers, "offers"))
    return MessageResponse(text=text, blocks=[*built, ContextBlock([Text(HOW)])]).to_dict()


def _not_known(word: str) -> str:
    shown = word if len(word) <= 40 else f"{word[:39]}…"
    return f"I do not know the word *{escape(shown)}*."


def _offers(asked: Asked, near: dict[str, tuple[Meaning, ...]]) -> Iterable[Sheet]:
    """Sheets that fit what was understood together with what may have been meant."""
    guesses: list[Meaning] = [meaning for meanings in near.values() for meaning in meanings]
    for _, area, special in asked.ambiguous:
        guesses += [area, special]
    levels = asked.levels or tuple(guess for guess in guesses if isinstance(guess, Level))
    areas = asked.areas or tuple(guess for guess in guesses if isinstance(guess, Area))
    specials = asked.specializations or tuple(
        guess for guess in guesses if isinstance(guess, Specialization)
    )
    for level in levels or tuple(Level):
        if len(areas) == 1 and len(specials) == 1 and not asked.ambiguous:
            yield Sheet(level, areas[0], specials[0])
            continue
        for area in areas:
            yield Sheet(level, area)
        for special in specials:
            yield Sheet(level, None, special)
        if not areas and not specials:
            yield Sheet(level)


def _buttons(bank: Bank, sheets: list[Sheet], block_id: str) -> ActionsBlock:
    return ActionsBlock(
        [
            Button(_label(bank, sheet), action_id=f"sheet_open_{place}", value=sheet.code)
            for place, sheet in enumerate(sheets)
        ],
        block_id=block_id,
    )


def _label(bank: Bank, sheet: Sheet) -> str:
    parts = [bank.levels[sheet.level].title]
    if sheet.area is not None:
        parts.append(bank.areas[sheet.area].title)
    if sheet.specialization is not Specialization.NONE:
        parts.append(bank.specializations[sheet.specialization].title)
    return " · ".join(parts)
