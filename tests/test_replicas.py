"""Several replicas on one PostgreSQL: one that freezes, dies, or loses its database costs nothing,
and nothing is done twice."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlmodel import select

from bench.crash_notices import Office
from bot import drafts
from bot.launch.manifest import manifest
from bot.records import Notice, Scorecard
from bot.schema import upgrade
from bot.store import Db, open_db
from handlers.clock import Timing
from playground import Fault, Person, Playground
from tests.databases import new_database
from tests.offices import always_at_work, make_opening, plan_loop, shown, wait_for_mail
from tests.replicas import PATIENCE, Replica, replica
from tests.wires import Wire

REFUSED = "the database cannot be used"  # What a replica logs that has lost its transaction.
BEFORE, AFTER = "Typed before it happened.", "Typed after it happened."


@dataclass
class Deployment:
    play: Playground
    front: Wire  # As a load balancer: it leads to one replica at a time.
    address: str  # Of the database.
    db: Db

    @contextmanager
    def replica(self, address: str = "") -> Iterator[Replica]:
        """One that has started, and that the balancer leads to."""
        given = {"DATABASE_URL": address or self.address}
        with replica(self.play, "serve", **given) as found:
            found.wait_ready(self.play)
            self.front.lead(found.port)
            yield found

    def writer(self, number: int) -> Person:
        """An interviewer at the first page of their scorecard."""
        person = self.play.person("Interviewer C")
        plan_loop(self.play, {"onsite_a": "U0INTC"}, candidate=f"Candidate {number}")
        self.play.person("Recruiting coordinator").close()
        wait_for_mail(self.play, person, number)
        person.click("Scorecard", channel="app")
        return person

    def drafts(self) -> list[str]:
        """What is kept of what was typed: the newest scorecard's texts."""
        with self.db.begin() as session:
            found = session.exec(select(Scorecard)).all()
            values = [value for each in found for value in drafts.values(each.draft).values()]
        return [str(each) for each in values]


@pytest.fixture(scope="module")
def deployment(server: str) -> Iterator[Deployment]:
    address = new_database(server)
    db = open_db(address)
    upgrade(db)
    with db.begin() as session:
        session.add_all(always_at_work())
    with (
        Wire("http://nobody@127.0.0.1:9") as front,
        Playground(manifest=manifest(f"http://127.0.0.1:{front.port}")) as play,
    ):
        found = Deployment(play, front, address, db)
        with found.replica():
            make_opening(play)
        yield found
    db.kw["bind"].dispose()


@pytest.fixture(autouse=True)
def fresh(deployment: Deployment) -> Iterator[None]:
    yield
    with deployment.db.begin() as session:
        session.connection().execute(text("DELETE FROM scorecard"))
    while deployment.play.person("Interviewer C").modal is not None:
        deployment.play.workspace.views["U0INTC"].pop()


def field(person: Person, kind: str = "evidence") -> str:
    ids = [each["block_id"] for each in shown(person).blocks if each["type"] == "input"]
    return next(str(each) for each in ids if each.startswith(kind))


def type_until_kept(made: Deployment, person: Person, name: str) -> None:
    """Again and again, as somebody does who is told that it could not be saved. Each time there is
    an answer in Slack's three seconds."""

    def kept() -> bool:
        answer = person.fill(name, AFTER)
        assert answer["ok"], answer
        while len(person.modals) > 1:
            assert "could not save" in shown(person).text
            made.play.workspace.views[person.id].pop()
        return made.drafts() == [AFTER]

    made.play.wait_until(kept, "it is not kept", PATIENCE)


@pytest.mark.parametrize("ends", ["frozen", "killed"])
def test_a_replica_that_stops_in_the_middle_of_a_request_holds_up_nobody(
    deployment: Deployment, ends: str
) -> None:
    made = deployment
    with ExitStack() as kept:
        other = kept.enter_context(made.replica())
        first = kept.enter_context(made.replica())
        person = made.writer(1 + (ends == "killed"))
        name = field(person)
        # It has its locks, and waits for this one while it is stopped.
        blocker = made.db()
        blocker.execute(text("LOCK TABLE scorecard IN SHARE MODE"))
        typing = kept.enter_context(ThreadPoolExecutor(1)).submit(person.fill, name, BEFORE)
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")

        def waits() -> bool:
            with made.db.begin() as session:
                return bool(session.execute(waiting).scalar_one())

        made.play.wait_until(waits, "nobody waits for the table")
        if ends == "frozen":
            first.freeze()
        else:
            first.signal(9)
        blocker.rollback()
        blocker.close()
        made.front.lead(other.port)
        assert not typing.result(PATIENCE)["ok"]  # Whoever asked the one that stopped.
        type_until_kept(made, person, name)
        if ends == "frozen":
            first.thaw()
            made.play.wait_until(lambda: REFUSED in first.log, "it wrote", PATIENCE)
            assert made.drafts() == [AFTER]
            made.front.lead(first.port)
            type_until_kept(made, person, name)


def test_a_sender_that_freezes_and_wakes_up_has_said_nothing_twice(server: str) -> None:
    with Playground(manifest=manifest()) as play:
        office = Office(play, new_database(server), Timing(lease=6, call=1, pace=0))
        office.owe(40)
        play.faults.add(Fault("late", "chat.postMessage", times=12, seconds=0.2))
        with office.bot(0) as first:
            play.wait_until(lambda: office.posts() > 2, "it sent nothing", PATIENCE)
            assert first.pid is not None
            os.kill(first.pid, signal.SIGSTOP)
            assert office.left("sending") > 0
            with office.bot(1):
                office.wait_for_all()
                os.kill(first.pid, signal.SIGCONT)
                before = office.shares[0]
                office.owe(40)
                play.wait_until(lambda: office.shares[0] > before, "it did not go on", PATIENCE)
                office.wait_for_all()
        judged = office.judge()
        office.close()
    assert judged == (0, 0)


@pytest.mark.parametrize("trouble", ["cut", "swallow"])
def test_a_database_that_is_gone_for_a_while_costs_nothing(
    deployment: Deployment, trouble: str
) -> None:
    made, play = deployment, deployment.play
    with Wire(made.address) as wire, made.replica(wire.address) as running:
        person = made.writer(3 + (trouble == "swallow"))
        person._filled |= {field(person): BEFORE, field(person, "score"): "3"}
        heard = {who: len(play.person(who).messages("app")) for who in ("U0INTA", "U0INTB")}
        getattr(wire, trouble)()
        with made.db.begin() as session:  # What others owe meanwhile.
            session.add_all(
                Notice(
                    id=f"{trouble}-{who}", team_id="T0PLAY", kind="reveal", recipient=who,
                    subject=session.execute(text("SELECT id FROM loop LIMIT 1")).scalar_one(),
                    due_at=datetime.now(UTC), told={},
                )
                for who in heard
            )  # fmt: skip

        def told() -> bool:
            person.slash("/safety-interview loops")
            return "could not save or read this just now" in person.last.text

        play.wait_until(told, "nobody was told", PATIENCE)
        answer = person.submit()
        assert "What you typed is still here" in str(answer.get("errors")), answer
        assert running.readiness()[0] == 503
        assert made.drafts() == []

        wire.mend()
        running.wait_ready(play)
        person.submit()
        play.wait_until(lambda: BEFORE in made.drafts(), "it is not kept", PATIENCE)

        def all_heard() -> bool:
            return all(len(play.person(who).messages("app")) > n for who, n in heard.items())

        play.wait_until(all_heard, "what was owed was not sent", PATIENCE)
        with made.db.begin() as session:
            for who in heard:
                assert session.get_one(Notice, f"{trouble}-{who}").state in ("sent", "sending")
        assert all(len(play.person(who).messages("app")) == n + 1 for who, n in heard.items())
