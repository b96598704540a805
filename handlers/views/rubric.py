"""How to score one question, as one level sees it."""

from typing import Any

from slackblocks import (
    ActionsBlock,
    AlertBlock,
    Block,
    Button,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    ModalView,
    SectionBlock,
    Text,
)

from bot.content import Bank, Level, Mode, Question, When
from bot.sheets import Given
from handlers.views.text import bullets, escape

Payload = dict[str, Any]

SCORES = {4: "Above the bar", 3: "Meets the bar", 2: "Below the bar", 1: "Well below the bar"}
ASKED = {When.ALWAYS: "Always", When.IF_STUCK: "If stuck", When.IF_STRONG: "If strong"}


def modal(bank: Bank, question: Question, level: Level, note: str = "") -> Payload:
    """`note` is a sentence above the rest: why another question is shown than before."""
    area = bank.areas[question.area]
    facts = [area.title, f"{question.minutes(level)} min", str(question.kind).capitalize()]
    facts.append(f"version {question.version}, {question.status}")
    blocks: list[Block] = [
        *([ContextBlock([Text(note)])] if note else []),
        HeaderBlock(question.title),
        SectionBlock(f">{escape(question.words)}"),
        ContextBlock([Text(" · ".join(map(escape, facts)))]),
        _level_switch(bank, question, level),
        *([AlertBlock(escape(question.conduct_note))] if question.conduct_note else []),
        SectionBlock(f"*Context*\n{escape(question.context)}"),
        SectionBlock(f"*Listen for*\n{bullets(question.probes)}"),
        DividerBlock(),
        HeaderBlock(f"Scores at {bank.levels[level].title}"),
        *scores(question, level),
        DividerBlock(),
        SectionBlock(f"*Follow-ups*\n{_followups(question)}"),
        SectionBlock(f"*Sounds strong*\n{bullets(question.strong_signals)}"),
        SectionBlock(f"*Sounds weak*\n{bullets(question.weak_signals)}"),
        SectionBlock(f"*Write down*\n{bullets(question.evidence_prompts)}"),
        ContextBlock([Text(_tested(bank, question))]),
        ContextBlock([Text(_sources(bank, question))]),
    ]
    title = f"Rubric · {bank.levels[level].title}"
    return ModalView(title=title, blocks=blocks, close="Close", callback_id="rubric").to_dict()


def changed(bank: Bank, question: Question) -> str:
    """A sentence for who was given a version that the bank no longer has; "" otherwise."""
    now = bank.questions.get(question.id)
    if now is None or not now.is_asked:
        return "You were given this question before it was retired; it is no longer asked."
    if now.version != question.version:
        return (
            f"This is version {question.version}, as you were given it. "
            f"The bank has version {now.version} now."
        )
    return ""


def opener(question: Question, level: Level) -> Button:
    """The button that opens this rubric."""
    return Button(
        "Rubric",
        action_id="rubric_open",
        value=Given(question.id, level, question.version).code,
        accessibility_label=f"Rubric for {question.title}"[:75],
    )


def _level_switch(bank: Bank, question: Question, level: Level) -> ActionsBlock:
    """Buttons rather than a menu: four are few, and each says which one is shown."""
    return ActionsBlock(
        [
            Button(
                card.title,
                action_id=f"rubric_level_{other}",
                value=Given(question.id, other, question.version).code,
                style="primary" if other is level else None,
                accessibility_label=f"Show the rubric at {card.title}",
            )
            for other, card in bank.levels.items()
        ],
        block_id="rubric_levels",
    )


def scores(question: Question, level: Level) -> list[Block]:
    """From 4 down to 1, each text with its number and its name."""
    return [
        SectionBlock(f"*{score} · {name}*\n{escape(meaning(question, level, score))}")
        for score, name in SCORES.items()
    ]


def meaning(question: Question, level: Level, score: int) -> str:
    """What a score says at `level`. On a ladder, what is built upon is named by its number."""
    text = question.scale(level)[score]
    if question.mode is Mode.LADDER and text.startswith("All of the score below, plus:"):
        text = text.replace("the score below", f"{score - 1}", 1)
    return text


def _followups(question: Question) -> str:
    return "\n".join(
        f"•  *{ASKED[followup.when]}:* {escape(followup.text)}" for followup in question.followups
    )


def _tested(bank: Bank, question: Question) -> str:
    """The guide's skills and flags that an answer can show: by name, a line for each kind."""
    facts = bank.guide.facts
    kinds = {
        "Skills": [facts[bank.guide.skills[skill]] for skill in question.skills],
        "Green flags": [facts[key] for key in question.green_flags],
        "Red flags": [facts[key] for key in question.red_flags],
    }
    return "\n".join(
        f"{kind}: {' · '.join(map(escape, found))}" for kind, found in kinds.items() if found
    )


def _sources(bank: Bank, question: Question) -> str:
    def link(key: str) -> str:
        source = bank.sources[key]
        title = escape(source.title).replace("|", "/")
        edition = escape(source.edition_or_date)
        return f"<{source.url}|{title}> ({edition})" if source.url else f"{title} ({edition})"

    return "Sources: " + " · ".join(link(key) for key in question.sources)
