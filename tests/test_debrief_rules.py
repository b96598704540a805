"""The agenda of a debrief, who speaks first, and its steps."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot import debriefs, packets
from bot.content.debrief import DebriefPolicy
from bot.debriefs import Step
from bot.errors import Refusal
from bot.packets import Packet
from bot.records import Debrief
from tests.panels import MANAGER, Written, largest, rows, senior
from tests.rows import NOON

POLICY = DebriefPolicy()
FIRST, SECOND = senior(2)


def started(packet: Packet, minutes: int = 25) -> Debrief:
    topics = debriefs.agenda(POLICY, packet, minutes, [], "seed")
    return debriefs.started(packet.panel.loop, ["C1"], topics, "seed", "UA", NOON)


def apply(debrief: Debrief, step: Step) -> None:
    for name, value in debriefs.stepped(POLICY, debrief, step, NOON).items():
        setattr(debrief, name, value)


class TestAgenda:
    def test_it_follows_the_packet_and_ends_with_the_recommendations(self) -> None:
        packet = largest(3, 4).packet()
        keys = [item["key"] for item in debriefs.agenda(POLICY, packet, 25, [], "s")]
        assert keys == [*(topic.key for topic in packet.topics), "overall"]

    @pytest.mark.parametrize(
        ("topics", "each", "fit"), [(0, 5, 0), (1, 5, 1), (4, 5, 4), (8, 2, 8), (39, 2, 10)]
    )
    def test_the_time_is_shared_and_what_does_not_fit_is_counted(
        self, topics: int, each: int, fit: int
    ) -> None:
        assert debriefs.minutes_each(POLICY, 25, topics) == each
        assert debriefs.fitting(POLICY, 25, topics) == fit

    @given(some.integers(5, 240), some.integers(0, 60))
    def test_what_fits_never_takes_longer_than_there_is(self, minutes: int, topics: int) -> None:
        fit = debriefs.fitting(POLICY, minutes, topics)
        taken = fit * debriefs.minutes_each(POLICY, minutes, topics)
        assert 0 <= fit <= topics
        assert taken <= max(0, minutes - POLICY.deciding)


class TestWhoSpeaks:
    @given(
        people=some.lists(some.text("ABCDEFGH", min_size=1), min_size=1, unique=True),
        ranked=some.lists(some.text("ABCDEFGH", min_size=1), unique=True),
        seed=some.text(max_size=8),
    )
    def test_the_ranked_come_first_the_rest_by_lot_the_manager_last(
        self, people: list[str], ranked: list[str], seed: str
    ) -> None:
        packet = rows([Written(each, {FIRST: 1}) for each in people]).packet()
        found = debriefs.speakers(packet, packet.topics[0], ranked, seed)
        first = [each for each in ranked if each in people]
        assert found[: len(first)] == first
        assert sorted(found[:-1]) == sorted(people)
        assert found[-1] == MANAGER

    def test_the_lot_is_the_same_for_the_same_seed_and_can_be_worked_out(self) -> None:
        packet = largest(6, 1).packet()
        topic = packet.topics[0]
        found = debriefs.speakers(packet, topic, [], "4f2a")[:-1]
        assert found == debriefs.speakers(packet, topic, [], "4f2a")[:-1]
        assert found == sorted(found, key=lambda who: debriefs.lot("4f2a", topic.key, who))
        others = {tuple(debriefs.speakers(packet, topic, [], str(seed))) for seed in range(20)}
        assert len(others) > 10

    def test_a_manager_who_interviewed_and_is_ranked_still_comes_last(self) -> None:
        packet = rows([Written(MANAGER, {FIRST: 1}), Written("UB", {FIRST: 4})]).packet()
        assert debriefs.speakers(packet, packet.topics[0], [MANAGER], "s") == ["UB", MANAGER]

    def test_on_a_question_only_those_speak_first_who_assessed_it(self) -> None:
        packet = rows([Written("UA", {FIRST: 1}), Written("UB", {SECOND: 3})]).packet()
        assert debriefs.speakers(packet, packet.topics[0], [], "s") == ["UA", MANAGER]

    def test_on_what_nobody_assessed_all_do(self) -> None:
        packet = rows([Written("UA", {FIRST: 3}), Written("UB", {FIRST: 3})]).packet()
        gap = next(each for each in packet.topics if each.whys == (packets.Why.UNASSESSED,))
        assert sorted(debriefs.speakers(packet, gap, [], "s")) == ["UA", "UB", MANAGER]

    def test_on_a_flag_those_who_heard_it(self) -> None:
        packet = rows([Written("UA", {FIRST: 3}), Written("UB", {}, flags={"red.1": "At the end"})])
        topic = packet.packet().topic("flags.red")
        assert topic is not None
        assert debriefs.speakers(packet.packet(), topic, [], "s") == ["UB", MANAGER]


class TestSteps:
    def test_next_goes_on_and_starts_the_clock_of_the_topic(self) -> None:
        debrief = started(largest(2, 2).packet())
        apply(debrief, Step.NEXT)
        assert debrief.at == debrief.seen == 1
        assert debrief.until == NOON + timedelta(minutes=debrief.topics[1]["minutes"])

    def test_back_remembers_how_far_it_was(self) -> None:
        debrief = started(largest(2, 2).packet())
        apply(debrief, Step.NEXT)
        apply(debrief, Step.BACK)
        assert (debrief.at, debrief.seen) == (0, 1)

    def test_there_is_no_way_back_from_the_first(self) -> None:
        with pytest.raises(Refusal, match="first topic"):
            apply(started(largest(2, 2).packet()), Step.BACK)

    def test_next_on_the_last_ends_it(self) -> None:
        debrief = started(rows([Written("UA", {FIRST: 3})]).packet())
        debrief.at = len(debrief.topics) - 1
        apply(debrief, Step.NEXT)
        assert debrief.state == "ended"

    def test_more_time_counts_from_now_once_it_was_up(self) -> None:
        debrief = started(largest(2, 2).packet())
        debrief.until = NOON - timedelta(minutes=9)
        apply(debrief, Step.MORE)
        assert debrief.until == NOON + timedelta(minutes=POLICY.more)


class TestCandidates:
    @pytest.mark.parametrize(
        ("shown_as", "typed", "person", "found"),
        [
            ("code", "C-101", "UX", True),
            ("code", "c101", "UX", True),
            ("code", "101", "UX", True),
            ("code", "Candidate 12", "UX", False),
            ("code", "Candidate 12", "UCOORD", True),
            ("initials", "C.12", "UX", True),
            ("initials", "c12", "UX", True),
            ("initials", "candidate 12", "UX", False),
            ("name", "candidate 12", "UX", True),
            ("name", "candidate", "UX", False),
            ("name", "", "UX", False),
            ("name", "C-102", "UX", False),
        ],
    )
    def test_a_candidate_is_called_as_they_are_shown(
        self, shown_as: str, typed: str, person: str, found: bool
    ) -> None:
        panel = rows([Written("UA", {FIRST: 3})], shown_as=shown_as).panel
        called = debriefs.named(typed, [(panel.loop, panel.opening)], person)
        assert bool(called) is found
