"""An interviewer's own kit: the questions of their round, minute by minute.

Nothing about pay, and of other rounds no more than their areas."""

from collections.abc import Sequence
from typing import Any

from slackblocks import (
    ActionsBlock,
    AlertBlock,
    Block,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    ModalView,
    SectionBlock,
    Text,
)

from bot import clashes, openings
from bot.content import Area, Bank, Level
from bot.openings import Line
from bot.panels import Panel
from bot.records import Interview
from handlers.views import rubric as rubric_view
from handlers.views.text import bullets, escape, label, when

Payload = dict[str, Any]


def kit(
    bank: Bank,
    panel: Panel,
    interview: Interview,
    lines: Sequence[Line],
    probes: Sequence[str] = (),
) -> Payload:
    """The questions of one round with the words to ask, minute by minute. `probes` are areas that
    earlier interviewers want looked into."""
    level = Level(panel.opening.level)
    others = [
        f"{clashes.title(panel.opening, each.round)} ({_areas(bank, panel, each)})"
        for each in panel.interviews
        if each.id != interview.id and each.state == "planned"
    ]
    blocks: list[Block] = [
        HeaderBlock(label(panel.candidate, 150)),
        SectionBlock(
            f"{clashes.title(panel.opening, interview.round)} · {interview.minutes} min · "
            f"{when(interview.starts_at)}\n{bank.levels[level].title}: "
            f"{escape(bank.levels[level].meets)}"
        ),
        *_probes(bank, probes),
        ContextBlock([Text("Note what they said or did while you talk; score afterwards.")]),
    ]
    for line in lines:
        blocks += _kit_line(line, level)
    if others:
        blocks += [
            DividerBlock(),
            ContextBlock([Text(f"Others ask about the rest: {', '.join(others)}."[:2900])]),
        ]
    return ModalView(title="Your kit", blocks=blocks, close="Close", callback_id="kit").to_dict()


def _probes(bank: Bank, probes: Sequence[str]) -> list[Block]:
    if not probes:
        return []
    titles = ", ".join(bank.areas[Area(each)].title.lower() for each in probes)
    return [AlertBlock(f"An earlier interviewer would like you to probe {titles}.")]


def _areas(bank: Bank, panel: Panel, interview: Interview) -> str:
    found = openings.areas(openings.kit(panel.opening, interview.round))
    return ", ".join(bank.areas[area].title.lower() for area in found) or "no area"


def _kit_line(line: Line, level: Level) -> list[Block]:
    question = line.question
    if question is None:
        return [ContextBlock([Text(f"{line.at}′ {escape(line.talk)} ({line.minutes} min)")])]
    blocks: list[Block] = [
        SectionBlock(
            f"{line.at}′ *{escape(question.title)}* · {line.minutes} min\n>{escape(line.words)}\n"
            f"{bullets(question.probes)}",
            block_id=f"kit_{question.id}",
        )
    ]
    if question.conduct_note:
        blocks.append(AlertBlock(escape(question.conduct_note)))
    rubric = rubric_view.opener(question, level)
    return [*blocks, ActionsBlock([rubric], block_id=f"actions_{question.id}")]
