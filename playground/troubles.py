"""What people and admins do to an app's reach, until it is undone: a switch each."""

import time
from typing import get_args

from playground import cast
from playground.faults import Trouble
from playground.workspace import Workspace

BURST = 3.0  # Messages that a conversation takes at once; then about one a second.


def switch(workspace: Workspace, kind: Trouble, whom: str = "") -> bool:
    """Turn it on or off, for the person or conversation `whom`; whether it is on now.

    Raises ValueError for somebody, or a conversation, that is not there.
    """
    match kind:
        case "deactivated" if whom in workspace.users:
            user = workspace.users[whom]
            workspace.users[whom] = {**user, "deleted": not user["deleted"]}
            return bool(workspace.users[whom]["deleted"])
        case "dm_closed" if whom in workspace.users:
            workspace.closed_dms ^= {whom}
            return whom in workspace.closed_dms
        case "archived" if whom in workspace.conversations:
            found = workspace.conversations[whom]
            found["archived"] = not found["archived"]
            return bool(found["archived"])
        case "app_removed" if whom in workspace.conversations:
            found = workspace.conversations[whom]
            inside = cast.BOT_USER in found["members"]
            others = [each for each in found["members"] if each != cast.BOT_USER]
            found["members"] = others if inside else [*others, cast.BOT_USER]
            return inside
        case "token_revoked":
            workspace.revoked = not workspace.revoked
            return workspace.revoked
        case "paced":
            workspace.paced = not workspace.paced
            return workspace.paced
    raise ValueError(f"{kind} of {whom!r}: that is not here")


def may_speak(workspace: Workspace, channel: str) -> bool:
    """Whether a paced conversation takes a message now; counts it."""
    if not workspace.paced:
        return True
    now = time.monotonic()
    left, since = workspace.spoken.get(channel, (BURST, now))
    left = min(BURST, left + now - since)
    workspace.spoken[channel] = (left - 1 if left >= 1 else left, now)
    return left >= 1


TROUBLES: tuple[str, ...] = get_args(Trouble)
