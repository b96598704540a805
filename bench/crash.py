"""Kill the bot at random moments while an interviewer types and hands in.

`python -m bench.crash [rounds [sqlite|postgresql]]`: every word that was acknowledged has to be
there afterwards, on SQLite and on PostgreSQL.
"""

import random
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Any

from sqlmodel import select

from bench.bots import connected, started_bots
from bench.work import databases
from bot import drafts
from bot.launch.manifest import manifest
from bot.records import Scorecard, SealedVersion
from bot.settings import Settings
from bot.store import Db, open_db
from playground import Person, Playground
from tests.offices import always_at_work, make_opening, plan_loop, shown, wait_for_mail

ROUNDS = 200
ACTS = 11  # Of one scorecard: opening it, what is typed and chosen, handing it in.
LONGEST = 0.05  # Seconds that the bot lives on after the last act that it was let to answer.
PATIENCE = 300.0  # Seconds for a start: a busy machine needs some.


@contextmanager
def bot(context: ForkServerContext, play: Playground, address: str) -> Iterator[ForkServerProcess]:
    settings = Settings(
        bot_token=play.bot_token, app_token=play.app_token, api_url=play.api_url,
        database_url=address,
    )  # fmt: skip
    running = context.Process(target=connected, args=[settings], daemon=True)
    running.start()
    try:
        play.wait_connected(timeout=PATIENCE)
        yield running
    finally:
        running.kill()
        gone(running)
        play.wait_disconnected(timeout=PATIENCE)


def gone(running: ForkServerProcess) -> None:
    """Wait until a bot that was killed has ended. Raises TimeoutError."""
    running.join(PATIENCE)
    if running.is_alive():
        raise TimeoutError(f"a bot was killed and not gone {PATIENCE:.0f} s later")


def rounds(number: int, address: str, seed: int = 1) -> tuple[int, int]:
    """How many texts and how many scorecards were acknowledged. Raises RuntimeError for one that
    was, and is not there."""
    dice = random.Random(seed)
    texts = sealed = 0
    context = started_bots()
    with Playground(manifest=manifest()) as play:
        with bot(context, play, address):
            with open_db(address).begin() as session:
                session.add_all(always_at_work())
            make_opening(play)
            plan_loop(play, {"onsite_b": "U0INTC", "onsite_c": "U0INTA"})
            writer = play.person("Interviewer C")
            wait_for_mail(play, writer, 1)
        db = open_db(address)
        for at in range(number):
            with bot(context, play, address) as running:
                # After so many answers, not so many seconds: a slow bot would have answered none.
                end = End(running, after=dice.randrange(ACTS), wait=dice.uniform(0, LONGEST))
                typed, handed_in = write(writer, at, end)
                end.come()
            texts += len(typed)
            sealed += handed_in
            check(db, typed, sealed)
            while writer.modal is not None:
                writer.close()
        db.kw["bind"].dispose()
    return texts, sealed


class End:
    """Kills the bot `wait` seconds after it answered `after` acts, whatever it does then."""

    def __init__(self, running: ForkServerProcess, *, after: int, wait: float) -> None:
        self._running, self._left = running, after
        self._timer = threading.Timer(wait, running.kill)
        if not after:
            self._timer.start()

    def heard(self, answer: dict[str, Any]) -> bool:
        """Whether the bot acknowledged this act."""
        self._left -= 1
        if self._left == 0:
            self._timer.start()
        return bool(answer["ok"])

    def come(self) -> None:
        if self._left > 0:
            self._timer.start()
        gone(self._running)


def write(writer: Person, at: int, end: End) -> tuple[list[str], int]:
    """Type until the bot is gone. Returns what was acknowledged, oldest first, and whether the
    scorecard was handed in."""
    typed: list[str] = []
    if not end.heard(writer.click("Scorecard", channel="app")) or writer.modal is None:
        return typed, 0
    if shown(writer).raw["submit"]["text"] != "Next":
        writer.click("Question 1 ✓")
    names = [each["block_id"] for each in shown(writer).blocks if each["type"] == "input"]
    evidence = next((name for name in names if name.startswith("evidence")), "")
    score = next((name for name in names if name.startswith("score")), "")
    if not evidence:
        return typed, 0
    for letter in range(1, 6):
        text = f"They named {at} classes of attack, and number {letter} in detail."
        if not end.heard(writer.fill(evidence, text)):
            return typed, 0
        typed.append(text)
    if not (end.heard(writer.fill(score, "3")) and end.heard(writer.submit())):
        return typed, 0
    for name, value in (("level_fit", "at"), ("recommendation", "yes")):
        if not end.heard(writer.fill(name, value)):
            return typed, 0
    answer = writer.submit()
    return typed, int(end.heard(answer) and "errors" not in answer)


def check(db: Db, typed: list[str], sealed: int) -> None:
    with db.begin() as session:
        card = session.exec(select(Scorecard).where(Scorecard.person == "U0INTC")).first()
        versions = session.exec(select(SealedVersion)).all()
    held = [v for k, v in drafts.values(card.draft if card else {}).items() if "evidence" in k]
    # A text that was saved, and whose acknowledgement was lost, may stand there instead.
    if typed and not any(text >= typed[-1] for text in held):
        raise RuntimeError(f"acknowledged {typed[-1]!r}, kept {held}")
    if len(versions) < sealed:
        raise RuntimeError(f"{sealed} scorecards were acknowledged, {len(versions)} are kept")


def main(number: int, which: str = "") -> None:
    for name in ("sqlite", "postgresql"):
        if which in ("", name):
            with databases() as found:
                texts, sealed = rounds(number, found[name])
            told = f"{texts} texts and {sealed} scorecards acknowledged, none lost"
            print(f"{name}: {number} kills: {told}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS, *sys.argv[2:3])
