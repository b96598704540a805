"""What was sealed stays; what somebody thinks after the discussion stands beside it."""

from typing import Any

import pytest
from sqlmodel import select

from bot import votes
from bot.records import RecordedView, SealedVersion
from bot.store import Db
from bot.votes import Sealed
from playground import Person, Playground
from tests.banks import SHIPPED
from tests.decided import decide, open_loop, reveal
from tests.offices import coordinator, make_opening, plan_loop, shown
from tests.test_access import press
from tests.test_openings import NOON

FORM = SHIPPED.scorecard
REASON = "Interviewer C heard how they would contain it."


def own(person: str = "UA", recommendation: str = "no", *scores: str) -> Sealed:
    asked = tuple(
        {"id": f"q-{at}", "version": 1, "score": each, "evidence": "Heard.", "area": "x"}
        for at, each in enumerate(scores or ("2", "3"))
    )
    return Sealed(person, asked, {"recommendation": recommendation, "level_fit": "at"})


def version(number: int, *, late: bool) -> SealedVersion:
    answers: dict[str, Any] = {"questions": [], "flags": [], "fields": {}}
    return SealedVersion(
        scorecard_id="one", number=number, team_id="T1", answers=answers, seal="",
        submitted_at=NOON, after_reveal=late,
    )  # fmt: skip


class TestRules:
    def test_the_view_before_is_the_last_one_before_the_reveal(self) -> None:
        found = votes.before(
            [version(1, late=False), version(2, late=False), version(3, late=True)]
        )
        assert found is not None
        assert found.number == 2

    def test_of_a_late_scorecard_it_is_the_first(self) -> None:
        found = votes.before([version(1, late=True), version(2, late=True)])
        assert found is not None
        assert found.number == 1

    def test_nothing_moved_needs_no_reason(self) -> None:
        assert list(votes.troubles(FORM, own(), {})) == []

    def test_what_moved_needs_one_on_its_own_field(self) -> None:
        values = {"after.q-0": "3", "after.recommendation": "yes"}
        found = list(votes.troubles(FORM, own(), values))
        assert [(each.page, each.field) for each in found] == [(0, "why.q-0"), (2, "why.overall")]
        said = {**values, "why.q-0": REASON, "why.overall": REASON}
        assert list(votes.troubles(FORM, own(), said)) == []

    @pytest.mark.parametrize(
        ("before", "after", "moved"), [("2", "3", 1), ("3", "1", -1), ("3", "3", 0), ("na", "4", 0)]
    )
    def test_a_score_moves_up_or_down_or_neither(self, before: str, after: str, moved: int) -> None:
        found = votes.views(FORM, own("UA", "no", before), {"after.q-0": after}, None)
        assert found["questions"][0]["moved"] == moved
        assert (found["questions"][0]["before"], found["questions"][0]["after"]) == (before, after)

    @pytest.mark.parametrize(
        ("says", "toward"), [("yes", 1), ("strong_yes", 1), ("no", 0), ("strong_no", -1)]
    )
    def test_toward_the_manager_is_nearer_to_what_they_had_sealed(
        self, says: str, toward: int
    ) -> None:
        values = {"after.recommendation": says}
        found = votes.views(FORM, own(), values, own("UMANAGER", "strong_yes"))
        assert found["toward"] == toward

    def test_the_manager_moves_toward_nobody(self) -> None:
        manager = own("UMANAGER", "yes")
        assert votes.views(FORM, manager, {"after.recommendation": "no"}, manager)["toward"] == 0

    def test_a_seal_is_of_the_views_whose_they_are_and_when(self) -> None:
        views = votes.views(FORM, own(), {}, None)
        first = votes.seal(views, "loop", "UA", NOON)
        assert first != votes.seal(views, "loop", "UB", NOON)
        assert first != votes.seal({**views, "reason": "x"}, "loop", "UA", NOON)


@pytest.fixture
def db(lasting: tuple[Playground, Db]) -> Db:
    return lasting[1]


@pytest.fixture
def panellist(office: Playground) -> Person:
    """Interviewer A, who did not recommend; the scorecards are open."""
    reveal(office)
    person = office.person("Interviewer A")
    open_loop(person)
    return person


def move(person: Person) -> None:
    """Everything up to the last page, where the recommendation moves with its reason."""
    person.click("My view after the discussion")
    person.click("Overall")
    person.fill("after.recommendation", "yes")
    person.fill("why.overall", REASON)


class TestInSlack:
    def test_the_two_views_are_named(self, panellist: Person) -> None:
        panellist.click("My view after the discussion")
        seen = shown(panellist).text
        assert "*Sealed view of your own interview:* 3 · Meets the bar" in seen
        assert "View after the discussion" in seen
        assert "What you sealed stays as it is" in seen

    def test_how_many_moved_and_whither_is_shown_to_the_panel(
        self, panellist: Person, office: Playground
    ) -> None:
        move(panellist)
        panellist.submit()
        assert "1 of 2 have recorded a view" in shown(panellist).text
        other = office.person("Interviewer C")
        open_loop(other)
        assert "*1 of 2 moved*: one up." in shown(other).text
        other.click("Before and after")
        assert (
            "<@U0INTA>\nLevel fit: At the level\nOverall recommendation: No → *Yes*"
            in shown(other).text
        )
        assert f">{REASON}" in shown(other).text

    def test_what_was_sealed_never_changes(self, panellist: Person, db: Db) -> None:
        with db.begin() as session:
            before = [each.model_dump() for each in session.exec(select(SealedVersion))]
        move(panellist)
        panellist.submit()
        with db.begin() as session:
            assert [each.model_dump() for each in session.exec(select(SealedVersion))] == before
            assert len(session.exec(select(RecordedView)).all()) == 1

    def test_a_move_without_a_reason_stays_open_and_says_so(self, panellist: Person) -> None:
        panellist.click("My view after the discussion")
        name = next(
            str(each["block_id"])
            for each in shown(panellist).blocks
            if str(each.get("block_id", "")).startswith("after.")
        )
        panellist.fill(name, "4")
        errors = panellist.submit()["errors"]
        assert "It was 3. Say what moved it" in errors[name.replace("after.", "why.")]

    def test_what_was_typed_is_there_again_after_closing(self, panellist: Person) -> None:
        move(panellist)
        panellist.close()
        panellist.click("My view after the discussion")
        panellist.click("Overall")
        assert REASON in str(shown(panellist).raw["blocks"])

    def test_who_thinks_again_begins_from_what_they_recorded(
        self, panellist: Person, db: Db
    ) -> None:
        move(panellist)
        panellist.submit()
        open_loop(panellist)
        panellist.click("Change my view after the discussion")
        panellist.click("Overall")
        panellist.fill("after.recommendation", "strong_yes")
        panellist.submit()
        with db.begin() as session:
            rows = session.exec(select(RecordedView)).all()
            said = [votes.stated(each.views, "recommendation")[1] for each in rows]
        assert sorted(said) == ["strong_yes", "yes"]

    def test_the_same_view_twice_is_kept_once(self, panellist: Person, db: Db) -> None:
        move(panellist)
        panellist.submit()
        open_loop(panellist)
        panellist.click("Change my view after the discussion")
        panellist.click("Overall")
        panellist.submit()
        assert "Recorded" in shown(panellist).text
        with db.begin() as session:
            assert len(session.exec(select(RecordedView)).all()) == 1

    def test_once_it_is_decided_views_are_recorded_no_more(
        self, panellist: Person, office: Playground
    ) -> None:
        move(panellist)
        decide(office.person("Hiring manager"))
        panellist.submit()
        assert "This loop has ended" in shown(panellist).text

    def test_before_the_reveal_there_is_none(self, office: Playground) -> None:
        make_opening(office)
        plan_loop(office, {"onsite_a": "U0INTC", "onsite_c": "U0INTA"})
        loop_id = str(shown(coordinator(office)).raw["private_metadata"])
        told = press(office, office.person("Interviewer A"), "vote_open", loop_id)
        assert "The scorecards are not open yet" in told
        assert "before and after are for" in press(
            office, office.person("Interviewer A"), "votes_show", loop_id
        )
