"""What insights cost with a hundred times as many scorecards, on SQLite and on PostgreSQL.

Every section of insights, somebody's mirror and the use of questions, each over 1,000 and over
100,000 opened scorecards: the processor time may grow at most 120 times, the memory not at all.
"""

import os
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import Session, col, update

from bench.timing import verdict
from bench.work import databases, settle
from bot.insights import weeks
from bot.records import Interview
from bot.schema import upgrade
from bot.store import Db, echo, insights, mirror, open_db, rotation, workload
from bot.store.insights import Scope
from tests import rows, scored

SIZES = (1_000, 100_000)
AT_ONCE = 1_000
MOST = 120  # Times the time of the smaller size.
NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
OPENINGS = [f"opening{number}" for number in range(10)]
SCOPE = Scope("T1", OPENINGS)

Ask = Callable[[Session], object]
ASKS: dict[str, Ask] = {
    "time to scorecard": lambda session: insights.waited(session, SCOPE, 5),
    "loops waiting": lambda session: workload.queue(session, "T1", OPENINGS, NOW, 50),
    "scores": lambda session: insights.scores(session, SCOPE),
    "agreement": lambda session: (
        insights.on_questions(session, SCOPE),
        insights.on_recommendations(session, SCOPE),
        insights.on_drills(session, "T1"),
    ),
    "leniency": lambda session: insights.leanings(session, SCOPE, NOW + timedelta(99), 5, 50),
    "questions": lambda session: insights.uses(session, SCOPE, 5, 20),
    "load": lambda session: workload.loads(session, "T1", OPENINGS, weeks(NOW), 5, 50),
    "how hires turned out": lambda session: echo.foretold(session, "T1", OPENINGS),
    "a mirror": lambda session: mirror.own(session, "T1", "UPERSON3", 1),
    "use of questions": lambda session: rotation.usage(session, "T1", NOW - timedelta(180)),
}


def spent(session: Session) -> float:
    """Seconds of processor time, this process's and the database server's for this connection."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        return time.process_time()
    server = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    fields = Path(f"/proc/{server}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def taken(db: Db, ask: Ask, rounds: int) -> float:
    """Seconds of processor time for one. The clock on the wall would tell who else is at work: a
    machine that is busy holds up what takes long far more than what does not."""
    with db.begin() as session:
        if session.connection().dialect.name == "postgresql":
            session.connection().exec_driver_sql("SET max_parallel_workers_per_gather = 0")
        ask(session)  # The first time warms up.
        begun = spent(session)
        for _ in range(rounds):
            ask(session)
        return (spent(session) - begun) / rounds


def memory(db: Db, ask: Ask) -> int:
    """Bytes of Python's at the most, while it is asked."""
    with db.begin() as session:
        tracemalloc.start()
        ask(session)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return peak


def fill(db: Db, since: int, until: int) -> None:
    for start in range(since, until, AT_ONCE):
        with db.begin() as session:
            scored.fill(session, AT_ONCE, since=start)
            loops = range(start // 4, (start + AT_ONCE) // 4)
            rows.fill(session, len(loops), since=loops[0])
            # Over two years, as scorecards come; load is of six weeks.
            for number in loops:
                moved = update(Interview).where(col(Interview.loop_id) == f"loop{number}")
                at = rows.NOON - timedelta(weeks=number % 104)
                session.connection().execute(moved.values(starts_at=at))


def measured(name: str, address: str) -> None:
    db = open_db(address)
    upgrade(db)
    found: dict[str, list[tuple[float, int]]] = {each: [] for each in ASKS}
    have = 0
    for size in SIZES:
        fill(db, have, size)
        have = size
        settle(db)
        for title, ask in ASKS.items():
            took = taken(db, ask, 50 if size == SIZES[0] else 2)
            found[title].append((took, memory(db, ask)))
    print(f"\nInsights, {name}, {SIZES[0]:,} and {SIZES[1]:,} opened scorecards")
    for title, ((few, little), (many, much)) in found.items():
        print(
            f"  {title:22} {few * 1e3:8.2f} ms {many * 1e3:9.2f} ms  "
            f"{little / 1024:7.0f} KiB {much / 1024:7.0f} KiB"
        )
    whole = [sum(each[at][0] for each in found.values()) for at in (0, 1)]
    worst = max(many / few for (few, _), (many, _) in found.values())
    verdict("all of it with the most", "with the fewest", whole[1] / whole[0], MOST)
    verdict("the slowest to grow", "with the fewest", worst, MOST)
    grown = max(much / little for (_, little), (_, much) in found.values())
    verdict("memory with the most", "with the fewest", grown, 1.5)
    db.kw["bind"].dispose()


def main() -> None:
    with databases() as found:
        for name, address in found.items():
            measured(name, address)


if __name__ == "__main__":
    main()
