"""Channels: whether something about a candidate may be said there."""

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

# What Slack says of a channel that is not the bot's to look at.
UNSEEN = {"channel_not_found", "missing_scope", "method_not_supported_for_channel_type"}


def is_private(client: WebClient, channel: str) -> bool:
    """Whether the bot is in this channel, and nobody but members of the workspace whom somebody
    invited can read along: asked anew each time, since a channel can be made public."""
    if not channel:
        return False
    try:
        found = client.conversations_info(channel=channel).get("channel") or {}
    except SlackApiError as error:
        if error.response.get("error") in UNSEEN:
            return False
        raise
    shared = found.get("is_ext_shared") or found.get("is_pending_ext_shared")
    private = found.get("is_private") and not found.get("is_im")
    return bool(private and found.get("is_member") and not shared and not found.get("is_archived"))
