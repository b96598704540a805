"""The first form of a plan: for whom, and which rounds. It reads itself back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from slackblocks import (
    Block,
    CheckboxGroup,
    DatePicker,
    InputBlock,
    ModalView,
    Option,
    PlainTextInput,
    StaticSelectMenu,
    URLInput,
)

from bot import openings
from bot.errors import Refusal
from bot.records import Opening
from handlers.views.text import choice, label

Payload = dict[str, Any]

OLD = "That form is from an older version of me. Type `/safety-interview plan` anew."


def form(openings_: Sequence[Opening], chosen: Opening, first: date) -> Payload:
    """For whom: the opening, the candidate, the rounds and the first day."""
    options = [choice(label(each.title), each.id) for each in openings_[:100]]
    initial = next(each for each in options if each.value == chosen.id)
    rounds = [round_option(kit) for kit in chosen.kits]
    onsite = [option for option in rounds if option.value.startswith("onsite")] or rounds
    blocks: list[Block] = [
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
            candidate=" ".join((fields["candidate"]["value"] or "").split()),
            link=fields["link"]["value"] or "",
            first=date.fromisoformat(fields["first"]["selected_date"]),
            rounds=tuple(each["value"] for each in fields["rounds"]["selected_options"]),
        )
    except (KeyError, TypeError, ValueError):
        raise Refusal(OLD) from None
