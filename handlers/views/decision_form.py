"""What the hiring manager fills in to decide; the last look at it; and the short forms of those
who answer, object, dissent or reopen."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slackblocks import (
    AlertBlock,
    Block,
    ContextBlock,
    DatePicker,
    InputBlock,
    ModalView,
    Option,
    PlainTextInput,
    RadioButtonGroup,
    SectionBlock,
    StaticMultiSelectMenu,
    StaticSelectMenu,
    Text,
)

from bot import decisions, drafts
from bot.content import Bank
from bot.decisions import LEVELS, MOST_CITED, Outcome
from bot.errors import Refusal
from bot.panels import Panel
from handlers.views import moves as moves_view
from handlers.views import words
from handlers.views.card import EACH_LETTER, LONGEST, OLD
from handlers.views.text import choice, count, escape, label

Payload = dict[str, Any]

FIELDS = ("outcome", "level", "round", "until", "cites", "rationale")


@dataclass(frozen=True)
class Where:
    """Which decision a window is about; it fits in its private metadata, and none of it is
    trusted. `number` is how many decisions the loop had when the window was drawn."""

    loop_id: str
    number: int = 0
    base: int = 0  # The revision of the draft that the window shows.

    def dumped(self) -> str:
        return json.dumps([self.loop_id, self.number, self.base])

    @classmethod
    def read(cls, text: str) -> "Where":
        """Raises Refusal: any text may come back."""
        try:
            loop_id, number, base = json.loads(text)
            return cls(str(loop_id), int(number), int(base))
        except (ValueError, TypeError):
            raise Refusal(OLD) from None


@dataclass(frozen=True)
class Form:
    """Everything that the window shows."""

    panel: Panel
    draft: Mapping[str, Any]
    citable: Sequence[str]

    @property
    def values(self) -> dict[str, Any]:
        return drafts.values(self.draft)

    @property
    def where(self) -> Where:
        number = len(self.panel.decisions)
        return Where(self.panel.loop.id, number, drafts.revision(self.draft))


def form(bank: Bank, shown: Form, told: str = "") -> Payload:
    panel, values = shown.panel, shown.values
    blocks: list[Block] = [
        *([AlertBlock(told, level="warning", block_id="told")] if told else []),
        SectionBlock(
            f"*{escape(panel.candidate)}* · {escape(panel.opening.title)} · "
            f"{panel.opening.level}\n{_facts(panel)}"
        ),
        InputBlock(
            "What do you decide?", _outcomes(panel, values.get("outcome")),
            block_id="outcome", dispatch_action=True,
        ),
        *_detail(panel, values),
    ]  # fmt: skip
    if shown.citable:
        blocks.append(_cites(bank, shown.citable, values.get("cites", [])))
    else:
        told_ = "No scorecard holds any evidence yet, so there is nothing to cite."
        blocks.append(ContextBlock([Text(told_)]))
    blocks.append(
        InputBlock(
            "Why?",
            PlainTextInput(
                action_id="decision_text", multiline=True, max_length=LONGEST,
                initial_value=values.get("rationale"), dispatch_action_config=EACH_LETTER,
            ),
            block_id="rationale",
            dispatch_action=True,
            hint="What did the candidate say or do that decides it? The panel reads this; the "
            "candidate may be entitled to.",
        )
    )  # fmt: skip
    return ModalView(
        title="Decide", blocks=blocks, submit="Next", close="Close",
        callback_id="decision_form", private_metadata=shown.where.dumped(),
    ).to_dict()  # fmt: skip


def _facts(panel: Panel) -> str:
    lines = [moves_view.summary(panel)]
    if panel.missing:
        people = ", ".join(f"<@{chair.seat.person}>" for chair in panel.missing)
        lines.append(f":warning: {count(len(panel.missing), 'scorecard')} missing: {people}.")
    lines.append("What you write is saved as you type; nothing is decided before the last step.")
    return "\n".join(lines)


def outcome_names(panel: Panel) -> dict[Outcome, str]:
    return {
        Outcome.HIRE: f"Hire at {panel.opening.level.capitalize()}",
        Outcome.OTHER_LEVEL: "Hire at another level",
        Outcome.NO_HIRE: "No hire",
        Outcome.ANOTHER: "Another interview first",
        Outcome.HOLD: "Hold until a day",
    }


def _outcomes(panel: Panel, chosen: Any) -> RadioButtonGroup:
    names = outcome_names(panel)
    if not decisions.rounds_left(panel):
        del names[Outcome.ANOTHER]
    options = [choice(text, name) for name, text in names.items()]
    return RadioButtonGroup(
        action_id="decision_choice", options=options, initial_option=_initial(options, chosen)
    )


def _initial(options: Sequence[Option], value: Any) -> Option | None:
    return next((each for each in options if each.value == value), None)


def _detail(panel: Panel, values: Mapping[str, Any]) -> list[Block]:
    """What the chosen outcome asks besides."""
    match values.get("outcome"):
        case Outcome.OTHER_LEVEL:
            others = [choice(each.capitalize(), each) for each in LEVELS]
            options = [each for each in others if each.value != panel.opening.level]
            return [_menu("At which level?", "level", options, values, "Level")]
        case Outcome.ANOTHER:
            options = [
                choice(label(f"{kit['title']} ({kit['minutes']} min)"), str(kit["id"]))
                for kit in decisions.rounds_left(panel)
            ]
            hint = "The next step is to plan it: who and when."
            return [_menu("Which interview?", "round", options, values, "Round", hint)]
        case Outcome.HOLD:
            picker = DatePicker(
                action_id="decision_choice", initial_date=values.get("until"),
                placeholder="Choose a day",
            )  # fmt: skip
            return [
                InputBlock(
                    "Until when?", picker, block_id="until", dispatch_action=True,
                    hint="I remind you on that day.",
                )
            ]  # fmt: skip
    return []


def _menu(
    question: str,
    name: str,
    options: Sequence[Option],
    values: Mapping[str, Any],
    placeholder: str,
    hint: str = "",
) -> Block:
    return InputBlock(
        question,
        StaticSelectMenu(
            action_id="decision_choice", placeholder=placeholder, options=list(options)[:100],
            initial_option=_initial(options, values.get(name)),
        ),
        block_id=name, dispatch_action=True, hint=hint or None,
    )  # fmt: skip


def _cites(bank: Bank, citable: Sequence[str], chosen: Sequence[str]) -> Block:
    options = [choice(label(words.title(bank, each)), each) for each in citable[:100]]
    initial = [each for each in options if each.value in chosen]
    return InputBlock(
        "Whose evidence do you build on?",
        StaticMultiSelectMenu(
            action_id="decision_choice", options=options, initial_options=initial or None,
            max_selected_items=MOST_CITED, placeholder="Questions",
        ),
        block_id="cites",
        dispatch_action=True,
        hint="At least one question: what was heard there stands beside the decision.",
    )  # fmt: skip


def entered(field: Mapping[str, Any]) -> Any:
    """The value of one input: a text, a day, an option's value, or a list of these."""
    if "selected_date" in field:
        return field["selected_date"] or ""
    if "selected_options" in field:
        return [option["value"] for option in field["selected_options"] or []]
    if "selected_option" in field:
        return (field["selected_option"] or {}).get("value")
    return field.get("value") or ""


def read(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the form holds, by the names of its fields. Raises Refusal for what no form of ours
    sends."""
    try:
        found = {name: entered(next(iter(block.values()))) for name, block in values.items()}
    except (AttributeError, KeyError, StopIteration, TypeError):
        raise Refusal(OLD) from None
    require_fields(found)
    return found


def require_fields(names: Mapping[str, Any] | Sequence[str]) -> None:
    """Raises Refusal for a field that the form does not have."""
    if not set(names) <= set(FIELDS):
        raise Refusal(OLD)
