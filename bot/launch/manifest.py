"""What Slack has to know about the app, with the least scopes that its features need."""

from typing import Any

SCOPES = {
    "commands": "to answer /safety-interview",
    "users:read": "to show interview material to members only, and not to guests",
}


def manifest(url: str = "") -> dict[str, Any]:
    """The app manifest: for Socket Mode, or for HTTP when `url` says where the bot answers."""
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
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "Safety Interview", "always_online": True},
            "slash_commands": [
                {
                    "command": "/safety-interview",
                    "description": "Interview questions and rubrics for a level",
                    "usage_hint": "senior | mid system design | staff llm | help",
                    "should_escape": False,
                    **at,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": ["app_home_opened"], **request_url},
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }
