"""What a decision needs, who is asked about it, and when it takes effect."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot import decisions, dissent
from bot.decisions import Outcome, Proposal, State
from bot.dissent import Contrary
from bot.errors import Refusal
from bot.hours import Hours
from bot.panels import Chair, Panel
from bot.records import Decision, Interview, Loop, RecordedView, Scorecard, Seat, Stance
from bot.votes import Sealed
from tests.banks import SHIPPED
from tests.test_openings import made

NOW = datetime(2026, 3, 6, 15, tzinfo=UTC)  # A Friday.
TODAY = NOW.date()
FORM = SHIPPED.scorecard
WHY = "They measured each class of attack."


def chair(person: str, *, role: str = "lead", version: int = 1, round_: str = "onsite_a") -> Chair:
    keys: dict[str, Any] = {"id": f"{round_}-{person}", "team_id": "T1", "loop_id": "loop"}
    interview = Interview(**keys, round=round_, minutes=45, starts_at=NOW - timedelta(days=2))
    seat = Seat(**keys, interview_id=interview.id, person=person, role=role)
    card = Scorecard(**keys, interview_id=interview.id, person=person, draft={}, version=version)
    return Chair(seat, interview, card)


def panel(*chairs: Chair, revealed: bool = True, **changes: Any) -> Panel:
    chairs = chairs or (chair("UA"), chair("UB", round_="onsite_c"))
    loop = Loop(
        id="loop", team_id="T1", opening_id="one", number=101, candidate="Candidate 12",
        created_by="UCOORD", created_at=NOW, revealed_at=NOW if revealed else None,
    )  # fmt: skip
    found = Panel(loop, made(), tuple(each.interview for each in chairs), chairs)
    return replace(found, **changes)


def decision(outcome: str = "hire", state: str = "in_effect", **more: Any) -> Decision:
    return Decision(
        id="d1", team_id="T1", loop_id="loop", number=1, by="UMANAGER", outcome=outcome,
        rationale=WHY, cites=["q"], state=state, decided_at=NOW, **more,
    )  # fmt: skip


def stance(person: str = "UR", says: str = "asked", role: str = "bar_raiser") -> Stance:
    return Stance(
        decision_id="d1", person=person, team_id="T1", loop_id="loop", role=role, says=says,
        asked_at=NOW,
    )  # fmt: skip


def proposal(outcome: Outcome | None = Outcome.HIRE, **changes: Any) -> Proposal:
    return Proposal(outcome, **{"cites": ("q",), "rationale": WHY, **changes})


class TestWhoMayDecide:
    def test_the_hiring_manager_after_the_reveal(self) -> None:
        decisions.require_decider(panel(), "UMANAGER")

    @pytest.mark.parametrize("person", ["UCOORD", "UA", "USOMEONE"])
    def test_nobody_else(self, person: str) -> None:
        with pytest.raises(Refusal, match="Only the hiring manager"):
            decisions.require_decider(panel(), person)

    def test_before_the_reveal_it_says_how_many_are_in_and_what_to_do(self) -> None:
        waits = panel(chair("UA"), chair("UB", version=0), revealed=False)
        with pytest.raises(Refusal, match=r"1 of 2 scorecards are in.*Open scorecards"):
            decisions.require_decider(waits, "UMANAGER")

    def test_who_owes_a_scorecard_hands_it_in_first(self) -> None:
        with pytest.raises(Refusal, match="Your own scorecard is not in yet"):
            decisions.require_decider(panel(chair("UA"), chair("UMANAGER", version=0)), "UMANAGER")

    @pytest.mark.parametrize(
        ("state", "told"), [("waiting", "bar raiser is asked"), ("objected", "answer that first")]
    )
    def test_one_that_is_under_way_comes_first(self, state: str, told: str) -> None:
        with pytest.raises(Refusal, match=told):
            decisions.require_decider(panel(decisions=(decision(state=state),)), "UMANAGER")

    def test_what_was_decided_is_reopened_first(self) -> None:
        found = panel(decisions=(decision(),))
        found.loop.state = "closed"
        with pytest.raises(Refusal, match="Reopen it first"):
            decisions.require_decider(found, "UMANAGER")


class TestWhatItNeeds:
    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            (proposal(None), "outcome"),
            (proposal(Outcome.OTHER_LEVEL), "level"),
            (proposal(Outcome.OTHER_LEVEL, level="senior"), "level"),
            (proposal(Outcome.ANOTHER, round="onsite_a"), "round"),
            (proposal(Outcome.HOLD), "until"),
            (proposal(Outcome.HOLD, until=TODAY), "until"),
            (proposal(cites=()), "cites"),
            (proposal(cites=("a question of another loop",)), "cites"),
            (proposal(rationale="Because"), "rationale"),
        ],
    )
    def test_what_is_missing_is_named_on_its_field(self, wrong: Proposal, field: str) -> None:
        assert set(decisions.troubles(panel(), wrong, ["q"], TODAY)) == {field}

    @pytest.mark.parametrize(
        "right",
        [
            proposal(),
            proposal(Outcome.NO_HIRE),
            proposal(Outcome.OTHER_LEVEL, level="mid"),
            proposal(Outcome.ANOTHER, round="onsite_b"),
            proposal(Outcome.HOLD, until=TODAY + timedelta(days=1)),
        ],
    )
    def test_what_is_complete_is_not_held_up(self, right: Proposal) -> None:
        assert decisions.troubles(panel(), right, ["q"], TODAY) == {}

    def test_without_any_evidence_nothing_is_decided_but_more_can_be_asked_for(self) -> None:
        none = proposal(cites=())
        assert "outcome" in decisions.troubles(panel(), none, [], TODAY)
        more = replace(none, outcome=Outcome.ANOTHER, round="onsite_b")
        assert decisions.troubles(panel(), more, [], TODAY) == {}

    @pytest.mark.parametrize("values", [{}, {"outcome": "fire", "until": "soon", "cites": []}])
    def test_any_draft_reads_as_a_proposal(self, values: dict[str, Any]) -> None:
        assert decisions.read(values).outcome is None


def sealed(person: str, recommendation: str, fit: str = "at") -> Sealed:
    return Sealed(person, (), {"recommendation": recommendation, "level_fit": fit})


def view(person: str, before: str, after: str) -> RecordedView:
    whole = [{"field": "recommendation", "before": before, "after": after, "moved": 0}]
    views = {"questions": [], "overall": whole, "reason": "", "toward": 0}
    return RecordedView(
        loop_id="loop", person=person, number=1, team_id="T1", views=views, seal="", recorded_at=NOW
    )


class TestDissent:
    @pytest.mark.parametrize(
        ("outcome", "says", "asked"),
        [
            ("hire", "no", True),
            ("hire", "strong_no", True),
            ("hire", "yes", False),
            ("no_hire", "yes", True),
            ("no_hire", "no", False),
            ("hold", "strong_yes", False),
            ("another_interview", "strong_no", False),
        ],
    )
    def test_who_said_otherwise_is_asked(self, outcome: str, says: str, asked: bool) -> None:
        found = dissent.contraries(panel(), FORM, [sealed("UA", says)], proposal(Outcome(outcome)))
        assert found == ([Contrary("UA", (says,))] if asked else [])

    def test_the_view_after_the_discussion_counts_beside_the_sealed_one(self) -> None:
        turned = panel(views=(view("UA", "yes", "no"), view("UB", "no", "yes")))
        both = [sealed("UA", "yes"), sealed("UB", "no")]
        found = dissent.contraries(turned, FORM, both, proposal())
        assert found == [Contrary("UA", ("no",)), Contrary("UB", ("no",))]

    @pytest.mark.parametrize(
        ("outcome", "level", "fit", "asked"),
        [
            ("hire", "", "below", True),
            ("hire", "", "above", False),
            ("other_level", "mid", "below", False),
            ("other_level", "mid", "at", True),
            ("other_level", "staff", "above", False),
            ("other_level", "staff", "at", True),
        ],
    )
    def test_so_does_the_level(self, outcome: str, level: str, fit: str, asked: bool) -> None:
        wanted = proposal(Outcome(outcome), level=level)
        found = dissent.contraries(panel(), FORM, [sealed("UA", "yes", fit)], wanted)
        assert bool(found) is asked

    def test_the_hiring_manager_dissents_from_nobody(self) -> None:
        assert dissent.contraries(panel(), FORM, [sealed("UMANAGER", "no")], proposal()) == []


class TestTakingEffect:
    def test_without_a_bar_raiser_it_does_at_once(self) -> None:
        assert decisions.due_at(NOW, []) is None
        assert decisions.takes_effect(decision(state="waiting"), [], NOW)

    def test_the_bar_raiser_has_until_the_same_hour_of_their_next_working_day(self) -> None:
        due = decisions.due_at(NOW, [Hours("Europe/London"), Hours("Asia/Tokyo")])
        assert due == datetime(2026, 3, 9, 15, tzinfo=UTC)  # After the weekend.

    def test_it_waits_for_each_of_them_and_no_longer_than_that(self) -> None:
        later = NOW + timedelta(days=3)
        waits = decision(state="waiting", due_at=later)
        asked = [stance("UR", "concurs"), stance("US")]
        assert not decisions.takes_effect(waits, asked, NOW)
        assert decisions.takes_effect(waits, [stance("UR", "concurs")], NOW)
        assert decisions.takes_effect(waits, asked, later)

    def test_an_objection_stops_it_for_as_long_as_it_is_not_answered(self) -> None:
        stopped = decision(state="objected", due_at=NOW)
        said = stance(says="objects")
        assert not decisions.takes_effect(stopped, [said], NOW + timedelta(days=365))
        said.answered_at = NOW
        assert decisions.takes_effect(stopped, [said], NOW)

    def test_a_dissent_does_not(self) -> None:
        assert decisions.takes_effect(
            decision(state="waiting"), [stance("UA", "dissents", "panellist")], NOW
        )

    @pytest.mark.parametrize("state", ["in_effect", "reopened"])
    def test_it_does_once(self, state: str) -> None:
        assert not decisions.takes_effect(decision(state=state), [], NOW)

    def test_a_hiring_manager_is_not_their_own_bar_raiser(self) -> None:
        found = panel(chair("UMANAGER", role="bar_raiser"), chair("UR", role="bar_raiser"))
        assert decisions.bar_raisers(found) == ["UR"]


class TestWhatIsOpen:
    def test_a_revealed_loop_waits_for_its_decision(self) -> None:
        assert decisions.is_open(panel(), TODAY)
        assert not decisions.is_open(panel(revealed=False), TODAY)

    @pytest.mark.parametrize(
        ("state", "is_open"), [("waiting", False), ("objected", True), ("in_effect", False)]
    )
    def test_what_was_decided_does_not_unless_somebody_objects(
        self, state: str, is_open: bool
    ) -> None:
        assert decisions.is_open(panel(decisions=(decision(state=state),)), TODAY) is is_open

    @pytest.mark.parametrize(("ahead", "is_open"), [(1, False), (0, True), (-1, True)])
    def test_a_hold_is_over_on_its_day(self, ahead: int, is_open: bool) -> None:
        held = decision("hold", until=TODAY + timedelta(days=ahead))
        assert decisions.is_open(panel(decisions=(held,)), TODAY) is is_open

    def test_another_interview_is_waited_for(self) -> None:
        wanted = (decision("another_interview", round="onsite_d"),)
        assert not decisions.is_open(panel(decisions=wanted), TODAY)
        late, came = chair("UD", round_="onsite_d", version=0), chair("UD", round_="onsite_d")
        assert not decisions.is_open(panel(chair("UA"), late, decisions=wanted), TODAY)
        assert decisions.is_open(panel(chair("UA"), came, decisions=wanted), TODAY)

    def test_what_was_reopened_stands_no_more(self) -> None:
        found = panel(decisions=(decision(state=State.REOPENED),))
        assert found.decision is None
        assert decisions.is_open(found, date(2026, 3, 6))
