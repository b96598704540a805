"""Who may use the bot: full members of the workspace, and nobody else."""

from typing import Any

import pytest

from bot import people
from bot.errors import Refusal

MEMBER: dict[str, Any] = {"id": "U1", "team_id": "T1", "is_restricted": False, "is_bot": False}


def test_a_member_may() -> None:
    people.require_member(MEMBER, "T1")


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"is_bot": True}, "Bots cannot"),
        ({"id": "USLACKBOT"}, "Bots cannot"),
        ({"deleted": True}, "deactivated"),
        ({"is_restricted": True}, "Guests cannot"),
        ({"is_ultra_restricted": True}, "Guests cannot"),
        ({"is_stranger": True}, "Only members of this workspace"),
        ({"team_id": "T2"}, "Only members of this workspace"),
        ({"team_id": None}, "Only members of this workspace"),
    ],
)
def test_anybody_else_is_refused_with_the_reason(other: dict[str, Any], told: str) -> None:
    with pytest.raises(Refusal, match=told):
        people.require_member({**MEMBER, **other}, "T1")


def test_an_empty_answer_of_slack_refuses() -> None:
    with pytest.raises(Refusal):
        people.require_member({}, "T1")
