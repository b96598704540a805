"""How often questions were asked, which are worn, and which are known outside."""

from collections.abc import Mapping, Sequence
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    Element,
    HeaderBlock,
    InputBlock,
    ModalView,
    OptionGroup,
    PlainText,
    SectionBlock,
    StaticSelectMenu,
)

from bot.content import Area, Bank, Question
from bot.records import LeakedQuestion
from bot.rotation import Usage, is_worn, spare
from handlers.views import figures
from handlers.views.figures import Rows
from handlers.views.page import Page
from handlers.views.text import choice, escape, label, when

Payload = dict[str, Any]

PER_PAGE = 40  # Rows of the table; the rest is a page away.
MOST_WORN, MOST_MARKED = 8, 15  # Shown with a sentence or a button each.
EMPTY = (
    "No question was asked yet in an interview whose scorecards are open. Once some were, this "
    "shows how often and when, and warns when one is worn."
)


def page(
    bank: Bank,
    found: Mapping[str, Usage],
    marked: Mapping[str, LeakedQuestion],
    number: int,
    told: str = "",
) -> Page:
    """`told` is what was just done."""
    by_use = sorted(found.values(), key=lambda each: (-each.lately, -each.times, each.question))
    pages = max(1, -(-len(by_use) // PER_PAGE))
    number = max(0, min(number, pages - 1))
    blocks: list[Block] = [HeaderBlock("Questions: use and leaks")]
    blocks += [SectionBlock(told)] if told else []
    blocks += _leaks(bank, marked)
    blocks += _worn(bank, by_use, found)
    if by_use:
        part = by_use[number * PER_PAGE : (number + 1) * PER_PAGE]
        blocks += [_table(bank, part, marked), *_pages(number, pages)]
        policy = bank.insights
        blocks.append(
            figures.note(
                f"“Lately”: in the last {policy.worn_months} months. From {policy.worn_after} "
                "times on a question counts as worn, and a new opening gets another where one "
                "fits; of two that fit alike it gets the less asked. Openings that exist keep "
                "theirs: swap it in the opening."
            )
        )
    else:
        blocks.append(SectionBlock(EMPTY))
    return Page("Questions: use and leaks", blocks)


def _leaks(bank: Bank, marked: Mapping[str, LeakedQuestion]) -> list[Block]:
    blocks: list[Block] = []
    for each in sorted(marked.values(), key=lambda one: one.marked_at, reverse=True)[:MOST_MARKED]:
        name = _title(bank, each.question)
        button = Button(
            "Not leaked", action_id="rotation_unmark", value=each.question,
            accessibility_label=label(f"Not leaked: {name}"),
        )  # fmt: skip
        told = (
            f"*{escape(name)}* is marked as leaked, by <@{each.marked_by}> {when(each.marked_at)}. "
            "Its variant is asked instead."
        )
        blocks.append(SectionBlock(told, accessory=button))
    if len(marked) > MOST_MARKED:
        blocks.append(figures.note(f"The newest {MOST_MARKED} of {len(marked)} marked."))
    button = Button("Mark one as leaked…", action_id="rotation_mark", value="mark")
    return [*blocks, ActionsBlock([button], block_id="rotation_mark")]


def _worn(bank: Bank, by_use: Sequence[Usage], found: Mapping[str, Usage]) -> list[Block]:
    worn = [each for each in by_use if is_worn(bank.insights, each)]
    lines = []
    for each in worn[:MOST_WORN]:
        question = bank.questions.get(each.question)
        fresh = spare(bank, question, found)[:2] if question else []
        rather = ", ".join(f"“{escape(_named(bank, one))}”" for one in fresh)
        told = f"•  *{escape(_title(bank, each.question))}*: asked {each.lately} times lately"
        lines.append(told + (f". Rather: {rather}" if rather else ". Nothing could take its place"))
    if not lines:
        return []
    more = f"\nand {len(worn) - MOST_WORN} more" if len(worn) > MOST_WORN else ""
    return [SectionBlock(f":warning: *Worn*\n{chr(10).join(lines)}{more}"[:3000])]


def _table(bank: Bank, found: Sequence[Usage], marked: Mapping[str, LeakedQuestion]) -> Block:
    rows: Rows = []
    for each in found:
        question = bank.questions.get(each.question)
        area = bank.areas[question.area].title if question else "no longer in the bank"
        state = "worn" if is_worn(bank.insights, each) else "fresh enough"
        rows.append(
            [
                figures.text(_title(bank, each.question)),
                figures.text(area),
                figures.number(each.times),
                figures.number(each.lately),
                figures.text(f"{each.last:%Y-%m-%d}"),
                figures.text("leaked" if each.question in marked else state),
            ]
        )
    head = ("Question", "Area", "Asked", "Lately", "Last", "State")
    return figures.table(head, rows, "How often each question was asked, the most asked first")


def _pages(number: int, pages: int) -> list[Block]:
    buttons: list[Element] = []
    if number > 0:
        buttons.append(Button("Earlier page", action_id="rotation_back", value=str(number - 1)))
    if number + 1 < pages:
        buttons.append(Button("Next page", action_id="rotation_next", value=str(number + 1)))
    return [ActionsBlock(buttons, block_id="rotation_pages")] if buttons else []


def _title(bank: Bank, question_id: str) -> str:
    question = bank.questions.get(question_id)
    return question.title if question else question_id


def form(bank: Bank, marked: Mapping[str, LeakedQuestion]) -> Payload:
    """Which question is known outside."""
    groups = []
    for area in Area:
        options = [
            choice(_option(bank, each), each.id)
            for each in bank.questions.values()
            if each.area is area and each.is_asked and each.id not in marked
        ]
        if options:
            groups.append(
                OptionGroup(label=PlainText(bank.areas[area].title), options=options[:100])
            )
    return ModalView(
        title="Leaked question",
        blocks=[
            SectionBlock(
                "From now on its variant is asked everywhere in this workspace, also in openings "
                "that have pinned it. Scores that were given stay with what was asked. You can "
                "undo it."
            ),
            InputBlock(
                "Which question is known outside?",
                StaticSelectMenu(
                    action_id="question", placeholder="Question", option_groups=groups
                ),
                block_id="question",
            ),
        ],
        submit="Mark as leaked",
        close="Cancel",
        callback_id="rotation_marked",
    ).to_dict()


def _option(bank: Bank, question: Question) -> str:
    return label(_named(bank, question))


def _named(bank: Bank, question: Question) -> str:
    levels = "all levels" if len(question.levels) > 1 else bank.levels[question.levels[0]].title
    return f"{question.title} ({levels})"


def done(question: Question) -> Payload:
    """What is asked instead, for who has just marked it."""
    return ModalView(
        title="Leaked question",
        blocks=[
            SectionBlock(
                f"*{escape(question.title)}* is marked. From now on interviewers are given:"
                f"\n>{escape(question.variants[0])}"
            ),
            figures.note("`/safety-interview questions` lists what is marked, and undoes it."),
        ],
        close="Close",
        callback_id="rotation_done",
    ).to_dict()
