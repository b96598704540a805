"""What docs/marketplace.md says of scopes is what the manifest asks for."""

import re
from pathlib import Path

import pytest

from bot.launch.manifest import SCOPES, manifest

ROOT = Path(__file__).parent.parent
REASONS = re.compile(r"^\| `([\w:.]+)` \| (.+) \|$", re.MULTILINE)
NEVER = re.compile(r"(read|post|client)$|identity\.|admin|search:read|triggers:|workflow")

EVERY = {
    "socket": manifest(),
    "http": manifest("https://your.host"),
    "many": manifest("https://your.host", many=True),
}


@pytest.mark.parametrize("kind", EVERY)
def test_every_scope_has_its_reason_here_and_no_other_has(kind: str) -> None:
    told = (ROOT / "docs" / "marketplace.md").read_text("utf-8")
    reasons = dict(REASONS.findall(told))
    assert reasons == SCOPES
    assert set(EVERY[kind]["oauth_config"]["scopes"]["bot"]) == set(reasons)


@pytest.mark.parametrize("kind", EVERY)
def test_no_scope_is_one_that_is_never_listed(kind: str) -> None:
    scopes = EVERY[kind]["oauth_config"]["scopes"]["bot"]
    assert [each for each in scopes if NEVER.match(each)] == []


@pytest.mark.parametrize("kind", EVERY)
def test_there_are_no_user_scopes(kind: str) -> None:
    assert set(EVERY[kind]["oauth_config"]["scopes"]) == {"bot"}


def test_what_is_listed_answers_over_http() -> None:
    assert EVERY["many"]["settings"]["socket_mode_enabled"] is False
    assert EVERY["many"]["settings"]["token_rotation_enabled"] is True
