"""Several things for one person are one message, so many a day, each sent once whatever fails."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.records import Notice, ThreadNote
from bot.store import Db, envelopes, erasing, leases, loops, notices
from bot.store.notices import ENVELOPE
from bot.vault import VaultError
from handlers.envelopes import Opener
from handlers.outgoing import Outgoing
from playground import Fault
from playground.seen import Seen
from tests.hand import Hand, by_hand
from tests.offices import coordinator, make_opening, plan_loop
from tests.test_nudging import asked

START = datetime(2031, 3, 5, 10, tzinfo=UTC)
END = datetime(2031, 3, 12, 10, 45, tzinfo=UTC)
DIGEST = datetime(2031, 3, 5, 15, 30, tzinfo=UTC)  # 16:30 in Berlin.
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOW_LOST = datetime(2020, 1, 1, tzinfo=UTC)  # Leases are measured by the database's own clock.


@pytest.fixture
def empty(place: str) -> Iterator[Hand]:
    with by_hand(place, START) as hand:
        make_opening(hand.play)
        yield hand


@pytest.fixture
def both(address: str) -> Iterator[Hand]:
    """Once on each database."""
    with by_hand(address, START) as hand:
        make_opening(hand.play)
        yield hand


def plan(hand: Hand, candidates: int, rounds: tuple[str, ...] = ("onsite_a",)) -> None:
    """So many candidates on the same day, all interviewed by Interviewer C in Berlin."""
    for number in range(candidates):
        leads = dict.fromkeys(rounds, "U0INTC")
        plan_loop(hand.play, leads, candidate=f"Candidate {number + 1}")
        coordinator(hand.play).close()
    hand.deliver()


def joint(hand: Hand) -> list[str]:
    """Messages that ask for several scorecards."""
    texts = hand.texts("Interviewer C")
    return [each for each in texts if "things, in one message" in each and "How was" in each]


def briefs(hand: Hand) -> tuple[list[Seen], list[Seen]]:
    """Those that are a message of their own, and the messages in which several went together."""
    heard = hand.heard("Interviewer C")
    return (
        [each for each in heard if each.text.startswith("You interview")],
        [each for each in heard if "things, in one message" in each.text],
    )


class TestTogether:
    def test_what_is_due_at_once_is_one_message(self, empty: Hand) -> None:
        plan(empty, 3)
        empty.run_until(END + MINUTE)
        (text,) = joint(empty)
        assert text.count("How was *C.") == 3
        assert len(asked(empty)) == 1
        sent = empty.rows(kind="nudge", state="sent")
        assert len(sent) == 3
        assert len({(each.channel, each.ts) for each in sent}) == 1

    def test_what_is_due_within_the_hour_comes_with_it(self, empty: Hand) -> None:
        plan(empty, 1, ("onsite_a", "onsite_b"))
        empty.run_until(END + timedelta(days=1))
        reminders = empty.rows(kind="nudge1", state="sent")
        assert len(reminders) == 2
        assert len({each.ts for each in reminders}) == 1
        assert min(each.sent_at for each in reminders if each.sent_at) >= END + 4 * HOUR

    def test_nobody_is_asked_before_the_end_for_the_sake_of_one_message(self, empty: Hand) -> None:
        plan(empty, 1, ("onsite_a", "onsite_b"))
        empty.run_until(END + MINUTE)
        (text,) = asked(empty)
        assert "Onsite A" in text
        assert "Onsite B" not in text

    def test_settling_one_of_them_leaves_the_others_open(self, empty: Hand) -> None:
        plan(empty, 2)
        empty.run_until(END + MINUTE)
        person = empty.person("Interviewer C")
        person.click("It did not happen…", channel="app")
        person.submit()
        person.close()
        empty.deliver()
        (text,) = joint(empty)
        assert text.count("~How was") == 1
        assert text.count("How was") == 2
        assert empty.heard("Interviewer C")[-1].labels.count("Open scorecard") == 1


class TestExactlyOnce:
    @pytest.mark.parametrize("fault", ["lost_answer", "lost_request", "server_error"])
    def test_a_failing_slack_neither_loses_nor_doubles_it(self, both: Hand, fault: str) -> None:
        plan(both, 3)
        both.run_until(END - MINUTE)
        both.play.faults.add(Fault(fault, "chat.postMessage"))  # type: ignore[arg-type]
        both.run_until(END + MINUTE)
        assert both.play.faults.waiting == []
        both.run_until(END + 5 * MINUTE)
        assert len(joint(both)) == 1
        assert len(both.rows(kind="nudge", state="sent")) == 3
        assert len({each.ts for each in both.rows(kind="nudge", state="sent")}) == 1

    def test_found_again_it_says_what_was_sent_then(self, both: Hand) -> None:
        """A message whose answer was lost is struck through later like any other."""
        plan(both, 2)
        both.run_until(END - MINUTE)
        both.play.faults.add(Fault("lost_answer", "chat.postMessage"))
        both.run_until(END + 5 * MINUTE)
        for each in both.rows(kind="nudge", state="sent"):
            assert each.told["plan"]
            assert each.told["blocks"]

    def test_a_process_that_died_after_filling_it_leaves_nothing_behind(self, both: Hand) -> None:
        plan(both, 2)
        both.run_until(END - MINUTE)
        both.play.clock.move_to(END + MINUTE)
        both.delivery._ahead.gather(both.db, both.delivery._clients, both.now)  # type: ignore[union-attr]
        with both.db.begin() as session:
            claimed = leases.claim(session, both.now)  # And then it died.
            ids = [each.id for each in claimed if each.kind == notices.ENVELOPE]
        both.restart()
        both.deliver()
        assert joint(both) == []
        with both.db.begin() as session:
            session.get_one(Notice, ids[0]).lease_until = NOW_LOST
        both.deliver()
        assert len(joint(both)) == 1

    def test_two_that_gather_at_once_fill_one(self, both: Hand) -> None:
        plan(both, 2)
        both.run_until(END - MINUTE)
        both.play.clock.move_to(END + MINUTE)
        first = both.delivery
        both.restart()
        for each in (first, both.delivery):
            each._ahead.gather(both.db, each._clients, both.now)  # type: ignore[union-attr]
        with both.db.begin() as session:
            found = session.exec(
                select(Notice).where(Notice.kind == notices.ENVELOPE, Notice.state == "pending")
            ).all()
            assert len(found) == 1
            assert len(envelopes.contents(session, found[0])) == 2

    def test_four_processes_at_once_send_one(self, both: Hand) -> None:
        plan(both, 3)
        both.run_until(END - MINUTE)
        both.play.clock.move_to(END + MINUTE)
        processes = [both.another() for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda each: each.deliver(), processes))
        both.deliver()
        assert len(joint(both)) == 1
        assert len(both.rows(kind="nudge", state="sent")) == 3

    @pytest.mark.parametrize("hours", [-1, 1])
    def test_a_clock_that_jumps_an_hour_says_nothing_twice(self, both: Hand, hours: int) -> None:
        plan(both, 1)
        both.run_until(END + MINUTE)
        both.restart(hours * HOUR)
        both.deliver()
        both.play.clock.advance(10 * MINUTE)
        both.deliver()
        assert len(asked(both)) == 1
        both.restart()
        both.run_until(END + timedelta(days=3))
        assert len(asked(both)) == 4  # As printed: the question and three reminders.

    def test_a_candidate_erased_while_it_is_under_way_is_taken_back(self, both: Hand) -> None:
        plan(both, 2)
        both.run_until(END - MINUTE)
        both.play.clock.move_to(END + MINUTE)
        both.delivery._ahead.gather(both.db, both.delivery._clients, both.now)  # type: ignore[union-attr]
        first, _ = both.rows(kind="nudge", state="joined")
        with both.db.begin() as session:
            (envelope,) = [
                each for each in leases.claim(session, both.now) if each.kind == notices.ENVELOPE
            ]
            said = both.delivery._posting._renders[envelope.kind](session, envelope, both.now)
        with both.db.begin() as session:
            interview = loops.interview(session, "T0PLAY", first.subject)
            loop = loops.loop(session, "T0PLAY", interview.loop_id if interview else "")
            assert loop is not None
            erasing.erase(session, loop, "U0COORD", both.now, ())
        result = both.delivery._posting._act(envelope, said, lambda: True)
        with both.db.begin() as session:
            leases.settle(session, [result], both.now)
        assert len(joint(both)) == 1
        both.deliver()
        assert joint(both) == []


class TestBudget:
    def test_beyond_what_somebody_hears_in_a_day_all_waits_for_one_message(
        self, empty: Hand
    ) -> None:
        """Four interviews in a row: five messages would be due by noon."""
        plan(empty, 1, ("onsite_a", "onsite_b", "onsite_c", "onsite_d"))
        day = datetime(2031, 3, 12, 0, tzinfo=UTC)
        empty.run_until(day + timedelta(hours=23))
        today = [
            each
            for each in empty.heard("Interviewer C")
            if float(each.raw["ts"]) >= day.timestamp()
            and "In 15 minutes" not in each.text
            and "In 14 minutes" not in each.text
        ]
        assert len(today) <= 5  # Four, and the digest.
        questions = empty.rows(kind="nudge", state="sent")
        assert len(questions) == 4

    def test_briefs_beyond_it_come_in_one_digest(self, both: Hand) -> None:
        plan(both, 6)
        both.run_until(DIGEST - MINUTE)
        assert len(both.texts("Interviewer C")) == 4
        both.run_until(DIGEST + MINUTE)
        alone, digest = briefs(both)
        assert (len(alone), len(digest)) == (4, 1)
        assert digest[0].text.count("You interview") == 2
        assert digest[0].labels.count("Kit") == 2
        assert len(both.rows(kind="brief", state="sent")) == 6
        assert not both.rows(kind="brief", state="waiting")

    def test_a_brief_of_an_interview_that_starts_soon_waits_for_nothing(self, place: str) -> None:
        with by_hand(place, datetime(2031, 3, 12, 8, 30, tzinfo=UTC)) as hand:  # 9:30 in Berlin.
            make_opening(hand.play)
            plan(hand, 6)
            hand.run_until(hand.now + 10 * MINUTE)
            alone, digest = briefs(hand)
            assert (len(alone), digest) == (6, [])

    def test_a_change_of_what_waits_for_the_digest_is_heard_in_time(self, empty: Hand) -> None:
        plan(empty, 6)
        empty.run_until(START + HOUR)
        (first, _) = empty.rows(kind="brief", state="waiting")
        soon = empty.now + 3 * HOUR
        with empty.db.begin() as session:
            interview = loops.interview(session, "T0PLAY", first.subject)
            assert interview is not None
            interview.starts_at = soon
            notices.owe(session, "T0PLAY", "brief", "U0INTC", first.subject, empty.now)
        empty.deliver()
        assert len(empty.texts("Interviewer C")) == 5
        assert "In 1" not in empty.texts("Interviewer C")[-1]

    def test_what_was_told_in_a_digest_and_changes_is_told_in_full(self, empty: Hand) -> None:
        """It has no thread of its own for notes before."""
        plan(empty, 6)
        empty.run_until(DIGEST + MINUTE)
        digest = empty.heard("Interviewer C")[-1]
        empty.person("Interviewer C").say("Note", "app", str(digest.raw["ts"]))
        assert "I keep no notes here" in empty.heard("Interviewer C")[-1].text
        joined = [each for each in empty.rows(kind="brief", state="sent") if each.joined]
        with empty.db.begin() as session:
            interview = loops.interview(session, "T0PLAY", joined[0].subject)
            assert interview is not None
            interview.starts_at += timedelta(days=1)
        empty.run_until(START + timedelta(days=1))
        with empty.db.begin() as session:
            for each in joined:
                notices.owe(session, "T0PLAY", "brief", "U0INTC", each.subject, empty.now)
        empty.deliver()
        news = empty.heard("Interviewer C")[-1]
        assert "has changed: it is now" in news.text
        assert "Kit" in news.labels
        empty.person("Interviewer C").say("They asked first", "app", str(news.raw["ts"]))
        with empty.db.begin() as session:
            (note,) = session.exec(select(ThreadNote))
        assert note.interview_id == joined[0].subject

    def test_a_change_in_a_digest_changes_the_brief_too(self, empty: Hand) -> None:
        plan(empty, 6)
        empty.run_until(START + HOUR)
        alone = [each for each in empty.rows(kind="brief", state="sent") if not each.joined]
        with empty.db.begin() as session:
            interview = loops.interview(session, "T0PLAY", alone[0].subject)
            assert interview is not None
            interview.minutes = 55
            notices.owe(session, "T0PLAY", "brief", "U0INTC", alone[0].subject, empty.now)
        empty.run_until(DIGEST + MINUTE)
        (digest,) = briefs(empty)[1]
        assert "it takes 55 minutes" in digest.text
        (head,) = [each for each in empty.heard("Interviewer C") if each.raw["ts"] == alone[0].ts]
        assert "55 min" in str(head.blocks)

    def test_right_before_a_meeting_nothing_waits(self, empty: Hand) -> None:
        plan(empty, 1, ("onsite_a", "onsite_b", "onsite_c", "onsite_d"))
        empty.run_until(datetime(2031, 3, 12, 23, tzinfo=UTC))
        for row in empty.rows(kind="soon"):
            assert row.state == "sent"
            assert row.sent_at is not None
            assert row.sent_at - row.due_at < MINUTE


class TestHours:
    def test_do_not_disturb_is_kept(self, empty: Hand) -> None:
        plan(empty, 1)
        empty.run_until(END - MINUTE)
        empty.person("Interviewer C").do_not_disturb(hours=2)
        empty.run_until(END + HOUR)
        assert asked(empty) == []
        empty.run_until(END + 2 * HOUR)
        assert len(asked(empty)) == 1

    def test_the_zone_is_read_again_when_it_is_sent(self, empty: Hand) -> None:
        """In Tokyo it is 19:45 when the interview is over."""
        plan(empty, 1)
        empty.run_until(END - timedelta(days=2))
        empty.person("Interviewer C").travel("Asia/Tokyo")
        empty.run_until(END + 3 * HOUR)
        assert asked(empty) == []
        empty.run_until(datetime(2031, 3, 13, 0, 1, tzinfo=UTC))  # Nine o'clock there.
        assert len(asked(empty)) == 1

    def test_the_zone_is_read_again_before_the_morning(self, empty: Hand) -> None:
        plan(empty, 1)
        empty.person("Interviewer C").travel("Asia/Kolkata")
        nine = datetime(2031, 3, 11, 3, 30, tzinfo=UTC)  # Half past three by Greenwich.
        empty.run_until(nine - MINUTE)
        assert len(empty.texts("Interviewer C")) == 1
        empty.run_until(nine + MINUTE)
        assert len(empty.texts("Interviewer C")) == 2

    def test_a_new_process_knows_the_zone_too(self, empty: Hand) -> None:
        plan(empty, 1)
        empty.run_until(END - MINUTE)
        empty.restart()
        empty.run_until(END + MINUTE)
        assert len(asked(empty)) == 1

    def test_fifteen_minutes_before_comes_at_any_hour(self, empty: Hand) -> None:
        plan_loop(empty.play, {"onsite_a": "U0INTB"})  # 3:00 in Los Angeles.
        coordinator(empty.play).close()
        empty.deliver()
        empty.person("Interviewer B").do_not_disturb(hours=200)
        empty.run_until(datetime(2031, 3, 12, 9, 46, tzinfo=UTC))
        (text,) = [each for each in empty.texts("Interviewer B") if "In 1" in each]
        assert "is kept as your notes" in text


class TestAsleep:
    def test_what_was_due_meanwhile_is_said_once(self, empty: Hand) -> None:
        plan(empty, 1)
        empty.run_until(END - timedelta(days=3))
        empty.sleep_until(END + timedelta(days=1))
        texts = empty.texts("Interviewer C")
        assert len(asked(empty)) == 1
        assert not any("In 15 minutes" in each for each in texts)
        reasons = {
            each.kind: each.reason for each in empty.rows(state="skipped", recipient="U0INTC")
        }
        assert reasons["soon"] == "it was too late"
        assert reasons["morning"] == "it was too late"

    def test_reminders_that_are_over_are_dropped_and_that_is_noted(self, empty: Hand) -> None:
        plan(empty, 1)
        empty.run_until(END + MINUTE)
        empty.sleep_until(END + timedelta(days=2))
        assert len(asked(empty)) == 1
        for kind in ("nudge1", "nudge2", "nudge3"):
            assert [each.reason for each in empty.rows(kind=kind)] == ["it was too late"]
        assert (
            len([each for each in empty.texts("Recruiting coordinator") if "has not" in each]) == 1
        )


def test_what_this_process_has_no_key_for_is_not_given_up(db: Db) -> None:
    def locked(_: Session, __: Notice, ___: datetime) -> Outgoing:
        raise VaultError("The key of this text is missing")

    with db.begin() as session:
        notices.owe(session, "T1", "asked", "U1", "one", START)
        envelopes.fill(session, envelopes.waiting(session, "T1", "U1", START), START, digest=False)
        envelope = session.exec(select(Notice).where(Notice.kind == ENVELOPE)).one()
        (part,) = envelopes.contents(session, envelope)
        with pytest.raises(VaultError):
            Opener({"asked": locked}).open(session, envelope, START)
        assert part.state == "joined"
