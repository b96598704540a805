"""Half a year after a hire their manager is asked; nobody else, and nothing with a name is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import select

from bot import echo
from bot.content.insights import InsightPolicy
from bot.echo import AREAS, Assessed
from bot.insights import Section
from bot.records import Decision, Echo, EchoAnswer, Loop, Notice
from bot.store import Db
from bot.store import echo as stored
from playground import Person, Playground
from tests.decided import decide, reveal
from tests.offices import coordinator, mail, shown
from tests.scored import NOON
from tests.test_access import one, press
from tests.test_insights import section

POLICY = InsightPolicy()
WRONG: dict[str, str] = {each.value: "5" for each in AREAS[:2]}


def assessed(*ratings: int) -> list[Assessed]:
    return [
        Assessed(area, count, 3.0) for area, count in zip(AREAS, ratings, strict=False) if count
    ]


class TestRules:
    def test_four_areas_are_asked_about_the_most_assessed_in_their_usual_order(self) -> None:
        found = echo.asked(assessed(1, 5, 2, 2, 4))
        assert [each.area for each in found] == list(AREAS[1:])
        assert echo.asked(assessed(0, 1)) == assessed(0, 1)

    def test_it_is_due_half_a_year_after_the_decision(self) -> None:
        assert echo.due_at(POLICY, NOON) - NOON == timedelta(days=180)

    @pytest.mark.parametrize("typed", [{}, {"system_design": "3"}, WRONG])
    def test_an_answer_is_whole_and_on_the_scale(self, typed: dict[str, str]) -> None:
        assert echo.read(typed, assessed(1, 1)) is None

    def test_not_seen_is_an_answer(self) -> None:
        typed: dict[str, str] = {AREAS[0]: "0", AREAS[1]: "4"}
        assert echo.read(typed, assessed(1, 1)) == {AREAS[0]: 0, AREAS[1]: 4}


class TestKept:
    def loop(self, number: int) -> Loop:
        return Loop(
            id=f"loop{number}", team_id="T1", opening_id="opening0", number=number,
            candidate="Candidate", created_by="U1", created_at=NOON,
        )  # fmt: skip

    def test_the_report_pairs_what_was_scored_with_how_it_turned_out(self, db: Db) -> None:
        area, other = AREAS[0], AREAS[1]
        with db.begin() as session:
            for number, (scored, turned) in enumerate([(2, 2), (3, 3), (4, 4), (4, 0)]):
                found = stored.begin(session, self.loop(number), "UM", "senior", NOON)
                about = [Assessed(area, 2, float(scored)), Assessed(other, 1, 3.0)]
                stored.answer(session, found, {area: turned, other: 3}, about, NOON)
            left = stored.begin(session, self.loop(9), "UM", "senior", NOON)
            stored.answer(session, left, {}, about, NOON)
            rows, known, unknown = stored.foretold(session, "T1", ["opening0"])
            assert stored.foretold(session, "T2", ["opening0"]) == ([], 0, 0)
            assert stored.foretold(session, "T1", ["opening1"]) == ([], 0, 0)
        assert (known, unknown) == (4, 1)
        first, second = rows
        assert (first.area, first.pairs.cases, first.not_seen) == (area, 3, 1)
        assert first.pairs.correlation == pytest.approx(1)
        assert (second.pairs.cases, second.pairs.correlation) == (4, None)

    def test_saying_it_again_takes_the_place_of_what_was_said(self, db: Db) -> None:
        about = assessed(1, 1)
        with db.begin() as session:
            found = stored.begin(session, self.loop(1), "UM", "senior", NOON)
            stored.answer(session, found, {AREAS[0]: 1, AREAS[1]: 1}, about, NOON)
            stored.answer(session, found, {AREAS[0]: 4, AREAS[1]: 0}, about, NOON)
            kept = {each.area: each.turned_out for each in session.exec(select(EchoAnswer))}
        assert kept == {AREAS[0]: 4, AREAS[1]: 0}


@pytest.fixture
def db_(lasting: tuple[Playground, Db]) -> Db:
    return lasting[1]


@pytest.fixture
def manager(office: Playground) -> Person:
    """A hiring manager who has just hired the candidate of a loop."""
    reveal(office)
    person = office.person("Hiring manager")
    decide(person)
    while person.modal is not None:
        person.close()
    return person


def pending(db: Db) -> bool:
    with db.begin() as session:
        states = session.exec(select(Notice.state).where(Notice.kind == "echo")).all()
    return bool({"pending", "sending"} & set(states))


def asked(manager: Person) -> bool:
    return any("How did it turn out?" in each.text for each in mail(manager))


def half_a_year_later(office: Playground, manager: Person) -> None:
    office.clock.advance(timedelta(days=180, minutes=1))
    office.wait_until(lambda: asked(manager), "the manager was not asked")


class TestInSlack:
    def test_the_manager_is_asked_after_half_a_year_and_not_before(
        self, manager: Person, office: Playground, db_: Db
    ) -> None:
        with db_.begin() as session:
            owed = session.exec(select(Notice).where(Notice.kind == "echo")).one()
        assert (owed.due_at - office.clock.now()).days in (179, 180)
        half_a_year_later(office, manager)
        manager.click("Say how it turned out", channel="app")
        text = shown(manager).text
        assert "hired at Senior" in text
        assert "Alignment concepts" not in text or "Adversarial thinking" in text

    def test_what_they_say_is_kept_as_numbers_and_reported(
        self, manager: Person, office: Playground, db_: Db
    ) -> None:
        half_a_year_later(office, manager)
        manager.click("Say how it turned out", channel="app")
        assert set(manager.submit()["errors"].values()) == {"Choose one, or “I have not seen it”."}
        areas = [each["block_id"] for each in shown(manager).blocks if each["type"] == "input"][1:]
        for number, area in enumerate(areas):
            manager.fill(area, str(number))
        manager.submit()
        assert "Thank you" in shown(manager).text
        manager.close()
        with db_.begin() as session:
            kept = session.exec(select(EchoAnswer)).all()
        assert {each.area: each.turned_out for each in kept} == {
            area: number for number, area in enumerate(areas)
        }
        assert all(each.scored == 3 for each in kept)
        text = section(coordinator(office), Section.ECHO)
        assert "1 hire answered for" in text
        assert "fewer than 5 hires, not shown" in text

    def test_they_left_is_kept_as_not_known(
        self, manager: Person, office: Playground, db_: Db
    ) -> None:
        half_a_year_later(office, manager)
        manager.click("Say how it turned out", channel="app")
        manager.fill("known", "no")
        manager.submit()
        assert "not known" in shown(manager).text
        assert one(db_, Echo).known == "not_known"
        assert one(db_, EchoAnswer) is None

    @pytest.mark.parametrize("name", ["Recruiting coordinator", "Interviewer A", "Interviewer D"])
    def test_nobody_else_answers(
        self, manager: Person, office: Playground, db_: Db, name: str
    ) -> None:
        half_a_year_later(office, manager)
        told = press(office, office.person(name), "echo_open", one(db_, Echo).id)
        assert "for the hiring manager who decided" in told

    def test_it_cannot_be_answered_too_early(
        self, manager: Person, office: Playground, db_: Db
    ) -> None:
        told = press(office, manager, "echo_open", one(db_, Echo).id)
        assert "too early" in told

    def test_who_is_no_longer_hired_is_not_asked_about(
        self, manager: Person, office: Playground, db_: Db
    ) -> None:
        with db_.begin() as session:
            session.connection().execute(update(Decision).values(state="reopened"))
        office.clock.advance(timedelta(days=181))
        told = press(office, manager, "echo_open", one(db_, Echo).id)
        assert "reopened" in told
        office.wait_until(lambda: not pending(db_), "the notice still waits")
        assert not asked(manager)

    def test_another_team_s_is_not_there(
        self, manager: Person, office: Playground, db_: Db
    ) -> None:
        half_a_year_later(office, manager)
        with db_.begin() as session:
            session.connection().execute(update(Echo).values(team_id="T0OTHER"))
        told = press(office, manager, "echo_open", one(db_, Echo).id)
        assert "for the hiring manager who decided" in told
