"""Calibration drills: blind, each answer once, and what they count for."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import select

from bot import drills, training
from bot.content import Level
from bot.content.scorecard import Training
from bot.drills import Given
from bot.records import Drill
from bot.store import Db
from playground import Person, Playground
from tests.banks import SHIPPED
from tests.offices import coordinator, mail, make_opening, shown
from tests.test_training import answers, shadowed

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NEAR, FAR = Given(3, 3), Given(4, 2)


class TestRules:
    def test_every_answer_comes_once_before_any_comes_again(self) -> None:
        found = drills.items(SHIPPED)
        done: Counter[str] = Counter()
        for _ in found:
            item, turn = drills.upcoming(found, done) or pytest.fail("nothing to score")
            assert turn == 1
            assert drills.is_due(found, done, item, turn)
            done[item.id] += 1
        assert set(done.values()) == {1}
        assert len(done) == sum(len(each.answers) for each in SHIPPED.calibrations.values()) == 40
        assert (drills.upcoming(found, done) or pytest.fail("nothing"))[1] == 2

    def test_levels_take_turns_unless_one_is_asked_for(self) -> None:
        assert set(Counter(each.level for each in drills.items(SHIPPED)).values()) == {10}
        assert {each.level for each in drills.items(SHIPPED, Level.STAFF)} == {Level.STAFF}

    def test_the_same_answer_has_the_same_name_at_every_level(self) -> None:
        ids = [[each.id for each in drills.items(SHIPPED, level)] for level in (None, *Level)]
        assert all(each == ids[0] for each in ids)

    def test_another_than_the_one_that_is_next_cannot_be_repeated(self) -> None:
        found = drills.items(SHIPPED)
        done = {found[0].id: 1}
        assert not drills.is_due(found, done, found[0], 2)
        assert not drills.is_due(found, done, found[0], 1)
        assert not drills.is_due(found, done, found[1], 2)
        assert drills.is_due(found, done, found[1], 1)

    @pytest.mark.parametrize(
        ("newest", "counts"),
        [
            ([NEAR] * 8, True),
            ([NEAR] * 7, False),  # Too few.
            ([NEAR] * 7 + [FAR], True),  # Seven of eight are more than 80%.
            ([NEAR] * 6 + [FAR] * 2, False),
            ([NEAR] * 8 + [FAR] * 20, True),  # What was long ago is forgiven.
        ],
    )
    def test_enough_near_ones_stand_for_an_interview(
        self, newest: list[Given], counts: bool
    ) -> None:
        assert drills.stands_for_one(Training(), newest) is counts

    def test_they_stand_for_one_interview_and_never_for_the_last(self) -> None:
        pair = (answers("3"), answers("3"))
        near = [NEAR] * 8
        assert training.is_ready(Training(), [pair] * 2, near)
        assert not training.is_ready(Training(), [pair] * 2)
        assert not training.is_ready(Training(), [pair], near)
        assert not training.is_ready(Training(interviews=1), [], near)
        assert not training.is_ready(Training(drills=0), [pair] * 2, near)


@pytest.fixture
def db(lasting: tuple[Playground, Db]) -> Db:
    return lasting[1]


@pytest.fixture
def person(office: Playground) -> Person:
    return office.person("Interviewer C")


def kept(db: Db) -> list[Drill]:
    with db.begin() as session:
        return list(session.exec(select(Drill)))


def item_of(person: Person) -> drills.Item:
    id_, level, *_ = json.loads(shown(person).raw["private_metadata"])
    found = drills.find(drills.items(SHIPPED, Level(level)), id_)
    return found or pytest.fail(f"{id_} is no answer of the bank")


class TestInSlack:
    def test_it_is_scored_blind_then_shown_with_the_intended_score(
        self, person: Person, db: Db
    ) -> None:
        person.slash("/safety-interview calibrate")
        item, before = item_of(person), shown(person).text
        assert item.heard[:40] in before
        assert "intended" not in before
        person.fill("score", "4")
        person.submit()
        after = shown(person).text
        assert f"You gave 4, intended was {item.intended}" in after
        assert "Fewer than 5 others have scored this answer (nobody else has)" in after
        assert [(each.score, each.intended, each.turn) for each in kept(db)] == [
            (4, item.intended, 1)
        ]

    def test_the_next_one_is_another(self, person: Person, db: Db) -> None:
        person.slash("/safety-interview calibrate")
        for _ in range(3):
            person.fill("score", "2")
            person.submit()
            person.submit()
        assert len({each.answer for each in kept(db)}) == 3
        assert "Answer 4 of 40" in shown(person).text

    def test_a_second_press_keeps_the_first_score(self, person: Person, db: Db) -> None:
        person.slash("/safety-interview calibrate")
        window = shown(person).raw["private_metadata"]
        person.fill("score", "1")
        person.submit()
        person.close()
        person.slash("/safety-interview calibrate")
        person.fill("score", "4")
        shown(person).raw["private_metadata"] = window
        person.submit()
        assert [each.score for each in kept(db)] == [1]
        assert "You gave 1" in shown(person).text

    def test_a_level_can_be_asked_for(self, person: Person) -> None:
        person.slash("/safety-interview calibrate staff")
        assert item_of(person).level is Level.STAFF
        person.fill("score", "2")
        person.submit()
        person.submit()
        assert item_of(person).level is Level.STAFF

    @pytest.mark.parametrize("typed", ["nonsense", "senior staff", "incident response"])
    def test_other_words_are_answered_with_what_can_be_typed(
        self, person: Person, typed: str
    ) -> None:
        person.slash(f"/safety-interview calibrate {typed}")
        assert "calibrate senior" in person.last.text

    @pytest.mark.parametrize(
        "metadata",
        ["", "[]", '["x.12345678", "senior", 1, ""]', '["x", "lord", 1, ""]', '[1, 2, "three", 4]'],
    )
    def test_a_window_that_names_no_answer_keeps_nothing(
        self, person: Person, db: Db, metadata: str
    ) -> None:
        person.slash("/safety-interview calibrate")
        person.fill("score", "3")
        shown(person).raw["private_metadata"] = metadata
        person.submit()
        assert "older version" in shown(person).text
        assert kept(db) == []

    def test_the_same_answer_cannot_be_had_again_by_counting_on(
        self, person: Person, db: Db
    ) -> None:
        person.slash("/safety-interview calibrate")
        window = shown(person).raw["private_metadata"]
        person.fill("score", "3")
        person.submit()
        person.close()
        person.slash("/safety-interview calibrate")
        id_, level, _, wanted = json.loads(window)
        person.fill("score", "1")
        shown(person).raw["private_metadata"] = json.dumps([id_, level, 2, wanted])
        person.submit()
        assert "older version" in shown(person).text
        assert [each.score for each in kept(db)] == [3]

    @pytest.mark.parametrize(("others", "is_shown"), [(4, False), (5, True)])
    def test_how_others_spread_is_shown_from_five_of_them_on(
        self, person: Person, db: Db, others: int, is_shown: bool
    ) -> None:
        person.slash("/safety-interview calibrate")
        item = item_of(person)
        with db.begin() as session:
            for number in range(others):
                session.add(drill(item, f"U{number}", score=2 if number else 4))
            session.add(drill(item, "UELSEWHERE", team_id="T0OTHER"))
            session.add(drill(item, "UAGAIN", turn=2))
        person.fill("score", "3")
        person.submit()
        text = shown(person).text
        assert ("5 people, you not among them" in text) is is_shown
        assert ("`2` ▇▇▇▇▇▇▇▇▇▇▇▇ 4" in text) is is_shown
        assert ("Fewer than 5 others" in text) is not is_shown
        assert "U0" not in text

    def test_the_drill_that_was_missing_has_the_coordinator_asked(
        self, office: Playground, db: Db
    ) -> None:
        make_opening(office)
        for number in (1, 2):
            shadowed(office, number)
        planner, trainee = coordinator(office), office.person("Interviewer D")
        found = drills.items(SHIPPED)
        with db.begin() as session:
            for item in found[:7]:
                row = drill(item, trainee.id, score=item.intended, team_id="T0PLAY", at=NOON)
                session.add(row)
        trainee.slash("/safety-interview calibrate")
        trainee.fill("score", str(found[7].intended))
        trainee.submit()
        office.wait_until(
            lambda: (
                "So were 8 of their newest 8 calibration drills."
                in "".join(each.text for each in mail(planner))
            ),
            "the coordinator was not asked",
        )


def drill(item: drills.Item, person: str, **more: Any) -> Drill:
    fields = {
        "team_id": "T0PLAY", "person": person, "answer": item.id, "turn": 1, "level": item.level,
        "score": 3, "intended": item.intended, "at": NOON,
    }  # fmt: skip
    return Drill(**{**fields, **more})
