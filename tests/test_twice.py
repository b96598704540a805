"""What Slack sends twice is done once, whichever replica gets it, and after a restart."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from slack_bolt import App, BoltRequest
from sqlmodel import func, select

from bot.launch import service
from bot.records import AuditEntry, Heard, Loop, Opening, SealedVersion
from bot.settings import Settings
from bot.store import Db, heard
from playground import Fault, Person, Playground
from tests.offices import mail, make_opening, plan_loop, shown, wait_for_mail
from tests.rows import NOON
from tests.test_scorecards import hand_in


class TestHeard:
    def test_a_key_is_new_once_in_each_team(self, db: Db) -> None:
        with db.begin() as session:
            assert heard.is_new(session, "T1", "Ev1", NOON)
            assert not heard.is_new(session, "T1", "Ev1", NOON)
            assert heard.is_new(session, "T2", "Ev1", NOON)
        with db.begin() as session:
            assert not heard.is_new(session, "T1", "Ev1", NOON)

    def test_it_is_new_again_when_the_work_was_not_saved(self, db: Db) -> None:
        with db() as session:
            assert heard.is_new(session, "T1", "Ev1", NOON)
            session.rollback()
        with db.begin() as session:
            assert heard.is_new(session, "T1", "Ev1", NOON)
            heard.unhear(session, "T1", "Ev1")
            assert heard.is_new(session, "T1", "Ev1", NOON)

    def test_it_is_forgotten_after_a_day(self, db: Db) -> None:
        with db.begin() as session:
            heard.is_new(session, "T1", "old", NOON - heard.KEPT - timedelta(seconds=1))
            heard.is_new(session, "T1", "young", NOON - heard.KEPT)
            heard.forget(session, NOON)
            assert session.exec(select(Heard.key)).all() == ["young"]


def replica(play: Playground, address: str) -> Settings:
    return Settings(bot_token=play.bot_token, api_url=play.api_url, database_url=address)


def hello(event_id: str, channel: str = "D0INTA", ts: str = "1900000000.000001") -> BoltRequest:
    event = {"type": "message", "channel_type": "im", "channel": channel, "ts": ts}
    body = {
        "type": "event_callback",
        "team_id": "T0PLAY",
        "event_id": event_id,
        "event": {**event, "user": "U0INTA", "text": "hello"},
    }
    return BoltRequest(mode="socket_mode", body=body)


@pytest.fixture
def apps(play: Playground, address: str) -> Iterator[list[App]]:
    """Two replicas of a bot on one database."""
    both = [service.running(replica(play, address), lambda: NOON, rest=60) for _ in range(2)]
    with both[0] as one, both[1] as other:
        yield [one, other]


def answers(play: Playground) -> int:
    return len(mail(play.person("Interviewer A")))


def test_an_event_that_two_replicas_get_is_answered_once(play: Playground, apps: list[App]) -> None:
    for app in apps:
        assert app.dispatch(hello("Ev1")).status == 200
    assert answers(play) == 1
    apps[1].dispatch(hello("Ev2"))
    assert answers(play) == 2


def test_an_event_that_comes_again_after_a_restart_is_answered_once(
    play: Playground, address: str
) -> None:
    for _ in range(2):
        with service.running(replica(play, address), lambda: NOON, rest=60) as app:
            assert app.dispatch(hello("Ev1")).status == 200
    assert answers(play) == 1


def count(db: Db, table: type[Opening] | type[Loop] | type[SealedVersion]) -> int:
    with db.begin() as session:
        return session.exec(select(func.count()).select_from(table)).one()


@pytest.fixture
def kept(lasting: tuple[Playground, Db]) -> Db:
    return lasting[1]


class TestForms:
    @pytest.fixture
    def office(self, office: Playground) -> Playground:
        make_opening(office)
        return office

    def test_an_opening_is_made_once(self, office: Playground, kept: Db) -> None:
        office.faults.add(Fault("deliver_twice", "opening_create"))
        make_opening(office, title="Second")
        assert count(kept, Opening) == 2

    def test_a_loop_is_planned_once_and_the_form_shows_it(
        self, office: Playground, kept: Db
    ) -> None:
        office.faults.add(Fault("deliver_twice", "plan_save"))
        assert "Saved." in plan_loop(office, {"onsite_a": "U0INTC"}).text
        assert count(kept, Loop) == 1
        assert plan_loop(office, {"onsite_a": "U0INTC"}, candidate="Candidate 13").text
        assert count(kept, Loop) == 2

    def test_who_cannot_come_says_so_once(self, office: Playground, kept: Db) -> None:
        plan_loop(office, {"onsite_a": "U0INTC"})
        person = office.person("Interviewer C")
        wait_for_mail(office, person, 1)
        person.click("Can't make it…", channel="app")
        office.faults.add(Fault("deliver_twice", "brief_cannot"))
        person.fill("reason", "Away")
        person.submit()
        with kept.begin() as session:
            told = session.exec(select(AuditEntry).where(AuditEntry.what == "cannot make it"))
            assert len(told.all()) == 1

    def test_a_scorecard_is_sealed_once(self, office: Playground, kept: Db) -> None:
        plan_loop(office, {"onsite_a": "U0INTC"})
        writer = office.person("Interviewer C")
        wait_for_mail(office, writer, 1)
        office.faults.add(Fault("deliver_twice", "card_page", times=9))
        hand_in(writer)
        assert "Handed in and sealed" in shown(writer).text
        assert count(kept, SealedVersion) == 1


class TestSharing:
    @pytest.fixture
    def preview(self, coordinator: Person) -> Person:
        coordinator.slash("/safety-interview senior trade-offs")
        coordinator.click("Share with the channel…")
        return coordinator

    @staticmethod
    def posted(person: Person) -> int:
        return sum(each.labels == ["Remove"] for each in person.messages())

    def test_a_question_is_posted_once(self, play: Playground, preview: Person) -> None:
        play.faults.add(Fault("deliver_twice", "question_share"))
        preview.submit()
        assert self.posted(preview) == 1
