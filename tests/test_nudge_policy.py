"""content/nudges.yaml: what it may say, and what is told of a mistake at start-up."""

from datetime import time
from pathlib import Path

import pytest

from bot import content
from bot.content import ContentError
from bot.content.nudges import NudgePolicy


def problems(folder: Path, text: str) -> list[str]:
    (folder / "nudges.yaml").write_text(text, "utf-8")
    with pytest.raises(ContentError) as found:
        content.load(folder)
    return [str(each) for each in found.value.problems]


def test_what_is_shipped_says_every_value_and_is_the_default() -> None:
    shipped = content.load().nudges
    assert shipped == NudgePolicy()
    text = (content.loading.SHIPPED / "nudges.yaml").read_text("utf-8")
    for name in NudgePolicy.model_fields:
        (line,) = [each for each in text.splitlines() if each.startswith(f"{name}:")]
        assert "#" in line, f"{name} is not explained"


def test_a_team_changes_only_what_it_wants(tmp_path: Path) -> None:
    (tmp_path / "nudges.yaml").write_text('messages_a_day: 2\nafternoon: "14:00"\n', "utf-8")
    found = content.load(tmp_path).nudges
    assert found.messages_a_day == 2
    assert found.afternoon.hour == 14
    assert found.reminders == NudgePolicy().reminders


@pytest.mark.parametrize(
    ("text", "field", "fix"),
    [
        ("reminders: [1, 4]", "reminders", "must fall, the earliest first: write them as [4, 1]"),
        ("reminders: [4, 3, 2, 1]", "reminders", "has 4 entries, at most 3: remove some"),
        ("due_after: 3", "", "make the first reminder smaller"),
        ("remainders: [4, 1]", "remainders", "is not a field: did you mean `reminders`?"),
        ("messages_a_day: 0", "messages_a_day", "is 0, at least 1: make it larger"),
        ("most_reminders: 9", "most_reminders", "is 9, at most 3: make it smaller"),
        ("due_after: 0", "due_after", "is 0: it has to be more than 0"),
        ("digest_at: 1630", "digest_at", 'write it in quotes, such as "15:00"'),
        ("minutes_before: soon", "minutes_before", "valid integer"),
    ],
)
def test_a_mistake_is_told_with_file_field_and_fix(
    tmp_path: Path, text: str, field: str, fix: str
) -> None:
    (told,) = problems(tmp_path, text)
    assert told.startswith("nudges.yaml")
    assert field in told
    assert fix in told


@pytest.mark.parametrize("written", ['"16:45"', "16:45"])
def test_a_time_of_day_is_one_with_quotes_and_without(tmp_path: Path, written: str) -> None:
    (tmp_path / "nudges.yaml").write_text(f"digest_at: {written}\n")
    assert content.load(tmp_path).nudges.digest_at == time(16, 45)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    assert len(problems(tmp_path, "apart: 0\nentered_late: 0\nafternoon: 15\n")) == 3
