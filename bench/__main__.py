"""Run every benchmark, or the one that is named, and print its ratios beside their targets."""

import hashlib
import hmac
import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from slack_bolt import BoltRequest

from bench import insights, notices, packet, work
from bench.apps import KINDS, build
from bench.timing import Ask, timed, verdict
from bot.launch.manifest import manifest
from playground import Playground

BODY = (
    "command=%2Fsafety-interview&text=senior&team_id=T0PLAY&user_id=U0COORD"
    "&channel_id=C0HIRING&response_url=http%3A%2F%2F127.0.0.1%3A1%2F"
)
STARTS = 5


def signed(secret: str) -> dict[str, str | Sequence[str]]:
    stamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{BODY}".encode(), hashlib.sha256).hexdigest()
    return {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={digest}",
    }


def in_process(play: Playground) -> dict[str, Ask]:
    def ask(kind: str) -> Ask:
        app = build(kind, play.bot_token, play.signing_secret, play.api_url)

        def once() -> None:
            answer = app.dispatch(BoltRequest(body=BODY, headers=signed(play.signing_secret)))
            if answer.status != 200 or (kind == "bot" and "Senior" not in answer.body):
                raise RuntimeError(f"{kind} answered {answer.status}")

        return once

    return {kind: ask(kind) for kind in KINDS}


@contextmanager
def over_http(play: Playground) -> Iterator[dict[str, Ask]]:
    environment = {
        **os.environ,
        "BENCH_TOKEN": play.bot_token,
        "BENCH_SECRET": play.signing_secret,
        "BENCH_API_URL": play.api_url,
    }
    servers, asks = [], {}
    try:
        for kind in KINDS:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
            command = [sys.executable, "-m", "bench.apps", kind, str(port)]
            servers.append(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL))
            asks[kind] = request_to(port, play.signing_secret)
        yield asks
    finally:
        for server in servers:
            server.terminate()
            server.wait(60)


def request_to(port: int, secret: str) -> Ask:
    def once() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        headers = {name: str(value) for name, value in signed(secret).items()}
        connection.request("POST", "/slack/events", BODY, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"answered {answer.status}")

    until = time.monotonic() + 20
    while True:
        try:
            once()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return once


def started(kind: str) -> tuple[float, float]:
    """Median seconds to a built app in a fresh process, and its peak memory in MB."""
    # VmHWM rather than getrusage: the latter counts what the process was before it was ours.
    code = (
        "from bench.apps import build; "
        f"build({kind!r}, 'xoxb-1', 'secret', 'http://127.0.0.1:1/'); "
        "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    )
    times, peaks = [], []
    for _ in range(STARTS):
        start = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
        peaks.append(int(done.stdout) / 1024)
    return statistics.median(times), statistics.median(peaks)


def show(title: str, found: dict[str, tuple[float, float]], targets: dict[str, float]) -> None:
    print(f"\n{title}")
    for kind, (median, p99) in found.items():
        print(f"  {kind:10} median {median:8.3f} ms   p99 {p99:8.3f} ms")
    for kind, target in targets.items():
        verdict("bot", kind, found["bot"][0] / found[kind][0], target)


def main() -> None:
    with Playground(manifest=manifest()) as play:
        found = timed(in_process(play))
        title = "/safety-interview senior, signed request to complete answer, in process"
        show(title, found, {"default": 0.15, "immediate": 10})
        with over_http(play) as asks:
            show("The same over HTTP", timed(asks), {"default": 0.5})
    print("\nStart-up and peak memory, each in a fresh process")
    found = {kind: started(kind) for kind in ("bot", "default", "stack")}
    for kind, (seconds, peak) in found.items():
        print(f"  {kind:10} {seconds:6.2f} s   {peak:6.1f} MB")
    for place, what in enumerate(("start-up", "memory")):
        print(f"  {what} / default: {found['bot'][place] / found['default'][place]:.2f}")
        # Against an app on the same libraries: docs/decisions/0004-start-up-and-memory.md.
        verdict(what, "stack", found["bot"][place] / found["stack"][place], 2)
    bank()
    work.main()
    insights.main()
    packet.main()
    notices.main()


def bank() -> None:
    """What reading the shipped bank takes, and adds to a process that has the code already."""
    code = (
        "import time; from bot import content; "
        "size = lambda: int(open('/proc/self/status').read().split('VmRSS:')[1].split()[0]); "
        "before, start = size(), time.perf_counter(); kept = content.load(); "
        "print(time.perf_counter() - start, (size() - before) / 1024, len(kept.questions))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    seconds, added, questions = map(float, done.stdout.split())
    print(f"\nThe bank: {questions:.0f} questions")
    print(f"  read in {seconds:.2f} s (at most 0.5: {'met' if seconds <= 0.5 else 'MISSED'})")
    print(f"  adds {added:.1f} MB (at most 30: {'met' if added <= 30 else 'MISSED'})")


if __name__ == "__main__":
    {"": main, "notices": notices.main, "packet": packet.main}["".join(sys.argv[1:])]()
