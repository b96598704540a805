"""Delivery: each notice once, whatever Slack and the process do in the middle of it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event, Thread, Timer, current_thread
from typing import Any

import pytest
from slack_sdk import WebClient
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from bot.launch.manifest import manifest
from bot.records import Notice, SentFile
from bot.retrying import MOST_ATTEMPTS, MOST_CLAIMS
from bot.store import Db, leases, notices
from handlers.clock import Delivery, Timing
from handlers.outgoing import FileRemoval, Outgoing, Render, Upload
from handlers.posting import EVENT
from playground import Fault, Playground

LATER = timedelta(minutes=15)  # After every wait.
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def started() -> Iterator[Playground]:
    with Playground(manifest=manifest()) as found:
        yield found


@pytest.fixture
def play(started: Playground) -> Playground:
    """A fresh workspace without the bot."""
    started.workspace.reset()
    started.faults.clear()
    return started


def sender(play: Playground, db: Db, **more: Any) -> Delivery:
    client = WebClient(play.bot_token, play.api_url, timeout=30, retry_handlers=[])
    renders: dict[str, Render] = {
        "hello": hello, "gone": lambda *_: None, "endless": endless, "reply": reply,
        "file": file, "unfile": lambda _, notice, __: FileRemoval(notice.subject),
    }  # fmt: skip
    return Delivery(db, client, play.clock.now, renders, **more)


def run_out(db: Db) -> None:
    """As if the lease of all that is under way were over."""
    with db.begin() as session:
        for notice in session.exec(select(Notice).where(Notice.state == "sending")):
            notice.lease_until = LONG_AGO
            session.add(notice)


def until_settled(play: Playground, db: Db, delivery: Delivery) -> None:
    def settled() -> bool:
        play.clock.advance(LATER)
        delivery.deliver()
        return not set(states(db)) & {"pending", "sending"}

    play.wait_until(settled, "notices were left over")


def hello(_: Session, notice: Notice, __: datetime) -> Outgoing:
    return Outgoing(f"About {notice.subject}", [])


def endless(_: Session, __: Notice, ___: datetime) -> Outgoing:
    return Outgoing("x" * 50_000, [])


def reply(_: Session, notice: Notice, __: datetime) -> Outgoing:
    """In the thread of the message whose stamp is the subject."""
    thread = notice.subject if "." in notice.subject else "1.000001"
    return Outgoing(f"About {notice.subject}", [], {"said": "in the thread"}, thread)


def file(_: Session, notice: Notice, __: datetime) -> Upload:
    return Upload("BEGIN:VCALENDAR", "interview.ics", "Open it.", (notice.subject,))


def owe(
    play: Playground, db: Db, kind: str = "hello", who: str = "U0INTA", about: str = "one"
) -> None:
    with db.begin() as session:
        notices.owe(session, "T0PLAY", kind, who, about, play.clock.now())


def states(db: Db) -> list[str]:
    with db.begin() as session:
        return list(session.exec(select(Notice.state).order_by(Notice.subject)))


def kept(db: Db, about: str = "one") -> Notice:
    with db.begin() as session:
        return session.exec(select(Notice).where(Notice.subject == about)).one()


def heard(play: Playground, who: str = "Interviewer A") -> list[str]:
    return [each.text for each in play.person(who).messages("app")]


def test_what_is_due_is_sent_once_with_its_id(play: Playground, db: Db) -> None:
    owe(play, db)
    assert sender(play, db).deliver() is None
    assert sender(play, db).deliver() is None
    assert heard(play) == ["About one"]
    (message,) = play.workspace.messages["D0INTA"]
    assert message["metadata"]["event_type"] == EVENT
    assert states(db) == ["sent"]


def test_what_is_not_due_yet_says_when_it_is(play: Playground, db: Db) -> None:
    due = datetime(2040, 1, 1, tzinfo=UTC)
    with db.begin() as session:
        notices.owe(session, "T0PLAY", "hello", "U0INTA", "one", due)
    assert sender(play, db).deliver() == due
    assert heard(play) == []


def test_two_about_the_same_are_one(play: Playground, db: Db) -> None:
    owe(play, db)
    owe(play, db)
    sender(play, db).deliver()
    assert heard(play) == ["About one"]


def test_a_reason_that_is_gone_sends_nothing(play: Playground, db: Db) -> None:
    owe(play, db, kind="gone")
    sender(play, db).deliver()
    assert heard(play) == []
    assert states(db) == ["skipped"]


def test_sent_but_never_written_down_is_found_and_not_sent_again(play: Playground, db: Db) -> None:
    owe(play, db)
    sender(play, db).deliver()
    with db.begin() as session:  # As if the process had died before it wrote.
        notice = session.exec(select(Notice)).one()
        notice.state, notice.ts, notice.lease_until = "sending", "", LONG_AGO
        session.add(notice)
    sender(play, db).deliver()
    assert heard(play) == ["About one"]
    assert states(db) == ["sent"]
    assert kept(db).ts == play.workspace.messages["D0INTA"][0]["ts"]


def test_claimed_and_never_sent_is_sent_after_the_lease(play: Playground, db: Db) -> None:
    owe(play, db)
    with db.begin() as session:
        leases.claim(session, play.clock.now(), lease=300)
    delivery = sender(play, db)
    delivery.deliver()
    assert heard(play) == []
    run_out(db)
    delivery.deliver()
    assert heard(play) == ["About one"]


@pytest.mark.parametrize("fault", ["rate_limited", "server_error", "lost_answer", "lost_request"])
def test_a_failing_slack_costs_nothing_and_doubles_nothing(
    play: Playground, db: Db, fault: Any
) -> None:
    owe(play, db)
    play.faults.add(Fault(fault, "chat.postMessage"))
    until_settled(play, db, sender(play, db))
    assert play.faults.waiting == []
    assert heard(play) == ["About one"]
    assert states(db) == ["sent"]


def posts(play: Playground) -> int:
    return sum(each["name"] == "chat.postMessage" for each in play.log)


@pytest.mark.parametrize(
    ("trouble", "who", "error"),
    [
        ("deactivated", "U0INTA", "user_deactivated"),
        ("dm_closed", "U0INTA", "cannot_dm_bot"),
        ("archived", "C0HIRING", "is_archived"),
        ("app_removed", "C0HIRING", "not_in_channel"),
        ("app_removed", "C0DEBRIEF", "channel_not_found"),
    ],
)
def test_who_cannot_be_reached_is_given_up_at_once(
    play: Playground, db: Db, trouble: Any, who: str, error: str
) -> None:
    play.trouble(trouble, who)
    owe(play, db, who=who)
    sender(play, db).deliver()
    assert (kept(db).state, kept(db).error) == ("failed", error)
    assert heard(play) == []
    assert sender(play, db).deliver() is None
    assert posts(play) <= 1


def test_a_revoked_token_costs_no_attempt_and_is_said_once(
    play: Playground, db: Db, caplog: pytest.LogCaptureFixture
) -> None:
    play.trouble("token_revoked")
    for person in "ABCDE":
        owe(play, db, who=f"U0INT{person}", about=person)
    delivery = sender(play, db, timing=Timing(hold=0.05))
    for _ in range(3):
        following = delivery.deliver()
        assert following is not None
    assert set(states(db)) == {"pending"}
    assert {kept(db, each).attempts for each in "ABCDE"} == {0}
    assert sum("takes no notices" in each.message for each in caplog.records) == 1

    play.trouble("token_revoked")

    def arrived() -> bool:
        delivery.deliver()
        return set(states(db)) == {"sent"}

    play.wait_until(arrived, "it did not go on")
    assert heard(play) == ["About A"]


def test_a_slack_that_cannot_be_reached_is_no_attempt(play: Playground, db: Db) -> None:
    owe(play, db)
    client = WebClient(play.bot_token, "http://127.0.0.1:9/api/", timeout=5, retry_handlers=[])
    timing = Timing(hold=30)
    delivery = Delivery(db, client, play.clock.now, {"hello": hello}, timing=timing)
    following = delivery.deliver()
    assert following is not None
    assert following > play.clock.now() + timedelta(seconds=5)
    assert (kept(db).state, kept(db).attempts) == ("pending", 0)


def test_a_rate_limit_is_waited_for_and_is_no_attempt(play: Playground, db: Db) -> None:
    for person in "AB":
        owe(play, db, who=f"U0INT{person}", about=person)
    play.faults.add(Fault("rate_limited", times=50, retry_after=600))
    delivery = sender(play, db)
    following = delivery.deliver()
    assert following is not None
    assert following > play.clock.now() + timedelta(minutes=9)
    assert {kept(db, each).attempts for each in "AB"} == {0}
    before = len(play.log)
    delivery.deliver()
    assert len(play.log) == before  # Nothing was asked of Slack meanwhile.


def test_what_slack_will_never_take_is_given_up_with_its_error(play: Playground, db: Db) -> None:
    owe(play, db, kind="endless")
    sender(play, db).deliver()
    assert (kept(db).state, kept(db).error) == ("failed", "msg_too_long")


def test_a_notice_that_fails_again_and_again_is_given_up(play: Playground, db: Db) -> None:
    owe(play, db)
    play.faults.add(Fault("server_error", "chat.postMessage", times=1000))
    delivery = sender(play, db)
    until_settled(play, db, delivery)
    assert (kept(db).state, kept(db).error) == ("failed", "internal_error")
    assert posts(play) == MOST_ATTEMPTS


def test_whoever_was_claimed_by_one_that_dies_again_and_again_is_still_heard(
    play: Playground, db: Db
) -> None:
    owe(play, db)
    for _ in range(MOST_ATTEMPTS + 1):
        with db.begin() as session:
            leases.claim(session, play.clock.now())
        run_out(db)
    sender(play, db).deliver()
    assert heard(play) == ["About one"]


def test_a_notice_that_kills_whoever_sends_it_is_given_up(play: Playground, db: Db) -> None:
    owe(play, db)
    with db.begin() as session:
        session.exec(select(Notice)).one().attempts = MOST_CLAIMS
    sender(play, db).deliver()
    assert (kept(db).state, kept(db).error) == ("failed", "given up")
    assert heard(play) == []


def test_a_sender_whose_lease_is_nearly_over_gives_it_back(play: Playground, db: Db) -> None:
    owe(play, db)
    sender(play, db, timing=Timing(lease=5, call=5)).deliver()
    assert heard(play) == []
    assert (kept(db).state, kept(db).attempts) == ("pending", 0)


def test_a_head_that_was_deleted_takes_no_answer_along(play: Playground, db: Db) -> None:
    owe(play, db, kind="reply")
    sender(play, db).deliver()
    assert heard(play) == ["About one"]


def test_an_answer_in_a_thread_is_found_there(play: Playground, db: Db) -> None:
    owe(play, db, about="head")
    delivery = sender(play, db, timing=Timing(pace=0))
    delivery.deliver()
    owe(play, db, kind="reply", about=kept(db, "head").ts)
    play.faults.add(Fault("lost_answer", "chat.postMessage"))
    until_settled(play, db, delivery)
    assert len(heard(play)) == 2
    answer = kept(db, kept(db, "head").ts)
    assert (answer.state, answer.told) == ("sent", {"said": "in the thread"})


def test_one_broken_notice_holds_nobody_up(play: Playground, db: Db) -> None:
    owe(play, db, kind="no such kind", about="broken")
    owe(play, db, about="fine")
    sender(play, db).deliver()
    assert kept(db, "broken").state == "pending"
    play.clock.advance(timedelta(seconds=2))
    sender(play, db).deliver()
    assert heard(play) == ["About fine"]


@contextmanager
def away(db: Db, *, from_workers: bool = False) -> Iterator[Event]:
    """While the event is set the database refuses: everybody, or only who sends."""
    away, engine = Event(), db.kw["bind"]

    def refuse(_: Connection) -> None:
        sends = current_thread().name == "delivery"
        if away.is_set() and (sends or not from_workers):
            raise OperationalError("BEGIN", {}, OSError("gone"))

    event.listen(engine, "begin", refuse, insert=True)
    try:
        yield away
    finally:
        event.remove(engine, "begin", refuse)


def test_a_sender_that_breaks_leaves_nobody_waiting_for_ever(play: Playground, db: Db) -> None:
    owe(play, db)
    with away(db, from_workers=True) as gone:

        def clients(_: str) -> WebClient:
            gone.set()  # Slack refuses the token, and the team cannot be looked up.
            return WebClient("xoxb-wrong", play.api_url, timeout=30, retry_handlers=[])

        delivery = Delivery(db, clients, play.clock.now, {"hello": hello})
        delivering = Thread(target=delivery.deliver, daemon=True)
        delivering.start()
        delivering.join(60)
        assert not delivering.is_alive()
    assert (kept(db).state, kept(db).error) == ("pending", "OperationalError")
    until_settled(play, db, sender(play, db))
    assert heard(play) == ["About one"]


def test_what_was_sent_while_the_database_was_away_is_written_down_when_it_is_back(
    play: Playground, db: Db
) -> None:
    owe(play, db)
    with away(db) as gone:

        def rendered(session: Session, notice: Notice, now: datetime) -> Outgoing:
            gone.set()
            Timer(1.5, gone.clear).start()
            return hello(session, notice, now)

        client = WebClient(play.bot_token, play.api_url, timeout=30, retry_handlers=[])
        Delivery(db, client, play.clock.now, {"hello": rendered}).deliver()
    assert states(db) == ["sent"]
    assert heard(play) == ["About one"]


def test_a_person_hears_one_message_a_second(play: Playground, db: Db) -> None:
    owe(play, db, about="one")
    owe(play, db, about="two")
    owe(play, db, who="U0INTB", about="three")
    delivery = sender(play, db, timing=Timing(pace=3600))
    following = delivery.deliver()
    assert len(heard(play)) == 1
    assert len(heard(play, "Interviewer B")) == 1
    assert following is not None
    assert following > play.clock.now() + timedelta(minutes=50)
    assert kept(db, "two").attempts == 0
    sender(play, db).deliver()
    assert sorted(heard(play)) == ["About one", "About two"]


def test_senders_at_the_same_time_send_each_once(play: Playground, db: Db) -> None:
    people = ["U0INTA", "U0INTB", "U0INTC", "U0INTD", "U0INTE"]
    for who in people:
        owe(play, db, who=who)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: sender(play, db).deliver(), range(4)))
    assert [len(play.workspace.messages[f"D{who[1:]}"]) for who in people] == [1] * 5


class TestFiles:
    def shared(self, play: Playground) -> list[str]:
        found = play.person("Interviewer A").messages("app")
        return [file["id"] for each in found for file in each.raw.get("files", [])]

    @pytest.mark.parametrize(
        ("fault", "method"),
        [
            ("lost_answer", "files.completeUploadExternal"),
            ("lost_request", "files.completeUploadExternal"),
            ("lost_answer", "files.getUploadURLExternal"),
            ("server_error", "files.completeUploadExternal"),
        ],
    )
    def test_a_lost_answer_repeats_no_file(
        self, play: Playground, db: Db, fault: Any, method: str
    ) -> None:
        owe(play, db, kind="file")
        play.faults.add(Fault(fault, method))
        until_settled(play, db, sender(play, db))
        assert len(self.shared(play)) == 1
        assert states(db) == ["sent"]

    def test_a_file_is_known_before_it_is_there(self, play: Playground, db: Db) -> None:
        """So a process that dies between leaves none out of an erasure."""
        owe(play, db, kind="file")
        play.faults.add(Fault("lost_request", "files.completeUploadExternal"))
        sender(play, db).deliver()
        assert self.shared(play) == []
        with db.begin() as session:
            (known,) = session.exec(select(SentFile)).all()
        assert known.file_id == kept(db).intent["file"]

    def test_a_file_of_somebody_erased_meanwhile_is_taken_back(
        self, play: Playground, db: Db
    ) -> None:
        owe(play, db, kind="file")
        play.faults.add(Fault("late", "files.completeUploadExternal", seconds=1))
        with ThreadPoolExecutor(1) as pool:
            sending = pool.submit(sender(play, db).deliver)
            play.wait_until(lambda: self.known(db), "the file was never known")
            with db.begin() as session:  # What an erasure does with it.
                for file in session.exec(select(SentFile)):
                    session.delete(file)
            sending.result(30)
        assert self.shared(play) == []
        assert play.workspace.files == {}

    def known(self, db: Db) -> bool:
        with db.begin() as session:
            return session.exec(select(SentFile)).first() is not None
