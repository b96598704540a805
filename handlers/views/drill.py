"""A calibration drill: an invented answer to score, and what it was meant to be."""

import json
from collections.abc import Mapping
from typing import Any

from slackblocks import (
    Block,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    InputBlock,
    ModalView,
    RadioButtonGroup,
    SectionBlock,
    Text,
)

from bot.content import Bank, Level
from bot.drills import Item
from bot.errors import Refusal
from bot.insights_numbers import SCORES
from handlers.views import rubric as rubric_view
from handlers.views.text import choice, count, escape

Payload = dict[str, Any]

OLD = "That drill is from an older version of me. Type `/safety-interview calibrate` anew."
NONE = "There are no invented answers to score: the bank has no ladder with any."
BLIND = (
    "Invented: no candidate said it. Score it as you would in an interview. What it was meant to "
    "be, and what others gave, you see afterwards."
)


def form(bank: Bank, item: Item, turn: int, wanted: str, done: int, total: int) -> Payload:
    """`wanted` is the level that was asked for, or ""; `done` of `total` answers were scored in
    this turn."""
    question = item.question
    options = [
        choice(f"{score} · {rubric_view.SCORES[score]}", str(score)) for score in reversed(SCORES)
    ]
    level = escape(bank.levels[item.level].title)
    again = f" · for the {turn}. time" if turn > 1 else ""
    blocks: list[Block] = [
        ContextBlock([Text(f"Answer {done + 1} of {total}{again} · as *{level}*\n{BLIND}")]),
        SectionBlock(f"*{escape(question.title)}*\n>{escape(question.prompt)}"),
        SectionBlock(f"*They said*\n{escape(item.heard)}"),
        DividerBlock(),
        ContextBlock([Text(f"What each score means at {level}:")]),
        *rubric_view.scores(question, item.level),
        InputBlock(
            "Your score", RadioButtonGroup(action_id="score", options=options), block_id="score"
        ),
    ]
    return ModalView(
        title="Calibration drill",
        blocks=blocks,
        submit="Score it",
        close="Not now",
        callback_id="drill_score",
        private_metadata=dumped(item, turn, wanted),
    ).to_dict()


def dumped(item: Item, turn: int, wanted: str) -> str:
    return json.dumps([item.id, item.level, turn, wanted])


def read(text: str) -> tuple[str, Level, int, str]:
    """The answer's id, its level, which time it is, and the level asked for. Raises Refusal: any
    text may come back."""
    try:
        id_, level, turn, wanted = json.loads(text)
        return str(id_), Level(level), int(turn), str(wanted)
    except (ValueError, TypeError):
        raise Refusal(OLD) from None


def entered(values: Mapping[str, Any]) -> int:
    """Raises Refusal for what no form of ours can send."""
    try:
        score = int(values["score"]["score"]["selected_option"]["value"])
    except (KeyError, TypeError, ValueError):
        raise Refusal(OLD) from None
    if score not in SCORES:
        raise Refusal(OLD)
    return score


def result(
    bank: Bank, item: Item, score: int, others: Mapping[int, int], fewest: int, wanted: str
) -> Payload:
    """One's own score beside the intended one, the anchors, and how others spread."""
    level = escape(bank.levels[item.level].title)
    apart = abs(score - item.intended)
    how = "The same." if not apart else f"{count(apart, 'point')} apart."
    blocks: list[Block] = [
        HeaderBlock(f"You gave {score}, intended was {item.intended}"),
        SectionBlock(f"{how} {_nudge(score, item.intended)}".strip()),
        SectionBlock(f"*What others gave*\n{_spread(others, fewest, score)}"),
        DividerBlock(),
        SectionBlock(f"*{escape(item.question.title)}* at {level}"),
        *_anchors(item, score),
        DividerBlock(),
        SectionBlock(f"*They said*\n{escape(item.heard)}"),
        # Again: a window that was scrolled down stays so when its contents change.
        ContextBlock([Text(f"You gave *{score}*, intended was *{item.intended}*.")]),
    ]
    return ModalView(
        title="Calibration drill",
        blocks=blocks,
        submit="Next answer",
        close="Enough for now",
        callback_id="drill_next",
        private_metadata=wanted,
    ).to_dict()


def _nudge(score: int, intended: int) -> str:
    if score == intended:
        return ""
    where = "above" if score > intended else "below"
    return f"You scored {where} it: compare what was said with the two anchors marked below."


def _spread(others: Mapping[int, int], fewest: int, own: int) -> str:
    total = sum(others.values())
    if total < fewest:
        have = "nobody else has" if not total else f"{total} so far"
        return (
            f"Fewer than {fewest} others have scored this answer ({have}), so how they spread is "
            "not shown: it would be somebody's answer."
        )
    widest = max(others.values())
    lines = [
        f"`{score}` {'▇' * round(12 * others[score] / widest)} {others[score]}"
        + ("  ← yours" if score == own else "")
        for score in reversed(SCORES)
    ]
    return "\n".join([f"{total} people, you not among them:", *lines])


def _anchors(item: Item, score: int) -> list[Block]:
    scale = item.question.scale(item.level)
    marks = {item.intended: " · *intended*", score: " · *yours*"}
    if score == item.intended:
        marks = {score: " · *intended, and yours*"}
    return [
        SectionBlock(
            f"*{each} · {rubric_view.SCORES[each]}*{marks.get(each, '')}\n{escape(scale[each])}"
        )
        for each in reversed(SCORES)
    ]
