"""A person in the workspace, for tests: they type, press, fill in, and read."""

from collections.abc import Callable
from typing import Any

from playground.seen import Seen
from playground.workspace import Workspace

Record = dict[str, Any]
Act = Callable[[str, Record], Record]


class Person:
    def __init__(self, user_id: str, workspace: Workspace, act: Act) -> None:
        self.id, self._workspace, self._act_as = user_id, workspace, act
        self._filled: dict[str, Record] = {}

    @property
    def name(self) -> str:
        return str(self._workspace.users[self.id]["real_name"])

    def slash(self, text: str, channel: str = "hiring") -> Record:
        """Type `/command words`. The answer is {"ok": True}, or Slack's error and sentence."""
        command, _, words = text.partition(" ")
        return self._act(
            "slash", channel=self._channel(channel), command=command, text=words.strip()
        )

    def say(self, text: str, channel: str = "hiring") -> Record:
        return self._act("say", channel=self._channel(channel), text=text)

    def open_home(self) -> Record:
        return self._act("open_home")

    def messages(self, channel: str = "hiring") -> list[Seen]:
        """What this person sees there, oldest first."""
        found = self._workspace.messages[self._channel(channel)]
        return [Seen(message) for message in found if message["for"] in ("", self.id)]

    @property
    def modal(self) -> Seen | None:
        stack = self._workspace.views[self.id]
        return Seen(stack[-1]) if stack else None

    @property
    def modals(self) -> list[Seen]:
        return [Seen(view) for view in self._workspace.views[self.id]]

    @property
    def home(self) -> Seen | None:
        view = self._workspace.homes.get(self.id)
        return Seen(view) if view else None

    def click(
        self, label: str, nth: int = 0, *, channel: str = "hiring", on: Seen | None = None
    ) -> Record:
        """Press a button or choose a menu's option: in the modal when one is open, else in the
        newest message of `channel` that has it, unless `on` says where."""
        where = on or self.modal or self._newest_with(label, channel)
        control = where.control(label, nth)
        if "hash" in where.raw:
            container: Record = {"type": "view", "view_id": where.raw["id"]}
        else:
            container = {
                "type": "message",
                "channel": where.raw["channel"],
                "ts": where.raw["ts"],
            }
        return self._act("action", container=container, action=control.action)

    def fill(self, action_id: str, value: Any, kind: str = "plain_text_input") -> None:
        """Type into a field of the open modal; sent with `submit`."""
        self._filled[action_id] = {"type": kind, "value": value}

    def submit(self) -> Record:
        """Raises LookupError when no modal is open."""
        if self.modal is None:
            raise LookupError("no modal is open")
        state: Record = {}
        for block in self.modal.blocks:
            if block["type"] == "input":
                action_id = block["element"]["action_id"]
                initial = {
                    "type": block["element"]["type"],
                    "value": block["element"].get("initial_value"),
                }
                state[block["block_id"]] = {action_id: self._filled.get(action_id, initial)}
        answer = self._act("submit", view_id=self.modal.raw["id"], state=state)
        self._filled.clear()
        return answer

    def close(self) -> Record:
        """Raises LookupError when no modal is open."""
        if self.modal is None:
            raise LookupError("no modal is open")
        return self._act("close", view_id=self.modal.raw["id"])

    def _act(self, verb: str, **asked: Any) -> Record:
        return self._act_as(verb, {"user": self.id, **asked})

    def _channel(self, name: str) -> str:
        if name == "app":
            return f"D{self.id[1:]}"
        for conversation in self._workspace.conversations.values():
            if name in (conversation["id"], conversation["name"]):
                return str(conversation["id"])
        raise LookupError(f"no conversation is called {name}")

    def _newest_with(self, label: str, channel: str) -> Seen:
        seen = self.messages(channel)
        for message in reversed(seen):
            if label in message.labels:
                return message
        raise LookupError(f"no message has {label!r}: {[each.labels for each in seen]}")
