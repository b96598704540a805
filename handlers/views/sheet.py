"""The interview sheet: a level card, then the questions, short enough for a phone."""

from functools import lru_cache
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ContainerBlock,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    Option,
    OverflowMenu,
    SectionBlock,
    Text,
)

from bot.content import Bank, Level, Question, Specialization
from bot.sheets import Given, Sheet, Unit, units
from handlers.views import rubric as rubric_view
from handlers.views.page import Page
from handlers.views.text import bullets, escape

Payload = dict[str, Any]


@lru_cache(maxsize=1024)
def message(bank: Bank, sheet: Sheet, note: str = "") -> Payload:
    """The sheet as a message for one person. Made once for each content and sheet."""
    return page(bank, sheet, note).message()


def page(bank: Bank, sheet: Sheet, note: str = "", *, sharing: bool = True) -> Page:
    """`note` is a sentence above the sheet; without `sharing` no channel is there to share with."""
    return Page(_title(bank, sheet), _blocks(bank, sheet, note, sharing=sharing))


def _blocks(bank: Bank, sheet: Sheet, note: str, *, sharing: bool) -> list[Block]:
    shown = units(bank, sheet)
    top: list[Block] = [ContextBlock([Text(note)])] if note else []
    top += [
        HeaderBlock(_title(bank, sheet)),
        SectionBlock(_level_card(bank, sheet.level), block_id="level_card"),
        _expected(bank, sheet.level),
        levels(bank, sheet),
        DividerBlock(),
    ]
    if not shown:
        return [*top, SectionBlock(_nothing(bank, sheet))]
    questions = [block for unit in shown for block in _unit(bank, sheet, unit, sharing=sharing)]
    return [*top, *questions, DividerBlock(), *_flags(bank, shown)]


def levels(bank: Bank, sheet: Sheet) -> ActionsBlock:
    """The same sheet at each level; the one shown stands out."""
    return ActionsBlock(
        [
            Button(
                card.title,
                action_id=f"sheet_open_{level}",
                value=Sheet(level, sheet.area, sheet.specialization).code,
                style="primary" if level is sheet.level else None,
                accessibility_label=f"Show the {card.title} sheet",
            )
            for level, card in bank.levels.items()
        ],
        block_id="levels",
    )


def _title(bank: Bank, sheet: Sheet) -> str:
    parts = [f"{bank.levels[sheet.level].title} interview sheet"]
    if sheet.area is not None:
        parts.append(bank.areas[sheet.area].title)
    if sheet.specialization is not Specialization.NONE:
        parts.append(bank.specializations[sheet.specialization].title)
    return " · ".join(parts)


def _level_card(bank: Bank, level: Level) -> str:
    card = bank.levels[level]
    reach = ", ".join(bank.areas[area].title.lower() for area in card.must_reach)
    return (
        f"*{escape(card.years)}* · {escape(card.theme)}\n"
        f"*A 3 here:* {escape(card.meets)}\n"
        f"*Must reach 3 in:* {escape(reach)} (a proposal for the panel)"
    )


def _expected(bank: Bank, level: Level) -> ContainerBlock:
    """What the guide says of the level, closed until somebody wants it."""
    first, *traits = bank.guide.section(f"prog.{level}").values()
    duties = tuple(bank.guide.section(f"level.{level}").values())
    text = f"*{escape(first)}*\n{bullets((*traits, *duties))}"
    if not duties:
        text += "\nThe guide has no list of duties for this level."
    return ContainerBlock(
        [SectionBlock(text)],
        title="What the hiring guide expects",
        is_collapsible=True,
        default_collapsed=True,
        block_id="expected",
    )


def _nothing(bank: Bank, sheet: Sheet) -> str:
    area = bank.areas[sheet.area].title if sheet.area else "any area"
    level = bank.levels[sheet.level].title
    return f"The bank has no question on *{escape(area)}* at *{escape(level)}* yet."


def _unit(bank: Bank, sheet: Sheet, unit: Unit, *, sharing: bool) -> list[Block]:
    question = unit.question
    key = Given(question.id, sheet.level, question.version).code
    menu = [Option("Copy the words to ask", value=f"copy|{key}")]
    if unit.others:
        code = sheet.another(question.area).code
        menu.insert(0, Option("Another question", value=f"another|{code}"))
    if sharing:
        menu.append(Option("Share with the channel…", value=f"share|{key}"))
    return [
        SectionBlock(
            f"{_heading(bank, sheet, question)}\n>{escape(question.words)}",
            block_id=f"question_{question.id}",
        ),
        ContextBlock([Text("Listen for: " + " · ".join(map(escape, question.probes)))]),
        ActionsBlock(
            [
                rubric_view.opener(question, sheet.level),
                OverflowMenu(action_id="question_menu", options=menu),
            ],
            block_id=f"actions_{question.id}",
        ),
    ]


def _heading(bank: Bank, sheet: Sheet, question: Question) -> str:
    title, facts = f"*{escape(question.title)}*", f"{question.minutes(sheet.level)} min"
    if question.specialization is not Specialization.NONE:
        facts += f" · {escape(bank.specializations[question.specialization].title)}"
    if sheet.area is not None:  # The sheet's own title names the area.
        return f"{title} · {facts}"
    return f"*{escape(bank.areas[question.area].title)}* · {facts}\n{title}"


def _flags(bank: Bank, shown: list[Unit]) -> list[Block]:
    """The flags that these questions can bring to light: behaviour heard, never a guess."""

    def heard(known: dict[str, str], field: str) -> tuple[str, ...]:
        linked = {key for unit in shown for key in getattr(unit.question, field)}
        return tuple(text for key, text in known.items() if key in linked)

    red = bullets(heard(bank.guide.red_flags, "red_flags"))
    green = bullets(heard(bank.guide.green_flags, "green_flags"))
    parts = [f"*Red flags to listen for*\n{red}" if red else ""]
    parts.append(f"*Green flags to listen for*\n{green}" if green else "")
    told: list[Block] = [SectionBlock(part) for part in parts if part]
    drafts = sum(unit.question.status == "draft" for unit in shown)
    fine_print = "A flag counts only as something you heard; one flag never decides."
    if drafts:
        few = "One of these is a draft, which" if drafts == 1 else f"{drafts} are drafts, which"
        fine_print += f" {few} no second reader has passed yet."
    return [*told, ContextBlock([Text(fine_print)])]
