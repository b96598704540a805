"""Every message that a bank is shown as is built, and measured against what Slack takes."""

from dataclasses import replace

import pytest

from bot.content.reference import Guide
from bot.launch import messages
from tests.banks import SHIPPED


def told(*facts: str) -> list[str]:
    fields = SHIPPED.guide.model_dump()
    fields["sections"]["dil.systems"]["facts"] = facts
    guide = Guide.model_validate(fields)
    return [str(problem) for problem in messages.problems(replace(SHIPPED, guide=guide))]


def test_every_message_of_the_shipped_bank_fits() -> None:
    assert list(messages.problems(SHIPPED)) == []


def test_a_topic_that_slack_would_refuse_is_named() -> None:
    facts = tuple(SHIPPED.guide.section("dil.systems").values())
    (found,) = told(*facts, "x" * 3000)
    assert found.startswith("guide.yaml: topic day: cannot be shown in Slack")


def test_a_topic_of_many_short_sections_is_measured_as_a_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(messages, "LONGEST", 1000)
    assert "guide.yaml: topic levels: takes" in "\n".join(told("One fact"))


def test_texts_are_counted_wherever_they_stand() -> None:
    shown = {"text": "four", "blocks": [{"text": {"type": "mrkdwn", "text": "five5"}}]}
    assert messages.characters(shown) == 9
