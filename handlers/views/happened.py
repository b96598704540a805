"""What happened instead of an interview as it was planned: said by who plans the loop."""

from collections.abc import Sequence
from typing import Any

from slackblocks import (
    Block,
    InputBlock,
    ModalView,
    OverflowMenu,
    PlainTextInput,
    RadioButtonGroup,
    SectionBlock,
    StaticSelectMenu,
    UserSelectMenu,
)

from bot import clashes, openings
from bot.panels import Chair, Panel
from bot.records import Interview
from handlers.views.text import choice, label

Payload = dict[str, Any]

MARKS = {
    "no_show": "The candidate did not come",
    "not_held": "It did not happen",
    "excused": "This person need not hand in a scorecard",
}
ANOTHER = "another"
SETTLED = {  # What earlier messages about it say then.
    "no_show": "The candidate did not come",
    "not_held": "It did not happen",
    "excused": "Excused: nobody waits for it",
    ANOTHER: "Somebody else did it",
}
HAPPENED = {**MARKS, ANOTHER: "Somebody else did it"}


def menu(panel: Panel, interview: Interview) -> OverflowMenu:
    """One press for each of these, on the interview itself."""
    options = [
        choice(text, f"{panel.loop.id}|{interview.id}|{name}") for name, text in HAPPENED.items()
    ]
    return OverflowMenu("loop_happened", options)


def form(panel: Panel, interview_id: str = "", what: str = "") -> Payload:
    """Of one interview when its id is given, with `what` chosen; else of any of the loop."""
    chairs = [chair for chair in panel.chairs if chair.interview.id == interview_id]
    chairs = chairs or list(panel.chairs)
    places = [
        choice(label(_place(panel, chair, at)), f"{chair.interview.id}|{chair.seat.person}")
        for at, chair in enumerate(chairs, start=1)
    ][:100]
    happened = [choice(text, name) for name, text in HAPPENED.items()]
    blocks: list[Block] = [
        SectionBlock(_numbered(panel, chairs)),
        InputBlock(
            "Interview",
            StaticSelectMenu(
                action_id="chair", placeholder="Which one", options=places,
                initial_option=places[0] if interview_id else None,
            ),
            block_id="chair",
        ),
        InputBlock(
            "What happened",
            RadioButtonGroup(
                action_id="what", options=happened,
                initial_option=next((each for each in happened if each.value == what), None),
            ),
            block_id="what",
        ),
        InputBlock(
            "Who did it instead?",
            UserSelectMenu(action_id="instead", placeholder="Nobody"),
            block_id="instead",
            optional=True,
            hint="Only when somebody else did it. They are asked for the scorecard from now on.",
        ),
        InputBlock(
            "Reason",
            PlainTextInput(action_id="reason", max_length=200),
            block_id="reason",
            hint="The panel sees it.",
        ),
    ]  # fmt: skip
    return ModalView(
        title="Something else happened",
        blocks=blocks,
        submit="Save",
        close="Cancel",
        callback_id="loop_happened",
        private_metadata=panel.loop.id,
    ).to_dict()


def _place(panel: Panel, chair: Chair, at: int) -> str:
    title = openings.round_title(panel.opening, chair.interview.round)
    return f"{title}: {chair.role.label.lower()} {at}"


def _numbered(panel: Panel, chairs: Sequence[Chair]) -> str:
    """Menus show no mentions, so people stand here with their numbers."""
    lines = [
        f"{at}. {clashes.title(panel.opening, chair.interview.round)}: <@{chair.seat.person}>"
        for at, chair in enumerate(chairs, start=1)
    ]
    return "\n".join(lines)[:3000]
