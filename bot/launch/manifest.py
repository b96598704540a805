"""What Slack has to know about the app, with the least scopes that its features need."""

from typing import Any

SCOPES = {
    "chat:write": "to brief interviewers, and to tell them what changes",
    "commands": "to answer /safety-interview",
    "dnd:read": "to leave people alone while they do not want to be disturbed",
    "files:write": "to send calendar entries and exports",
    "groups:history": "to see whether a message to a panel's private channel got through",
    "groups:read": "to say something about a candidate only where the channel is private",
    "im:history": "to keep what interviewers note in the thread of their brief",
    "im:write": "to write to people",
    "reactions:write": "to show that a note was kept",
    "users:read.email": "to find the interviewers that an import names by e-mail address",
    "users:read": "to show interview material to members only, and not to guests",
}


EVENTS = ("app_home_opened", "app_uninstalled", "message.im", "tokens_revoked")
ORG_EVENTS = ("team_access_revoked",)


def manifest(url: str = "", *, many: bool = False) -> dict[str, Any]:
    """The app manifest: for Socket Mode, or for HTTP when `url` says where the bot answers. With
    `many` other workspaces and organisations can install it, and tokens rotate."""
    where = f"{url.rstrip('/')}/slack/events" if url else ""
    at = {"url": where} if where else {}
    request_url = {"request_url": where} if where else {}
    return {
        "display_information": {
            "name": "Safety Interview",
            "description": "Questions and rubrics for hiring AI Safety Engineers",
            "background_color": "#1f3b4d",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "shortcuts": [
                {
                    "name": "Plan a loop",
                    "type": "global",
                    "callback_id": "plan_new",
                    "description": "Who interviews a candidate, and when",
                },
                {
                    "name": "New opening",
                    "type": "global",
                    "callback_id": "opening_new",
                    "description": "A role, with the questions that all its candidates get",
                },
            ],
            "bot_user": {"display_name": "Safety Interview", "always_online": True},
            "slash_commands": [
                {
                    "command": "/safety-interview",
                    "description": "Interview questions, rubrics, kits and openings",
                    "usage_hint": "senior | find rlhf | kit senior llm | open | help",
                    "should_escape": False,
                    **at,
                }
            ],
        },
        "oauth_config": {
            **({"redirect_urls": [f"{url.rstrip('/')}/slack/oauth_redirect"]} if many else {}),
            "scopes": {"bot": sorted(SCOPES)},
        },
        "settings": {
            "event_subscriptions": {
                "bot_events": [*EVENTS, *(ORG_EVENTS if many else ())],
                **request_url,
            },
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": many,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": many,
        },
    }
