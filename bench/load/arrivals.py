"""Requests that arrive when they arrive, whether the earlier ones were answered or not.

The schedule is drawn before anything is sent, and an answer's time counts from when its request was
due: one that waited behind others, even here, is not measured as if it had come later.
"""

import asyncio
import random
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle

from bench.load.mix import Request

PATIENCE = 3.0  # Seconds: Slack waits no longer.
MOST = 2000  # Requests under way at once; more are failures by themselves.
IDLE = 1.0  # Seconds that a connection is kept: gunicorn closes them after two.


@dataclass(frozen=True)
class Answer:
    kind: str
    took: float  # Seconds, from when it was due.
    error: str = ""  # late, refused, status or broken; "" for none.
    behind: float = 0.0  # Seconds that it was sent too late.


@dataclass
class Place:
    """One replica, and connections to it that nobody uses."""

    port: int
    idle: deque[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = field(
        default_factory=deque
    )

    async def ask(self, request: Request) -> tuple[int, bytes]:
        now = time.monotonic()
        while self.idle and self.idle[0][0] < now - IDLE:
            self.idle.popleft()[2].close()
        if self.idle:
            _, reader, writer = self.idle.pop()
        else:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(request.signed(f"127.0.0.1:{self.port}"))
            status, body, kept = await _read(reader)
        except BaseException:
            writer.close()
            raise
        if kept:
            self.idle.append((time.monotonic(), reader, writer))
        else:
            writer.close()
        return status, body

    def close(self) -> None:
        while self.idle:
            self.idle.pop()[2].close()


async def _read(reader: asyncio.StreamReader) -> tuple[int, bytes, bool]:
    """Status, body, and whether the connection may be used again."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    lines = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(await reader.readuntil(b"\r\n"), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readuntil(b"\r\n")
    else:
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    return int(lines[0].split(" ")[1]), body, headers.get("connection") != "close"


def schedule(rate: float, seconds: float, seed: int) -> list[float]:
    """When requests arrive, in seconds from the start: a Poisson process."""
    dice, at, found = random.Random(seed), 0.0, list[float]()
    while (at := at + dice.expovariate(rate)) < seconds:
        found.append(at)
    return found


async def open_loop(
    ports: Sequence[int],
    requests: Iterator[Request],
    due: Sequence[float],
    patience: float = PATIENCE,
) -> list[Answer]:
    """Send one at each time that is `due`, to the replicas in turn."""
    places = [Place(port) for port in ports]
    answers: list[Answer] = []
    under_way: set[asyncio.Task[None]] = set()
    start = time.monotonic()
    for at, place in zip(due, cycle(places), strict=False):
        request = next(requests)
        if (wait := start + at - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        if len(under_way) >= MOST:
            answers.append(Answer(request.kind, patience, "refused"))
            continue
        task = asyncio.create_task(_one(place, request, start + at, answers, patience))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    if under_way:
        await asyncio.wait(under_way)
    for place in places:
        place.close()
    return answers


async def _one(
    place: Place, request: Request, due: float, answers: list[Answer], patience: float = PATIENCE
) -> None:
    behind, error = time.monotonic() - due, ""
    try:
        async with asyncio.timeout(patience - behind):
            status, body = await place.ask(request)
        if not request.is_answered(status, body):
            error = f"status {status}" if status != 200 else "excuse"
    except TimeoutError:
        error = "late"
    except (OSError, EOFError, ValueError) as failed:
        error = type(failed).__name__
    answers.append(Answer(request.kind, time.monotonic() - due, error, behind))


async def closed_loop(
    ports: Sequence[int], requests: Iterator[Request], seconds: float, each: int
) -> list[Answer]:
    """As many as are answered while `each` are always under way at each replica, until there are
    no more `requests`."""
    answers: list[Answer] = []
    until = time.monotonic() + seconds

    async def ask(place: Place) -> None:
        while time.monotonic() < until and (request := next(requests, None)) is not None:
            await _one(place, request, time.monotonic(), answers)

    places = [Place(port) for port in ports]
    await asyncio.gather(*(ask(place) for place in places for _ in range(each)))
    for place in places:
        place.close()
    return answers
