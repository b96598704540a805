"""An office whose clock a test moves by hand: what is due is sent then, and nothing in between."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache

from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from sqlmodel import Session, select

from bot import content, store
from bot.content import Bank
from bot.content.nudges import NudgePolicy
from bot.launch import socket
from bot.launch.app import build
from bot.launch.manifest import manifest
from bot.records import Notice
from bot.settings import Settings
from bot.store import Db, notices
from handlers import renders
from handlers.bank import CurrentBank
from handlers.clock import Delivery, Timing
from handlers.envelopes import Envelopes
from handlers.people import Directory
from playground import Person, Playground
from playground.seen import Seen
from tests.databases import prepare

PING = 0.5  # Seconds; closing a connection takes as long.
INSTANT = timedelta(milliseconds=5)
HASTE = Timing(pace=0)  # The second between two messages is one of the real clock.
SOON = timedelta(seconds=3)  # One message a second goes to one person: what is due so soon is due.


class Hand:
    """People act as in any office; the bot's clock ticks when `deliver` or `run_until` say so."""

    def __init__(self, play: Playground, db: Db, delivery: Callable[[timedelta], Delivery]) -> None:
        self.play, self.db, self._fresh = play, db, delivery
        self.delivery = delivery(timedelta())
        self.first_read: dict[tuple[str, str], tuple[str, str]] = {}

    @property
    def now(self) -> datetime:
        return self.play.clock.now()

    def person(self, name: str) -> Person:
        return self.play.person(name)

    def deliver(self, until: datetime | None = None) -> None:
        """Send all that is due, one message a second to each, and nothing that is due after
        `until`."""
        while True:
            following = self.delivery.deliver()
            self._listen()
            if following is None or following > min(self.now + SOON, until or self.now + SOON):
                return
            self.play.clock.advance(max(timedelta(), following - self.now) + INSTANT)

    def _listen(self) -> None:
        """Keep what was heard as it read when it came: later it may be changed."""
        for user in list(self.play.workspace.users.values()):
            for message in self.play.workspace.messages.get(f"D{user['id'][1:]}", []):
                key = (message["channel"], message["ts"])
                if message["user"] == "U0BOT" and not message["ephemeral"]:
                    self.first_read.setdefault(key, (user["real_name"], message["text"]))

    def run_until(self, to: datetime) -> None:
        """Let time pass, minute for minute of what is due."""
        self.deliver(to)
        while True:
            following = self.next_due()
            if following is None or following > to:
                break
            self.play.clock.move_to(max(following, self.now) + INSTANT)
            self.deliver(to)
        if to > self.now:
            self.play.clock.move_to(to)
        self.deliver(to)

    def sleep_until(self, to: datetime) -> None:
        """The machine is off until then: nothing is sent in between, then all that is due."""
        self.play.clock.move_to(to)
        self.deliver()

    def restart(self, off: timedelta = timedelta()) -> None:
        """A new process: it knows nobody's zone, and its clock is `off` by so much."""
        self.delivery = self._fresh(off)

    def another(self) -> Delivery:
        """One more process on the same database."""
        return self._fresh(timedelta())

    def next_due(self) -> datetime | None:
        with self.db.begin() as session:
            return notices.next_due(session)

    def heard(self, name: str) -> list[Seen]:
        """What the bot wrote to this person, oldest first."""
        return [each for each in self.person(name).messages("app") if said_by_bot(each)]

    def texts(self, name: str) -> list[str]:
        return [each.text for each in self.heard(name)]

    def rows(self, **wanted: str) -> list[Notice]:
        """The notices whose fields are as wanted, the earliest first."""
        with self.db.begin() as session:
            return [each for each in _all(session) if _is(each, wanted)]


def _all(session: Session) -> list[Notice]:
    return sorted(session.exec(select(Notice)).all(), key=lambda each: (each.due_at, each.id))


def _is(notice: Notice, wanted: dict[str, str]) -> bool:
    return all(getattr(notice, name) == value for name, value in wanted.items())


def said_by_bot(message: Seen) -> bool:
    """Not what only answers a click."""
    return bool(message.raw["user"] == "U0BOT" and not message.raw["ephemeral"])


@lru_cache(maxsize=1)
def _bank() -> Bank:
    return content.load()


@contextmanager
def by_hand(address: str, at: datetime, policy: NudgePolicy | None = None) -> Iterator[Hand]:
    """A workspace at `at`, with the bot in it. `policy` takes the place of content/nudges.yaml."""
    with Playground(manifest=manifest()) as play:
        play.clock.move_to(at)
        settings = Settings(
            bot_token=play.bot_token,
            app_token=play.app_token,
            api_url=play.api_url,
            database_url=address,
        )
        prepare(address)
        db = store.open_db(address)
        bank = replace(_bank(), nudges=policy) if policy else _bank()
        current = CurrentBank(lambda: bank, db, play.clock.now)

        def delivery(off: timedelta) -> Delivery:
            def now() -> datetime:
                return play.clock.now() + off

            people = Directory(now)
            client = WebClient(play.bot_token, play.api_url, timeout=10, retry_handlers=[])
            made = renders(lambda: current.bank, people)
            ahead = Envelopes(lambda: current.bank, people)
            return Delivery(db, client, now, made, people, ahead, timing=HASTE)

        app = build(settings, current, db, play.clock.now)
        handler = SocketModeHandler(app, settings.app_token, ping_interval=PING)
        handler.client.connect()
        try:
            play.wait_connected()
            yield Hand(play, db, delivery)
        finally:
            # A connection that the other side drops is closed at once; by itself it waits 3 s.
            handler.client.auto_reconnect_enabled = False
            play.act("fault", {"user": "U0COORD", "kind": "drop_socket"})
            try:
                socket.close(handler)
            except AttributeError:  # The client's own thread was closing it, too.
                socket.close(handler)
            db.kw["bind"].dispose()
    assert play.problems == []
