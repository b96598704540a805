"""Half a year after a hire: what their manager is asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ContextBlock,
    InputBlock,
    MessageResponse,
    ModalView,
    RadioButtonGroup,
    SectionBlock,
    Text,
)

from bot.content import Bank
from bot.echo import NOT_SEEN, TURNED_OUT, Assessed
from bot.records import Echo
from handlers.views.text import choice, escape, when

Payload = dict[str, Any]

KNOWN = {"yes": "Yes, I can say", "no": "No: they left, or I do not know"}
TRIED = "known"  # The field that comes before the areas.
THANKS = "Thank you. It counts in insights, as a number and without a name."


def ask(echo: Echo, candidate: str, title: str) -> Payload:
    text = (
        f"Half a year ago you hired *{escape(candidate)}* for “{escape(title)}” "
        f"({echo.level.capitalize()}, decided {when(echo.decided_at)}). How did it turn out? Four "
        "questions on what the panel had scored, so that the team learns which of its interviews "
        "foretell anything."
    )
    button = Button("Say how it turned out", action_id="echo_open", value=echo.id, style="primary")
    return MessageResponse(
        text=text,
        blocks=[
            SectionBlock(text, block_id="told"),
            ActionsBlock([button], block_id="echo"),
            ContextBlock(
                [Text("Kept as numbers. Nobody who interviewed sees a name beside them.")]
            ),
        ],
    ).to_dict()


def form(bank: Bank, echo: Echo, candidate: str, found: Sequence[Assessed]) -> Payload:
    known = [choice(text, value) for value, text in KNOWN.items()]
    blocks: list[Block] = [
        SectionBlock(f"*{escape(candidate)}*, hired at {bank_level(bank, echo)}"),
        InputBlock(
            "Do you know how their work turned out?",
            RadioButtonGroup(action_id=TRIED, options=known, initial_option=known[0]),
            block_id=TRIED,
        ),
    ]
    options = [choice(f"{score} · {text}", str(score)) for score, text in TURNED_OUT.items()]
    options.append(choice("I have not seen it", str(NOT_SEEN)))
    blocks += [
        InputBlock(
            bank.areas[each.area].title,
            RadioButtonGroup(action_id=each.area, options=options),
            block_id=each.area,
            optional=True,
            hint="At work, compared with what the level asks.",
        )
        for each in found
    ]
    return ModalView(
        title="How it turned out",
        blocks=blocks,
        submit="Save",
        close="Later",
        callback_id="echo_save",
        private_metadata=echo.id,
    ).to_dict()


def bank_level(bank: Bank, echo: Echo) -> str:
    return next((card.title for level, card in bank.levels.items() if level == echo.level), "")


def read(values: Mapping[str, Any]) -> dict[str, str]:
    """By field, what was chosen."""
    found = {}
    for name, actions in values.items():
        for action in actions.values():
            chosen = (action or {}).get("selected_option") or {}
            if chosen.get("value"):
                found[name] = str(chosen["value"])
    return found


def saved(*, known: bool) -> Payload:
    told = THANKS if known else "Thank you. It is kept as “not known”; you can still say later."
    return ModalView(
        title="How it turned out", blocks=[SectionBlock(told)], close="Close",
        callback_id="echo_saved",
    ).to_dict()  # fmt: skip
