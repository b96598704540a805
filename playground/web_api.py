"""Slack's Web API: methods by name, each a function of the workspace and its arguments."""

import json
from collections.abc import Callable
from typing import Any

from playground import cast
from playground.acts import by_app
from playground.strict import Problem, check_message, check_view
from playground.workspace import VIEWS_STACKED, Workspace

Record = dict[str, Any]
Method = Callable[[Workspace, Record], Record]

METHODS: dict[str, Method] = {}
SCOPES: dict[str, str] = {}  # Method to the scope that it needs.
JSON_ARGUMENTS = ("blocks", "view", "metadata", "attachments", "users")


class MethodError(Exception):
    """Slack's error code, and what it says beside it."""

    def __init__(self, code: str, problems: list[Problem] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.problems = problems or []


def method(name: str, scope: str = "") -> Callable[[Method], Method]:
    def add(function: Method) -> Method:
        METHODS[name] = function
        if scope:
            SCOPES[name] = scope
        return function

    return add


def call(workspace: Workspace, name: str, arguments: Record) -> Record:
    """Answer one call. Raises MethodError."""
    if name not in METHODS:
        raise MethodError("unknown_method")
    granted = workspace.manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])
    if name in SCOPES and SCOPES[name] not in granted:
        raise MethodError("missing_scope")
    for field in JSON_ARGUMENTS:
        if isinstance(arguments.get(field), str) and arguments[field][:1] in ("[", "{"):
            try:
                arguments[field] = json.loads(arguments[field])
            except json.JSONDecodeError:
                raise MethodError("invalid_json") from None
    return {"ok": True, **METHODS[name](workspace, arguments)}


@method("api.test")
def _api_test(_: Workspace, arguments: Record) -> Record:
    return {"args": arguments}


@method("auth.test")
def _auth_test(workspace: Workspace, _: Record) -> Record:
    bot = workspace.users[cast.BOT_USER]
    return {
        "url": "https://playground.invalid/",
        "team": cast.TEAM["name"],
        "team_id": cast.TEAM["id"],
        "user": bot["name"],
        "user_id": cast.BOT_USER,
        "bot_id": cast.BOT_ID,
        "is_enterprise_install": False,
    }


@method("users.info", "users:read")
def _users_info(workspace: Workspace, arguments: Record) -> Record:
    user = workspace.users.get(arguments.get("user", ""))
    if user is None:
        raise MethodError("user_not_found")
    return {"user": user}


@method("users.list", "users:read")
def _users_list(workspace: Workspace, _: Record) -> Record:
    return {"members": list(workspace.users.values()), "response_metadata": {"next_cursor": ""}}


@method("conversations.open", "im:write")
def _conversations_open(workspace: Workspace, arguments: Record) -> Record:
    people = str(arguments.get("users", "")).split(",")
    channel = f"D{people[0][1:]}"
    if len(people) != 1 or channel not in workspace.conversations:
        raise MethodError("user_not_found")
    return {"channel": {"id": channel}}


@method("conversations.info", "channels:read")
def _conversations_info(workspace: Workspace, arguments: Record) -> Record:
    return {"channel": _channel(workspace, arguments)}


@method("conversations.list", "channels:read")
def _conversations_list(workspace: Workspace, _: Record) -> Record:
    shown = [each for each in workspace.conversations.values() if each["kind"] == "channel"]
    return {"channels": shown, "response_metadata": {"next_cursor": ""}}


@method("conversations.members", "channels:read")
def _conversations_members(workspace: Workspace, arguments: Record) -> Record:
    members = _channel(workspace, arguments)["members"]
    return {"members": members, "response_metadata": {"next_cursor": ""}}


@method("conversations.history", "im:history")
def _conversations_history(workspace: Workspace, arguments: Record) -> Record:
    channel = _channel(workspace, arguments)["id"]
    oldest, latest = float(arguments.get("oldest", 0)), float(arguments.get("latest") or "inf")
    found = [
        message
        for message in reversed(workspace.messages[channel])
        if not message["ephemeral"] and oldest < float(message["ts"]) <= latest
    ]
    limit = int(arguments.get("limit", 100))
    return {"messages": found[:limit], "has_more": len(found) > limit}


@method("chat.postMessage", "chat:write")
def _post_message(workspace: Workspace, arguments: Record) -> Record:
    channel = _channel(workspace, arguments)["id"]
    _require(check_message(arguments))
    message = workspace.post(channel, by_app(arguments))
    return {"channel": channel, "ts": message["ts"], "message": message}


@method("chat.postEphemeral", "chat:write")
def _post_ephemeral(workspace: Workspace, arguments: Record) -> Record:
    conversation = _channel(workspace, arguments)
    if arguments.get("user") not in conversation["members"]:
        raise MethodError("user_not_in_channel")
    _require(check_message(arguments))
    message = workspace.post(conversation["id"], by_app(arguments), only=arguments["user"])
    return {"message_ts": message["ts"]}


@method("chat.update", "chat:write")
def _update_message(workspace: Workspace, arguments: Record) -> Record:
    message = _own_message(workspace, arguments)
    _require(check_message(arguments))
    changes: Record = {name: arguments[name] for name in ("text", "blocks") if name in arguments}
    workspace.change(message, {**changes, "edited": {"user": cast.BOT_USER}})
    return {"channel": message["channel"], "ts": message["ts"], "message": message}


@method("chat.delete", "chat:write")
def _delete_message(workspace: Workspace, arguments: Record) -> Record:
    message = _own_message(workspace, arguments)
    workspace.remove(message)
    return {"channel": message["channel"], "ts": message["ts"]}


@method("views.open")
def _views_open(workspace: Workspace, arguments: Record) -> Record:
    user = _triggered(workspace, arguments)
    _require(check_view(arguments.get("view"), "modal"))
    view = workspace.new_view(arguments["view"])
    workspace.show_views(user, [view])
    return {"view": view}


@method("views.push")
def _views_push(workspace: Workspace, arguments: Record) -> Record:
    user = _triggered(workspace, arguments)
    stack = workspace.views[user]
    _require(check_view(arguments.get("view"), "modal"))
    if not stack:
        raise MethodError("invalid_trigger_id")
    if len(stack) >= VIEWS_STACKED:
        raise MethodError("push_limit_reached")
    view = workspace.new_view(arguments["view"], stack[-1])
    workspace.show_views(user, [*stack, view])
    return {"view": view}


@method("views.update")
def _views_update(workspace: Workspace, arguments: Record) -> Record:
    found = workspace.view(arguments.get("view_id") or arguments.get("external_id", ""))
    if found is None:
        raise MethodError("not_found")
    user, old = found
    if arguments.get("hash") and arguments["hash"] != old["hash"]:
        raise MethodError("hash_conflict")
    _require(check_view(arguments.get("view"), "modal"))
    view = workspace.redraw(old, arguments["view"])
    workspace.show_views(user, workspace.views[user])
    return {"view": view}


@method("views.publish")
def _views_publish(workspace: Workspace, arguments: Record) -> Record:
    user = arguments.get("user_id", "")
    if user not in workspace.users:
        raise MethodError("user_not_found")
    old = workspace.homes.get(user)
    if arguments.get("hash") and old and arguments["hash"] != old["hash"]:
        raise MethodError("hash_conflict")
    _require(check_view(arguments.get("view"), "home"))
    return {"view": workspace.publish(user, arguments["view"])}


def _channel(workspace: Workspace, arguments: Record) -> Record:
    name = str(arguments.get("channel", ""))
    if name in workspace.users:  # Slack opens the direct messages by itself.
        name = f"D{name[1:]}"
    for conversation in workspace.conversations.values():
        if name.removeprefix("#") in (conversation["id"], conversation["name"]):
            if conversation["archived"]:
                raise MethodError("is_archived")
            return conversation
    raise MethodError("channel_not_found")


def _own_message(workspace: Workspace, arguments: Record) -> Record:
    channel = _channel(workspace, arguments)["id"]
    message = workspace.message(channel, arguments.get("ts"))
    if message is None or message["ephemeral"]:
        raise MethodError("message_not_found")
    if message["user"] != cast.BOT_USER:
        raise MethodError("cant_update_message")
    return message


def _triggered(workspace: Workspace, arguments: Record) -> str:
    user, error = workspace.use_trigger(str(arguments.get("trigger_id", "")))
    if error:
        raise MethodError(error)
    return user


def _require(problems: list[Problem]) -> None:
    if problems:
        raise MethodError(problems[0].code, problems)
