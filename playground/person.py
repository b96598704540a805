"""A person in the workspace, for tests: they type, press, fill in, and read."""

from collections.abc import Callable
from typing import Any

from playground.seen import Seen, entered
from playground.workspace import Workspace

Record = dict[str, Any]
Act = Callable[[str, Record], Record]


class Person:
    def __init__(self, user_id: str, workspace: Workspace, act: Act) -> None:
        self.id, self._workspace, self._act_as = user_id, workspace, act
        self._filled: dict[str, Any] = {}

    @property
    def name(self) -> str:
        return str(self._workspace.users[self.id]["real_name"])

    def slash(self, text: str, channel: str = "hiring") -> Record:
        """Type `/command words`. The answer is {"ok": True}, or Slack's error and sentence."""
        command, _, words = text.partition(" ")
        return self._act(
            "slash", channel=self._channel(channel), command=command, text=words.strip()
        )

    def say(self, text: str, channel: str = "hiring", thread_ts: str = "") -> Record:
        """The answer's `ts` is the message's."""
        return self._act("say", channel=self._channel(channel), text=text, thread_ts=thread_ts)

    def change(self, ts: str, text: str, channel: str = "hiring") -> Record:
        return self._act("edit_message", channel=self._channel(channel), ts=ts, text=text)

    def take_back(self, ts: str, channel: str = "hiring") -> Record:
        return self._act("delete_message", channel=self._channel(channel), ts=ts)

    def react(self, ts: str, name: str, channel: str = "hiring") -> Record:
        """Add the reaction, or take it back."""
        return self._act("react", channel=self._channel(channel), ts=ts, name=name)

    def shortcut(self, callback_id: str, on: Seen | None = None) -> Record:
        """A global shortcut, or one of the message `on`."""
        place = {"channel": on.raw["channel"], "ts": on.raw["ts"]} if on else {}
        return self._act("shortcut", callback_id=callback_id, **place)

    def suggestions(self, action_id: str, typed: str, channel: str = "hiring") -> list[str]:
        """What the app offers in a menu of its own after `typed`. Raises LookupError when there
        is no such menu, or when the app's answer is refused."""
        for where in [self.modal] if self.modal else reversed(self.messages(channel)):
            menu = where.element(action_id)
            if menu is not None:
                answer = self._act("options", container=_container(where), action=menu, value=typed)
                if not answer["ok"]:
                    raise LookupError(answer["message"])
                groups = answer.get("option_groups") or [{"options": answer.get("options", [])}]
                return [option["text"]["text"] for group in groups for option in group["options"]]
        raise LookupError(f"no menu {action_id!r} here")

    def do_not_disturb(self, hours: float) -> None:
        """From now on, for so many hours; 0 ends it."""
        self._act("quiet", whom=self.id, hours=hours)

    def travel(self, zone: str) -> None:
        """To another time zone, such as Asia/Tokyo, as Slack tells of it from now on."""
        self._workspace.users[self.id]["tz"] = zone

    def open_home(self) -> Record:
        return self._act("open_home")

    def messages(self, channel: str = "hiring") -> list[Seen]:
        """What this person sees there, oldest first."""
        found = self._workspace.messages[self._channel(channel)]
        return [Seen(message) for message in found if message["for"] in ("", self.id)]

    @property
    def last(self) -> Seen:
        """The newest message of the hiring channel. Raises IndexError when there is none."""
        return self.messages()[-1]

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
        return self._send_action(where, control.action)

    def fill(self, name: str, value: Any) -> Record:
        """Fill in a field of the open modal, named by its block_id or its action_id; sent with
        `submit`, and at once where the app asks for it. A menu's or radio group's option is named
        by its value or its text, people and conversations by their ids.

        Raises LookupError when no modal is open, or when a menu has no such option.
        """
        if self.modal is None:
            raise LookupError("no modal is open")
        self._filled[name] = value
        for block in self.modal.blocks:
            if block["type"] == "input" and block.get("dispatch_action"):
                element = block["element"]
                if name in (block["block_id"], element["action_id"]):
                    ids = {"action_id": element["action_id"], "block_id": block["block_id"]}
                    return self._send_action(self.modal, {**entered(element, value), **ids})
        return {"ok": True}

    def submit(self) -> Record:
        """Raises LookupError when no modal is open, or when a menu has no such option."""
        if self.modal is None:
            raise LookupError("no modal is open")
        answer = self._act("submit", view_id=self.modal.raw["id"], state=self._state(self.modal))
        if answer.get("response_action") != "errors":
            self._forget()
        return answer

    def close(self) -> Record:
        """Raises LookupError when no modal is open."""
        if self.modal is None:
            raise LookupError("no modal is open")
        return self._act("close", view_id=self.modal.raw["id"])

    def _send_action(self, where: Seen, action: Record) -> Record:
        state = self._state(where) if "hash" in where.raw else None
        answer = self._act("action", container=_container(where), action=action, state=state)
        self._forget()
        return answer

    def _state(self, view: Seen) -> Record:
        """What the inputs of `view` hold: as they started, or as they were filled in."""
        state: Record = {}
        for block in view.blocks:
            if block["type"] == "input":
                element = block["element"]
                names = [block["block_id"], element["action_id"]]
                typed = [self._filled[name] for name in names if name in self._filled]
                state[block["block_id"]] = {element["action_id"]: entered(element, *typed[:1])}
        return state

    def _forget(self) -> None:
        """What was typed stays only in fields that are still there."""
        blocks = self.modal.blocks if self.modal else []
        inputs = [block for block in blocks if block["type"] == "input"]
        left = {
            name for each in inputs for name in (each["block_id"], each["element"]["action_id"])
        }
        self._filled = {name: value for name, value in self._filled.items() if name in left}

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


def _container(where: Seen) -> Record:
    if "hash" in where.raw:
        return {"type": "view", "view_id": where.raw["id"]}
    return {"type": "message", "channel": where.raw["channel"], "ts": where.raw["ts"]}
