"""The app's Home."""

from typing import Any

from slack_sdk import WebClient

from bot.content import Bank
from handlers.views import home as home_view


def opened(event: dict[str, Any], client: WebClient, bank: Bank) -> None:
    if event.get("tab") == "home":
        client.views_publish(user_id=event["user"], view=home_view.home(bank))
