"""Finding a question in Slack."""

import pytest

from playground import Person


def test_found_questions_say_what_matched_and_open_their_rubric(coordinator: Person) -> None:
    coordinator.slash("/safety-interview find senior rlhf")
    assert "for “senior rlhf”" in coordinator.last.text
    assert "Title: *RLHF* and where it stops working" in coordinator.last.text
    coordinator.click("Rubric")
    assert coordinator.modal is not None
    assert "Scores at Senior" in coordinator.modal.text


def test_a_long_text_that_matched_is_cut_between_words(coordinator: Person) -> None:
    coordinator.slash("/safety-interview find promt injecton")
    assert "Source: …up for: Compromising Real-World LLM-Integrated" in coordinator.last.text
    assert "*Prompt* *Injection* (greshake-2023)" in coordinator.last.text


def test_pages_are_turned_forth_and_back(coordinator: Person) -> None:
    coordinator.slash("/safety-interview find junior")
    first = coordinator.last.text
    assert "1-5 of " in first
    coordinator.click("More")
    assert "6-10 of " in coordinator.last.text
    coordinator.click("Back")
    assert coordinator.last.text == first


def test_nothing_found_offers_searches_that_find_something(coordinator: Person) -> None:
    coordinator.slash("/safety-interview find zzzzzz")
    assert "No question matches *zzzzzz*" in coordinator.last.text
    coordinator.click("prompt injection")
    assert "for “prompt injection”" in coordinator.last.text


def test_markup_in_a_query_is_shown_as_typed(coordinator: Person) -> None:
    coordinator.slash("/safety-interview find <!channel>")
    assert "<!channel>" not in str(coordinator.last.raw["blocks"])


@pytest.mark.parametrize("command", ["find", "search"])
def test_nothing_typed_says_what_can_be_looked_for(coordinator: Person, command: str) -> None:
    coordinator.slash(f"/safety-interview {command}")
    assert "What are you looking for?" in coordinator.last.text


def test_the_window_keeps_what_was_typed_above_what_was_found(coordinator: Person) -> None:
    coordinator.slash("/safety-interview")
    coordinator.click("Find a question")
    coordinator.fill("query", "calibraton")
    coordinator.submit()
    assert coordinator.modal is not None
    assert "for “calibraton”" in coordinator.modal.text
    assert coordinator.modal.blocks[0]["element"]["initial_value"] == "calibraton"
    coordinator.click("Rubric")
    assert len(coordinator.modals) == 2


def test_a_misspelt_command_is_named(coordinator: Person) -> None:
    coordinator.slash("/safety-interview giude")
    assert "Perhaps you meant `/safety-interview guide`" in coordinator.last.text
