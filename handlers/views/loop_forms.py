"""What can happen to a loop besides a change of plan: withdrawal, an early reveal, a no-show."""

from datetime import datetime
from typing import Any

from slackblocks import InputBlock, ModalView, PlainTextInput, SectionBlock, StaticSelectMenu

from bot import clashes, openings
from bot.panels import Chair, Panel
from handlers.views.text import choice, count, escape, label

Payload = dict[str, Any]


def withdraw_form(panel: Panel, now: datetime) -> Payload:
    """What a withdrawal cancels, and who is told."""
    ahead = [each for each in panel.interviews if each.state == "planned" and each.starts_at > now]
    people = {chair.seat.person for chair in panel.chairs if chair.interview in ahead}
    told = ", ".join(f"<@{person}>" for person in sorted(people)) or "nobody"
    return ModalView(
        title="Candidate withdraws",
        blocks=[
            SectionBlock(
                f"*{escape(panel.candidate)}* leaves the process. {count(len(ahead), 'interview')} "
                f"ahead will be cancelled, and no scorecard is asked for any more.\nTold in a "
                f"few minutes, unless you undo it: {told}."
            )
        ],
        submit="Withdraw",
        close="Keep",
        callback_id="loop_withdrawn",
        private_metadata=panel.loop.id,
    ).to_dict()


def reveal_form(panel: Panel) -> Payload:
    """Opening the scorecards without the missing ones: who is missing, and why it cannot wait."""
    missing = ", ".join(f"<@{chair.seat.person}>" for chair in panel.missing)
    return ModalView(
        title="Open scorecards",
        blocks=[
            SectionBlock(
                f"Missing: {missing}. Opening them now ends independent scoring: what comes in "
                "later is marked as written after the reveal."
            ),
            InputBlock(
                "Why can it not wait?",
                PlainTextInput(action_id="reason", multiline=True, max_length=300, min_length=3),
                block_id="reason",
            ),
        ],
        submit="Open them",
        close="Wait",
        callback_id="loop_revealed",
        private_metadata=panel.loop.id,
    ).to_dict()


HAPPENED = {
    "no_show": "The candidate did not come",
    "not_held": "It did not happen",
    "excused": "This person need not hand in a scorecard",
}


SETTLED = {  # What earlier messages about it say then.
    "no_show": "The candidate did not come",
    "not_held": "It did not happen",
    "excused": "Excused: nobody waits for it",
}


def happened_form(panel: Panel) -> Payload:
    """One interview or one person for whom no scorecard is to be expected."""
    options = [
        choice(
            label(f"{_plain(panel, chair)}: {chair.role.label.lower()} {at + 1}"),
            f"{chair.interview.id}|{chair.seat.person}",
        )
        for at, chair in enumerate(panel.chairs)
    ][:100]
    what = [choice(text, name) for name, text in HAPPENED.items()]
    return ModalView(
        title="Something else happened",
        blocks=[
            SectionBlock(_numbered(panel)),
            InputBlock(
                "Interview",
                StaticSelectMenu(action_id="chair", placeholder="Which one", options=options),
                block_id="chair",
            ),
            InputBlock(
                "What happened",
                StaticSelectMenu(action_id="what", placeholder="Choose", options=what),
                block_id="what",
            ),
            InputBlock(
                "Reason",
                PlainTextInput(action_id="reason", max_length=200),
                block_id="reason",
                hint="The panel sees it.",
            ),
        ],
        submit="Save",
        close="Cancel",
        callback_id="loop_happened",
        private_metadata=panel.loop.id,
    ).to_dict()


def _plain(panel: Panel, chair: Chair) -> str:
    return openings.round_title(panel.opening, chair.interview.round)


def _numbered(panel: Panel) -> str:
    """Menus show no mentions, so people stand here with their numbers."""
    lines = [
        f"{at}. {clashes.title(panel.opening, chair.interview.round)}: <@{chair.seat.person}>"
        for at, chair in enumerate(panel.chairs, start=1)
    ]
    return "\n".join(lines)[:3000]
