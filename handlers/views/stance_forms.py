"""Short forms about a decision: object, dissent, answer an objection, reopen."""

from typing import Any

from slackblocks import InputBlock, ModalView, PlainTextInput, RadioButtonGroup, SectionBlock

from bot.panels import Panel
from bot.records import Decision, Stance
from handlers.views import decision as decision_view
from handlers.views import words
from handlers.views.card import LONGEST
from handlers.views.text import choice, escape

Payload = dict[str, Any]


def reason_form(panel: Panel, decision: Decision, kind: str) -> Payload:
    """A dissent, or a bar raiser's objection: in their own words, under their name."""
    what = f"*{escape(panel.candidate)}*: {escape(decision_view.title(panel, decision))}"
    if kind == "object":
        title, told, submit = "Object", "It stops the decision until it is answered.", "Object"
    else:
        title, submit = "Record my dissent", "Record it"
        told = "It stands in the decision's record with your name, and changes nothing else."
    return ModalView(
        title=title,
        blocks=[
            SectionBlock(f"{what}\n{told}"),
            InputBlock(
                "Why?",
                PlainTextInput(
                    action_id="reason", multiline=True, max_length=LONGEST, focus_on_load=True
                ),
                block_id="reason",
                hint="What did the candidate say or do that speaks against it?",
            ),
        ],
        submit=submit,
        close="Cancel",
        callback_id=f"stance_{kind}ed",
        private_metadata=f"{panel.loop.id}|{decision.id}",
    ).to_dict()


STAND, WITHDRAW = "stand", "withdraw"


def answer_form(panel: Panel, decision: Decision, said: Stance) -> Payload:
    """For the hiring manager, to an objection."""
    options = [
        choice("The decision stands", STAND),
        choice("I withdraw it, and decide anew", WITHDRAW),
    ]
    return ModalView(
        title="Answer the objection",
        blocks=[
            SectionBlock(
                f"<@{said.person}> objects to *{escape(decision_view.title(panel, decision))}* "
                f"({escape(panel.candidate)}):"
            ),
            *words.quoted(said.reason),
            InputBlock("What now?", RadioButtonGroup("what", options), block_id="what"),
            InputBlock(
                "Your answer",
                PlainTextInput(action_id="reason", multiline=True, max_length=LONGEST),
                block_id="reason",
                hint="They read it, and it stands in the record beside their objection.",
            ),
        ],
        submit="Answer",
        close="Cancel",
        callback_id="objection_answered",
        private_metadata=f"{panel.loop.id}|{decision.id}|{said.person}",
    ).to_dict()


def reopen_form(panel: Panel, decision: Decision) -> Payload:
    return ModalView(
        title="Reopen the decision",
        blocks=[
            SectionBlock(
                f"*{escape(panel.candidate)}*: {escape(decision_view.title(panel, decision))}\n"
                "It will hold no more, and stays in the history. The panel, the coordinator and "
                "the hiring manager are told. Interviews that it cancelled are not planned again."
            ),
            InputBlock(
                "Why?",
                PlainTextInput(
                    action_id="reason", multiline=True, max_length=LONGEST, focus_on_load=True
                ),
                block_id="reason",
                hint="Everybody who is told reads it.",
            ),
        ],
        submit="Reopen",
        close="Keep",
        callback_id="decision_reopened",
        private_metadata=f"{panel.loop.id}|{decision.id}",
    ).to_dict()
