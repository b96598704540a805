"""Calls to Slack by https share what this machine trusts."""

from bot.launch.certificates import trusted
from bot.launch.service import clients
from bot.settings import Settings


def test_the_machine_s_certificates_are_read_once_and_not_for_each_call() -> None:
    far, here = "https://slack.com/api/", "http://127.0.0.1:9/api/"
    assert trusted(far) is trusted("https://other.example/api/") is not None
    assert trusted(here) is None
    client = clients(Settings(bot_token="xoxb-1"))
    assert getattr(client, "ssl", None) is trusted(far)
