"""The state of the workspace, and who is told when it changes. Lives on one event loop."""

import asyncio
import itertools
import logging
import secrets
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from playground import cast
from playground.clock import Clock

log = logging.getLogger(__name__)

Record = dict[str, Any]

TRIGGER_LIFE = timedelta(seconds=3)
RESPONSE_URL_LIFE = timedelta(minutes=30)
RESPONSE_URL_USES = 5
VIEWS_STACKED = 3


def _interactivity(manifest: Record) -> Record:
    return dict(manifest.get("settings", {}).get("interactivity", {}))


def identified(blocks: list[Record]) -> list[Record]:
    """Slack gives a block an id where the app gave it none."""
    return [{"block_id": secrets.token_urlsafe(4), **block} for block in blocks]


@dataclass
class ResponseUrl:
    user: str
    channel: str
    message_ts: str | None  # The message that the button stood on, if any.
    until: datetime
    uses: int = RESPONSE_URL_USES


@dataclass
class Workspace:
    """Everything by id. A message is Slack's object plus `channel`, `ephemeral` and `for`."""

    manifest: Record
    url: str = ""  # Where the server is, for the addresses of files.
    clock: Clock = field(default_factory=Clock)
    team: Record = field(default_factory=lambda: dict(cast.TEAM))
    enterprise: Record | None = None  # The organisation that it belongs to: id and name.
    org_wide: bool = False  # Whether the app was installed for all of the organisation.

    def __post_init__(self) -> None:
        self._subscribers: dict[asyncio.Queue[Record], str] = {}
        self._serial = itertools.count(1)
        self._entries = itertools.count(1)
        self.connected = 0
        self.log: deque[Record] = deque(maxlen=2000)
        self.reset()

    def reset(self) -> None:
        name = self.manifest.get("display_information", {}).get("name", "App")
        self.users = cast.users(name, self.clock.now(), self.team["id"])
        self.conversations = cast.conversations(self.users)
        self.messages: dict[str, list[Record]] = {id_: [] for id_ in self.conversations}
        self.views: dict[str, list[Record]] = {id_: [] for id_ in self.users}
        self.homes: dict[str, Record] = {}
        self.user_groups = cast.user_groups(self.team["id"])
        self.quiet: dict[str, tuple[int, int]] = {}  # When people are not to be disturbed.
        self.files: dict[str, Record] = {}
        self.triggers: dict[str, tuple[str, datetime]] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.closed_dms: set[str] = set()  # People whom the app cannot write to.
        self.revoked = False  # Whether the app's token is.
        self.paced = False  # Whether a conversation takes about one message a second.
        self.spoken: dict[str, tuple[float, float]] = {}  # What is left of that, and since when.
        self.log.clear()
        for queue, user in self._subscribers.items():
            queue.put_nowait(self.snapshot(user))

    # What is handed to the app.

    def trigger(self, user: str) -> str:
        trigger_id = f"{next(self._serial)}.{secrets.token_hex(8)}"
        self.triggers[trigger_id] = (user, self.clock.now() + TRIGGER_LIFE)
        return trigger_id

    def use_trigger(self, trigger_id: str) -> tuple[str, str]:
        """The person behind a trigger, or "" and Slack's error. A trigger works once."""
        user, until = self.triggers.pop(trigger_id, ("", self.clock.now()))
        if not user:
            return "", "invalid_trigger_id"
        return (user, "") if self.clock.now() <= until else ("", "expired_trigger_id")

    def response_url(self, user: str, channel: str, message_ts: str | None = None) -> str:
        key = secrets.token_hex(12)
        until = self.clock.now() + RESPONSE_URL_LIFE
        self.response_urls[key] = ResponseUrl(user, channel, message_ts, until)
        return key

    # Messages.

    def new_ts(self) -> str:
        return f"{self.clock.now().timestamp():.0f}.{next(self._serial):06d}"

    def post(self, channel: str, message: Record, *, only: str = "") -> Record:
        """Add a message; `only` is who sees it when it is ephemeral."""
        posted = {
            "type": "message",
            **message,
            "channel": channel,
            "ts": self.new_ts(),
            "ephemeral": bool(only),
            "for": only,
        }
        self.messages[channel].append(posted)
        self._count_replies(posted)
        self._tell({"type": "message", "message": posted}, self._readers(posted))
        return posted

    def change(self, message: Record, changes: Record) -> None:
        message.update(changes)
        self._tell({"type": "message", "message": message}, self._readers(message))

    def remove(self, message: Record) -> None:
        channel = message["channel"]
        self.messages[channel].remove(message)
        self._count_replies(message)
        event = {"type": "message_removed", "channel": channel, "ts": message["ts"]}
        self._tell(event, self._readers(message))

    def react(self, message: Record, user: str, name: str) -> bool:
        """Whether the reaction is new."""
        reactions = [dict(each) for each in message.get("reactions", [])]
        found = next((each for each in reactions if each["name"] == name), None)
        if found is None:
            reactions.append(found := {"name": name, "users": [], "count": 0})
        if user in found["users"]:
            return False
        found |= {"users": [*found["users"], user], "count": found["count"] + 1}
        self.change(message, {"reactions": reactions})
        return True

    def unreact(self, message: Record, user: str, name: str) -> bool:
        """Whether there was such a reaction."""
        reactions = [dict(each) for each in message.get("reactions", [])]
        found = next((each for each in reactions if each["name"] == name), None)
        if found is None or user not in found["users"]:
            return False
        left = [each for each in found["users"] if each != user]
        found |= {"users": left, "count": len(left)}
        self.change(message, {"reactions": [each for each in reactions if each["count"]]})
        return True

    def _count_replies(self, reply: Record) -> None:
        """The first message of a thread tells how many replies it has, and whose."""
        thread = reply.get("thread_ts")
        parent = self.message(reply["channel"], thread)
        if parent is None or parent is reply:
            return
        replies = [
            each
            for each in self.messages[reply["channel"]]
            if each.get("thread_ts") == thread and each is not parent and not each["ephemeral"]
        ]
        people = list(dict.fromkeys(each["user"] for each in replies))
        counted = {"reply_count": len(replies), "reply_users": people, "thread_ts": thread}
        self.change(parent, counted)

    def message(self, channel: str, ts: str | None) -> Record | None:
        found = (each for each in self.messages.get(channel, ()) if each["ts"] == ts)
        return next(found, None)

    def _readers(self, message: Record) -> Iterable[str]:
        only = message["for"]
        return [only] if only else self.conversations[message["channel"]]["members"]

    # Conversations.

    def new_conversation(self, kind: str, name: str, members: list[str]) -> Record:
        """`kind` is channel, private or group, the last for direct messages among several."""
        letter = "G" if kind == "group" else "C"
        id_ = f"{letter}{next(self._serial):08d}"
        found = {"id": id_, "name": name, "kind": kind, "topic": "", "members": members}
        self.conversations[id_] = {**found, "archived": False}
        self.messages[id_] = []
        self._show_again(members)
        return self.conversations[id_]

    def add_members(self, conversation: Record, people: list[str]) -> None:
        conversation["members"] = [*conversation["members"], *people]
        self._show_again(conversation["members"])

    def _show_again(self, people: Iterable[str]) -> None:
        wanted = set(people)
        for queue, user in self._subscribers.items():
            if user in wanted:
                queue.put_nowait(self.snapshot(user))

    # Views.

    def new_view(self, view: Record, below: Record | None = None) -> Record:
        id_ = f"V{next(self._serial):08d}"
        return {
            "private_metadata": "",
            "callback_id": "",
            **view,
            "blocks": identified(view["blocks"]),
            "id": id_,
            "team_id": self.team["id"],
            "app_id": cast.APP_ID,
            "bot_id": cast.BOT_ID,
            "hash": f"{next(self._serial)}.{secrets.token_hex(4)}",
            "root_view_id": below["root_view_id"] if below else id_,
            "previous_view_id": below["id"] if below else None,
            "state": {"values": {}},
        }

    def redraw(self, old: Record, view: Record) -> Record:
        """`old` with new contents; it keeps its id and gets a new hash."""
        kept = {name: old[name] for name in ("id", "root_view_id", "previous_view_id")}
        new = {**self.new_view(view), **kept, "state": old["state"]}
        for stack in self.views.values():
            if old in stack:
                stack[stack.index(old)] = new
        return new

    def show_views(self, user: str, stack: list[Record]) -> None:
        self.views[user] = stack
        self._tell({"type": "views", "views": stack}, [user])

    def view(self, view_id: str) -> tuple[str, Record] | None:
        """An open view and who has it open."""
        for user, stack in self.views.items():
            for view in stack:
                if view_id in (view["id"], view.get("external_id")):
                    return user, view
        return None

    def publish(self, user: str, view: Record) -> Record:
        self.homes[user] = self.new_view(view)
        self._tell({"type": "home", "home": self.homes[user]}, [user])
        return self.homes[user]

    # The page.

    def subscribe(self, user: str) -> asyncio.Queue[Record]:
        queue: asyncio.Queue[Record] = asyncio.Queue()
        self._subscribers[queue] = user
        queue.put_nowait(self.snapshot(user))
        return queue

    def unsubscribe(self, queue: asyncio.Queue[Record]) -> None:
        self._subscribers.pop(queue, None)

    def note(self, entry: Record) -> None:
        """Keep one exchange with the app for the inspector."""
        entry = {"id": next(self._entries), "at": self.clock.now().isoformat(), **entry}
        self.log.append(entry)
        if entry.get("problems"):
            log.warning("%s refused: %s", entry["name"], "; ".join(entry["problems"]))
        self._tell({"type": "log", "entry": entry})

    def count_sockets(self, connected: int) -> None:
        self.connected = connected
        self._tell({"type": "app", "connected": connected})

    def hush(self, user: str, begins: datetime, ends: datetime) -> None:
        """From when until when this person is not to be disturbed."""
        self.quiet[user] = (int(begins.timestamp()), int(ends.timestamp()))
        self._tell({"type": "quiet", "quiet": self.quiet})

    def tell_clock(self) -> None:
        self._tell({"type": "clock", "clock": self._clock()})

    def visible(self, user: str) -> list[Record]:
        """The conversations that `user` is in."""
        return [each for each in self.conversations.values() if user in each["members"]]

    def snapshot(self, user: str) -> Record:
        features = self.manifest.get("features", {})
        shown = self.visible(user)
        return {
            "type": "snapshot",
            "team": self.team,
            "me": user,
            "users": list(self.users.values()),
            "app": {
                "bot_user": cast.BOT_USER,
                "name": self.users[cast.BOT_USER]["real_name"],
                "commands": features.get("slash_commands", []),
                "shortcuts": features.get("shortcuts", []),
                "home_enabled": features.get("app_home", {}).get("home_tab_enabled", False),
                "connected": self.connected,
                "mode": "http" if _interactivity(self.manifest).get("request_url") else "socket",
            },
            "conversations": shown,
            "messages": {
                each["id"]: [
                    message for message in self.messages[each["id"]] if message["for"] in ("", user)
                ]
                for each in shown
            },
            "home": self.homes.get(user),
            "views": self.views[user],
            "clock": self._clock(),
            "quiet": self.quiet,
            "log": list(self.log)[-200:],
        }

    def _clock(self) -> Record:
        offset = self.clock.offset.total_seconds()
        return {"now": self.clock.now().isoformat(), "offset": offset}

    def _tell(self, event: Record, users: Iterable[str] | None = None) -> None:
        wanted = None if users is None else set(users)
        for queue, user in self._subscribers.items():
            if wanted is None or user in wanted:
                queue.put_nowait(event)
