"""The plan of a loop: its rounds, what each asks, and how the minutes add up."""

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ContainerBlock,
    ContextBlock,
    HeaderBlock,
    SectionBlock,
    StaticSelectMenu,
    Text,
)

from bot.content import Area, Bank, Level, Specialization
from bot.kits import Kit, Line, LoopKits
from handlers.views import rubric as rubric_view
from handlers.views.page import Page
from handlers.views.text import choice, count, escape


def plan(bank: Bank, loop: LoopKits) -> Page:
    title = _title(bank, loop)
    return Page(
        title,
        [
            HeaderBlock(title),
            SectionBlock(_summary(bank, loop)),
            _choice(bank, loop),
            *(_round(bank, loop.level, kit) for kit in loop.kits),
            ContextBlock([Text(_fine_print(loop))]),
        ],
    )


def _title(bank: Bank, loop: LoopKits) -> str:
    level = bank.levels[loop.level].title
    if loop.specialization is Specialization.NONE:
        return f"{level} loop"
    return f"{level} loop · {bank.specializations[loop.specialization].title}"


def _summary(bank: Bank, loop: LoopKits) -> str:
    questions = sum(len(kit.questions) for kit in loop.kits)
    minutes = sum(kit.minutes for kit in loop.kits)
    reach = []
    for area in bank.levels[loop.level].must_reach:
        where = [_short(kit) for kit in loop.kits if area in _areas(kit)]
        reach.append(f"{bank.areas[area].title} ({', '.join(where) or 'nowhere'})")
    missing = [
        bank.areas[area].title
        for area in Area
        if area is not Area.RECRUITER_SCREEN and area not in loop.areas
    ]
    length = f"{minutes // 60} h {minutes % 60:02} min"
    lines = [
        f"{len(loop.kits)} rounds · {questions} questions · {length}",
        f"*Must reach 3 in:* {escape(', '.join(reach))}",
    ]
    if missing:
        lines.append(f"*No question on:* {escape(', '.join(missing))}")
    return "\n".join(lines)


def _short(kit: Kit) -> str:
    return kit.title.partition(",")[0]


def _areas(kit: Kit) -> set[Area]:
    return {question.area for question in kit.questions}


def _choice(bank: Bank, loop: LoopKits) -> ActionsBlock:
    """The same plan at each level, and a menu of specializations."""
    special = loop.specialization
    options = {
        each: choice(
            "Core only" if each is Specialization.NONE else card.title, f"{loop.level}|{each}"
        )
        for each, card in bank.specializations.items()
    }
    buttons = [
        Button(
            card.title,
            action_id=f"kit_open_{level}",
            value=f"{level}|{special}",
            style="primary" if level is loop.level else None,
            accessibility_label=f"Show the {card.title} loop",
        )
        for level, card in bank.levels.items()
    ]
    menu = StaticSelectMenu(
        action_id="kit_choose",
        placeholder="Specialization",
        options=list(options.values()),
        initial_option=options[special],
    )
    return ActionsBlock([*buttons, menu], block_id="kit_choice")


def _round(bank: Bank, level: Level, kit: Kit) -> ContainerBlock:
    """One round, closed until somebody opens it."""
    titles = dict.fromkeys(bank.areas[question.area].title for question in kit.questions)
    children: list[Block] = [ContextBlock([Text(_agenda(bank, kit))])]
    for line in kit.lines:
        children += _asked(level, line)
    return ContainerBlock(
        children[:10],
        title=f"{kit.title} · {kit.minutes} min",
        subtitle=f"{count(len(kit.questions), 'question')}: {', '.join(titles) or 'none'}"[:150],
        is_collapsible=True,
        default_collapsed=True,
        block_id=f"kit_{kit.id}",
    )


def _agenda(bank: Bank, kit: Kit) -> str:
    """Minute by minute: where each part starts."""
    parts, at = [], 0
    for line in kit.lines:
        name = line.talk or (bank.areas[line.question.area].title if line.question else "—")
        parts.append(f"{at}′ {name}")
        at += line.minutes
    if kit.spare:
        parts.append(f"{at}′ spare")
    return escape(" · ".join(parts))


def _asked(level: Level, line: Line) -> list[Block]:
    if line.missing:
        area = line.missing.replace("_", " ")
        return [SectionBlock(f"The bank has no question on *{escape(area)}* left that fits here.")]
    question = line.question
    if question is None:
        return []
    return [
        SectionBlock(
            f"*{escape(question.title)}* · {line.minutes} min\n>{escape(question.words)}",
            block_id=f"kit_{question.id}",
        ),
        # Not beside the words: on a phone that would leave half of the width for them.
        ActionsBlock([rubric_view.opener(question, level)], block_id=f"actions_{question.id}"),
    ]


def _fine_print(loop: LoopKits) -> str:
    return (
        f"Kit {loop.id}. The same questions in the same order for every candidate of an opening; "
        "no question stands twice. Minutes count follow-ups."
    )
