"""The last page of a scorecard: flags heard, how the level fits, and the whole."""

from datetime import datetime

from slackblocks import (
    AlertBlock,
    Block,
    CheckboxGroup,
    ContextBlock,
    DividerBlock,
    Element,
    InputBlock,
    PlainTextInput,
    RadioButtonGroup,
    SectionBlock,
    StaticSelectMenu,
    Text,
)

from bot import scorecards
from bot.content import Area, Bank
from bot.content.scorecard import CardField
from bot.records import ThreadNote
from handlers.views import rubric as rubric_view
from handlers.views.card import EACH_LETTER, LEVELS, LONGEST, MAY_READ, Card, initial, note_block
from handlers.views.text import choice, escape, label, when


def overall(bank: Bank, card: Card) -> list[Block]:
    blocks: list[Block] = [_early(card.early)] if card.early and not card.version else []
    loose = _loose_notes(card)
    if loose:
        blocks.append(note_block(loose, "Your other notes"))
    if bank.scorecard.flags:
        blocks += _flags(bank, card)
    for field in bank.scorecard.fields:
        if field.id == "level_fit":
            blocks.append(_neighbours(bank, card))
        blocks.append(_field(bank, card, field))
    return [*blocks, ContextBlock([Text(MAY_READ)])]


def _early(starts: datetime) -> Block:
    """Not forbidden: interviews are moved, and not everybody says so."""
    told = f"The interview is planned for {when(starts)}. Hand in only if it was held before."
    return AlertBlock(told, level="warning", block_id="early")


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
            action_id="card_choice", options=options, initial_option=initial(options, value)
        )
    else:
        areas = [
            choice(bank.areas[area].title, area) for area in Area if area != "recruiter_screen"
        ]
        element = StaticSelectMenu(
            action_id="card_choice", options=areas, placeholder="None",
            initial_option=initial(areas, value),
        )  # fmt: skip
    return InputBlock(
        field.label, element, block_id=field.id, hint=field.hint or None,
        dispatch_action=True, optional=True,
    )  # fmt: skip
