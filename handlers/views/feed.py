"""The window of one's own calendar feed."""

import hashlib
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ContextBlock,
    Element,
    InputBlock,
    ModalView,
    PlainTextInput,
    SectionBlock,
    Text,
)

from bot.records import CalendarFeed
from handlers.views.text import when

Payload = dict[str, Any]

TITLE = "Calendar feed"
WHAT = (
    "Your interviews and debriefs as a calendar that follows every change: add its address to "
    "Google Calendar, Outlook, Apple Calendar or any other. Candidates stand in it as their "
    "opening shows them; scorecards and kits do not."
)
KEEP_IT = (
    "Whoever has the address can read the calendar. I keep no copy of it: if you lose it, or "
    "somebody else has it, make a new one, and the old one ends."
)
UNAVAILABLE = (
    "A calendar that follows every change needs an address at which your calendar program can ask "
    "me, and here I have none: I am connected by Socket Mode, or my operator has not set "
    "`PUBLIC_URL`. Until then **Add to calendar** under a brief gives you each interview as a file."
)


def unavailable() -> Payload:
    return _modal([SectionBlock(UNAVAILABLE.replace("**", "*"))])


def window(feed: CalendarFeed | None, note: str = "") -> Payload:
    """What there is, with a sentence on what was just done."""
    blocks: list[Block] = [ContextBlock([Text(note)])] if note else []
    blocks.append(SectionBlock(WHAT))
    if feed is None:
        blocks.append(SectionBlock("You have none yet."))
        buttons: list[Element] = [
            Button("Make one", action_id="feed_renew", value="new", style="primary")
        ]
    else:
        read = f"read {when(feed.read_at)}" if feed.read_at else "not read by any calendar yet"
        blocks.append(SectionBlock(f"You have one: made {when(feed.made_at)}, {read}."))
        buttons = [
            Button("New link", action_id="feed_renew", value="new"),
            Button("Revoke", action_id="feed_revoke", value="revoke", style="danger"),
        ]
    blocks += [ActionsBlock(buttons, block_id="feed_do"), ContextBlock([Text(KEEP_IT)])]
    return _modal(blocks)


def made(address: str) -> Payload:
    """The address, to be copied. It is shown this once."""
    return _modal(
        [
            SectionBlock("*This is your address.* Copy it now: it is shown this once."),
            InputBlock(
                "Address",
                PlainTextInput(action_id="address", initial_value=address),
                # Another field for another address: Slack keeps what stands in the same one.
                block_id=f"address_{hashlib.sha256(address.encode()).hexdigest()[:8]}",
                hint="In your calendar: add a calendar by URL, or subscribe to one.",
                optional=True,
            ),
            ActionsBlock(
                [
                    Button("New link", action_id="feed_renew", value="new"),
                    Button("Revoke", action_id="feed_revoke", value="revoke", style="danger"),
                ],
                block_id="feed_do",
            ),
            ContextBlock([Text(KEEP_IT)]),
        ],
        submit="Done",
    )


def _modal(blocks: list[Block], submit: str | None = None) -> Payload:
    return ModalView(
        title=TITLE, blocks=blocks, close="Close", submit=submit, callback_id="feed"
    ).to_dict()
