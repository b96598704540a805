"""The plan of a loop in Slack."""

import pytest

from playground import Person


def test_a_plan_shows_rounds_minutes_questions_and_must_reach_areas(coordinator: Person) -> None:
    coordinator.slash("/safety-interview kit senior llm")
    text = coordinator.last.text
    assert "Senior loop · LLM safety" in text
    assert "7 rounds · 13 questions · 5 h 30 min" in text
    assert "Incident response (Onsite C), System design (Onsite B)" in text
    assert "Onsite E, specialization · 45 min" in text
    assert "0′ Open · 3′ Incident response · 28′ Incident response" in text


def test_each_round_is_closed_until_it_is_opened(coordinator: Person) -> None:
    coordinator.slash("/safety-interview kit junior")
    rounds = [each for each in coordinator.last.raw["blocks"] if each["type"] == "container"]
    assert len(rounds) == 7
    assert all(each["is_collapsible"] and each["default_collapsed"] for each in rounds)


def test_another_level_or_specialization_takes_its_place(coordinator: Person) -> None:
    coordinator.slash("/safety-interview kit")
    coordinator.click("Junior")
    assert "Junior loop" in coordinator.last.text
    coordinator.click("Governance")
    assert "Junior loop · Governance" in coordinator.last.text
    coordinator.click("Rubric")
    assert coordinator.modal is not None


@pytest.mark.parametrize("words", ["senior junior", "llm", "senior incident", "senior zzz"])
def test_what_is_no_plan_is_asked_back(coordinator: Person, words: str) -> None:
    coordinator.slash(f"/safety-interview kit {words}")
    assert "I plan a loop for one level" in coordinator.last.text


def test_alignment_is_a_specialization_here(coordinator: Person) -> None:
    coordinator.slash("/safety-interview kit mid alignment")
    assert "Mid loop · Applied alignment" in coordinator.last.text


def test_home_shows_a_plan_the_guide_and_pay_in_place(coordinator: Person) -> None:
    coordinator.open_home()
    shown = {"Kits of a loop": "Senior loop", "Hiring guide": "Levels", "Pay": "$180K"}
    for button, text in shown.items():
        coordinator.click(button, on=coordinator.home)
        assert coordinator.home is not None
        assert text in coordinator.home.text
