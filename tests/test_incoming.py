"""Another program plans interviews in a planner's name: once, whole or not at all, and as they
could in Slack."""

import http.client
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest
from sqlmodel import Session, SQLModel, select
from standardwebhooks import Webhook as Reference

from bot import incoming, webhooks
from bot.incoming import Wrong
from bot.records import AuditEntry, Incoming, IncomingEvent, Interview, Loop, Seat
from bot.store import doors, workspaces
from tests.databases import new_database
from tests.many import Deployment, deployment
from tests.offices import COORDINATOR, make_opening, shown, wait_for_text

SECRET = webhooks.new_secret()
DOOR = "in_1"
AT = "2031-03-14T10:00:00+01:00"
Record = dict[str, Any]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def deployed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """The bot over HTTP."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path_factory.mktemp('incoming') / 'test.db'}"
    else:
        address = new_database(request.getfixturevalue("server"))
    with deployment(address) as found:
        yield found


@pytest.fixture
def made(deployed: Deployment) -> Iterator[Deployment]:
    """The coordinator plans an opening, and another program has a door in their name."""
    deployed.reset()
    assert deployed.install("T0PLAY").status == 200
    make_opening(deployed.play, title="Engineer")
    door = Incoming(
        id=DOOR, team_id="T0PLAY", owner="U0COORD", secret=SECRET,
        created_at=deployed.play.clock.now(),
    )  # fmt: skip
    with deployed.db.begin() as session:
        session.add(door)
    yield deployed
    deployed.settle()
    assert deployed.play.problems == []


def message(type_: str = "interview.scheduled", **changes: Any) -> Record:
    data: Record = {"candidate": "Candidate 12", "round": "onsite_a"}
    if type_ != "interview.cancelled":
        data["starts_at"] = AT
    if type_ == "interview.scheduled":
        data["panel"] = [{"person": "interviewer.c@example.com"}]
    data = {name: each for name, each in {**data, **changes}.items() if each is not None}
    return {"type": type_, "timestamp": "2031-03-01T00:00:00Z", "data": data}


def send(
    made: Deployment,
    told: Record | bytes,
    id_: str = "evt_1",
    *,
    secret: str = SECRET,
    door: str = DOOR,
    method: str = "POST",
    **headers: str,
) -> tuple[int, Record]:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    signed = webhooks.headers([secret], id_, made.play.clock.now(), body)
    connection = http.client.HTTPConnection(urlsplit(made.url).netloc, timeout=60)
    connection.request(method, f"/incoming/{door}", body, {**signed, **headers})
    answer = connection.getresponse()
    found = answer.status, json.loads(answer.read())
    connection.close()
    return found


def kept(made: Deployment) -> dict[str, list[str]]:
    """All rows of what a message may change."""
    with made.db.begin() as session:
        return {
            each.__name__: sorted(repr(row) for row in session.exec(select(each)))
            for each in (Loop, Interview, Seat, IncomingEvent)
        }


Row = TypeVar("Row", bound=SQLModel)


def rows(session: Session, table: type[Row]) -> list[Row]:
    return list(session.exec(select(table)))


class TestScheduling:
    def test_a_loop_is_planned_and_its_panel_told_as_by_the_planner(self, made: Deployment) -> None:
        status, answer = send(made, message())
        assert (status, answer["code"], answer["changed"]) == (200, "C-101", True)
        [session] = answer["interviews"]
        assert session["starts_at"] == "2031-03-14T09:00:00+00:00"
        wait_for_text(made.play, made.play.person("Interviewer C"), "You interview")
        with made.db.begin() as session:
            [seat] = rows(session, Seat)
            assert (seat.person, seat.role) == ("U0INTC", "lead")
            noted = [(each.who, each.what) for each in rows(session, AuditEntry)]
        assert ("U0COORD", "loop planned") in noted
        assert ("U0COORD", "told by another program") in noted

    def test_the_planner_sees_and_changes_it_in_slack(self, made: Deployment) -> None:
        send(made, message())
        person = made.play.person(COORDINATOR)
        person.slash("/safety-interview loops")
        person.click("Show", on=person.last)
        assert "C.12" in shown(person).text

    def test_the_next_round_joins_the_same_loop(self, made: Deployment) -> None:
        send(made, message())
        panel = [{"person": "U0INTA"}, {"person": "U0INTD", "as": "shadow"}]
        status, answer = send(made, message(round="onsite_c", panel=panel), "evt_2")
        assert (status, answer["code"]) == (200, "C-101")
        assert len(answer["interviews"]) == 2

    def test_a_round_that_is_planned_already_gets_this_time_and_these_people(
        self, made: Deployment
    ) -> None:
        send(made, message())
        panel = [{"person": "U0INTA"}]
        send(made, message(starts_at="2031-03-17T10:00:00Z", panel=panel, candidate="C-101"), "e2")
        with made.db.begin() as session:
            [interview] = rows(session, Interview)
            assert interview.starts_at == datetime(2031, 3, 17, 10, tzinfo=UTC)
            assert [each.person for each in rows(session, Seat) if each.state == "on"] == ["U0INTA"]


class TestMovingAndCancelling:
    def test_it_has_another_time_and_the_same_people(self, made: Deployment) -> None:
        send(made, message())
        moved = message("interview.moved", starts_at="2031-03-17T10:00:00Z")
        status, answer = send(made, moved, "evt_2")
        assert (status, answer["changed"]) == (200, True)
        with made.db.begin() as session:
            assert rows(session, Interview)[0].starts_at == datetime(2031, 3, 17, 10, tzinfo=UTC)
            assert [each.person for each in rows(session, Seat)] == ["U0INTC"]

    def test_to_the_time_that_it_has_changes_nothing(self, made: Deployment) -> None:
        _, first = send(made, message())
        _, again = send(made, message("interview.moved"), "evt_2")
        assert again["changed"] is False
        assert again["revision"] == first["revision"]

    def test_cancelled_it_does_not_take_place(self, made: Deployment) -> None:
        send(made, message())
        send(made, message(round="onsite_c", panel=[{"person": "U0INTA"}]), "evt_2")
        status, answer = send(made, message("interview.cancelled"), "evt_3")
        assert status == 200
        states = {each["round"]: each["state"] for each in answer["interviews"]}
        assert states == {"onsite_a": "cancelled", "onsite_c": "planned"}

    def test_the_last_one_of_a_loop_is_left_to_people(self, made: Deployment) -> None:
        send(made, message())
        status, answer = send(made, message("interview.cancelled"), "evt_2")
        assert status == 422
        assert "withdraw the candidate" in answer["fields"]["data"]

    @pytest.mark.parametrize("type_", ["interview.moved", "interview.cancelled"])
    def test_what_is_not_planned_is_not_there(self, made: Deployment, type_: str) -> None:
        assert "data.candidate" in send(made, message(type_))[1]["fields"]
        send(made, message(), "evt_2")
        assert "data.round" in send(made, message(type_, round="onsite_c"), "evt_3")[1]["fields"]


class TestAgain:
    def test_the_same_event_is_done_once(self, made: Deployment) -> None:
        _, first = send(made, message())
        before = kept(made)
        status, again = send(made, message())
        assert (status, again) == (200, {**first, "repeated": True})
        assert kept(made) == before

    def test_two_at_once_are_one(self, made: Deployment) -> None:
        found: list[int] = []
        both = [
            threading.Thread(target=lambda: found.append(send(made, message())[0]))
            for _ in range(4)
        ]
        for each in both:
            each.start()
        for each in both:
            each.join(60)
        assert found == [200] * 4
        assert len(kept(made)["Loop"]) == 1

    def test_another_message_under_the_same_id_is_refused(self, made: Deployment) -> None:
        send(made, message())
        before = kept(made)
        assert send(made, message(candidate="Candidate 13"))[0] == 409
        assert kept(made) == before

    def test_what_was_refused_can_be_sent_again_under_its_id(self, made: Deployment) -> None:
        assert send(made, message(round="lunch"))[0] == 422
        assert send(made, message())[0] == 200

    def test_after_a_month_it_is_forgotten(self, made: Deployment) -> None:
        send(made, message())
        with made.db.begin() as session:
            doors.forget(session, made.play.clock.now() + doors.KEPT + timedelta(seconds=1))
        assert kept(made)["IncomingEvent"] == []

    def test_nothing_of_the_candidate_lies_beside_the_loop(self, made: Deployment) -> None:
        send(made, message())
        send(made, message(round="lunch", candidate="Candidate Secret"), "evt_2")
        with made.db.begin() as session:
            found = repr(rows(session, IncomingEvent)) + repr(rows(session, Incoming))
        assert "Candidate" not in found


class TestWrongFields:
    @pytest.mark.parametrize(
        ("told", "field"),
        [
            (message(starts_at="2031-03-14T10:00:00"), "data.starts_at"),
            (message(starts_at="soon"), "data.starts_at"),
            (message(candidate=""), "data.candidate"),
            (message(candidate="C-999"), "data.candidate"),
            (message(round="lunch"), "data.round"),
            (message(opening="Plumber"), "data.opening"),
            (message(panel=[]), "data.panel"),
            (message(panel=[{"person": "nobody@example.com"}]), "data.panel.0.person"),
            (message(panel=[{"person": "U0GUEST"}]), "data.panel.0.person"),
            (message(panel=[{"person": "U0INTA", "as": "boss"}]), "data.panel.0.as"),
            (message(panel=[{"person": "U0INTA"}, {"person": "U0INTA", "as": "shadow"}]),
             "data.panel"),
            (message(panel=[{"person": "U0INTA"}, {"person": "U0INTC"}]), "data.panel"),
            (message(link="javascript:alert(1)"), "data.link"),
            (message(score=4), "data.score"),
            ({**message(), "team": "T0OTHER"}, "team"),
            ({**message(), "type": "interview.held"}, "body"),
            (b"{", "body"),
            (b"[]", "body"),
            (b"\xff", "body"),
        ],
    )  # fmt: skip
    def test_each_is_named_and_nothing_is_done(
        self, made: Deployment, told: Record | bytes, field: str
    ) -> None:
        before = kept(made)
        status, answer = send(made, told)
        assert status == 422
        assert field in answer["fields"]
        assert kept(made) == before

    def test_all_of_them_are_named_at_once(self, made: Deployment) -> None:
        _, answer = send(made, message(starts_at="soon", candidate="", extra=1))
        assert set(answer["fields"]) == {"data.starts_at", "data.candidate", "data.extra"}


class TestWhoSends:
    def test_the_reference_library_s_signature_is_taken(self, made: Deployment) -> None:
        body, now = json.dumps(message()), made.play.clock.now()
        signed = Reference(SECRET).sign("evt_1", now, body)
        assert send(made, body.encode(), **{"webhook-signature": signed})[0] == 200

    @pytest.mark.parametrize(
        "how",
        [
            {"secret": webhooks.new_secret()},
            {"door": "in_2"},
            {"webhook-signature": ""},
            {"webhook-timestamp": "1"},
            {"webhook-id": "evt_2"},
        ],
    )
    def test_whoever_does_not_know_the_secret_does_nothing(
        self, made: Deployment, how: dict[str, Any]
    ) -> None:
        before = kept(made)
        assert send(made, message(), **how)[0] == 401
        assert kept(made) == before

    def test_a_door_that_was_removed_is_none(self, made: Deployment) -> None:
        with made.db.begin() as session:
            door = doors.find(session, "T0PLAY", DOOR)
            assert door is not None
            doors.remove(session, door)
        assert send(made, message())[0] == 401

    def test_it_can_do_no_more_than_the_planner_whose_it_is(self, made: Deployment) -> None:
        with made.db.begin() as session:
            door = doors.find(session, "T0PLAY", DOOR)
            assert door is not None
            door.owner = "U0INTB"
            session.add(door)
        status, answer = send(made, message())
        assert (status, list(answer["fields"])) == (422, ["data.opening"])

    def test_once_the_planner_is_no_member_any_more_nothing_is_done(self, made: Deployment) -> None:
        made.play.clock.advance(timedelta(minutes=6))
        made.play.workspace.users["U0COORD"]["deleted"] = True
        assert send(made, message())[0] == 403
        made.play.workspace.users["U0COORD"]["deleted"] = False
        made.play.clock.advance(timedelta(minutes=6))

    def test_a_team_that_removed_the_bot_has_no_doors(self, made: Deployment) -> None:
        with made.db.begin() as session:
            workspaces.leave(session, "T0PLAY", made.play.clock.now())
        assert send(made, message())[0] == 401

    def test_only_post_and_only_so_much(self, made: Deployment) -> None:
        assert send(made, message(), method="PUT")[0] == 405
        assert send(made, b" " * (incoming.LONGEST + 1))[0] == 413


@pytest.mark.parametrize("body", [b'{"type":1}', b"null", b'{"type":"interview.moved"}'])
def test_what_is_no_message_is_refused_by_its_fields(body: bytes) -> None:
    with pytest.raises(Wrong):
        incoming.read(body)
