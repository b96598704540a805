"""That somebody cannot be reached: why, and what a coordinator can do about it."""

from typing import Any

from slackblocks import ActionsBlock, Button, MessageResponse, SectionBlock

from bot.panels import Panel
from handlers.views.text import escape

Payload = dict[str, Any]

WHY = {
    "user_deactivated": "Their Slack account is deactivated.",
    "user_disabled": "Their Slack account is deactivated.",
    "user_not_found": "Slack knows nobody by that ID any more.",
    "cannot_dm_bot": "Their direct messages are closed to apps.",
    "is_archived": "The channel is archived.",
    "not_in_channel": "I was removed from the channel: invite me again.",
    "channel_not_found": "The channel is gone, or I was removed from it.",
    "messages_tab_disabled": "Direct messages with me are switched off for this workspace.",
}


def told(panel: Panel, recipient: str, error: str) -> Payload:
    whom = f"<@{recipient}>" if recipient.startswith(("U", "W")) else f"<#{recipient}>"
    why = WHY.get(error, f"Slack says `{escape(error)}`.")
    text = (
        f"I cannot reach {whom} about *{escape(panel.candidate)}*. {why} "
        "What I send does not arrive until that changes: please tell them yourself, or give the "
        "interview to somebody else."
    )
    show = Button("Show loop", action_id="loop_show", value=panel.loop.id)
    blocks = [SectionBlock(text), ActionsBlock([show], block_id="unreached")]
    return MessageResponse(text=f"I cannot reach {whom}", blocks=blocks).to_dict()
