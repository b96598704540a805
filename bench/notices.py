"""What notices cost: `python -m bench notices`.

Claiming among a hundred to a million that are pending; the same promises kept by APScheduler's SQL
job store; delivering a thousand against a bare loop of posts; Slack's pace; doing nothing.
"""

import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from threading import Event
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from slack_sdk import WebClient
from sqlalchemy import text
from sqlmodel import insert

from bench.timing import verdict
from bench.work import TEAM, databases, settle
from bot import schema
from bot.launch import service
from bot.launch.manifest import manifest
from bot.records import Notice
from bot.settings import Settings
from bot.store import Db, leases, notices, open_db
from handlers.clock import WORKERS, Delivery, Timing
from handlers.outgoing import Outgoing
from playground import Playground
from playground.cast import BOT_USER

SIZES = (100, 10_000, 1_000_000)  # Notices that are pending and not due.
JOBS = 5_000  # Of APScheduler's, which adds them one by one.
DUE = 200
COUNT = 1000  # Delivered.
PEOPLE = 100
ROUNDS = 60
IDLE = 70.0  # Seconds.

PATIENCE = 120.0  # Seconds for the workspace to start, or to answer.

BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "How was the interview?"}}]


def opened(address: str) -> Db:
    db = open_db(address)
    schema.upgrade(db)
    return db


def pending(db: Db, count: int, since: int) -> None:
    """So many more, due one a second from a year ahead."""
    numbers = (
        f"generate_series({since}, {since + count - 1}) AS n"
        if db.kw["bind"].dialect.name == "postgresql"
        else f"(WITH RECURSIVE s(n) AS (VALUES({since}) UNION ALL "
        f"SELECT n + 1 FROM s WHERE n < {since + count - 1}) SELECT n FROM s)"
    )
    at = (
        "TIMESTAMPTZ '2040-01-01' + n * INTERVAL '1 second'"
        if db.kw["bind"].dialect.name == "postgresql"
        else "strftime('%Y-%m-%d %H:%M:%f000', '2040-01-01', '+' || n || ' seconds')"
    )
    with db.begin() as session:
        session.connection().execute(
            text(
                "INSERT INTO notice (id, team_id, kind, recipient, subject, due_at, state, "
                "attempts, channel, ts, told, error, intent) SELECT 'later-' || n, 'T0PLAY', "
                f"'hello', 'U' || n, 's', {at}, 'pending', 0, '', '', '{{}}', '', '{{}}' "
                f"FROM {numbers}"
            )
        )


def owe(db: Db, count: int, people: int) -> None:
    """So many that are due now."""
    rows = [
        Notice(
            id=f"due-{number}", team_id=TEAM, kind="hello", recipient=person(number % people),
            subject="s", due_at=datetime(2025, 1, 1, tzinfo=UTC), told={},
        ).model_dump()
        for number in range(count)
    ]  # fmt: skip
    with db.begin() as session:
        session.connection().execute(insert(Notice), rows)


def person(number: int) -> str:
    return f"U1{number:05d}"


def median(run: Callable[[], object], rounds: int = ROUNDS) -> float:
    """In ms."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def claiming(name: str, db: Db) -> None:
    owe(db, DUE, DUE)
    found, have = dict[int, float](), 0
    for size in SIZES:
        pending(db, size - have, have)
        have = size
        settle(db)

        def once() -> None:
            with db() as session, session.begin() as turn:
                if len(leases.claim(session, datetime.now(UTC))) != leases.BATCH:
                    raise RuntimeError("not all that is due was found")
                session.flush()
                turn.rollback()

        found[size] = median(once)
        print(f"  {leases.BATCH} claimed with {size:9,} pending, {name}: {found[size]:.2f} ms")
    verdict("claiming with the most", "with the fewest", found[SIZES[-1]] / found[SIZES[0]], 1.3)


def do_nothing() -> None:
    """A job."""


def against_jobs(name: str, address: str, jobs_address: str) -> None:
    """Adding, finding what is due, and starting up, with JOBS pending on both sides."""
    db, far = opened(address), datetime(2040, 1, 1, tzinfo=UTC)
    pending(db, JOBS, 10_000_000)
    if jobs_address.startswith("postgresql"):
        jobs_address = jobs_address.replace("postgresql", "postgresql+psycopg", 1)
    scheduler = BackgroundScheduler(timezone=UTC)
    store = SQLAlchemyJobStore(url=jobs_address)
    scheduler.add_jobstore(store)
    scheduler.start(paused=True)
    start = time.perf_counter()
    for number in range(JOBS):
        scheduler.add_job(do_nothing, "date", run_date=far + timedelta(seconds=number))
    adding = (time.perf_counter() - start) * 1000 / JOBS
    count = iter(range(10**9))

    def add() -> None:
        with db.begin() as session:
            notices.owe(session, TEAM, "hello", person(1), f"new {next(count)}", far)

    for number in range(DUE):
        past = datetime.now(UTC) + timedelta(milliseconds=number)
        scheduler.add_job(do_nothing, "date", run_date=past)
    owe(db, DUE, DUE)
    time.sleep(DUE / 1000)

    def claim() -> None:
        with db() as session, session.begin() as turn:
            leases.claim(session, datetime.now(UTC), room=DUE)
            session.flush()
            turn.rollback()

    def begin() -> None:
        fresh = SQLAlchemyJobStore(url=jobs_address)
        fresh.start(scheduler, "fresh")
        fresh.get_next_run_time()
        fresh.shutdown()

    def ours() -> None:
        fresh = open_db(address)
        with fresh.begin() as session:
            notices.next_due(session)
            leases.next_lost(session)
        fresh.kw["bind"].dispose()

    print(f"  Against APScheduler's SQL job store with {JOBS:,} pending, {name}")
    theirs = median(lambda: store.get_due_jobs(datetime.now(UTC)))
    for what, ratio in (
        ("adding one, unless it is owed already, / adding a job", median(add) / adding),
        (f"claiming {DUE} that are due / reading as many jobs", median(claim) / theirs),
        ("starting up / starting a job store", median(ours, 10) / median(begin, 10)),
    ):
        print(f"  {what}: {ratio:.2f}")
    scheduler.shutdown()
    db.kw["bind"].dispose()


def serve(told: Connection) -> None:
    """A workspace in a process of its own, until something is said; then whether it holds pace."""
    with Playground(manifest=manifest()) as play:
        for number in range(PEOPLE):
            id_ = person(number)
            play.workspace.users[id_] = {**play.workspace.users["U0INTA"], "id": id_}
            channel = f"D{id_[1:]}"
            found = {"id": channel, "kind": "app", "members": [id_, BOT_USER]}
            play.workspace.conversations[channel] = {
                **play.workspace.conversations["D0INTA"], **found,
            }  # fmt: skip
            play.workspace.messages[channel] = []
        told.send((play.api_url, play.bot_token))
        while (asked := told.recv()) != "end":  # Raises EOFError when who asks is gone.
            if asked == "pace":
                play.trouble("paced")
            if asked == "refused":
                told.send(sum(each["error"] == "rate_limited" for each in play.log))


@contextmanager
def workspace() -> Iterator[tuple[Connection, str, str]]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    address, token = heard(ours)
    try:
        yield ours, address, token
    finally:
        ours.send("end")
        process.join(PATIENCE)
        process.kill()


def heard(workspace: Connection) -> Any:
    """What the workspace says next. Raises TimeoutError or EOFError when it says nothing."""
    if not workspace.poll(PATIENCE):
        raise TimeoutError(f"the workspace said nothing for {PATIENCE:.0f} s")
    return workspace.recv()


def hello(_: Any, __: Notice, ___: datetime) -> Outgoing:
    return Outgoing("Hello", BLOCKS)


def sender(db: Db, address: str, token: str, **timing: float) -> Delivery:
    client = WebClient(token, address, timeout=15, retry_handlers=[])
    return Delivery(
        db, client, lambda: datetime.now(UTC), {"hello": hello}, timing=Timing(**timing)
    )


def delivering(name: str, db: Db) -> None:
    """The two take turns, so that noise meets them alike."""
    with workspace() as (_, address, token):
        client = WebClient(token, address, timeout=15, retry_handlers=[])
        blocks = BLOCKS

        def bare(number: int) -> None:
            event = {"event_type": "bare", "event_payload": {"id": str(number)}}
            client.chat_postMessage(
                channel=person(number % PEOPLE), text="Hello", blocks=blocks, metadata=event,
                unfurl_links=False,
            )  # fmt: skip

        ratios = []
        for turn in range(4):
            start = time.perf_counter()
            with ThreadPoolExecutor(WORKERS) as pool:
                list(pool.map(bare, range(COUNT)))
            alone = time.perf_counter() - start
            with db.begin() as session:
                session.connection().execute(text("DELETE FROM notice"))
            owe(db, COUNT, PEOPLE)
            delivery = sender(db, address, token, pace=0)
            start = time.perf_counter()
            while delivery.deliver() is not None:
                pass
            taken = time.perf_counter() - start
            if turn:  # The first warms both up.
                ratios.append(alone / taken)
        rate, ratio = COUNT / taken, statistics.median(ratios)
        met = "met" if ratio >= 0.6 else "MISSED"
        print(f"  {COUNT} delivered, {name}: {rate:.0f} a second")
        print(f"  delivery / bare posts: {ratio:.2f} (at least 0.6: {met})")


def pacing(db: Db) -> None:
    each, people = 10, 20
    with db.begin() as session:
        session.connection().execute(text("DELETE FROM notice"))
    owe(db, each * people, people)
    with workspace() as (told, address, token):
        told.send("pace")
        delivery, start = sender(db, address, token), time.perf_counter()
        while (following := delivery.deliver()) is not None:
            time.sleep(max(0.0, (following - datetime.now(UTC)).total_seconds()))
        taken = time.perf_counter() - start
        told.send("refused")
        print(f"  {each} for each of {people} people at one a second: {taken:.2f} s, ", end="")
        print(f"{heard(told)} refused for haste")
        verdict("time taken", "the least there is", taken / (each - 1), 1.1)


def idle(name: str, address: str) -> None:
    """What one process of the bot's delivery takes of a CPU with a million pending."""
    db = open_db(address)
    settings = Settings(bot_token="xoxb-1", api_url="http://127.0.0.1:9/", database_url=address)
    scheduler = BackgroundScheduler(timezone=UTC)
    service.Post(
        settings, {"hello": hello}, db, lambda: datetime.now(UTC), scheduler, service.REST, Event()
    )
    scheduler.start()
    time.sleep(3)
    begun = time.process_time()
    time.sleep(IDLE)
    share = (time.process_time() - begun) / IDLE
    scheduler.shutdown()
    db.kw["bind"].dispose()
    print(f"  idle with {SIZES[-1]:,} pending, {name}: {share:.4%} of a CPU")


def main() -> None:
    print("\nNotices")
    with databases() as found, databases() as others:
        for name, address in found.items():
            db = opened(address)
            claiming(name, db)
            with db.begin() as session:
                session.connection().execute(text("DELETE FROM notice WHERE due_at < '2030-01-01'"))
            idle(name, address)
            db.kw["bind"].dispose()
        with databases() as small:
            for name, address in small.items():
                against_jobs(name, address, others[name])
                db = open_db(address)
                delivering(name, db)
                if name == "sqlite":
                    pacing(db)
                db.kw["bind"].dispose()
