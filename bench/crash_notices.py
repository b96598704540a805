"""Kill the bot at random moments while it sends notices.

`python -m bench.crash_notices [rounds [sqlite|postgresql|together]]`: every notice has to be seen
exactly once, on SQLite and on PostgreSQL; several bots on one PostgreSQL send nothing twice either,
and each has its share. A bot's lease is short here, so that its heirs need not wait.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from multiprocessing.context import ForkServerProcess
from uuid import uuid4

from sqlmodel import func, insert, select

from bench.bots import bot, ended, started_bots
from bench.work import TEAM, databases
from bot import schema
from bot.launch.app import wall_clock
from bot.launch.manifest import manifest
from bot.records import Notice
from bot.settings import Settings
from bot.store import open_db
from handlers.clock import Timing
from playground import Playground
from playground.cast import BOT_USER
from tests.rows import fill

ROUNDS = 1000
PEOPLE = 300
DUE = 120  # Notices that are due when a bot starts, at least.
# Up to so many of a bot's calls to Slack are let through before it is killed, as often one to ten
# as ten to a hundred, and then it lives on for so many seconds at most. In a given time it would
# make no call on a busy machine.
CALLS = 200
LONGEST = 0.1
QUICK = Timing(lease=10, call=1)
PATIENCE = 120.0  # Seconds for a bot to begin.
LAST = 900.0  # Seconds for all that is left over in the end.
TOO_SLOW = "the bots did not get so far"


class Office:
    """A workspace with many people, and notices that are owed to them."""

    def __init__(self, play: Playground, address: str, timing: Timing = QUICK) -> None:
        self.play, self.timing, self.owed = play, timing, 0
        self.settings = Settings(
            bot_token=play.bot_token, api_url=play.api_url, database_url=address
        )
        self.db = open_db(address)
        schema.upgrade(self.db)
        with self.db.begin() as session:
            fill(session, 1, team_id=TEAM)
        self.people = [self.hire(number) for number in range(PEOPLE)]
        self.context = started_bots()
        self.shares = self.context.RawArray("q", 16)

    def hire(self, number: int) -> str:
        """Somebody more in the workspace, with their conversation with the app."""
        workspace, id_ = self.play.workspace, f"U1{number:04d}"
        workspace.users[id_] = {**workspace.users["U0INTA"], "id": id_, "name": id_}
        workspace.views[id_] = []
        channel = f"D{id_[1:]}"
        found = {"id": channel, "kind": "app", "members": [id_, BOT_USER]}
        workspace.conversations[channel] = {**workspace.conversations["D0INTA"], **found}
        workspace.messages[channel] = []
        return id_

    def bot(self, number: int = 0) -> AbstractContextManager[ForkServerProcess]:
        """One that runs, and is killed in the end."""
        args = (self.settings, self.timing, self.shares, number)
        return ended(self.context.Process(target=bot, args=args, daemon=True))

    def owe(self, count: int) -> None:
        """Add so many, over all channels in turn."""
        rows = [
            Notice(
                id=str(uuid4()), team_id=TEAM, kind="reveal", subject="loop0", told={},
                recipient=self.people[(self.owed + at) % PEOPLE], due_at=wall_clock(),
            ).model_dump()
            for at in range(count)
        ]  # fmt: skip
        with self.db.begin() as session:
            session.connection().execute(insert(Notice), rows)
        self.owed += count

    def left(self, *states: str) -> int:
        with self.db.begin() as session:
            wanted = select(func.count()).select_from(Notice)
            return session.exec(wanted.where(Notice.state.in_(states))).one()  # type: ignore[attr-defined]

    def seen(self) -> "Counter[str]":
        """How often each notice arrived."""
        return Counter(
            message["metadata"]["event_payload"]["id"]
            for person in self.people
            for message in self.play.workspace.messages[f"D{person[1:]}"]
        )

    def posts(self) -> int:
        messages = self.play.workspace.messages
        return sum(len(messages[f"D{person[1:]}"]) for person in self.people)

    def wait_for_all(self) -> None:
        self.play.wait_until(
            lambda: not self.left("pending", "sending"), "notices were left over", LAST
        )

    def judge(self) -> tuple[int, int]:
        """How many were lost, and how many came twice."""
        seen = self.seen()
        with self.db.begin() as session:
            ids = set(session.exec(select(Notice.id)))
        return len(ids - set(seen)), sum(times > 1 for times in seen.values())

    def close(self) -> None:
        self.db.kw["bind"].dispose()


def rounds(
    address: str, number: int, seed: int = 1, timing: Timing = QUICK, due: int = DUE
) -> tuple[int, int, int, int]:
    """How many were owed, lost and seen twice, and how often a bot had to look for one."""
    dice = random.Random(seed)
    with Playground(manifest=manifest()) as play:
        office, looks = Office(play, address, timing), 0
        for round_ in range(number):
            if round_ % 100 == 99:
                print(f"  {round_ + 1} kills, {office.posts()} messages", flush=True)
            if (less := due - office.left("pending")) > 0:
                office.owe(less)
            calls = int(min(due, CALLS) ** dice.random())
            with office.bot():
                play.wait_until(lambda: len(play.workspace.log) >= calls, TOO_SLOW, PATIENCE)  # noqa: B023 (called at once)
                time.sleep(dice.uniform(0, LONGEST))
            looks += sum(each["name"] == "conversations.history" for each in play.log)
            play.workspace.log.clear()
        with office.bot():
            office.wait_for_all()
        lost, twice = office.judge()
        office.close()
        return office.owed, lost, twice, looks


def together(
    address: str, bots: int, count: int, lease: float = 20
) -> tuple[int, int, Sequence[int]]:
    """Lost, seen twice, and each bot's share of `count`; one of the bots is killed on the way."""
    with Playground(manifest=manifest()) as play:
        office = Office(play, address, Timing(lease, lease / 10, pace=0))
        office.owe(count)
        with ExitStack() as stack:
            running = [stack.enter_context(office.bot(number)) for number in range(bots)]
            play.wait_until(lambda: office.posts() > count / 2, TOO_SLOW, PATIENCE)
            running[0].kill()
            office.wait_for_all()
        judged = office.judge()
        office.close()
        return *judged, office.shares[:bots]


def main(number: int, which: str = "") -> None:
    for name in ("sqlite", "postgresql"):
        if which not in ("", name):
            continue
        with databases() as found:
            start = time.monotonic()
            owed, lost, twice, looks = rounds(found[name], number)
        print(
            f"{name}: {number} kills, {owed} notices, {lost} lost, {twice} twice; "
            f"{looks} times one was looked for; {time.monotonic() - start:.0f} s", flush=True,
        )  # fmt: skip
    for bots in (2, 8) if which in ("", "together") else ():
        with databases() as found:
            lost, twice, shares = together(found["postgresql"], bots, 3000)
        print(f"{bots} bots on PostgreSQL: {lost} lost, {twice} twice, shares {shares}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS, *sys.argv[2:3])
