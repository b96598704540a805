"""Many workspaces on few processors: `python -m bench.load --help`.

Fills a PostgreSQL of its own, starts the bot as the Procfile does, and asks it, over HTTP and
signed, what people ask. Nothing leaves this machine, and each part ends by itself.
"""

import argparse
import asyncio
import itertools
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.load import database, statements
from bench.load.arrivals import Answer, closed_loop, open_loop, schedule
from bench.load.figures import lines, quantile, slope
from bench.load.filling import fill
from bench.load.machine import Meter, resident
from bench.load.mix import Crowd, Person, command, people
from bench.load.numbers import Sizes
from bench.load.site import Replica, Site, site

FAST = 1.0  # Seconds in which 99 of 100 are answered by a replica that takes a rate.
UNDER_WAY = 16  # At each replica, as many as it has threads, when it is to be busy.
STEP = 0.85  # Of the rate that was too much comes next.
STEPS = 8  # Rates that are tried, at most.
TURNS = 2  # Of one replica and two, to be compared.
MEETING = 600.0  # Seconds in which everybody is met, at most.
MORNING = 300.0  # Seconds in which they are sent, at most.
PARTS = ("fill", "one", "memory", "two", "morning")
SAMPLE = 10.0  # Seconds between two looks at memory and the pool.


def main() -> None:
    options = parsed()
    sizes = Sizes(options.workspaces, options.notices, options.scorecards)
    say(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load of this machine {os.getloadavg()[0]:.1f}")
    with site(options.slack_delay) as found:
        start = time.monotonic()
        for name in fill(found.db, sizes, datetime.now(UTC)):
            say(f"  {name} filled after {time.monotonic() - start:.0f} s")
        for line in database.sizes(found.db):
            say(f"  {line}")
        if options.statements:
            plans(found, options.statements)
        load = Load(found, people(found.db), options.seconds)
        if options.only in ("", "one"):
            one(load, options.minutes)
        if options.only == "memory":
            with found.replicas(1) as [replica]:
                memory(load, replica, options.rate, options.minutes)
        if options.only in ("", "two"):
            two(load)
        if options.only in ("", "morning"):
            morning(load, options.morning)
        for line in found.complaints()[:20]:
            say(f"  log: {line}")


def parsed() -> argparse.Namespace:
    usual = Sizes()
    asked = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    asked.add_argument("--workspaces", type=int, default=usual.workspaces)
    asked.add_argument("--notices", type=int, default=usual.notices, help="pending ones")
    asked.add_argument("--scorecards", type=int, default=usual.scorecards)
    asked.add_argument("--seconds", type=float, default=20.0, help="how long each rate is tried")
    asked.add_argument(
        "--minutes", type=float, default=30.0, help="at half of what it takes; 0 for none"
    )
    asked.add_argument("--rate", type=float, default=5.0, help="a second, with --only memory")
    asked.add_argument("--morning", type=int, default=1000, help="people to be asked at once")
    asked.add_argument("--slack-delay", type=float, default=0.1, help="seconds of each call")
    asked.add_argument("--only", choices=("", *PARTS), default="")
    asked.add_argument("--statements", type=Path, help="to be explained: bench.load.statements")
    return asked.parse_args()


def say(line: str) -> None:
    print(line, flush=True)


class Load:
    """Asks replicas, and says what that took."""

    def __init__(self, of: Site, everybody: list[Person], seconds: float) -> None:
        self.site, self.everybody, self.seconds = of, everybody, seconds
        self.crowd = Crowd(everybody)
        self._seeds = itertools.count(1)

    def at(self, replicas: list[Replica], rate: float, seconds: float) -> list[Answer]:
        due = schedule(rate, seconds, next(self._seeds))
        ports = [each.port for each in replicas]
        return asyncio.run(open_loop(ports, self.crowd.requests(rate), due))

    def busy(self, replicas: list[Replica], seconds: float, rate: float) -> float:
        """Answers a second of replicas that always have something to do."""
        ports = [each.port for each in replicas]
        asked = closed_loop(ports, self.crowd.requests(rate), seconds, UNDER_WAY)
        return len([each for each in asyncio.run(asked) if not each.error]) / seconds

    def meter(self, replicas: list[Replica]) -> Meter:
        return Meter(
            {
                **{f"replica {at}": [each.pid] for at, each in enumerate(replicas, start=1)},
                "database": [self.site.database_pid],
                "slack": [self.site.slack_pid],
                "asking": [os.getpid()],
            }
        )


def one(load: Load, minutes: float) -> None:
    with load.site.replicas(1) as [replica]:
        most = capacity(load, replica)
        for share in (0.5, 0.9):
            asked_at(load, replica, share, most)
        if minutes:
            meet_everybody(load, replica)
            memory(load, replica, most * 0.5, minutes)


def meet_everybody(load: Load, replica: Replica) -> None:
    """One of each workspace asks once, so that what the bot remembers of them is at its largest:
    what grows afterwards is something else."""
    before, first = resident(replica.pid), {each.team_id: each for each in load.everybody}
    asked = iter([command(each, "senior") for each in first.values()])
    answers = asyncio.run(closed_loop([replica.port], asked, MEETING, UNDER_WAY))
    say(
        f"\n{len(answers):,} of {len(first):,} workspaces asked: {before:.1f} MB before, "
        f"{resident(replica.pid):.1f} MB after"
    )


def capacity(load: Load, replica: Replica) -> float:
    """The highest rate that it takes: nothing fails, and 99 of 100 have an answer in FAST."""
    say(f"\nWhat one replica takes: nothing fails, p99 at most {FAST:.0f} s")
    load.busy([replica], load.seconds, 50)  # It has read and compiled everything then.
    meter = load.meter([replica])
    rate = load.busy([replica], load.seconds, 50)
    say(f"  with {UNDER_WAY} always under way: {rate:.0f} a second")
    spent(meter, rate * load.seconds)
    for _ in range(STEPS):
        load.at([replica], rate, load.seconds / 4)
        answers = load.at([replica], rate, load.seconds)
        failed = sum(bool(each.error) for each in answers)
        slowest = quantile([each.took for each in answers], 0.99)
        say(f"  at {rate:.0f} a second: p99 {slowest * 1000:.0f} ms, {failed} failed")
        if not failed and slowest <= FAST:
            break
        rate *= STEP
    return rate


def asked_at(load: Load, replica: Replica, share: float, most: float) -> None:
    rate = share * most
    say(f"\nAt {share:.0%} of that, {rate:.0f} a second")
    load.at([replica], rate, load.seconds / 4)
    database.forget(load.site.db)
    before = load.site.counts()
    meter = load.meter([replica])
    answers = load.at([replica], rate, load.seconds * 3)
    report(answers)
    spent(meter, len(answers))
    calls = {name: count - before.get(name, 0) for name, count in load.site.counts().items()}
    told = sorted(calls.items(), key=lambda each: -each[1])
    say(f"  calls to Slack: {', '.join(f'{name} {count}' for name, count in told if count)}")
    for line in database.work(load.site.db, len(answers)):
        say(f"  {line}")


def spent(meter: Meter, requests: float) -> None:
    found = meter.spent()
    say(f"  processors busy: {found}; load {os.getloadavg()[0]:.1f}")
    say(f"  ms of a processor per request: {found.each(round(requests))}")


def report(answers: list[Answer]) -> None:
    for line in lines(answers):
        say(line)
    behind = quantile([each.behind for each in answers], 0.99) * 1000
    say(f"  sent late by the asking side: p99 {behind:.1f} ms")


def memory(load: Load, replica: Replica, rate: float, minutes: float) -> None:
    say(f"\nMemory at {rate:.0f} a second, {minutes:g} minutes")
    start, samples, pool, answers = time.monotonic(), [], [], list[Answer]()
    in_use = 'safety_interview_pool_connections{state="in_use"}'
    meter = load.meter([replica])
    while (passed := time.monotonic() - start) < minutes * 60:
        answers += load.at([replica], rate, min(SAMPLE, minutes * 60 - passed + 0.1))
        samples.append(((time.monotonic() - start) / 60, resident(replica.pid)))
        pool.append(replica.metric(in_use))
    report(answers)
    spent(meter, len(answers))
    for at, size in samples[:: max(1, len(samples) // 10)]:
        say(f"  after {at:5.1f} min: {size:.1f} MB")
    half = samples[len(samples) // 2 :]
    say(
        f"  {samples[0][1]:.1f} MB at first, {samples[-1][1]:.1f} MB at last; grew by "
        f"{slope(samples):.3f} MB a minute, in the second half {slope(half):.3f}"
    )
    say(f"  connections in use when looked at: {quantile(pool, 0.5):.0f}, at most {max(pool):.0f}")


def two(load: Load) -> None:
    say(f"\nTwo replicas against one, {UNDER_WAY} requests always under way at each, in turns")
    found: dict[int, list[float]] = {1: [], 2: []}
    with load.site.replicas(2) as both:
        load.busy(both, load.seconds, 100)
        for _ in range(TURNS):
            for count in (1, 2):
                meter = load.meter(both)
                rate = load.busy(both[:count], load.seconds, 50 * count)
                found[count].append(rate)
                say(f"  {count}: {rate:.0f} a second")
                spent(meter, rate * load.seconds)
    say(f"  two / one: {sum(found[2]) / sum(found[1]):.2f}")


def morning(load: Load, people: int) -> None:
    """How long it takes to tell so many people of different workspaces what is due to them all at
    the same time."""
    say(f"\n{people:,} people to be asked for a scorecard at once, and nothing else asked")
    for count in (1, 2):
        ids = database.make_due(load.site.db, people)
        with load.site.replicas(count) as replicas:
            meter, start = load.meter(replicas), time.monotonic()
            while (
                left := database.unsent(load.site.db, ids)
            ) and time.monotonic() < start + MORNING:
                time.sleep(0.5)
            taken, told = time.monotonic() - start, len(ids) - left
            say(f"  {count}: {told:,} in {taken:.0f} s, {told / taken:.1f} a second, {left:,} left")
            spent(meter, told)


def plans(of: Site, file: Path) -> None:
    found = database.plans(of.db, file)
    asked = {each.by for each in found}
    say(f"\n{len(found)} statements of {len(asked)} functions of the store explained")
    for each in sorted(found, key=lambda plan: -plan.large):
        if each.walked or each.grows:
            say(f"  {each}")
    for name in sorted(statements.functions() - asked):
        say(f"  not seen: {name}")


if __name__ == "__main__":
    main()
