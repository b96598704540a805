"""How often questions are asked, what is worn, and what a team marked as leaked."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot import kits, rotation
from bot.content import Level, Specialization
from bot.content.insights import InsightPolicy
from bot.kits import Wear
from bot.openings import pin
from bot.records import AuditEntry, LeakedQuestion, Opening
from bot.rotation import Usage
from bot.store import Db
from handlers.bank import CurrentBank
from playground import Person, Playground
from tests.banks import SHIPPED, bank, ladder
from tests.offices import coordinator, make_opening, plan_loop, shown, wait_for_mail
from tests.scored import card, keep, rating
from tests.test_access import press
from tests.test_openings import made

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
QUESTION = "adv-family-harmful-output"
ASKED = SHIPPED.questions[QUESTION]


def usage(name: str, times: int, lately: int = 0) -> Usage:
    return Usage(name, times, lately, NOON)


class TestRules:
    def test_a_question_is_worn_by_what_was_asked_lately(self) -> None:
        policy = InsightPolicy(worn_after=3)
        assert rotation.is_worn(policy, usage("a-b", 3, 3))
        assert not rotation.is_worn(policy, usage("a-b", 30, 2))
        assert rotation.since(policy, NOON) == NOON - timedelta(days=180)

    @pytest.mark.parametrize("level", Level)
    @pytest.mark.parametrize("special", Specialization)
    def test_worn_questions_give_way_and_no_line_is_left_without_one(
        self, level: Level, special: Specialization
    ) -> None:
        first = kits.compose(SHIPPED, level, special)
        given_way = 0
        for worn in first.asked:
            then = kits.compose(SHIPPED, level, special, Wear(worn=frozenset({worn})))
            assert then.holes == first.holes
            given_way += worn not in then.asked
        assert given_way >= 2
        uses = frozenset((each, 5) for each in first.asked)
        everything = Wear(frozenset(SHIPPED.questions), uses)
        assert kits.compose(SHIPPED, level, special, everything).holes == first.holes

    def test_of_two_that_fit_alike_the_less_asked_is_taken(self) -> None:
        first = kits.compose(SHIPPED, Level.SENIOR)
        taken = dict.fromkeys(first.asked, 7)
        then = kits.compose(SHIPPED, Level.SENIOR, wear=Wear(uses=frozenset(taken.items())))
        gone, come = first.asked - then.asked, then.asked - first.asked
        assert gone
        minutes = [
            sorted(SHIPPED.questions[each].minutes(Level.SENIOR) for each in ids)
            for ids in (gone, come)
        ]
        assert minutes[0] == minutes[1]

    def test_what_could_take_its_place_is_of_the_same_area_and_less_asked(self) -> None:
        worn, fresh = ladder("adv-family-one"), ladder("adv-family-two")
        other = ladder("sys-family-three", area="system_design")
        found = {each: usage(each, 5, 5) for each in (worn.id, other.id)}
        assert rotation.spare(bank(worn, fresh, other), worn, found) == [fresh]

    def test_a_marked_question_is_asked_in_the_words_of_its_variant(self) -> None:
        marked = rotation.as_marked(ASKED, {QUESTION: NOON})
        assert marked.words == ASKED.variants[0]
        assert rotation.as_marked(ASKED, {}) is ASKED


def leak(team: str) -> LeakedQuestion:
    return LeakedQuestion(team_id=team, question=QUESTION, marked_by="U1", marked_at=NOON)


class TestServed:
    @pytest.fixture
    def current(self, db: Db) -> CurrentBank:
        return CurrentBank(lambda: SHIPPED, db, lambda: NOON)

    def test_only_the_team_that_marked_it_gets_the_variant(
        self, current: CurrentBank, db: Db
    ) -> None:
        with db.begin() as session:
            session.add(leak("T1"))
        current.refresh()
        assert current.of("T1").bank.questions[QUESTION].words == ASKED.variants[0]
        assert current.of("T2").bank.questions[QUESTION].words == ASKED.prompt
        assert current.bank is SHIPPED

    def test_the_bank_of_a_team_is_made_once(self, current: CurrentBank, db: Db) -> None:
        with db.begin() as session:
            session.add(leak("T1"))
        current.look()
        first = current.of("T1").bank
        current.refresh()
        assert current.of("T1").bank is first

    def test_an_interview_that_was_held_keeps_the_words_that_were_asked(
        self, current: CurrentBank, db: Db
    ) -> None:
        loop = kits.compose(SHIPPED, Level.SENIOR)
        opening: Opening = made(kits=pin(loop))
        with db.begin() as session:
            session.add(leak("T1"))
        current.look()
        mine = current.of("T1")

        def words(at: datetime | None) -> str:
            for kit in loop.kits:
                with db.begin() as session:
                    lines = mine.pinned(session, opening, kit.id, at)
                for line in lines:
                    if line.question is not None and line.question.id == QUESTION:
                        return line.words
            return pytest.fail("it is not pinned")

        assert words(NOON - timedelta(minutes=1)) == ASKED.prompt
        assert words(NOON) == words(None) == ASKED.variants[0]


@pytest.fixture
def db_(lasting: tuple[Playground, Db]) -> Db:
    return lasting[1]


@pytest.fixture
def planner(office: Playground) -> Iterator[Person]:
    make_opening(office)
    yield coordinator(office)
    unmark(office)  # What the process serves by must not reach the next test.


def unmark(office: Playground) -> None:
    press(office, coordinator(office), "rotation_unmark", QUESTION)


def mark(person: Person) -> None:
    person.slash("/safety-interview questions")
    person.click("Mark one as leaked…", on=person.last)
    person.fill("question", QUESTION)
    person.submit()


class TestInSlack:
    def test_nothing_was_asked_yet(self, planner: Person) -> None:
        planner.slash("/safety-interview questions")
        assert "No question was asked yet" in planner.last.text

    def test_a_worn_question_is_warned_of_with_what_to_ask_rather(
        self, planner: Person, db_: Db, office: Playground
    ) -> None:
        with db_.begin() as session:
            for number in range(12):
                of = card(f"c{number}", "U1", f"loop{number}", [3], team_id="T0PLAY")
                at = office.clock.now() - timedelta(days=number)
                keep(session, [of, rating(of, QUESTION, 3, asked_at=at)])
        planner.slash("/safety-interview questions")
        text = planner.last.text
        assert f"*{ASKED.title}*: asked 12 times lately. Rather: “" in text
        assert "worn" in text

    def test_marking_asks_the_variant_at_once_and_can_be_undone(
        self, planner: Person, office: Playground, db_: Db
    ) -> None:
        plan_loop(office, {"onsite_a": "U0INTC"})
        planner.close()
        mark(planner)
        assert ASKED.variants[0] in shown(planner).text
        planner.close()
        writer = office.person("Interviewer C")
        wait_for_mail(office, writer, 1)
        writer.click("Kit", channel="app")
        assert ASKED.variants[0] in shown(writer).text
        assert ASKED.prompt not in shown(writer).text
        planner.slash("/safety-interview senior adversarial")
        assert ASKED.prompt not in planner.last.text
        planner.slash("/safety-interview questions")
        planner.click("Not leaked", on=planner.last)
        assert "asked in its own words again" in planner.last.text
        planner.slash("/safety-interview senior adversarial")
        assert ASKED.prompt in planner.last.text
        with db_.begin() as session:
            done = [each.what for each in session.exec(select(AuditEntry))]
        assert done[-2:] == ["question marked as leaked", "question no longer marked as leaked"]

    def test_marking_twice_is_marking_once(self, planner: Person, db_: Db) -> None:
        mark(planner)
        first = everything(db_)
        planner.close()
        planner.slash("/safety-interview questions")
        planner.click("Mark one as leaked…", on=planner.last)
        planner.fill("question", "sys-family-moderation-1m-users")
        view = shown(planner).raw
        assert QUESTION not in str(view["blocks"])
        planner.submit()
        assert len(everything(db_)) == len(first) + 1
        planner.close()
        planner.slash("/safety-interview questions")
        planner.click("Not leaked", on=planner.last)

    @pytest.mark.parametrize("name", ["Interviewer C", "Interviewer D"])
    @pytest.mark.parametrize(
        ("action", "value"),
        [("rotation_show", "0"), ("rotation_mark", "mark"), ("rotation_unmark", QUESTION)],
    )
    def test_only_who_plans_an_opening_may(
        self, planner: Person, office: Playground, db_: Db, name: str, action: str, value: str
    ) -> None:
        mark(planner)
        planner.close()
        before = everything(db_)
        told = press(office, office.person(name), action, value)
        assert "Only who coordinates or decides on an opening" in told
        assert everything(db_) == before

    def test_a_forged_form_of_somebody_else_marks_nothing(
        self, planner: Person, office: Playground, db_: Db
    ) -> None:
        planner.slash("/safety-interview questions")
        planner.click("Mark one as leaked…", on=planner.last)
        view, other = shown(planner).raw, office.person("Interviewer D")
        other.slash("/safety-interview calibrate")
        window = shown(other).raw
        window["callback_id"], window["blocks"] = view["callback_id"], view["blocks"]
        other.fill("question", QUESTION)
        other.submit()
        assert "Only who coordinates or decides on an opening" in shown(other).text
        assert everything(db_) == []


def everything(db: Db) -> list[Any]:
    with db.begin() as session:
        return [each.model_dump() for each in session.exec(select(LeakedQuestion))]
