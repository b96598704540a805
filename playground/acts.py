"""What people do, turned into requests to the app and answers on their screen."""

from typing import Any
from urllib.parse import urljoin

from playground import cast
from playground.delivery import Delivery, Unanswered
from playground.strict import Problem, check_message, check_suggestions, check_view
from playground.workspace import VIEWS_STACKED, Workspace, identified

Record = dict[str, Any]

TROUBLE = {
    "dispatch_failed": "the app is not connected",
    "operation_timeout": "the app did not answer within 3 seconds",
}


class Acts:
    def __init__(self, workspace: Workspace, delivery: Delivery, base_url: str) -> None:
        self._workspace, self._delivery, self._base_url = workspace, delivery, base_url

    async def slash(self, user: str, channel: str, command: str, text: str) -> Record:
        known = self._workspace.manifest.get("features", {}).get("slash_commands", [])
        found = next((each for each in known if each["command"] == command), None)
        if found is None:
            return _no("unknown_command", f"{command} is not a valid command")
        conversation = self._workspace.conversations[channel]
        key = self._workspace.response_url(user, channel)
        payload = {
            "token": "unused",
            **self._places(user, channel),
            "channel_name": conversation["name"],
            "user_name": self._workspace.users[user]["name"],
            "command": command,
            "text": text,
            "api_app_id": cast.APP_ID,
            "is_enterprise_install": str(self._workspace.org_wide).lower(),
            **enterprise_of(self._workspace),
            "response_url": self._url(key),
            "trigger_id": self._workspace.trigger(user),
        }
        url = found.get("url", "")
        try:
            answer = await self._delivery.send("slash_commands", command, payload, url)
        except Unanswered as error:
            return _no(error.code, f"{command} failed: {TROUBLE[error.code]}")
        if not answer:
            return {"ok": True}
        problems = check_message(answer)
        if problems:
            return self._refused("command answer", command, answer, problems)
        public = answer.get("response_type") == "in_channel"
        self._workspace.post(channel, by_app(answer), only="" if public else user)
        return {"ok": True}

    async def action(
        self, user: str, container: Record, action: Record, state: Record | None
    ) -> Record:
        """A press or a choice. `container` says where; `action` is what Slack would send of it."""
        payload: Record = {
            "type": "block_actions",
            **self._who(user),
            "trigger_id": self._workspace.trigger(user),
            "state": {"values": state or {}},
            "actions": [{**action, "action_ts": self._workspace.new_ts()}],
        }
        if container["type"] == "view":
            found = self._workspace.view(container["view_id"])
            view = found[1] if found else self._workspace.homes.get(user)
            if view is None:
                return _no("view_not_found", "This window is no longer open")
            view["state"] = {"values": state or {}}
            payload |= {"view": view, "container": {"type": "view", "view_id": view["id"]}}
        else:
            message = self._workspace.message(container["channel"], container["ts"])
            if message is None or message["for"] not in ("", user):
                return _no("message_not_found", "This message is no longer there")
            channel, ts = message["channel"], message["ts"]
            key = self._workspace.response_url(user, channel, ts)
            payload |= {
                "channel": {"id": channel, "name": self._workspace.conversations[channel]["name"]},
                "response_url": self._url(key),
                "container": {
                    "type": "message",
                    "message_ts": ts,
                    "channel_id": channel,
                    "is_ephemeral": message["ephemeral"],
                    **({"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}),
                },
            }
            if not message["ephemeral"]:  # Slack leaves ephemeral messages out.
                payload["message"] = message
        return await self._interact(action["action_id"], payload)

    async def submit(self, user: str, view_id: str, state: Record) -> Record:
        found = self._workspace.view(view_id)
        if found is None or found[0] != user:
            return _no("view_not_found", "This window is no longer open")
        view = found[1]
        view["state"] = {"values": state}
        payload = {
            "type": "view_submission",
            **self._who(user),
            "trigger_id": self._workspace.trigger(user),
            "view": view,
            "response_urls": [],
        }
        name = view["callback_id"] or "view"
        try:
            answer = await self._delivery.send("interactive", name, payload, self._request_url())
        except Unanswered as error:
            return _no(error.code, "We had some trouble connecting. Try again?")
        return self._respond_to_view(user, view, answer)

    def _respond_to_view(self, user: str, view: Record, answer: Record) -> Record:
        stack = self._workspace.views[user]
        action = answer.get("response_action")
        match action:
            case None:
                self._workspace.show_views(user, [each for each in stack if each is not view])
            case "clear":
                self._workspace.show_views(user, [])
            case "errors":
                blocks = {block.get("block_id") for block in view["blocks"]}
                unknown = set(answer.get("errors", {})) - blocks
                if unknown or not answer.get("errors"):
                    problem = Problem("invalid_arguments", "/errors", f"no such block: {unknown}")
                    return self._refused("view_submission", "errors", answer, [problem])
                return {"ok": True, "response_action": action, "errors": answer["errors"]}
            case "update" | "push":
                problems = check_view(answer.get("view"), "modal")
                if action == "push" and len(stack) >= VIEWS_STACKED:
                    problems.append(Problem("push_limit_reached", "/view", "three views at most"))
                if problems:
                    return self._refused("view_submission", action, answer, problems)
                if action == "update":
                    self._workspace.redraw(view, answer["view"])
                else:
                    stack.append(self._workspace.new_view(answer["view"], view))
                self._workspace.show_views(user, stack)
            case _:
                problem = Problem("invalid_arguments", "/response_action", f"unknown: {action}")
                return self._refused("view_submission", "response_action", answer, [problem])
        return {"ok": True, "response_action": action}

    async def close(self, user: str, view_id: str, *, everything: bool) -> Record:
        found = self._workspace.view(view_id)
        if found is None or found[0] != user:
            return {"ok": True}
        stack, view = self._workspace.views[user], found[1]
        clear = everything or view.get("clear_on_close")
        closed = stack if clear else [view]
        left = [] if clear else [each for each in stack if each is not view]
        self._workspace.show_views(user, left)
        for each in closed:
            if each.get("notify_on_close"):
                payload = {"type": "view_closed", **self._who(user), "view": each}
                payload["is_cleared"] = bool(clear)
                await self._interact(each["callback_id"], payload)
        return {"ok": True}

    async def shortcut(self, user: str, callback_id: str, channel: str, ts: str) -> Record:
        """A global shortcut, or one on the message at `channel` and `ts`."""
        payload = {
            "type": "shortcut",
            **self._who(user),
            "callback_id": callback_id,
            "trigger_id": self._workspace.trigger(user),
        }
        if ts:
            message = self._workspace.message(channel, ts)
            if message is None or message["for"] not in ("", user):
                return _no("message_not_found", "This message is no longer there")
            payload |= {
                "type": "message_action",
                "channel": {"id": channel, "name": self._workspace.conversations[channel]["name"]},
                "message": message,
                "message_ts": ts,
                "response_url": self._url(self._workspace.response_url(user, channel, ts)),
            }
        return await self._interact(callback_id, payload)

    async def options(self, user: str, container: Record, action: Record, value: str) -> Record:
        """What the app suggests for a menu whose options it keeps, after `value` was typed."""
        payload = {
            "type": "block_suggestion",
            **self._who(user),
            "action_id": action["action_id"],
            "block_id": action["block_id"],
            "value": value,
        }
        if container["type"] == "view":
            found = self._workspace.view(container["view_id"])
            view = found[1] if found else self._workspace.homes.get(user)
            if view is None:
                return _no("view_not_found", "This window is no longer open")
            payload |= {"view": view, "container": {"type": "view", "view_id": view["id"]}}
        else:
            channel, ts = container["channel"], container["ts"]
            payload |= {
                "channel": {"id": channel, "name": self._workspace.conversations[channel]["name"]},
                "container": {"type": "message", "message_ts": ts, "channel_id": channel},
            }
        url = self._settings().get("interactivity", {}).get("message_menu_options_url", "")
        name = action["action_id"]
        try:
            answer = await self._delivery.send("interactive", name, payload, url)
        except Unanswered as error:
            return _no(error.code, f"That did not work: {TROUBLE[error.code]}")
        problems = check_suggestions(answer)
        if problems:
            return self._refused("block_suggestion", name, answer, problems)
        return {"ok": True, **answer}

    async def _interact(self, name: str, payload: Record) -> Record:
        try:
            await self._delivery.send("interactive", name, payload, self._request_url())
        except Unanswered as error:
            return _no(error.code, f"That did not work: {TROUBLE[error.code]}")
        return {"ok": True}

    def _request_url(self) -> str:
        return str(self._settings().get("interactivity", {}).get("request_url", ""))

    def _settings(self) -> Record:
        return dict(self._workspace.manifest.get("settings", {}))

    def _url(self, key: str) -> str:
        return urljoin(self._base_url, f"/response/{key}")

    def _places(self, user: str, channel: str) -> Record:
        team = self._workspace.team
        return {
            "team_id": team["id"],
            "team_domain": team["domain"],
            "channel_id": channel,
            "user_id": user,
        }

    def _who(self, user: str) -> Record:
        known = self._workspace.users[user]
        team = {name: self._workspace.team[name] for name in ("id", "domain")}
        return {
            "user": {
                "id": user,
                "username": known["name"],
                "name": known["name"],
                "team_id": team["id"],
            },
            "team": {**team, **enterprise_of(self._workspace)},
            "api_app_id": cast.APP_ID,
            "token": "unused",
            "is_enterprise_install": self._workspace.org_wide,
            "enterprise": self._workspace.enterprise,
        }

    def _refused(self, kind: str, name: str, answer: Record, problems: list[Problem]) -> Record:
        self._workspace.note(
            {
                "direction": "from_app",
                "kind": kind,
                "name": name,
                "payload": answer,
                "answer": None,
                "status": "error",
                "error": problems[0].code,
                "problems": [problem.message for problem in problems],
                "ms": 0,
            }
        )
        return _no(problems[0].code, f"Slack refuses the app's answer: {problems[0].message}")


def enterprise_of(workspace: Workspace) -> Record:
    """As commands and teams tell of the organisation; nothing for a workspace of its own."""
    found = workspace.enterprise
    return {"enterprise_id": found["id"], "enterprise_name": found["name"]} if found else {}


def by_app(message: Record) -> Record:
    return {
        "user": cast.BOT_USER,
        "bot_id": cast.BOT_ID,
        "app_id": cast.APP_ID,
        "text": message.get("text", ""),
        "blocks": identified(message.get("blocks") or []),
        **({"metadata": message["metadata"]} if "metadata" in message else {}),
        **({"thread_ts": message["thread_ts"]} if message.get("thread_ts") else {}),
    }


def _no(error: str, message: str) -> Record:
    return {"ok": False, "error": error, "message": message}
