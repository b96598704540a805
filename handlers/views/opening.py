"""An opening: its form, its page, and the kits that are pinned for it."""

from collections.abc import Sequence
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    Confirm,
    ContextBlock,
    ConversationFilter,
    ConversationSelectMenu,
    DividerBlock,
    Element,
    HeaderBlock,
    InputBlock,
    ModalView,
    PlainTextInput,
    RadioButtonGroup,
    SectionBlock,
    StaticSelectMenu,
    Text,
    UserMultiSelectMenu,
    UserSelectMenu,
)

from bot.content import Bank, Level, Question, Specialization
from bot.openings import KEEP_MONTHS, MOST_COORDINATORS, SHOWN_AS, Choice, Kit, words
from bot.records import Opening
from handlers.views import rubric as rubric_view
from handlers.views.page import Page
from handlers.views.text import choice, count, escape

Payload = dict[str, Any]

MOST_LISTED = 20  # A message holds 50 blocks, and each opening takes two.


def form(bank: Bank, user_id: str) -> Payload:
    """The modal in which an opening is made; `user_id` coordinates it unless they say otherwise."""
    levels = [choice(f"{card.title}, {card.years}", level) for level, card in bank.levels.items()]
    specials = [
        choice("None: core questions" if each is Specialization.NONE else card.title, each)
        for each, card in bank.specializations.items()
    ]
    shown = [choice(text, name) for name, text in SHOWN_AS.items()]
    months = [choice(f"{number} months", str(number)) for number in KEEP_MONTHS]
    blocks: list[Block] = [
        InputBlock(
            "Title",
            PlainTextInput(
                action_id="title", max_length=80, initial_value="AI Safety Engineer",
                focus_on_load=True,
            ),
            block_id="title",
        ),
        InputBlock(
            "Level",
            StaticSelectMenu(action_id="level", placeholder="Level", options=levels),
            block_id="level",
        ),
        InputBlock(
            "Specialization",
            StaticSelectMenu(
                action_id="specialization", placeholder="Specialization", options=specials,
                initial_option=specials[0],
            ),
            block_id="specialization",
        ),
        InputBlock(
            "Hiring manager",
            UserSelectMenu(
                action_id="hiring_manager", placeholder="Who decides", initial_user=user_id
            ),
            block_id="hiring_manager",
        ),
        InputBlock(
            "Coordinators",
            UserMultiSelectMenu(
                action_id="coordinators", placeholder="Who plans", initial_users=[user_id],
                max_selected_items=MOST_COORDINATORS,
            ),
            block_id="coordinators",
        ),
        InputBlock(
            "Private channel of the panel",
            ConversationSelectMenu(
                action_id="channel", placeholder="None",
                filter=ConversationFilter(include=["private"], exclude_bot_users=True),
            ),
            block_id="channel",
            optional=True,
        ),
        InputBlock(
            "Candidates are shown by",
            RadioButtonGroup(action_id="shown_as", options=shown, initial_option=shown[0]),
            block_id="shown_as",
        ),
        InputBlock(
            "Their data is kept for",
            StaticSelectMenu(
                action_id="keep_months", placeholder="Months", options=months,
                initial_option=months[1],
            ),
            block_id="keep_months",
            hint="After their loop ends. Then names, notes and evidence are erased.",
        ),
    ]  # fmt: skip
    return ModalView(
        title="New opening", blocks=blocks, submit="Create", close="Cancel",
        callback_id="opening_create",
    ).to_dict()  # fmt: skip


def window(bank: Bank, opening: Opening, user_id: str, note: str = "") -> Payload:
    """The opening in a modal. `note` is a sentence above it."""
    return ModalView(
        title="Opening",
        blocks=[*([ContextBlock([Text(note)])] if note else []), *_body(bank, opening, user_id)],
        close="Close",
        callback_id="opening",
        private_metadata=opening.id,
    ).to_dict()


def _body(bank: Bank, opening: Opening, user_id: str) -> list[Block]:
    blocks: list[Block] = [
        HeaderBlock(opening.title),
        SectionBlock(_facts(bank, opening)),
        ContextBlock([Text("Every candidate is asked the same questions, in this order.")]),
    ]
    for kit in opening.kits:
        asked = sum("question" in line for line in kit["lines"])
        blocks.append(
            SectionBlock(
                f"*{escape(kit['title'])}* · {kit['minutes']} min · {count(asked, 'question')}",
                accessory=Button(
                    "Read", action_id="opening_kit", value=f"{opening.id}|{kit['id']}",
                    accessibility_label=f"Read the kit: {kit['title']}"[:75],
                ),
            )
        )  # fmt: skip
    if user_id in (*opening.coordinators, opening.hiring_manager):
        blocks += [
            DividerBlock(),
            ActionsBlock([_end(opening), _export(opening)], block_id="opening_end"),
        ]
    return blocks


def _facts(bank: Bank, opening: Opening) -> str:
    special = Specialization(opening.specialization)
    parts = [bank.levels[Level(opening.level)].title]
    if special is not Specialization.NONE:
        parts.append(bank.specializations[special].title)
    parts += [] if opening.closed_at is None else ["closed"]
    coordinators = ", ".join(f"<@{each}>" for each in opening.coordinators)
    shown = SHOWN_AS[opening.shown_as].partition(",")[0].lower()
    lines = [
        f"*{escape(' · '.join(parts))}*",
        f"Hiring manager <@{opening.hiring_manager}> · coordinated by {coordinators}",
        f"Candidates shown by {shown}, data kept for {opening.keep_months} months"
        + (f" · panel in <#{opening.channel}>" if opening.channel else ""),
    ]
    return "\n".join(lines)


def _export(opening: Opening) -> Button:
    return Button("Export…", action_id="export_open", value=f"opening|{opening.id}")


def _end(opening: Opening) -> Button:
    if opening.closed_at is not None:
        return Button("Open again", action_id="opening_reopen", value=opening.id)
    return Button(
        "Close the opening",
        action_id="opening_close",
        value=opening.id,
        confirm=Confirm(
            "Close this opening?",
            "No new loops can be planned for it. It can be opened again.",
            "Close it",
            "Keep it open",
        ),
    )


def kit_window(
    opening: Opening,
    kit: Kit,
    questions: dict[str, Question],
    swappable: Sequence[str],
) -> Payload:
    """One round's kit, minute by minute. `questions` are in the versions that were pinned;
    `swappable` names those that this person may exchange."""
    blocks: list[Block] = [
        HeaderBlock(kit["title"]),
        ContextBlock([Text(f"{escape(opening.title)} · {kit['minutes']} min")]),
    ]
    at = 0
    for line in kit["lines"]:
        question = questions.get(line.get("question", ""))
        if question is None:
            blocks.append(ContextBlock([Text(f"{at}′ {escape(line.get('talk', '—'))}")]))
        else:
            blocks += _line(opening, kit, question, line, at, swappable)
        at += line["minutes"]
    return ModalView(
        title="Kit", blocks=blocks, close="Back", callback_id="opening_kit",
        private_metadata=f"{opening.id}|{kit['id']}",
    ).to_dict()  # fmt: skip


def _line(
    opening: Opening,
    kit: Kit,
    question: Question,
    line: dict[str, Any],
    at: int,
    swappable: Sequence[str],
) -> list[Block]:
    buttons: list[Element] = [rubric_view.opener(question, Level(opening.level))]
    if question.id in swappable:
        buttons.append(
            Button(
                "Swap", action_id="opening_swap", value=f"{opening.id}|{kit['id']}|{question.id}",
                accessibility_label=f"Swap {question.title}"[:75],
            )
        )  # fmt: skip
    title = f"{at}′ *{escape(question.title)}* · {line['minutes']} min"
    asked = words(question, line.get("variant", 0))
    return [
        SectionBlock(f"{title}\n>{escape(asked)}", block_id=f"kit_{question.id}"),
        ActionsBlock(buttons, block_id=f"actions_{question.id}"),
    ]


def swap_form(opening: Opening, kit: Kit, old: Question, others: Sequence[Choice]) -> Payload:
    """What `old` can be swapped for."""
    level = Level(opening.level)
    options = [choice(_option(each, level), each.code) for each in others[:10]]
    field = RadioButtonGroup(action_id="new", options=options, initial_option=options[0])
    return ModalView(
        title="Swap a question",
        blocks=[
            SectionBlock(f"*{escape(old.title)}* gives way to:"),
            InputBlock("Question", field, block_id="new"),
        ],
        submit="Swap",
        close="Back",
        callback_id="opening_swapped",
        private_metadata=f"{opening.id}|{kit['id']}|{old.id}",
    ).to_dict()


def _option(each: Choice, level: Level) -> str:
    if each.variant:
        return f"The same in other words: {each.words}"[:75]
    return f"{each.question.title} ({each.question.minutes(level)} min)"


def listed(bank: Bank, openings: Sequence[Opening]) -> Page:
    """The team's openings, with a way to make one."""
    blocks: list[Block] = [
        HeaderBlock("Openings"),
        ActionsBlock(
            [Button("New opening", action_id="opening_new", style="primary")],
            block_id="opening_new",
        ),
    ]
    if not openings:
        blocks.append(
            SectionBlock(
                "There is no opening yet. An opening pins the questions for a role, so that "
                "every candidate is asked the same."
            )
        )
    for opening in openings[:MOST_LISTED]:
        button = Button(
            "Show", action_id="opening_show", value=opening.id,
            accessibility_label=f"Show {opening.title}"[:75],
        )  # fmt: skip
        blocks.append(
            SectionBlock(f"*{escape(opening.title)}*\n{_facts(bank, opening)}", accessory=button)
        )
    if len(openings) > MOST_LISTED:
        blocks.append(ContextBlock([Text(f"The newest {MOST_LISTED} of {len(openings)}.")]))
    return Page("Openings", blocks)
