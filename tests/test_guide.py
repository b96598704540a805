"""The guide in Slack: every fact of the hiring guide is shown somewhere, and leads to questions."""

import re
from typing import Any

import pytest

from bot import guide
from bot.content import Bank
from playground import Person
from tests.banks import SHIPPED, bank, question

# The guide's 117 facts, by the view that shows them (content-spec.md, section 8).
VIEWS = {section: name for name, topic in guide.TOPICS.items() for section in topic.sections}


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("&amp;", "&").replace("*", ""))


def test_the_guide_has_its_117_facts() -> None:
    assert len(SHIPPED.guide.facts) == 117
    assert set(VIEWS) == set(SHIPPED.guide.sections)


@pytest.mark.parametrize("name", guide.TOPICS)
def test_each_topic_shows_every_fact_of_its_sections(coordinator: Person, name: str) -> None:
    coordinator.slash(f"/safety-interview guide {guide.TOPICS[name].title}")
    shown = plain(coordinator.last.text)
    facts = [
        fact
        for section in guide.TOPICS[name].sections
        for fact in SHIPPED.guide.section(section).values()
    ]
    if name == "pay":  # As a table: level, then a range for each market.
        facts = [part for fact in facts for part in re.findall(r"\$\d+K-\$\d+K|^[^$]+$", fact)]
    assert [fact for fact in facts if plain(fact) not in shown] == []


def test_figures_are_exactly_the_guide_s(coordinator: Person) -> None:
    coordinator.slash("/safety-interview pay")
    (table,) = (each for each in coordinator.last.raw["blocks"] if each["type"] == "data_table")
    assert [[cell["text"] for cell in row] for row in table["rows"]] == [
        ["Level", "US overall", "AI labs", "Big tech"],
        ["Junior", "$140K-$180K", "$180K-$220K", "$160K-$200K"],
        ["Mid", "$180K-$240K", "$240K-$320K", "$200K-$280K"],
        ["Senior", "$180K-$280K", "$300K-$400K", "$250K-$350K"],
        ["Staff", "$280K-$400K", "$400K-$600K", "$350K-$500K"],
    ]


def test_pay_of_one_level_is_a_table_and_a_chart(coordinator: Person) -> None:
    coordinator.slash("/safety-interview pay sr")
    blocks = {each["type"]: each for each in coordinator.last.raw["blocks"]}
    assert len(blocks["data_table"]["rows"]) == 2
    low, high = blocks["data_visualization"]["chart"]["series"]
    assert [point["value"] for point in low["data"]] == [180, 300, 250]
    assert [point["value"] for point in high["data"]] == [280, 400, 350]
    assert "The hiring guide's figures for 2026" in coordinator.last.text


@pytest.mark.parametrize("command", ["senior", "senior incident", "kit senior", "find senior"])
def test_what_interviewers_read_holds_no_pay(coordinator: Person, command: str) -> None:
    coordinator.slash(f"/safety-interview {command}")
    assert not re.search(r"\$\s?\d", coordinator.last.text)


def test_pay_for_two_levels_is_asked_back(coordinator: Person) -> None:
    coordinator.slash("/safety-interview pay junior staff")
    assert "I know pay by level" in coordinator.last.text


def test_another_topic_is_one_choice_away(coordinator: Person) -> None:
    coordinator.slash("/safety-interview guide")
    coordinator.click("Day in the life")
    assert "Jailbreaking attempts" in coordinator.last.text


def test_a_flag_leads_to_the_questions_that_test_it(coordinator: Person) -> None:
    coordinator.slash("/safety-interview guide flags")
    fact = SHIPPED.guide.facts["green.1"]
    count = len(guide.testing(SHIPPED, "green.1"))
    coordinator.click(f"{fact} ({count})")
    assert coordinator.modal is not None
    assert fact in coordinator.modal.text
    coordinator.click("Rubric")
    assert len(coordinator.modals) == 2


def test_a_level_leads_to_its_sheet(coordinator: Person) -> None:
    coordinator.slash("/safety-interview guide levels")
    coordinator.click("Senior sheet")
    assert "Senior interview sheet" in coordinator.last.text


def test_the_about_view_says_what_is_not_known_yet(coordinator: Person) -> None:
    coordinator.slash("/safety-interview about")
    assert "Not yet calibrated by people" in coordinator.last.text
    assert f"{len(SHIPPED.questions)} questions" in coordinator.last.text


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("dil.redteam.4", {"guide_refs": ["dil.redteam.4"]}),
        ("red.2", {"red_flags": ["red.2"]}),
        ("green.3", {"green_flags": ["green.3"]}),
        ("skill.systems.2", {"skills": ["monitoring"]}),
    ],
)
def test_a_question_tests_what_it_cites_flags_or_trains(key: str, changes: dict[str, Any]) -> None:
    found: Bank = bank(question(**changes))
    assert [each.id for each in guide.testing(found, key)] == ["adv-junior-toy-case"]
    assert guide.testing(found, "faq.1") == []


@pytest.mark.parametrize("level", SHIPPED.levels)
def test_a_level_s_sheet_shows_what_the_guide_expects_of_it(
    coordinator: Person, level: str
) -> None:
    coordinator.slash(f"/safety-interview {level}")
    expected = SHIPPED.guide.section(f"prog.{level}") | SHIPPED.guide.section(f"level.{level}")
    shown = plain(coordinator.last.text)
    assert [fact for fact in expected.values() if plain(fact) not in shown] == []
    assert ("no list of duties" in shown) == (level == "staff")
