"""The scorecard: one page for each question, then the whole. Notes, evidence, then the score."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slackblocks import (
    ActionsBlock,
    AlertBlock,
    Block,
    Button,
    CheckboxGroup,
    ContextBlock,
    DispatchActionConfiguration,
    DividerBlock,
    Element,
    InputBlock,
    ModalView,
    Option,
    PlainTextInput,
    RadioButtonGroup,
    SectionBlock,
    StaticSelectMenu,
    Text,
)

from bot import drafts, scorecards
from bot.content import Area, Bank, Level
from bot.content.scorecard import CardField
from bot.errors import Refusal
from bot.records import ThreadNote
from bot.scorecards import NOT_ASSESSED, SCORES, Page, Trouble
from handlers.views import rubric as rubric_view
from handlers.views.rubric import SCORES as SCORE_NAMES
from handlers.views.text import choice, escape, label, when

Payload = dict[str, Any]

LONGEST = 3000  # Characters of one text: Slack allows no more.
EACH_LETTER = DispatchActionConfiguration(["on_character_entered"])
OLD = "That window is from an older version of me. Open it anew."
MAY_READ = "The candidate may be entitled to read what you write here."
LEVELS = list(Level)


@dataclass(frozen=True)
class Place:
    """Where a scorecard's window is. It fits in the private metadata; none of it is trusted."""

    interview_id: str
    page: int = 0
    base: int = 0  # The revision of the draft that the window shows.

    def dumped(self) -> str:
        return json.dumps([self.interview_id, self.page, self.base])

    @classmethod
    def read(cls, text: str) -> "Place":
        """Raises Refusal: any text may come back."""
        try:
            interview_id, page, base = json.loads(text)
            return cls(str(interview_id), int(page), int(base))
        except (ValueError, TypeError):
            raise Refusal(OLD) from None


@dataclass(frozen=True)
class Card:
    """Everything that a scorecard's window shows."""

    interview_id: str
    candidate: str
    title: str  # Of the round, as plain text.
    level: Level
    pages: Sequence[Page]
    draft: Mapping[str, Any]
    saved_at: datetime | None
    notes: Sequence[tuple[int, ThreadNote]]  # With the minute of the interview that each is of.
    version: int = 0  # How often it was handed in.

    @property
    def values(self) -> dict[str, Any]:
        return drafts.values(self.draft)

    @property
    def last(self) -> int:
        return len(self.pages)


def window(bank: Bank, card: Card, page: int, told: str = "") -> Payload:
    """The page `page`; the last is the overall one. `told` is what stands in the way of it."""
    page = max(0, min(page, card.last))
    blocks: list[Block] = [
        ContextBlock([Text(_progress(card, page))], block_id="progress"),
        _pages(card, page),
        *([AlertBlock(told, level="warning", block_id="told")] if told else []),
        *(_overall(bank, card) if page == card.last else _question(bank, card, card.pages[page])),
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
                initial_option=_initial(options, values.get(page.score)),
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
    return [_note_block(mine, "Your notes from then")] if mine else []


def _note_block(notes: Sequence[ThreadNote], heading: str) -> Block:
    lines = [
        f"<!date^{int(note.at.timestamp())}^{{time}}|{note.at:%H:%M}> {note.text}" for note in notes
    ]
    return SectionBlock("\n".join([f"*{heading}*", *lines])[:3000])


def _displaced(card: Card, name: str) -> list[Block]:
    """Texts that gave way to newer ones of another window: to be copied from."""
    now = card.values.get(name)
    older = [text for text in drafts.displaced(card.draft, name) if text != now]
    if not older:
        return []
    lines = "\n".join(f">{escape(text)}" for text in older)
    told = "*Two windows were open. The newer text is below; the other one was:*"
    return [SectionBlock(f"{told}\n{lines}"[:3000])]


def _initial(options: Sequence[Option], value: Any) -> Option | None:
    return next((option for option in options if option.value == value), None)


def _overall(bank: Bank, card: Card) -> list[Block]:
    blocks: list[Block] = []
    loose = _loose_notes(card)
    if loose:
        blocks.append(_note_block(loose, "Your other notes"))
    if bank.scorecard.flags:
        blocks += _flags(bank, card)
    for field in bank.scorecard.fields:
        if field.id == "level_fit":
            blocks.append(_neighbours(bank, card))
        blocks.append(_field(bank, card, field))
    return [*blocks, ContextBlock([Text(MAY_READ)])]


def _loose_notes(card: Card) -> list[ThreadNote]:
    def placed(minute: int) -> bool:
        return any(page.minutes <= minute < page.until for page in card.pages)

    return [note for minute, note in card.notes if not placed(minute)]


def _flags(bank: Bank, card: Card) -> list[Block]:
    """The guide's lists; each flag that was heard asks where."""
    blocks: list[Block] = []
    kinds = {"red": bank.guide.red_flags, "green": bank.guide.green_flags}
    for kind, facts in kinds.items():
        options = [choice(label(text), key) for key, text in facts.items()][:10]
        chosen = [each for each in options if each.value in card.values.get(f"flags.{kind}", [])]
        blocks.append(
            InputBlock(
                f"{kind.capitalize()} flags heard",
                CheckboxGroup(
                    action_id="card_flags", options=options, initial_options=chosen or None
                ),
                block_id=f"flags.{kind}",
                dispatch_action=True,
                optional=True,
            )
        )  # fmt: skip
    facts = {**bank.guide.red_flags, **bank.guide.green_flags}
    heard = [_heard(card, key, facts.get(key, key)) for key in scorecards.flags(card.values)]
    return [*blocks, *heard, DividerBlock()]


def _heard(card: Card, key: str, flag: str) -> Block:
    return InputBlock(
        "Where did you hear it?",
        PlainTextInput(
            action_id="card_text", max_length=300, dispatch_action_config=EACH_LETTER,
            initial_value=card.values.get(f"where.{key}"),
        ),
        block_id=f"where.{key}",
        dispatch_action=True,
        optional=True,
        hint=label(f"“{flag}”", 150),
    )  # fmt: skip


def _neighbours(bank: Bank, card: Card) -> Block:
    """What a 3 means one level below and above, and one click to the anchors there."""
    at = LEVELS.index(card.level)
    near = [LEVELS[each] for each in (at - 1, at, at + 1) if 0 <= each < len(LEVELS)]
    lines = [f"*{bank.levels[each].title}:* {escape(bank.levels[each].meets)}" for each in near]
    text = "\n".join(["*A 3 at each level*", *lines])
    question = next((page.question for page in card.pages if len(page.question.levels) > 1), None)
    if question is None:
        return SectionBlock(text)
    return SectionBlock(text, accessory=rubric_view.opener(question, card.level))


def _field(bank: Bank, card: Card, field: CardField) -> Block:
    value = card.values.get(field.id)
    element: Element
    if field.kind == "text":
        element = PlainTextInput(
            action_id="card_text", multiline=True, max_length=LONGEST, initial_value=value,
            dispatch_action_config=EACH_LETTER,
        )  # fmt: skip
    elif field.kind == "choice":
        options = [choice(text, key) for key, text in field.options.items()]
        element = RadioButtonGroup(
            action_id="card_choice", options=options, initial_option=_initial(options, value)
        )
    else:
        areas = [
            choice(bank.areas[area].title, area) for area in Area if area != "recruiter_screen"
        ]
        element = StaticSelectMenu(
            action_id="card_choice", options=areas, placeholder="None",
            initial_option=_initial(areas, value),
        )  # fmt: skip
    return InputBlock(
        field.label, element, block_id=field.id, hint=field.hint or None,
        dispatch_action=True, optional=True,
    )  # fmt: skip


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
