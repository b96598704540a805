"""The load harness, at a small size: what it fills is what the bot reads, and it counts truly."""

import asyncio
import json
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import func, select

from bench.load import database
from bench.load.arrivals import Answer, open_loop, schedule
from bench.load.figures import lines, quantile, slope
from bench.load.filling import fill
from bench.load.machine import Meter, resident
from bench.load.mix import SHARES, Crowd, Person, Request, command, people
from bench.load.numbers import Sizes
from bench.load.site import Replica, Site, site
from bench.load.statements import functions
from bot.records import Notice, Scorecard, SealedVersion, SlackBot
from tests.test_http import free_port

SMALL = Sizes(workspaces=6, notices=300, scorecards=100)
PATIENCE = 60.0  # Seconds: a busy machine is no failure.
SOMEBODY = Person("T00000001", "U00000100", "i1", "onsite_a", "U00000190")


def run(what: Coroutine[Any, Any, list[Answer]]) -> list[Answer]:
    """In a thread of its own: a browser of an earlier test may have left a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, what).result(PATIENCE * 2)


@pytest.fixture(scope="module")
def filled() -> Iterator[Site]:
    with site(0.0) as found:
        for _ in fill(found.db, SMALL, datetime.now(UTC)):
            pass
        yield found


@pytest.fixture(scope="module")
def replica(filled: Site) -> Iterator[Replica]:
    with filled.replicas(1) as [found]:
        yield found


def test_as_many_rows_are_there_as_were_asked_for(filled: Site) -> None:
    with filled.db.begin() as session:
        found = {
            table: session.exec(select(func.count()).select_from(table)).one()
            for table in (SlackBot, Scorecard)
        }
        pending = select(func.count()).select_from(Notice).where(Notice.state == "pending")
        assert session.exec(pending).one() == SMALL.notices
    assert found == {SlackBot: SMALL.workspaces, Scorecard: SMALL.scorecards}


def test_what_is_filled_in_is_encrypted_and_readable_with_the_key(filled: Site) -> None:
    with filled.db.begin() as session:
        raw = session.connection().exec_driver_sql("SELECT draft::text FROM scorecard").scalar()
        card = session.exec(select(Scorecard)).first()
    assert "sealed:" in str(raw)
    assert "evidence" in str(card.draft if card else "")


def test_each_kind_of_request_is_answered_by_the_bot(filled: Site, replica: Replica) -> None:
    crowd = Crowd(people(filled.db))
    with filled.db.begin() as session:
        before = session.exec(select(func.count()).select_from(SealedVersion)).one()
    meter = Meter({"replica": [replica.pid]})
    due = schedule(rate=40, seconds=2, seed=1)
    answers = run(open_loop([replica.port], crowd.requests(40), due, PATIENCE))
    assert [each.error for each in answers if each.error] == []
    assert len(answers) == len(due)
    assert {each.kind for each in answers} == set(SHARES)
    with filled.db.begin() as session:
        sealed = session.exec(select(func.count()).select_from(SealedVersion)).one() - before
    assert 0 < sealed <= sum(each.kind == "submission" for each in answers)
    assert filled.counts()["views.publish"] >= sum(each.kind == "home" for each in answers)
    assert "views.push" not in filled.counts()  # By which a draft would say that it failed.
    assert meter.spent().by["replica"] > 0
    assert resident(replica.pid) > 10
    assert replica.metric('safety_interview_pool_connections{state="most"}') > 0


def test_what_the_database_did_is_told(filled: Site, replica: Replica) -> None:
    database.forget(filled.db)
    asked = iter([command(SOMEBODY, "loops")])
    [answer] = run(open_loop([replica.port], asked, [0.0], PATIENCE))
    assert not answer.error
    assert any("loop" in line for line in database.work(filled.db, 1))


def test_a_statement_that_reads_a_whole_table_is_named(filled: Site, tmp_path: Path) -> None:
    file = tmp_path / "statements"
    texts = {
        "notices.walks": "SELECT id FROM notice WHERE error LIKE '%x%'",
        "notices.notice": "SELECT kind FROM notice WHERE id = 'x' AND team_id = 'T1'",
    }
    lines = [json.dumps({"by": by, "text": text}) for by, text in texts.items()]
    file.write_text("\n".join(lines))
    found = database.plans(filled.db, file, many=50)
    assert {each.by: each.walked for each in found} == {
        "notices.walks": ["notice"],
        "notices.notice": [],
    }
    assert set(texts) & functions() == {"notices.notice"}


def test_a_request_with_a_wrong_signature_counts_as_an_error(replica: Replica) -> None:
    class Forged(Request):
        def signed(self, host: str) -> bytes:
            return super().signed(host).replace(b"v0=", b"v0=0")

    right = command(SOMEBODY, "senior")
    asked = iter([Forged(right.kind, right.body)])
    [answer] = run(open_loop([replica.port], asked, [0.0], PATIENCE))
    assert answer.error == "status 401"


def test_time_counts_from_when_a_request_was_due() -> None:
    def slowly() -> Iterator[Request]:
        time.sleep(0.3)
        yield command(SOMEBODY, "senior")

    [answer] = run(open_loop([free_port()], slowly(), [0.0]))
    assert answer.error == "ConnectionRefusedError"
    assert answer.took >= answer.behind >= 0.3


def test_requests_arrive_at_the_rate_asked_for_and_the_same_each_time() -> None:
    due = schedule(rate=50, seconds=200, seed=7)
    assert due == schedule(rate=50, seconds=200, seed=7) == sorted(due)
    assert 9_000 < len(due) < 11_000


def test_figures() -> None:
    assert quantile([], 0.99) == 0
    assert quantile(range(100), 0.99) == 99
    assert slope([(0.0, 5.0), (1.0, 7.0), (2.0, 9.0)]) == 2
    assert lines([]) == ["  all              0   p50     0.0 ms   p99     0.0 ms   errors: none"]
