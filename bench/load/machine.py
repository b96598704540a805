"""What processes take of this machine, read from /proc."""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """A process and all that it started, directly or not."""
    parents: dict[int, list[int]] = {}
    for found in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = found.read_text().rpartition(")")[2].split()
        except OSError:  # It has ended.
            continue
        parents.setdefault(int(fields[1]), []).append(int(found.parent.name))
    every, left = [], [pid]
    while left:
        every.append(one := left.pop())
        left += parents.get(one, [])
    return every


def used(pid: int) -> float:
    """Seconds of processor time that a process took, with all that it started; of this process
    only what it took itself."""
    if pid == os.getpid():
        return time.process_time()
    return sum(_of_one(each) for each in tree(pid))


def _of_one(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS  # With children that have ended.


def resident(pid: int) -> float:
    """MB of memory of the largest of a process and those it started: gunicorn's worker."""
    return max(_resident(each) for each in tree(pid))


def _resident(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _everybody() -> tuple[float, float]:
    """Seconds that all processors together were busy, and were there, since the start."""
    fields = [int(each) for each in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    idle = fields[3] + fields[4]
    return (sum(fields) - idle) / TICKS, sum(fields) / TICKS


@dataclass(frozen=True)
class Spent:
    """Processors that were busy on average, by whose work; `others` is none of ours."""

    by: dict[str, float]
    others: float
    there: float
    seconds: float

    def __str__(self) -> str:
        named = ", ".join(f"{name} {share:.2f}" for name, share in self.by.items())
        return f"{named}, others on this machine {self.others:.2f}, of {self.there:.0f} processors"

    def each(self, requests: int) -> str:
        """What one of so many took, in milliseconds of a processor."""
        shares = {name: share * self.seconds * 1000 for name, share in self.by.items()}
        return ", ".join(f"{name} {ms / max(1, requests):.2f}" for name, ms in shares.items())


class Meter:
    """Counts from when it is made."""

    def __init__(self, of: dict[str, Iterable[int]]) -> None:
        self._of = {name: list(pids) for name, pids in of.items()}
        self._start, self._before, self._all = time.monotonic(), self._read(), _everybody()

    def _read(self) -> dict[str, float]:
        return {name: sum(map(used, pids)) for name, pids in self._of.items()}

    def spent(self) -> Spent:
        passed = time.monotonic() - self._start
        by = {name: (now - self._before[name]) / passed for name, now in self._read().items()}
        busy, there = (
            (now - was) / passed for now, was in zip(_everybody(), self._all, strict=True)
        )
        return Spent(by, max(0.0, busy - sum(by.values())), there, passed)
