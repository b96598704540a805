"""Insights and mirrors in Slack: who sees what, from how many cases on, only after a reveal."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot import insights
from bot.content.insights import InsightPolicy
from bot.insights import Section
from bot.insights_numbers import Sums
from bot.records import Opening
from bot.store import Db
from playground import Person, Playground
from tests.offices import coordinator, make_opening, plan_loop, wait_for_mail
from tests.scored import NOON, history
from tests.test_access import one, press
from tests.test_home import home
from tests.test_insights_numbers import sums
from tests.test_scorecards import hand_in

POLICY = InsightPolicy()


class TestRules:
    def test_a_week_begins_on_monday(self) -> None:
        found = insights.weeks(NOON + timedelta(days=3, hours=5))  # A Thursday.
        assert [f"{each:%a %d %b %H:%M}" for each in found[-2:]] == [
            "Mon 02 Mar 00:00", "Mon 09 Mar 00:00",
        ]  # fmt: skip
        assert len(found) == insights.BACK + insights.AHEAD

    @pytest.mark.parametrize(
        ("commonest", "beside", "over_time", "odd"),
        [
            (19, "good", "flat", ["the same score 19 of 20 times"]),
            (8, "bad", "flat", ["does not go with the candidates' other scores"]),
            (8, "good", "rising", ["scores rise with use: it may have leaked"]),
            (8, "good", "flat", []),
        ],
    )
    def test_what_is_odd_about_a_question_is_said(
        self, commonest: int, beside: str, over_time: str, odd: list[str]
    ) -> None:
        shapes: dict[str, Sums] = {
            "good": sums([(n % 4, n % 4 + n % 2) for n in range(20)]),
            "bad": sums([(n % 4, -(n % 4)) for n in range(20)]),
            "flat": sums([(n, 2 + n % 2) for n in range(20)]),
            "rising": sums([(n, 1 + n // 5) for n in range(20)]),
        }
        found = insights.oddities(POLICY, 20, commonest, shapes[beside], shapes[over_time])
        assert found == odd

    def test_a_few_cases_call_nothing_leaked(self) -> None:
        few = sums([(1, 1), (2, 2), (3, 3), (4, 4)])
        assert insights.oddities(POLICY, 4, 1, few, few) == []


@pytest.fixture
def db(lasting: tuple[Playground, Db]) -> Db:
    return lasting[1]


@pytest.fixture
def planner(office: Playground) -> Person:
    make_opening(office)
    return coordinator(office)


def fill(office: Playground, db: Db, loops: int = 24, later: timedelta = timedelta()) -> str:
    """Half a year of the opening's, the last two weeks ago or `later`. Returns its id."""
    with db.begin() as session:
        opening = session.get_one(Opening, one(db, Opening).id)
        history(session, opening, office.clock.now() + later, loops)
        return opening.id


def section(person: Person, name: Section) -> str:
    person.slash(f"/safety-interview insights {name}")
    return person.last.text


class TestEmpty:
    @pytest.mark.parametrize("name", Section)
    def test_every_section_says_what_it_would_show(self, planner: Person, name: Section) -> None:
        text = section(planner, name)
        assert any(
            told in text
            for told in ("Fewer than 5", "Nothing yet", "Nobody is waited for", "Nobody of your")
        )

    def test_an_empty_mirror_says_what_will_stand_there(self, office: Playground) -> None:
        person = office.person("Interviewer C")
        person.slash("/safety-interview mirror")
        assert "fewer than 5 of yours were opened so far (0)" in person.last.text
        assert "fewer than 5 (0)" in person.last.text


class TestShown:
    @pytest.mark.parametrize(
        ("name", "told"),
        [
            (Section.TIME, "nine of ten within *25.0 h*"),
            (Section.SCORES, "Scores given, by area and level"),
            (Section.AGREEMENT, "alpha *"),
            (Section.PEOPLE, "lenient"),
            (Section.QUESTIONS, "scores rise with use: it may have leaked"),
        ],
    )
    def test_with_enough_cases(
        self, planner: Person, office: Playground, db: Db, name: Section, told: str
    ) -> None:
        fill(office, db)
        assert told in str(planner_sees(planner, name))

    @pytest.mark.parametrize("name", Section)
    def test_slack_takes_every_section(
        self, planner: Person, office: Playground, db: Db, name: Section
    ) -> None:
        fill(office, db)
        section(planner, name)
        assert office.problems == []
        assert name.label in planner.last.text

    def test_with_four_loops_nothing_is_shown_of_anybody(
        self, planner: Person, office: Playground, db: Db
    ) -> None:
        fill(office, db, loops=4)
        text = section(planner, Section.PEOPLE)
        assert "Fewer than 5 loops of any interviewer: not shown" in text
        assert "U0INT" not in str(planner.last.raw["blocks"])
        mine = office.person("Interviewer A")
        mine.slash("/safety-interview mirror")
        assert "fewer than 5 of yours were opened so far (4)" in mine.last.text

    def test_buttons_turn_to_another_section_in_place(
        self, planner: Person, office: Playground, db: Db
    ) -> None:
        fill(office, db)
        planner.slash("/safety-interview insights")
        planner.click("Agreement", on=planner.last)
        assert "Krippendorff's alpha" in planner.last.text
        planner.open_home()
        planner.click("Insights", on=planner.home)
        assert "Insights · Time to scorecard" in home(planner)
        planner.click("Load", on=planner.home)
        assert "Insights · Load" in home(planner)

    def test_one_of_several_openings_can_be_chosen(
        self, planner: Person, office: Playground, db: Db
    ) -> None:
        full = fill(office, db)
        make_opening(office, title="Another role")
        planner.slash("/safety-interview insights")
        assert "(120 scorecards)" in planner.last.text
        empty = next(each.id for each in every_opening(db) if each.id != full)
        assert "Fewer than 5" in press(office, planner, "insights_opening", f"time|{empty}")


def every_opening(db: Db) -> list[Opening]:
    with db.begin() as session:
        return list(session.exec(select(Opening)))


def planner_sees(planner: Person, name: Section) -> Any:
    """The blocks of a section, without the ids that change each time."""
    section(planner, name)
    return without_ids(planner.last.raw["blocks"])


def without_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [without_ids(each) for each in value]
    if isinstance(value, dict):
        return {name: without_ids(each) for name, each in value.items() if name != "block_id"}
    return value


class TestMirror:
    @pytest.mark.usefixtures("planner")
    def test_it_shows_one_s_own_beside_the_panels(self, office: Playground, db: Db) -> None:
        fill(office, db)
        mine = office.person("Interviewer A")
        mine.slash("/safety-interview mirror")
        text = mine.last.text
        assert "*24 scorecards* of yours were opened" in text
        assert "You score higher than they do." in text
        assert "Only you can open this" in text
        assert "U0INT" not in str(mine.last.raw["blocks"])
        mine.open_home()
        mine.click("My mirror", on=mine.home)
        assert "*24 scorecards* of yours were opened" in home(mine)

    @pytest.mark.parametrize("name", ["Interviewer D", "Recruiting coordinator", "Hiring manager"])
    @pytest.mark.usefixtures("planner")
    def test_nobody_opens_another_s(self, office: Playground, db: Db, name: str) -> None:
        fill(office, db)
        other = office.person(name)
        told = press(office, other, "mirror_open", "U0INTA")
        assert "*24 scorecards* of yours" in told or "(0)" in told
        own = "24 scorecards" in told
        assert own is (name == "Interviewer D")
        assert "You score higher than they do." not in told

    def test_what_was_opened_this_week_is_in_the_mirror_first(
        self, planner: Person, office: Playground, db: Db
    ) -> None:
        fill(office, db, loops=5, later=timedelta(days=12))
        mine = office.person("Interviewer A")
        mine.slash("/safety-interview mirror")
        assert "*5 scorecards* of yours were opened" in mine.last.text
        assert "95% interval" in mine.last.text
        assert "Fewer than 5 loops" in section(planner, Section.PEOPLE)
        office.clock.advance(timedelta(days=5))
        assert "U0INTA" in str(planner_sees(planner, Section.PEOPLE))


class TestAccess:
    @pytest.mark.parametrize("name", ["Interviewer A", "Interviewer D"])
    @pytest.mark.parametrize("name_of", Section)
    @pytest.mark.usefixtures("planner")
    def test_only_who_plans_an_opening_has_insights(
        self, office: Playground, db: Db, name: str, name_of: Section
    ) -> None:
        opening = fill(office, db)
        told = press(office, office.person(name), f"insights_{name_of}", f"{name_of}|{opening}")
        assert "Only who coordinates or decides on an opening has insights" in told
        assert "alpha" not in told

    @pytest.mark.usefixtures("planner")
    def test_another_planner_s_opening_is_not_counted(self, office: Playground, db: Db) -> None:
        opening = fill(office, db)
        other = office.person("Interviewer D")
        other.slash("/safety-interview open")
        other.fill("level", "mid")
        other.submit()
        other.close()
        for name in Section:
            told = press(office, other, f"insights_{name}", f"{name}|{opening}")
            assert "U0INT" not in told
            assert "Fewer than 5" in told or "Nothing yet" in told or "Nobody" in told

    @pytest.mark.usefixtures("planner")
    def test_guests_are_not_answered(self, office: Playground) -> None:
        guest = office.person("Guest")
        for verb in ("insights", "mirror", "calibrate", "questions"):
            guest.slash(f"/safety-interview {verb}")
            assert "Insights" not in guest.last.text
            assert guest.modal is None

    def test_before_the_reveal_no_section_changes(
        self, planner: Person, office: Playground, db: Db
    ) -> None:
        fill(office, db)
        plan_loop(office, {"onsite_a": "U0INTC", "onsite_c": "U0INTA"})
        planner.close()
        scored = [each for each in Section if each not in (Section.WAITING, Section.LOAD)]
        before = [planner_sees(planner, each) for each in scored]
        person = office.person("Interviewer C")
        wait_for_mail(office, person, 1)
        hand_in(person)
        person.close()
        for each, was in zip(scored, before, strict=True):
            assert planner_sees(planner, each) == was, each
        planner.slash("/safety-interview questions")
        assert "31" not in planner.last.text
        other = office.person("Interviewer A")
        wait_for_mail(office, other, 1)
        hand_in(other)
        assert planner_sees(planner, Section.TIME) != before[0]
