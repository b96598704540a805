"""What can happen to a loop besides a change of plan: withdrawal, an early reveal, a no-show."""

from datetime import datetime
from typing import Any

from slackblocks import InputBlock, ModalView, PlainTextInput, SectionBlock

from bot.panels import Panel
from handlers.views.text import count, escape

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
