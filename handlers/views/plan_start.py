"""The first form of a plan: for whom, and which rounds. It reads itself back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    CheckboxGroup,
    DatePicker,
    DividerBlock,
    Element,
    InputBlock,
    ModalView,
    Option,
    PlainTextInput,
    SectionBlock,
    StaticSelectMenu,
    URLInput,
)

from bot import openings, typed
from bot.errors import Refusal
from bot.records import Opening, UnfinishedPlan
from handlers.views.text import choice, escape, label, when

Payload = dict[str, Any]

OLD = "That form is from an older version of me. Type `/safety-interview plan` anew."


def form(
    openings_: Sequence[Opening],
    chosen: Opening,
    first: date,
    unfinished: Sequence[UnfinishedPlan] = (),
) -> Payload:
    """For whom: the opening, the candidate, the rounds and the first day."""
    options = [choice(label(each.title), each.id) for each in openings_[:100]]
    initial = next(each for each in options if each.value == chosen.id)
    rounds = [round_option(kit) for kit in chosen.kits]
    onsite = [option for option in rounds if option.value.startswith("onsite")] or rounds
    titles = {each.id: each.title for each in openings_}
    begun = [each for each in unfinished if each.opening_id in titles and not each.loop_id]
    blocks: list[Block] = [
        *(block for each in begun for block in _unfinished(each, titles[each.opening_id])),
        *([DividerBlock()] if begun else []),
        InputBlock(
            "Opening",
            StaticSelectMenu(
                action_id="opening", placeholder="Opening", options=options, initial_option=initial
            ),
            block_id="opening",
            dispatch_action=True,
        ),
        InputBlock(
            "Candidate",
            PlainTextInput(action_id="candidate", max_length=80, focus_on_load=True),
            block_id="candidate",
            hint=_shown_as(chosen),
        ),
        InputBlock(
            "Link to their record",
            URLInput(action_id="link", placeholder="https://…"),
            block_id="link",
            optional=True,
        ),
        InputBlock(
            "First day",
            DatePicker(action_id="first", initial_date=first.isoformat()),
            block_id="first",
            hint="I propose times from then on; you change them in the next step.",
        ),
        InputBlock(
            "Rounds",
            CheckboxGroup(action_id="rounds", options=rounds, initial_options=onsite),
            block_id=f"rounds_{chosen.id}"[:255],
        ),
    ]
    return ModalView(
        title="Plan a loop", blocks=blocks, submit="Next", close="Cancel",
        callback_id="plan_start",
    ).to_dict()  # fmt: skip


def age(begun: UnfinishedPlan) -> str:
    what = "A change" if begun.loop_id else "A plan"
    return f"{what} begun {when(begun.begun_at)}, not saved yet"


def _unfinished(begun: UnfinishedPlan, title: str) -> list[Block]:
    """What was begun and not saved yet, first: to go on with, or to give up."""
    buttons: list[Element] = [
        Button(
            label("Continue"), action_id="plan_continue", value=begun.id, style="primary",
            accessibility_label=label(f"Continue with {begun.candidate}"),
        ),
        Button(
            "Discard", action_id="plan_discard", value=begun.id,
            accessibility_label=label(f"Discard the plan of {begun.candidate}"),
        ),
    ]  # fmt: skip
    text = f"*{escape(begun.candidate)}* · {escape(title)}\n{age(begun)}"
    return [SectionBlock(text), ActionsBlock(buttons, block_id=f"begun_{begun.id}")]


def round_option(kit: openings.Kit) -> Option:
    return choice(label(f"{kit['title']} ({kit['minutes']} min)"), kit["id"])


def _shown_as(opening: Opening) -> str:
    shown = {"name": "by name", "initials": "by initials and code", "code": "by a code only"}
    return f"The panel sees them {shown[opening.shown_as]}."


@dataclass(frozen=True)
class Start:
    """What the first form says."""

    opening_id: str
    candidate: str
    link: str
    first: date
    rounds: tuple[str, ...]


def read(values: Mapping[str, Any]) -> Start:
    """Raises Refusal for values that no form of ours can send."""
    try:
        fields = {action: field for block in values.values() for action, field in block.items()}
        return Start(
            opening_id=fields["opening"]["selected_option"]["value"],
            candidate=typed.line(fields["candidate"]["value"] or ""),
            link=typed.line(fields["link"]["value"] or ""),
            first=date.fromisoformat(fields["first"]["selected_date"]),
            rounds=tuple(each["value"] for each in fields["rounds"]["selected_options"]),
        )
    except (KeyError, TypeError, ValueError):
        raise Refusal(OLD) from None
