"""Questions in a list: what a search found, or what tests one fact of the guide."""

import re
from collections.abc import Iterator
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ContextBlock,
    Element,
    HeaderBlock,
    InputBlock,
    ModalView,
    PlainTextInput,
    SectionBlock,
    Text,
)

from bot.content import Bank, Level, Question
from bot.finding import Found, Match
from handlers.views import rubric as rubric_view
from handlers.views.page import Page
from handlers.views.text import escape

Payload = dict[str, Any]

PAGE, MOST_IN_WINDOW = 5, 20
LONGEST_SNIPPET = 220  # Characters.
MOST_LISTED = 45  # A modal holds 100 blocks, and each question takes two.
TRIES = ("prompt injection", "senior rlhf", "monitoring", "bias", "rollback")
FIELDS = {
    "title": "Title",
    "area": "Area",
    "specialization": "Specialization",
    "skill": "Skill",
    "words": "Question",
    "probes": "Listen for",
    "source": "Source",
    "guide": "Guide",
    "kind": "Kind",
}


def page(bank: Bank, query: str, found: Found, first: int = 0) -> Page:
    """Matches from `first` on; `query` is what was typed."""
    total = len(found.matches)
    if not total:
        title = f"No question matches “{query[:60]}”"
        text = f"No question matches *{escape(query[:60])}*. Try fewer or other words:"
        return Page(title, [SectionBlock(text), _tries()])
    first = min(max(first, 0), total - 1) // PAGE * PAGE
    shown = found.matches[first : first + PAGE]
    title = _counted(query, total)
    blocks: list[Block] = [HeaderBlock(title), *_matches(bank, shown)]
    last = first + len(shown)
    if total > PAGE:
        blocks.append(ContextBlock([Text(f"{first + 1}-{last} of {total}")]))
        blocks.append(_turn(query, first, more=last < total))
    return Page(title, blocks)


def help_() -> Page:
    asked = "What are you looking for?"
    text = f"*{asked}* A skill, a topic, an attack, a source; add a level if you like."
    return Page(asked, [SectionBlock(text), _tries()])


def window(query: str = "", bank: Bank | None = None, found: Found | None = None) -> Payload:
    """The modal in which one searches; with `found`, what that found stands below the field."""
    field = PlainTextInput(
        action_id="query", initial_value=query or None, max_length=200, focus_on_load=True
    )
    hint = "A skill, a topic, an attack, a source; add a level if you like."
    blocks: list[Block] = [
        InputBlock("What are you looking for?", field, hint=hint, block_id="query")
    ]
    if bank is not None and found is not None:
        shown = found.matches[:MOST_IN_WINDOW]
        blocks.append(HeaderBlock(_counted(query, len(found.matches))))
        blocks += _matches(bank, shown)
        if len(shown) < len(found.matches):
            more = f"The first {len(shown)}. Add a word or a level to narrow it down."
            blocks.append(ContextBlock([Text(more)]))
    return ModalView(
        title="Find a question", blocks=blocks, submit="Find", close="Close", callback_id="find"
    ).to_dict()


def _counted(query: str, total: int) -> str:
    return f"{total or 'No'} question{'s' * (total != 1)} for “{query[:60]}”"


def _matches(bank: Bank, matches: tuple[Match, ...]) -> Iterator[Block]:
    for match in matches:
        yield _question(bank, match.question, match.level)
        yield ContextBlock([Text(_why(match))])


def listed(bank: Bank, fact: str, questions: list[Question]) -> Payload:
    """A modal with every question that tests `fact`."""
    blocks: list[Block] = [SectionBlock(f"*{escape(fact)}*")]
    blocks += (_question(bank, each, each.levels[0]) for each in questions[:MOST_LISTED])
    if not questions:
        blocks.append(SectionBlock("No question in the bank tests this yet."))
    if len(questions) > MOST_LISTED:
        blocks.append(ContextBlock([Text(f"The first {MOST_LISTED} of {len(questions)}.")]))
    return ModalView(title="Questions", blocks=blocks, close="Close").to_dict()


def _question(bank: Bank, question: Question, level: Level) -> SectionBlock:
    levels = ", ".join(bank.levels[each].title for each in question.levels)
    facts = f"{bank.areas[question.area].title} · {levels} · {question.minutes(level)} min"
    return SectionBlock(
        f"*{escape(question.title)}*\n{escape(facts)}",
        accessory=rubric_view.opener(question, level),
    )


def _why(match: Match) -> str:
    """The text that matched, around its first matching word, with these words in bold."""
    text = match.text
    spans = [found.span() for found in re.finditer(r"[A-Za-z0-9]+", text)]
    hits = [span for span in spans if text[slice(*span)].lower() in match.words]
    start = max(hits[0][0] - 80, 0) if hits else 0
    if start:  # No word is cut in two, unless it is longer than all that is shown before the hit.
        start = max(text.find(" ", start, hits[0][0]) + 1, start)
    end = min(start + LONGEST_SNIPPET, len(text))
    parts, at = ["…" if start else ""], start
    for begin, stop in hits:
        if begin >= at and stop <= end:
            parts += [escape(text[at:begin]), f"*{escape(text[begin:stop])}*"]
            at = stop
    parts += [escape(text[at:end]), "…" if end < len(text) else ""]
    return f"{FIELDS[match.field]}: {''.join(parts)}"


def _turn(query: str, first: int, *, more: bool) -> ActionsBlock:
    buttons: list[Element] = []
    if first:
        buttons.append(Button("Back", action_id="find_back", value=f"{first - PAGE}|{query}"))
    if more:
        buttons.append(Button("More", action_id="find_more", value=f"{first + PAGE}|{query}"))
    return ActionsBlock(buttons, block_id="find_pages")


def _tries() -> ActionsBlock:
    return ActionsBlock(
        [
            Button(words, action_id=f"find_try_{place}", value=f"0|{words}")
            for place, words in enumerate(TRIES)
        ],
        block_id="find_tries",
    )
