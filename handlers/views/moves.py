"""Who moved after the discussion, and whither: in a sentence, and person by person."""

from collections.abc import Sequence
from typing import Any

from slackblocks import Block, ContextBlock, HeaderBlock, ModalView, SectionBlock, Text

from bot import moves, votes
from bot.content import Bank
from bot.moves import Moves
from bot.panels import Panel
from bot.records import RecordedView
from bot.votes import Sealed
from handlers.views.text import count, escape, label
from handlers.views.words import option, quoted, score, title

Payload = dict[str, Any]


def summary(panel: Panel) -> str:
    """How many moved and whither, in a sentence or two: for whoever may read the scorecards."""
    found = moves.moves(panel)
    if not found.recorded:
        return "Nobody has recorded a view after the discussion yet."
    text = f"{found.recorded} of {found.panel} have recorded a view after the discussion. "
    text += f"*{found.moved} of {found.panel} moved*"
    if found.moved:
        text += f": {_ways(found)}"
    text += "."
    if found.toward or found.away:
        text += f" Toward the hiring manager's own view: {found.toward}"
        text += f"; away from it: {found.away}." if found.away else "."
    scores = found.scores_up + found.scores_down + found.scores_other
    if scores:
        parts = [
            f"{number} {way}"
            for number, way in (
                (found.scores_up, "up"),
                (found.scores_down, "down"),
                (found.scores_other, "to or from “not assessed”"),
            )
            if number
        ]
        text += f" On single questions, {count(scores, 'score')} moved: {', '.join(parts)}."
    return text


def _ways(found: Moves) -> str:
    ways = ((found.up, "up"), (found.down, "down"))
    return ", ".join(f"{_number(number)} {way}" for number, way in ways if number)


def _number(number: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[number] if number < len(words) else str(number)


def comparison(bank: Bank, panel: Panel, sealed: Sequence[Sealed]) -> Payload:
    """Everybody's view before and after, for whoever may read the scorecards."""
    later = {each.person: each for each in panel.views}
    blocks: list[Block] = [
        HeaderBlock(label(panel.candidate, 150)),
        SectionBlock(summary(panel)),
        ContextBlock(
            [Text("*Before:* sealed, of one's own interview. *After:* once all was discussed.")]
        ),
    ]
    for own in sealed:
        blocks += _person(bank, own, later.get(own.person))
    if len(blocks) > MOST_BLOCKS:
        blocks = blocks[: MOST_BLOCKS - 1]
        blocks.append(ContextBlock([Text("There is more: the decision record holds all of it.")]))
    return ModalView(
        title="Before and after", blocks=blocks, close="Close", callback_id="votes"
    ).to_dict()


MOST_BLOCKS = 100


def _person(bank: Bank, own: Sealed, row: RecordedView | None) -> list[Block]:
    lines = [f"<@{own.person}>" + ("" if row else ": no view after the discussion yet")]
    for field in votes.overall(bank.scorecard):
        was = own.fields.get(field.id, "")
        now = votes.stated(row.views, field.id)[1] if row else was
        lines.append(f"{escape(field.label)}: {_arrow(option(field, was), option(field, now))}")
    blocks: list[Block] = [SectionBlock("\n".join(lines))]
    if row is None:
        return blocks
    if row.views["reason"]:
        blocks += quoted(row.views["reason"])
    for each in row.views["questions"]:
        if each["before"] != each["after"]:
            name = escape(title(bank, each["id"]))
            arrow = _arrow(score(each["before"]), score(each["after"]))
            blocks += [SectionBlock(f"{name}: {arrow}"), *quoted(each["reason"] or "—")]
    return blocks


def _arrow(was: str, now: str) -> str:
    return escape(was) if was == now else f"{escape(was)} → *{escape(now)}*"
