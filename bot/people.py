"""Who may use the bot (design.md, section 7): members of the workspace, and nobody else."""

from collections.abc import Mapping
from typing import Any

from bot.errors import Refusal

NOT_SURE = (
    "I could not check with Slack who you are, so I show nothing. Please try again in a minute."
)


def require_member(user: Mapping[str, Any], team_id: str) -> None:
    """Raises Refusal unless `user`, as Slack's users.info gives it, is a full member of the team.

    Guests and people of other companies (Slack Connect) may be candidates; bots have no business
    with rubrics.
    """
    if user.get("is_bot") or user.get("id") == "USLACKBOT":
        raise Refusal("Bots cannot use me. Ask a person on the hiring team.")
    if user.get("deleted"):
        raise Refusal("Your account is deactivated. Ask your workspace's admins.")
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        raise Refusal(
            "Guests cannot see interview material. Ask the person who invited you to this "
            "workspace if you should be a member."
        )
    # Somebody in several teams of an organisation has one of them as theirs.
    teams = {user.get("team_id"), *((user.get("enterprise_user") or {}).get("teams") or ())}
    if user.get("is_stranger") or team_id not in teams:
        raise Refusal(
            "Only members of this workspace can see interview material. Ask your contact there "
            "if you need it."
        )
