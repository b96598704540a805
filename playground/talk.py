"""What people say, change and react to, told to the app as the events that it subscribes to."""

from typing import Any

from playground import cast
from playground.delivery import Delivery
from playground.workspace import Workspace

Record = dict[str, Any]

# A conversation's kind to the message event that the app subscribes to, and its channel_type.
MESSAGE_EVENTS = {
    "channel": ("message.channels", "channel"),
    "private": ("message.groups", "group"),
    "app": ("message.im", "im"),
    "group": ("message.mpim", "mpim"),
}


class Talk:
    def __init__(self, workspace: Workspace, delivery: Delivery) -> None:
        self._workspace, self._delivery = workspace, delivery

    async def open_home(self, user: str, tab: str = "home") -> Record:
        channel = f"D{user[1:]}"
        await self._event({"type": "app_home_opened", "user": user, "channel": channel, "tab": tab})
        return {"ok": True}

    async def say(self, user: str, channel: str, text: str, thread_ts: str) -> Record:
        thread = {"thread_ts": thread_ts} if thread_ts else {}
        message = self._workspace.post(channel, {"user": user, "text": text, **thread})
        said = {name: message[name] for name in ("type", "user", "text", "ts")}
        await self._message_event(channel, {**said, **thread})
        if f"<@{cast.BOT_USER}>" in text:
            await self._event({**said, **thread, "type": "app_mention", "channel": channel})
        return {"ok": True, "ts": message["ts"]}

    async def change(self, user: str, channel: str, ts: str, text: str) -> Record:
        """Somebody changes their own message, or takes it back when `text` is empty."""
        message = self._workspace.message(channel, ts)
        if message is None or message["user"] != user:
            return {
                "ok": False,
                "error": "message_not_found",
                "message": "Only your own messages can be changed",
            }
        before = dict(message)
        event: Record = {"type": "message", "previous_message": before}
        if text:
            self._workspace.change(message, {"text": text, "edited": {"user": user}})
            event |= {"subtype": "message_changed", "message": dict(message)}
        else:
            self._workspace.remove(message)
            event |= {"subtype": "message_deleted", "deleted_ts": ts}
        await self._message_event(channel, {**event, "ts": self._workspace.new_ts()})
        return {"ok": True}

    async def react(self, user: str, channel: str, ts: str, name: str) -> Record:
        """Add the reaction, or take it back when it is there."""
        message = self._workspace.message(channel, ts)
        if message is None:
            return {"ok": False, "error": "message_not_found", "message": "It is no longer there"}
        kind = "reaction_added"
        if not self._workspace.react(message, user, name):
            self._workspace.unreact(message, user, name)
            kind = "reaction_removed"
        item = {"type": "message", "channel": channel, "ts": ts}
        event = {"type": kind, "user": user, "reaction": name, "item_user": message["user"]}
        if cast.BOT_USER in self._workspace.conversations[channel]["members"]:
            await self._event({**event, "item": item})
        return {"ok": True}

    async def _message_event(self, channel: str, event: Record) -> None:
        """An app hears only of conversations that it is in."""
        conversation = self._workspace.conversations[channel]
        wanted, channel_type = MESSAGE_EVENTS[conversation["kind"]]
        if cast.BOT_USER in conversation["members"]:
            await self._event({**event, "channel": channel, "channel_type": channel_type}, wanted)

    async def tell(self, event: Record) -> None:
        """What is nobody's doing in a conversation, such as that the app was removed."""
        await self._event(event)

    async def _event(self, event: Record, wanted: str = "") -> None:
        settings = self._workspace.manifest.get("settings", {})
        subscribed = settings.get("event_subscriptions", {})
        if (wanted or event["type"]) in subscribed.get("bot_events", []):
            stamped = {**event, "event_ts": self._workspace.new_ts()}
            await self._delivery.event(stamped, subscribed.get("request_url", ""))
