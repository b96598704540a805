"""What every method shares: its name, its scope, its errors, its pages.

Names, scopes and error codes are those of docs.slack.dev/reference/methods, read 2026-11.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any

from playground import cast
from playground.strict import Problem
from playground.workspace import Workspace

Record = dict[str, Any]
Method = Callable[[Workspace, Record], Record]

JSON_ARGUMENTS = ("blocks", "view", "metadata", "attachments", "files")
# A conversation's kind to the first half of its scopes, as in channels:read and groups:history.
SCOPE_OF = {"channel": "channels", "private": "groups", "app": "im", "group": "mpim"}

_methods: dict[str, Method] = {}
_scopes: dict[str, str] = {}
_required: dict[str, tuple[str, ...]] = {}


class MethodError(Exception):
    """Slack's error code, with what it says beside it: `more` goes into the answer as it is."""

    def __init__(self, code: str, problems: list[Problem] | None = None, **more: str) -> None:
        super().__init__(code)
        self.code, self.problems, self.more = code, problems or [], more


def method(name: str, scope: str = "", required: Sequence[str] = ()) -> Callable[[Method], Method]:
    """Give a function a method's name. What lacks a `required` argument is refused."""

    def add(function: Method) -> Method:
        _methods[name], _scopes[name], _required[name] = function, scope, tuple(required)
        return function

    return add


def call(workspace: Workspace, name: str, arguments: Record) -> Record:
    """Answer one call. Raises MethodError."""
    if name not in _methods:
        raise MethodError("unknown_method", req_method=name)
    need(workspace, _scopes[name])
    for field in JSON_ARGUMENTS:
        if isinstance(arguments.get(field), str) and arguments[field][:1] in ("[", "{"):
            try:
                arguments[field] = json.loads(arguments[field])
            except json.JSONDecodeError:
                raise MethodError("invalid_json") from None
    missing = [
        Problem("invalid_arguments", f"/{field}", f"[ERROR] missing required field: {field}")
        for field in _required[name]
        if arguments.get(field) in (None, "")
    ]
    if missing:
        raise MethodError("invalid_arguments", missing)
    return {"ok": True, **_methods[name](workspace, arguments)}


def granted(workspace: Workspace) -> list[str]:
    return list(workspace.manifest.get("oauth_config", {}).get("scopes", {}).get("bot", []))


def need(workspace: Workspace, scope: str) -> None:
    """Raises missing_scope with what is needed and what there is, unless the app has `scope`."""
    if scope and scope not in granted(workspace):
        provided = ",".join(granted(workspace))
        raise MethodError("missing_scope", needed=scope, provided=provided)


def require(problems: list[Problem]) -> None:
    if problems:
        raise MethodError(problems[0].code, problems)


def conversation(workspace: Workspace, arguments: Record, *, joined: bool = False) -> Record:
    """The conversation that `channel` names, by id or #name.

    Raises channel_not_found, which is also what a private one is to an app that is not in it; and
    when it has to be `joined`, not_in_channel and is_archived.
    """
    name = str(arguments.get("channel", ""))
    if name in workspace.users:  # Slack opens the direct messages by itself.
        name = f"D{name[1:]}"
    for found in workspace.conversations.values():
        if name.removeprefix("#") in (found["id"], found["name"]):
            inside = cast.BOT_USER in found["members"]
            if not inside and found["kind"] != "channel":
                break
            if joined and not inside:
                raise MethodError("not_in_channel")
            if joined and found["archived"]:
                raise MethodError("is_archived")
            return found
    raise MethodError("channel_not_found")


def page_of(found: Sequence[Any], arguments: Record, usual: int = 100) -> tuple[list[Any], str]:
    """One page of `found`, and the cursor of the next, which is empty after the last.

    Raises invalid_limit and invalid_cursor.
    """
    try:
        limit = int(arguments.get("limit") or usual)
    except ValueError:
        raise MethodError("invalid_limit") from None
    if not 1 <= limit <= 1000:
        raise MethodError("invalid_limit")
    start = 0
    if arguments.get("cursor"):
        try:
            start = int(base64.b64decode(str(arguments["cursor"]), validate=True))
        except (binascii.Error, ValueError):
            raise MethodError("invalid_cursor") from None
    end = start + limit
    following = base64.b64encode(str(end).encode()).decode() if end < len(found) else ""
    return list(found[start:end]), following


def truth(value: Any) -> bool:
    """An argument that is true or false: JSON bodies carry a boolean, forms a word."""
    return str(value).lower() in ("true", "1")
