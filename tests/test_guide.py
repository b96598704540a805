"""The guide in Slack: every fact of the hiring guide is shown somewhere, and leads to questions."""

import re
from dataclasses import replace
from typing import Any

import pytest

from bot import guide
from bot.content import Bank, Status
from bot.content.checks import coverage
from playground import Person
from tests.banks import SHIPPED, bank, question

# Where each of the guide's 117 facts is shown (content-spec.md, section 8): the first and last of
# S1 to S117, their section, and the command whose answer shows them.
INVENTORY = (
    (1, 2, "guide", "about"),
    (3, 5, "snapshot", "guide pay"),
    (6, 11, "dil.systems", "guide day"),
    (12, 17, "dil.redteam", "guide day"),
    (18, 23, "dil.align", "guide day"),
    (24, 26, "spec.llm", "guide specializations"),
    (27, 29, "spec.robustness", "guide specializations"),
    (30, 32, "spec.alignment", "guide specializations"),
    (33, 35, "spec.governance", "guide specializations"),
    (36, 39, "prog.junior", "junior"),
    (40, 43, "prog.mid", "mid"),
    (44, 47, "prog.senior", "senior"),
    (48, 51, "prog.staff", "staff"),
    (52, 56, "level.junior", "junior"),
    (57, 62, "level.mid", "mid"),
    (63, 68, "level.senior", "senior"),
    (69, 72, "skill.ml", "guide skills"),
    (73, 77, "skill.safety", "guide skills"),
    (78, 81, "skill.systems", "guide skills"),
    (82, 86, "area", "guide areas"),
    (87, 91, "red", "guide flags"),
    (92, 96, "green", "guide flags"),
    (97, 101, "comp", "guide pay"),
    (102, 106, "when", "guide plan"),
    (107, 109, "size", "guide plan"),
    (110, 112, "alt", "guide plan"),
    (113, 117, "faq", "guide difference"),
)


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("&amp;", "&").replace("*", ""))


def parts(section: str, fact: str) -> list[str]:
    """What of a fact has to be shown word for word; pay is a table of a level and its ranges."""
    return re.findall(r"\$\d+K-\$\d+K|^[^$]+$|^\w+", fact) if section == "comp" else [plain(fact)]


def test_the_inventory_names_every_fact_once() -> None:
    numbers = [number for first, last, *_ in INVENTORY for number in range(first, last + 1)]
    assert numbers == list(range(1, 118))
    counted = {section: last - first + 1 for first, last, section, _ in INVENTORY}
    shipped = SHIPPED.guide
    assert counted == {section: len(shipped.section(section)) for section in shipped.sections}


@pytest.mark.parametrize("command", dict.fromkeys(command for *_, command in INVENTORY))
def test_every_fact_is_shown_where_the_inventory_says(coordinator: Person, command: str) -> None:
    coordinator.slash(f"/safety-interview {command}")
    shown = plain(coordinator.last.text)
    missing = [
        f"S{first + place}: {part}"
        for first, _, section, where in INVENTORY
        if where == command
        for place, fact in enumerate(SHIPPED.guide.section(section).values())
        for part in parts(section, fact)
        if part not in shown
    ]
    assert missing == []


def test_the_menu_of_topics_leads_to_every_section() -> None:
    reached = [section for topic in guide.TOPICS.values() for section in topic.sections]
    assert sorted(reached) == sorted(SHIPPED.guide.sections)


@pytest.mark.parametrize("name", guide.TOPICS)
def test_each_topic_is_found_by_its_title(coordinator: Person, name: str) -> None:
    coordinator.slash(f"/safety-interview guide {guide.TOPICS[name].title}")
    for section in guide.TOPICS[name].sections:
        facts = SHIPPED.guide.section(section).values()
        assert all(
            part in plain(coordinator.last.text) for fact in facts for part in parts(section, fact)
        )


def test_the_facts_that_ask_for_a_question_are_cited_by_reviewed_ones() -> None:
    reviewed = {
        name: each for name, each in SHIPPED.questions.items() if each.status is Status.REVIEWED
    }
    cited = ("dil.", "spec.", "prog.", "level.", "skill ", "flag ")
    holes = coverage(replace(SHIPPED, questions=reviewed)).holes
    assert [hole for hole in holes if hole.startswith(cited)] == []
    for first, _, section, _ in INVENTORY:
        kind, _, name = section.partition(".")
        if kind == "spec":  # In a question of that specialization.
            keys = {
                key
                for each in reviewed.values()
                if each.specialization == name
                for key in each.guide_refs
            }
            assert set(SHIPPED.guide.section(section)) <= keys, f"S{first} and after"


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
    asked = [question for question in SHIPPED.questions.values() if question.is_asked]
    assert f"{len(asked)} questions" in coordinator.last.text


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


def test_the_guide_s_gap_for_staff_stays_visible(coordinator: Person) -> None:
    coordinator.slash("/safety-interview staff")
    assert "no list of duties" in plain(coordinator.last.text)
    coordinator.slash("/safety-interview senior")
    assert "no list of duties" not in plain(coordinator.last.text)


def test_a_rubric_says_what_to_listen_for_and_which_skills_and_flags_it_tests(
    coordinator: Person,
) -> None:
    coordinator.slash("/safety-interview senior incident")
    coordinator.click("Rubric")
    assert coordinator.modal is not None
    shown = SHIPPED.questions["inc-family-biased-outputs"]
    facts = SHIPPED.guide.facts
    expected = [*shown.probes, *(facts[SHIPPED.guide.skills[skill]] for skill in shown.skills)]
    expected += [facts[key] for key in (*shown.red_flags, *shown.green_flags)]
    assert [each for each in expected if plain(each) not in plain(coordinator.modal.text)] == []
