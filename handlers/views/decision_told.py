"""What people are told of a decision, in messages of their own."""

from collections.abc import Sequence
from typing import Any

from slackblocks import ActionsBlock, Block, Button, Element, MessageResponse, SectionBlock

from bot import panels
from bot.decisions import Outcome, State
from bot.panels import Panel
from bot.records import Decision, Stance
from handlers.views import words
from handlers.views.decision import answerer, answers, opener, record_button, title
from handlers.views.text import escape, when

Payload = dict[str, Any]


def told(panel: Panel, decision: Decision, person: str, cited: Sequence[str]) -> Payload:
    """For the panel, the coordinators and the hiring manager: what was decided, with thanks. The
    questions on whose evidence it was are given by their titles."""
    what, who = escape(title(panel, decision)), f"*{escape(panel.candidate)}*"
    head = f"{who}: <@{decision.by}> decided *{what}*."
    buttons: list[Element] = [Button("Show", action_id="loop_show", value=panel.loop.id)]
    if person == decision.by:
        text = f"{who}: your decision *{what}* is in effect. The panel and the coordinator know."
        buttons.append(record_button(panel.loop.id))
    elif person in panel.opening.coordinators:
        text = (
            f"{head} Thank you for bringing this panel together and keeping it on time."
            + _next_for_coordinator(decision)
        )
        buttons.append(record_button(panel.loop.id))
    else:
        text = (
            f"{head} Thank you for the time you gave this candidate, and for writing down what you "
            "heard: the decision was made on it."
        )
    blocks: list[Block] = [SectionBlock(text, block_id="told")]
    if decision.rationale and panels.may_read(panel, person) and person != decision.by:
        blocks += why(decision, cited)
    return _message(text, blocks, buttons)


def why(decision: Decision, cited: Sequence[str]) -> list[Block]:
    titles = ", ".join(f"“{escape(each)}”" for each in cited)
    head = f"*Why*, on the evidence of {titles}" if titles else "*Why*"
    return [SectionBlock(head[:3000]), *words.quoted(decision.rationale)]


def _next_for_coordinator(decision: Decision) -> str:
    match Outcome(decision.outcome):
        case Outcome.ANOTHER:
            return " The interview is still to be planned: “Change…” in the loop."
        case Outcome.HOLD:
            return " I remind the hiring manager then; nothing was sent to the candidate."
        case _:
            return " Nothing was sent to the candidate: telling them is yours."


def _message(text: str, blocks: Sequence[Block], buttons: Sequence[Element]) -> Payload:
    actions = [ActionsBlock(list(buttons), block_id="decided")] if buttons else []
    return MessageResponse(text=text, blocks=[*blocks, *actions]).to_dict()


def ask(
    panel: Panel, decision: Decision, asked: Stance, views: Sequence[str], cited: Sequence[str]
) -> Payload:
    """For a bar raiser, and for whoever saw it otherwise; `views` are their own words for it."""
    what, who = escape(title(panel, decision)), f"*{escape(panel.candidate)}*"
    head = f"{who}: <@{decision.by}> decided *{what}*."
    if asked.role == "bar_raiser":
        text = (
            f"{head} Do you concur? An objection needs a reason, and stops the decision until it "
            f"is answered. Without one it takes effect {when(decision.due_at)}."
        )
    else:
        seen = ", ".join(f"“{escape(each)}”" for each in views)
        text = (
            f"{head} Your view was otherwise ({seen}). If you wish, your dissent is recorded with "
            "your name; it changes nothing else, and nobody asks twice."
        )
    blocks: list[Block] = [SectionBlock(text, block_id="told")]
    if panels.may_read(panel, asked.person) and decision.rationale:
        blocks += why(decision, cited)
    show = Button("Show", action_id="loop_show", value=panel.loop.id)
    return _message(text, blocks, [*answers(asked), show])


def objection(panel: Panel, decision: Decision, said: Stance) -> Payload:
    """For the hiring manager."""
    text = (
        f"<@{said.person}> objects to your decision *{escape(title(panel, decision))}* on "
        f"*{escape(panel.candidate)}*. It does not take effect until you answer."
    )
    blocks: list[Block] = [SectionBlock(text, block_id="told"), *words.quoted(said.reason)]
    show = Button("Show", action_id="loop_show", value=panel.loop.id)
    return _message(text, blocks, [answerer(panel.loop.id), show])


def answered(panel: Panel, decision: Decision, said: Stance) -> Payload:
    """For the bar raiser who objected: what the hiring manager says to it."""
    goes = (
        "The decision was withdrawn."
        if decision.state == State.REOPENED
        else "The decision stands, and your objection stands beside it in the record."
    )
    text = f"*{escape(panel.candidate)}*: <@{decision.by}> has answered your objection. {goes}"
    blocks: list[Block] = [SectionBlock(text, block_id="told"), *words.quoted(said.answer)]
    show = Button("Show", action_id="loop_show", value=panel.loop.id)
    return _message(text, blocks, [show])


def reopened(panel: Panel, decision: Decision) -> Payload:
    text = (
        f"*{escape(panel.candidate)}*: the decision *{escape(title(panel, decision))}* was "
        f"reopened by <@{decision.reopened_by}>. It holds no more; you hear of the next one."
    )
    blocks: list[Block] = [SectionBlock(text, block_id="told")]
    if decision.reopen_reason:
        blocks += words.quoted(decision.reopen_reason)
    show = Button("Show", action_id="loop_show", value=panel.loop.id)
    return _message(text, blocks, [show])


def held(panel: Panel) -> Payload:
    """For the hiring manager, on the day until which a loop was on hold."""
    text = f"*{escape(panel.candidate)}* was on hold until today. What do you decide?"
    buttons: list[Element] = [
        opener(panel.loop.id), Button("Show", action_id="loop_show", value=panel.loop.id)
    ]  # fmt: skip
    return _message(text, [SectionBlock(text, block_id="told")], buttons)
