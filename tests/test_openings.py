"""Openings in Slack: made, read, swapped, closed, and by whom."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot import openings
from bot.content import Level, Specialization
from bot.errors import Refusal
from bot.kits import compose
from bot.records import Opening
from bot.store import Db, audit
from bot.store import openings as stored
from playground import Person, Playground
from tests.banks import SHIPPED

LLM = Specialization.LLM
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def made(**changes: Any) -> Opening:
    fields: dict[str, Any] = {
        "id": "one",
        "team_id": "T1",
        "title": "AI Safety Engineer",
        "level": "senior",
        "specialization": "llm",
        "hiring_manager": "UMANAGER",
        "coordinators": ["UCOORD"],
        "shown_as": "initials",
        "keep_months": 6,
        "kits": openings.pin(compose(SHIPPED, Level.SENIOR)),
        "created_by": "UCOORD",
        "created_at": NOON,
    }
    return Opening(**{**fields, **changes})


class TestRules:
    def test_pinned_kits_name_questions_with_their_versions(self) -> None:
        screen = openings.pin(compose(SHIPPED, Level.SENIOR))[0]
        question = SHIPPED.questions["rec-senior-others-did-it"]
        assert screen["lines"][0] == {"minutes": 3, "talk": "Open"}
        assert screen["lines"][1] == {
            "minutes": 8,
            "question": "rec-senior-others-did-it",
            "version": question.version,
            "area": "recruiter_screen",
        }

    @pytest.mark.parametrize("person", ["UMANAGER", "UCOORD"])
    def test_coordinators_and_the_hiring_manager_plan(self, person: str) -> None:
        openings.require_planner(made(), person)

    def test_nobody_else_plans_and_they_are_told_whom_to_ask(self) -> None:
        with pytest.raises(Refusal, match="Ask <@UCOORD>"):
            openings.require_planner(made(), "USOMEONE")

    def test_a_question_is_swapped_for_one_that_fits_and_is_asked_nowhere_else(self) -> None:
        opening = made(level="junior", kits=openings.pin(compose(SHIPPED, Level.JUNIOR, LLM)))
        taken = set(openings.asked(opening.kits))
        found = openings.others(SHIPPED, opening, "technical_screen", "adv-junior-test-list-review")
        others = [each.question for each in found if not each.variant]
        assert others
        for question in others:
            assert question.id not in taken
            assert question.minutes(Level.JUNIOR) <= 15
            assert question.area == "adversarial_thinking"

    def test_a_question_without_another_is_swapped_for_its_own_variant_and_back(self) -> None:
        opening, old = made(), "adv-family-harmful-output"
        (variant,) = openings.others(SHIPPED, opening, "onsite_a", old)
        opening.kits = openings.swapped(opening, "onsite_a", old, variant)
        assert variant.words == SHIPPED.questions[old].variants[0]
        (back,) = openings.others(SHIPPED, opening, "onsite_a", old)
        assert back.words == SHIPPED.questions[old].prompt

    def test_a_swap_changes_one_line_and_no_minutes(self) -> None:
        opening, old = made(), "adv-family-harmful-output"
        (new, *_) = openings.others(SHIPPED, opening, "onsite_a", old)
        after = openings.swapped(opening, "onsite_a", old, new)
        assert [kit for kit in after if kit["id"] != "onsite_a"] == [
            kit for kit in opening.kits if kit["id"] != "onsite_a"
        ]
        assert [line["minutes"] for line in after[2]["lines"]] == [3, 20, 12, 5, 5]
        assert after[2]["lines"][1]["variant"] == 1

    def test_a_question_that_is_not_in_the_round_has_no_others(self) -> None:
        assert openings.others(SHIPPED, made(), "onsite_a", "sys-family-moderation-1m-users") == []

    def test_an_unknown_round_is_refused(self) -> None:
        with pytest.raises(Refusal, match="no such round"):
            openings.kit(made(), "onsite_z")


class TestStore:
    def test_another_team_s_opening_is_not_found(self, db: Db) -> None:
        with db.begin() as session:
            session.add(made())
        with db.begin() as session:
            assert stored.opening(session, "T1", "one") is not None
            assert stored.opening(session, "T2", "one") is None
            assert stored.openings(session, "T2") == []

    def test_open_ones_come_first_then_the_newest(self, db: Db) -> None:
        with db.begin() as session:
            session.add_all(
                [
                    made(id="closed", closed_at=NOON, created_at=NOON.replace(day=9)),
                    made(id="old"),
                    made(id="new", created_at=NOON.replace(day=3)),
                ]
            )
        with db.begin() as session:
            assert [each.id for each in stored.openings(session, "T1")] == ["new", "old", "closed"]


def create(person: Person, **typed: Any) -> None:
    person.slash("/safety-interview open")
    for name, value in {"level": "senior", "specialization": "llm", **typed}.items():
        person.fill(name, value)
    person.submit()


class TestInSlack:
    @pytest.fixture
    def maker(self, office: Playground) -> Person:
        return office.person("Recruiting coordinator")

    def test_an_opening_is_made_with_its_kits_pinned(self, maker: Person) -> None:
        create(maker, title="Red team lead")
        assert maker.modal is not None
        assert "Created. These questions are pinned." in maker.modal.text
        assert "Red team lead" in maker.modal.text
        assert "*Senior · LLM safety*" in maker.modal.text
        maker.click("Read", nth=2)
        assert maker.modal is not None
        assert "How would you try to make our AI system produce harmful output?" in maker.modal.text
        assert "0′ Open" in maker.modal.text
        maker.click("Rubric")
        assert len(maker.modals) == 3

    def test_the_list_leads_to_it(self, maker: Person, office: Playground) -> None:
        maker.slash("/safety-interview openings")
        assert "There is no opening yet" in maker.last.text
        create(maker)
        maker.close()
        other = office.person("Interviewer A")
        other.slash("/safety-interview openings")
        other.click("Show")
        assert other.modal is not None
        assert "Close the opening" not in other.modal.labels

    def test_a_question_is_swapped_in_place(self, maker: Person) -> None:
        create(maker)
        maker.click("Read", nth=2)
        maker.click("Swap")
        assert maker.modal is not None
        maker.submit()
        assert maker.modal is not None
        assert "produce harmful output?" not in maker.modal.text
        assert len(maker.modals) == 2

    def test_a_guest_cannot_be_chosen_and_the_form_stays(
        self, maker: Person, office: Playground
    ) -> None:
        guest = office.person("Guest")
        maker.slash("/safety-interview open")
        maker.fill("level", "mid")
        maker.fill("hiring_manager", guest.id)
        answer = maker.submit()
        assert "cannot see interview material" in answer["errors"]["hiring_manager"]
        assert maker.modal is not None

    def test_closing_and_opening_again_are_shown_at_once(self, maker: Person) -> None:
        create(maker)
        maker.click("Close the opening")
        assert maker.modal is not None
        assert "Closed." in maker.modal.text
        maker.click("Open again")
        assert maker.modal is not None
        assert "Open again." in maker.modal.text

    def test_who_does_not_plan_it_changes_nothing(self, maker: Person, office: Playground) -> None:
        create(maker)
        other = office.person("Interviewer A")
        other.slash("/safety-interview openings")
        other.click("Show")
        assert other.modal is not None
        opening_id = other.modal.raw["private_metadata"]
        forged = {
            "type": "button",
            "action_id": "opening_close",
            "block_id": "b",
            "value": opening_id,
        }
        container = {"type": "view", "view_id": other.modal.raw["id"]}
        office.act("action", {"user": other.id, "container": container, "action": forged})
        assert other.modal is not None
        assert "Only the coordinators and the hiring manager" in other.modal.text
        maker.slash("/safety-interview openings")
        assert "· closed" not in maker.last.text

    def test_without_an_opening_there_is_no_loop_but_a_way_to_one(self, maker: Person) -> None:
        maker.slash("/safety-interview plan")
        assert "Make one with `/safety-interview open`" in maker.last.text


def test_every_change_is_in_the_audit(db: Db) -> None:
    with db.begin() as session:
        audit.note(session, "T1", "U1", "opening created", "one", NOON, level="senior")
    with db.begin() as session:
        (entry,) = audit.entries(session, "T1", "one")
        assert (entry.who, entry.what, entry.detail) == (
            "U1",
            "opening created",
            {"level": "senior"},
        )
        assert audit.entries(session, "T2", "one") == []
