"""The scorecard: one page for each question, then the whole. Notes, evidence, then the score."""

from collections.abc import Mapping, Sequence
from typing import Any

from slackblocks import (
    ActionsBlock,
    AlertBlock,
    Block,
    Button,
    ContextBlock,
    Element,
    InputBlock,
    ModalView,
    PlainTextInput,
    RadioButtonGroup,
    SectionBlock,
    Text,
)

from bot import drafts, scorecards
from bot.content import Bank
from bot.errors import Refusal
from bot.scorecards import NOT_ASSESSED, SCORES, Page, Trouble
from handlers.views import rubric as rubric_view
from handlers.views.card import EACH_LETTER, LONGEST, OLD, Card, Payload, Place, initial, note_block
from handlers.views.card_overall import overall
from handlers.views.rubric import SCORES as SCORE_NAMES
from handlers.views.text import choice, escape, label, when


def window(bank: Bank, card: Card, page: int, told: str = "") -> Payload:
    """The page `page`; the last is the overall one. `told` is what stands in the way of it."""
    page = max(0, min(page, card.last))
    blocks: list[Block] = [
        ContextBlock([Text(_progress(card, page))], block_id="progress"),
        _pages(card, page),
        *([AlertBlock(told, level="warning", block_id="told")] if told else []),
        *(overall(bank, card) if page == card.last else _question(bank, card, card.pages[page])),
    ]
    last = "Amend" if card.version else "Submit"
    return ModalView(
        title="Scorecard",
        blocks=blocks,
        submit=last if page == card.last else "Next",
        close="Close",
        callback_id="card_page",
        private_metadata=Place(card.interview_id, page, drafts.revision(card.draft)).dumped(),
    ).to_dict()


def _progress(card: Card, page: int) -> str:
    where = f"Question {page + 1} of {card.last}" if page < card.last else "Overall"
    done = f"{scorecards.finished(card.pages, card.values)} of {card.last} done"
    saved = f"draft saved {when(card.saved_at)}" if card.saved_at else "saved as you type"
    if card.version:
        saved = f"handed in; changes count once you amend it · {saved}"
    return f"*{escape(card.candidate)}* · {escape(card.title)}\n{where} · {done} · {saved}"


def _pages(card: Card, page: int) -> ActionsBlock:
    """Buttons to each page: what was typed is saved on the way."""
    buttons: list[Element] = []
    for at in range(card.last + 1):
        name = f"Question {at + 1}" if at < card.last else "Overall"
        is_done = at < card.last and bool(card.values.get(card.pages[at].score))
        buttons.append(
            Button(
                f"{name} ✓" if is_done else name,
                action_id=f"card_turn_{at}",
                value=str(at),
                style="primary" if at == page else None,
                accessibility_label=f"{name}{', done' if is_done else ''}",
            )
        )
    return ActionsBlock(buttons[:25], block_id="card_pages")


def _question(bank: Bank, card: Card, page: Page) -> list[Block]:
    question, values = page.question, card.values
    options = [choice(f"{score} · {SCORE_NAMES[int(score)]}", score) for score in SCORES]
    options.append(choice("Not assessed", NOT_ASSESSED))
    return [
        SectionBlock(f"*{escape(question.title)}*\n>{escape(page.words)}"),
        *_notes(card, page),
        *_displaced(card, page.evidence),
        InputBlock(
            "What did they say or do?",
            PlainTextInput(
                action_id="card_text", multiline=True, max_length=LONGEST,
                initial_value=values.get(page.evidence),
                dispatch_action_config=EACH_LETTER,
            ),
            block_id=page.evidence,
            dispatch_action=True,
            optional=True,
            hint=label(question.evidence_prompts[0], 150),
        ),
        ContextBlock([Text(f"What each score means at {bank.levels[page.level].title}:")]),
        *rubric_view.scores(question, page.level),
        InputBlock(
            "Score",
            RadioButtonGroup(
                action_id="card_choice", options=options,
                initial_option=initial(options, values.get(page.score)),
            ),
            block_id=page.score,
            dispatch_action=True,
            optional=True,
        ),
        ActionsBlock([rubric_view.opener(question, page.level)], block_id="card_rubric"),
    ]  # fmt: skip


def _notes(card: Card, page: Page) -> list[Block]:
    """What was typed in the brief's thread while this question was asked."""
    mine = [note for minute, note in card.notes if page.minutes <= minute < page.until]
    return [note_block(mine, "Your notes from then")] if mine else []


def _displaced(card: Card, name: str) -> list[Block]:
    """Texts that gave way to newer ones of another window: to be copied from."""
    now = card.values.get(name)
    older = [text for text in drafts.displaced(card.draft, name) if text != now]
    if not older:
        return []
    lines = "\n".join(f">{escape(text)}" for text in older)
    told = "*Two windows were open. The newer text is below; the other one was:*"
    return [SectionBlock(f"{told}\n{lines}"[:3000])]


def read(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a page holds, by the names of its fields. Raises Refusal for what no page of ours
    sends."""
    try:
        return {name: entered(next(iter(block.values()))) for name, block in values.items()}
    except (AttributeError, KeyError, StopIteration, TypeError):
        raise Refusal(OLD) from None


def entered(field: Mapping[str, Any]) -> Any:
    """The value of one input: a text, an option's value, or a list of these."""
    if "selected_options" in field:
        return [option["value"] for option in field["selected_options"] or []]
    if "selected_option" in field:
        return (field["selected_option"] or {}).get("value")
    return field.get("value") or ""


def troubled(found: Sequence[Trouble], page: int) -> tuple[dict[str, str], str]:
    """Errors for the fields of `page`; and a sentence for troubles on another page."""
    here = {each.field: each.told for each in found if each.page == page}
    elsewhere = next((each.told for each in found if each.page != page), "")
    return here, elsewhere
