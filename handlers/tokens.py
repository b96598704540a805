"""With which client Slack is called: each team has a token of its own."""

from collections.abc import Callable

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

Clients = Callable[[str], WebClient]  # By team. Raises Away.


class Away(SlackClientError):
    """There is no token for this team. `gone` when it removed the bot."""

    def __init__(self, *, gone: bool) -> None:
        super().__init__("no token")
        self.gone = gone


def always(client: WebClient | Clients) -> Clients:
    """For a deployment that has one token: the same client whatever the team."""
    return (lambda _: client) if isinstance(client, WebClient) else client
