"""What kind of request something is."""

import re
from typing import Any

from bot.launch.manifest import EVENTS, ORG_EVENTS

INTERACTIONS = {
    "block_actions", "block_suggestion", "message_action", "shortcut", "view_closed",
    "view_submission",
}  # fmt: skip
HEARD = {name.partition(".")[0] for name in (*EVENTS, *ORG_EVENTS)}  # message.im is a message.
NAMES = frozenset({"command", "event", "other", "unsigned", *INTERACTIONS, *HEARD})


def of(body: dict[str, Any]) -> str:
    """One of NAMES. Of what a page or a person can choose nothing is told: anybody could make up
    names without end."""
    kind = str(body.get("type", ""))
    if "command" in body:
        return "command"
    if kind == "event_callback":
        event = body.get("event")
        heard = str(event.get("type", "")) if isinstance(event, dict) else ""
        return heard if heard in HEARD else "event"
    return kind if kind in INTERACTIONS else "other"


def team(body: dict[str, Any]) -> str:
    """The id of the workspace that it says it comes from; "" for what is none."""
    told = body.get("team_id") or body.get("team")
    told = told.get("id") if isinstance(told, dict) else told
    return told if isinstance(told, str) and re.fullmatch(r"[TE][A-Z0-9]{1,20}", told) else ""
