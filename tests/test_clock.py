"""Delivery: each notice once, whatever Slack and the process do in the middle of it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from sqlmodel import Session, select

from bot.launch.manifest import manifest
from bot.records import Notice
from bot.store import Db, notices
from handlers.clock import EVENT, Delivery
from handlers.outgoing import Outgoing
from playground import Fault, Playground

LATER = timedelta(minutes=2)  # After every lease has run out.


@pytest.fixture
def play() -> Iterator[Playground]:
    with Playground(manifest=manifest()) as found:
        yield found


class Still:
    """A clock that only a test moves, however long the machine takes."""

    def __init__(self, play: Playground) -> None:
        self._time = play.clock.now()

    def now(self) -> datetime:
        return self._time

    def advance(self, by: timedelta) -> None:
        self._time += by


def sender(play: Playground, db: Db, clock: Still | None = None) -> Delivery:
    client = WebClient(play.bot_token, play.api_url, timeout=30, retry_handlers=[])
    now = (clock or play.clock).now
    return Delivery(db, client, now, {"hello": hello, "gone": lambda *_: None})


def hello(_: Session, notice: Notice, __: datetime) -> Outgoing:
    return Outgoing(f"About {notice.subject}", [])


def owe(
    play: Playground, db: Db, kind: str = "hello", who: str = "U0INTA", about: str = "one"
) -> None:
    with db.begin() as session:
        notices.owe(session, "T0PLAY", kind, who, about, play.clock.now())


def state(db: Db, about: str = "one") -> list[str]:
    with db.begin() as session:
        found = session.exec(select(Notice).where(Notice.subject == about)).all()
        return [each.state for each in found]


def heard(play: Playground, who: str = "Interviewer A") -> list[str]:
    return [each.text for each in play.person(who).messages("app")]


def test_what_is_due_is_sent_once_with_its_id(play: Playground, db: Db) -> None:
    owe(play, db)
    assert sender(play, db).deliver() is None
    assert sender(play, db).deliver() is None
    assert heard(play) == ["About one"]
    (message,) = play.workspace.messages["D0INTA"]
    assert message["metadata"]["event_type"] == EVENT
    assert state(db) == ["sent"]


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
    assert state(db) == ["skipped"]


def test_sent_but_never_written_down_is_found_and_not_sent_again(play: Playground, db: Db) -> None:
    owe(play, db)
    with db.begin() as session:
        (claimed,) = notices.claim(session, play.clock.now())
    delivery = sender(play, db)
    delivery._send(claimed, Outgoing("About one", []))
    with db.begin() as session:  # As if the process had died before it wrote.
        kept = session.get(Notice, claimed.id)
        assert kept is not None
        kept.state, kept.ts = "sending", ""
        session.add(kept)
    play.clock.advance(LATER)
    delivery.deliver()
    assert heard(play) == ["About one"]
    assert state(db) == ["sent"]


def test_claimed_and_never_sent_is_sent_after_the_lease(play: Playground, db: Db) -> None:
    owe(play, db)
    with db.begin() as session:
        notices.claim(session, play.clock.now())
    delivery = sender(play, db)
    delivery.deliver()
    assert heard(play) == []
    play.clock.advance(LATER)
    delivery.deliver()
    assert heard(play) == ["About one"]


@pytest.mark.parametrize("fault", ["rate_limited", "server_error", "lost_answer", "lost_request"])
def test_a_failing_slack_costs_nothing_and_doubles_nothing(
    play: Playground, db: Db, fault: Any
) -> None:
    owe(play, db)
    play.faults.add(Fault(fault, "chat.postMessage"))
    delivery = sender(play, db)
    delivery.deliver()
    for _ in range(3):
        play.clock.advance(LATER)
        delivery.deliver()
    assert play.faults.waiting == []
    assert heard(play) == ["About one"]
    assert state(db) == ["sent"]


def test_somebody_who_is_gone_is_given_up_at_once(play: Playground, db: Db) -> None:
    owe(play, db, who="U0NOBODY")
    sender(play, db).deliver()
    assert state(db) == ["failed"]


def test_one_broken_notice_holds_nobody_up(play: Playground, db: Db) -> None:
    owe(play, db, kind="no such kind", about="broken")
    owe(play, db, about="fine")
    sender(play, db).deliver()
    assert state(db, "broken") == ["pending"]
    play.clock.advance(timedelta(seconds=2))
    sender(play, db).deliver()
    assert heard(play) == ["About fine"]


def test_a_person_hears_one_message_a_second(play: Playground, db: Db) -> None:
    owe(play, db, about="one")
    owe(play, db, about="two")
    owe(play, db, who="U0INTB", about="three")
    clock = Still(play)
    delivery = sender(play, db, clock)
    delivery.deliver()
    assert len(heard(play)) == 1
    assert len(heard(play, "Interviewer B")) == 1
    clock.advance(timedelta(seconds=1))
    delivery.deliver()
    assert sorted(heard(play)) == ["About one", "About two"]


def test_senders_at_the_same_time_send_each_once(play: Playground, db: Db) -> None:
    people = ["U0INTA", "U0INTB", "U0INTC", "U0INTD", "U0INTE"]
    for who in people:
        owe(play, db, who=who)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: sender(play, db).deliver(), range(4)))
    assert [len(play.workspace.messages[f"D{who[1:]}"]) for who in people] == [1] * 5
