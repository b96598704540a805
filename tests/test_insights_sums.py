"""What the database adds up, on both databases, against the same found from every row."""

import random
import statistics
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from math import ceil

import pytest
from sqlmodel import Session, select

from bot.insights_numbers import SCORES, Sums, agreement
from bot.records import Interview, Loop, PersonSettings, Rating, Scorecard, ScoredCard, Seat
from bot.store import Db, insights, mirror, rotation, workload
from bot.store.insights import Scope
from tests.rows import NOON as MORNING
from tests.rows import fill as fill_loops
from tests.scored import NOON, OPENING, card, fill, keep, rating
from tests.test_insights_numbers import matrix, sums
from tests.test_queries import counted

EVERY = Scope("T1", [f"opening{number}" for number in range(10)])
SOME = Scope("T1", ["opening0", "opening3"])


@pytest.fixture
def filled(db: Db) -> Db:
    """Three hundred scorecards, and as many of another team, to see that none of these counts."""
    with db.begin() as session:
        fill(session, 300)
        chance = random.Random(7)
        for each in session.exec(select(ScoredCard)):
            each.after_reveal = chance.random() < 0.1
            session.add(each)
        for one in session.exec(select(Rating)):
            one.after_reveal = session.get_one(ScoredCard, one.scorecard_id).after_reveal
            session.add(one)
        session.flush()
        for each in session.exec(select(ScoredCard)).all():
            fields = each.model_dump() | {"scorecard_id": f"x{each.scorecard_id}", "team_id": "T2"}
            session.add(ScoredCard(**{**fields, "minutes": 99999, "recommendation": 1}))
    return db


def cards(session: Session, scope: Scope) -> list[ScoredCard]:
    wanted = select(ScoredCard).where(ScoredCard.team_id == scope.team_id)
    return [each for each in session.exec(wanted) if each.opening_id in scope.opening_ids]


def ratings(session: Session, scope: Scope) -> list[Rating]:
    wanted = select(Rating).where(Rating.team_id == scope.team_id)
    return [each for each in session.exec(wanted) if each.opening_id in scope.opening_ids]


def nearest_rank(values: Sequence[int], share: float) -> int:
    return sorted(values)[ceil(share * len(values) - 1e-9) - 1]


@pytest.mark.parametrize("scope", [EVERY, SOME], ids=["every opening", "two of them"])
class TestSums:
    def test_times_are_nearest_ranks(self, filled: Db, scope: Scope) -> None:
        with filled.begin() as session:
            found = {each.month: each for each in insights.waited(session, scope, 5)}
            by_month: dict[str, list[int]] = defaultdict(list)
            for each in cards(session, scope):
                by_month[""].append(each.minutes)
                by_month[each.month].append(each.minutes)
        assert set(found) == {month for month, values in by_month.items() if len(values) >= 5}
        for month, one in found.items():
            values = by_month[month]
            assert (one.median, one.most, one.cases) == (
                nearest_rank(values, 0.5), nearest_rank(values, 0.9), len(values),
            )  # fmt: skip

    def test_scores_are_counted_by_area_and_level(self, filled: Db, scope: Scope) -> None:
        with filled.begin() as session:
            found = insights.scores(session, scope)
            every = ratings(session, scope)
        assert sum(sum(given.values()) for given in found.values()) == len(every)
        for (area, level), given in found.items():
            for score in SCORES:
                here = [r for r in every if (r.area, r.level, r.score) == (area, level, score)]
                assert given[score] == len(here)

    def test_agreement_counts_what_was_written_before_the_reveal(
        self, filled: Db, scope: Scope
    ) -> None:
        units, panels = defaultdict(list), defaultdict(list)
        with filled.begin() as session:
            on_questions = insights.on_questions(session, scope)
            on_recommendations = insights.on_recommendations(session, scope)
            for one in ratings(session, scope):
                if not one.after_reveal:
                    units[one.interview_id, one.question].append(one.score)
            for each in cards(session, scope):
                if not each.after_reveal:
                    panels[each.loop_id].append(each.recommendation)
        for found, plain in ((on_questions, units), (on_recommendations, panels)):
            wanted = agreement(*matrix(list(plain.values())))
            assert (found.units, found.pairs) == (wanted.units, wanted.pairs)
            assert found.pairs > 5
            assert found.alpha == pytest.approx(wanted.alpha)

    def test_leniency_is_the_difference_from_the_others_of_each_loop(
        self, filled: Db, scope: Scope
    ) -> None:
        with filled.begin() as session:
            until = NOON + timedelta(days=1)
            found = {each.person: each for each in insights.leanings(session, scope, until, 1, 99)}
            apart = differences([c for c in cards(session, scope) if not c.after_reveal])
        assert set(found) == set(apart)
        for person, values in apart.items():
            assert found[person].cases == len(values)
            assert found[person].total == pytest.approx(sum(values), abs=1e-6)
            assert found[person].squares == pytest.approx(sum(v * v for v in values), abs=1e-6)

    def test_a_question_is_compared_with_the_rest_and_with_its_order_of_use(
        self, filled: Db, scope: Scope
    ) -> None:
        with filled.begin() as session:
            found = {each.question: each for each in insights.uses(session, scope, 1, 99)}
            every = [r for r in ratings(session, scope) if not r.after_reveal]
        loops = defaultdict(list)
        for one in every:
            loops[one.loop_id].append(one)
        by_question: dict[str, list[Rating]] = defaultdict(list)
        for one in sorted(every, key=lambda r: (r.asked_at, r.scorecard_id)):
            by_question[one.question].append(one)
        assert set(found) == set(by_question)
        for question, used in by_question.items():
            beside = [
                (r.score, statistics.mean(o.score for o in loops[r.loop_id] if o is not r))
                for r in used
                if len(loops[r.loop_id]) > 1
            ]
            order = [(at, r.score) for at, r in enumerate(used, start=1)]
            same(found[question].beside, sums(beside))
            same(found[question].over_time, sums([(float(x), y) for x, y in order]))
            most = max(sum(r.score == score for r in used) for score in SCORES)
            assert found[question].commonest == most


def same(found: Sums, wanted: Sums) -> None:
    assert found.cases == wanted.cases
    for name in ("x", "y", "xx", "yy", "xy"):
        assert getattr(found, name) == pytest.approx(getattr(wanted, name), abs=1e-6)


def differences(found: list[ScoredCard]) -> dict[str, list[float]]:
    apart: dict[str, list[float]] = defaultdict(list)
    for loop in {each.loop_id for each in found}:
        here = [each for each in found if each.loop_id == loop]
        for person in {each.person for each in here}:
            own = [each for each in here if each.person == person]
            rest = [each for each in here if each.person != person]
            if rest:
                apart[person].append(mean(own) - mean(rest))
    return apart


def mean(found: list[ScoredCard]) -> float:
    return sum(each.total for each in found) / sum(each.rated for each in found)


def test_what_was_opened_lately_is_in_the_mirror_alone(db: Db) -> None:
    with db.begin() as session:
        for number in range(6):
            late = NOON + timedelta(days=number)
            keep(
                session,
                [
                    card(f"a{number}", "UA", f"loop{number}", [4, 4], revealed_at=late),
                    card(f"b{number}", "UB", f"loop{number}", [2, 2], revealed_at=late),
                ],
            )
        scope = Scope("T1", [OPENING])
        assert insights.leaning(session, "T1", "UA").cases == 6
        until = NOON + timedelta(days=3)
        assert insights.leanings(session, scope, until, 5, 9) == []
        shown = insights.leanings(session, scope, NOON + timedelta(days=4), 5, 9)
        assert [(each.person, each.cases) for each in shown] == [("UA", 5), ("UB", 5)]
        assert shown[0].interval.mean == 2


def test_a_mirror_holds_one_s_own_and_nothing_of_loops_one_was_not_in(db: Db) -> None:
    with db.begin() as session:
        mine, beside = card("a", "UA", "loop1", [4, 2]), card("b", "UB", "loop1", [1])
        elsewhere = card("c", "UB", "loop2", [3])
        late = card("d", "UC", "loop1", [3], after_reveal=True)
        keep(
            session,
            [
                mine, beside, elsewhere, late, rating(mine, "q1", 4), rating(mine, "q2", 2),
                rating(beside, "q3", 1), rating(elsewhere, "q4", 3), rating(late, "q4", 3),
            ],
        )  # fmt: skip
        found = mirror.own(session, "T1", "UA", 1)
    assert found.own == {1: 0, 2: 1, 3: 0, 4: 1}
    assert found.panels == {1: 1, 2: 0, 3: 0, 4: 0}
    assert (found.cards, found.median, found.evidence, found.leaning.cases) == (1, 60, 100, 1)
    assert found.leaning.total == 2


def test_a_question_asked_by_two_in_one_interview_was_asked_once(db: Db) -> None:
    with db.begin() as session:
        one = card("a", "UA", "loop1", [4], interview_id="i1")
        other = card("b", "UB", "loop1", [3], interview_id="i1")
        later = card("c", "UB", "loop2", [3], interview_id="i2")
        foreign = card("d", "UB", "loop3", [3], team_id="T2")
        month = timedelta(days=30)
        keep(
            session,
            [
                one, other, later, foreign, rating(one, "q1", 4), rating(other, "q1", 3),
                rating(later, "q1", 3, asked_at=NOON + month), rating(foreign, "q1", 3),
            ],
        )  # fmt: skip
        found = rotation.usage(session, "T1", NOON + timedelta(days=1))["q1"]
    assert (found.times, found.lately, found.last) == (2, 1, NOON + month)


def test_loops_wait_for_those_who_owe_a_scorecard_of_an_interview_that_is_over(db: Db) -> None:
    with db.begin() as session:
        fill_loops(session, 20)
        of = (session, "T1", ["opening0"])
        assert workload.queue(*of, MORNING, 9).scorecards == 0
        tomorrow = MORNING + timedelta(days=2)
        found = workload.queue(*of, tomorrow, 9)
        assert found.scorecards == 2  # Two of the twenty are of the first opening.
        assert {each.person for each in found.owed} == {"UPERSON3", "UPERSON43"}
        assert workload.queue(session, "T2", ["opening0"], tomorrow, 9).owed == []
        loop = session.get_one(Loop, "loop0")
        loop.revealed_at = MORNING
        session.add(loop)
        session.flush()
        found = workload.queue(*of, tomorrow, 9)
        assert (found.scorecards, found.decisions) == (1, 1)


def test_a_shadow_is_never_waited_for(db: Db) -> None:
    with db.begin() as session:
        fill_loops(session, 1)
        for seat in session.exec(select(Seat)):
            seat.role = "shadow"
            session.add(seat)
        session.flush()
        later = MORNING + timedelta(days=2)
        assert workload.queue(session, "T1", ["opening0"], later, 9).owed == []


def test_load_counts_every_interview_of_the_team_s_in_each_week(db: Db) -> None:
    with db.begin() as session:
        fill_loops(session, 100)
        session.add(PersonSettings(team_id="T1", person="UPERSON0", days=[0], weekly_limit=2))
        session.flush()
        week = timedelta(days=7)
        monday = MORNING.replace(hour=0)
        starts = [monday - week, monday, monday + week]
        found = {
            each.person: each for each in workload.loads(session, "T1", ["opening0"], starts, 5, 99)
        }
        plain: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        rows = select(Seat.person, Interview.starts_at).where(Interview.id == Seat.interview_id)
        for person, at in session.exec(rows):
            plain[person][(at - starts[0]) // week] += 1
    assert found
    for person, one in found.items():
        assert list(one.weeks) == plain[person]
        assert one.limit == (2 if person == "UPERSON0" else 5)


def test_nothing_of_a_scorecard_is_read_but_its_sums(filled: Db) -> None:
    """The tables of scorecards themselves are not asked at all."""
    with filled.begin() as session, counted(filled) as asked:
        insights.waited(session, EVERY, 5)
        insights.scores(session, EVERY)
        insights.on_questions(session, EVERY)
        insights.leanings(session, EVERY, NOON, 5, 9)
        insights.uses(session, EVERY, 5, 9)
    names = {Scorecard.__tablename__, "sealed_version"}
    assert not [each for each in asked if any(f"FROM {name}" in each for name in names)]
