"""Whatever is typed or forged, people see a sentence: no error, no traceback, no silence."""

import logging
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground import Person, Playground

FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ACTIONS = [
    "sheet_open_0", "rubric_open", "rubric_level_x", "shared_remove", "question_menu", "kit_open_x",
    "kit_choose", "guide_topic", "guide_open", "guide_questions", "find_more", "find_try_0",
    "opening_show", "opening_kit", "opening_swap", "opening_close",
]  # fmt: skip
VERBS = st.sampled_from(["", "find ", "kit ", "guide ", "pay ", "about "])
VALUES = st.text(max_size=60) | st.sampled_from(
    ["another|x", "copy|a|b", "share|a|senior", "ali-family-rlhf-limitations|king", "|", "....."]
)


@FEW
@given(verb=VERBS, text=st.text(max_size=300))
def test_any_command_text_gets_an_answer(
    coordinator: Person, caplog: pytest.LogCaptureFixture, verb: str, text: str
) -> None:
    before = len(coordinator.messages())
    assert coordinator.slash(f"/safety-interview {verb}{text}") == {"ok": True}
    assert len(coordinator.messages()) == before + 1
    assert "the reference is" not in coordinator.messages()[-1].text
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@FEW
@given(action_id=st.sampled_from(ACTIONS), value=VALUES)
def test_any_button_value_gets_an_answer(
    play: Playground,
    coordinator: Person,
    caplog: pytest.LogCaptureFixture,
    action_id: str,
    value: str,
) -> None:
    coordinator.slash("/safety-interview")
    shown = coordinator.messages()[-1].raw
    container = {"type": "message", "channel": shown["channel"], "ts": shown["ts"]}
    action: dict[str, Any] = {"type": "button", "action_id": action_id, "block_id": "b"}
    action |= {"value": value, "selected_option": {"value": value}}
    asked = {"user": coordinator.id, "container": container, "action": action}
    assert play.act("action", asked) == {"ok": True}
    assert "the reference is" not in coordinator.messages()[-1].text
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "[]",
        "null",
        '{"question": 1}',
        '{"question": "ali-family-rlhf-limitations", "level": "senior", '
        '"response_url": "http://127.0.0.1:1/elsewhere"}',
    ],
)
def test_a_forged_share_posts_nothing_and_calls_nobody(
    play: Playground, coordinator: Person, kept: str
) -> None:
    coordinator.slash("/safety-interview junior")
    coordinator.click("Share with the channel…")
    assert coordinator.modal is not None
    coordinator.modal.raw["private_metadata"] = kept
    coordinator.submit()
    assert coordinator.modal is not None
    assert "older version" in coordinator.modal.text
    assert play.person("Interviewer A").messages() == []
