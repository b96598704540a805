"""By which certificates a Slack that is called by https is known."""

import ssl
from functools import cache


def trusted(api_url: str) -> ssl.SSLContext | None:
    """The machine's, for clients that call often: they are read once for all of these. Left to
    itself, slack_sdk reads every one of them for each call, which takes more than all the rest."""
    return _machine_s() if api_url.startswith("https:") else None


@cache
def _machine_s() -> ssl.SSLContext:
    return ssl.create_default_context()
