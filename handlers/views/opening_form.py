"""The form in which an opening is made."""

from typing import Any

from slackblocks import (
    Block,
    ConversationFilter,
    ConversationSelectMenu,
    InputBlock,
    ModalView,
    PlainTextInput,
    RadioButtonGroup,
    StaticSelectMenu,
    UserMultiSelectMenu,
    UserSelectMenu,
)

from bot.content import Bank, Specialization
from bot.openings import KEEP_MONTHS, MOST_COORDINATORS, SHOWN_AS
from handlers.views.text import choice

Payload = dict[str, Any]


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
