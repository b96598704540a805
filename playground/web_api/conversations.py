"""Channels, group and direct messages: who is in them, what was said."""

import re

from playground import cast
from playground.web_api.registry import (
    SCOPE_OF,
    MethodError,
    Record,
    conversation,
    method,
    need,
    page_of,
    truth,
)
from playground.workspace import Workspace

MOST_IN_GROUP = 8
LONGEST_NAME = 80
TYPES = {"public_channel": "channel", "private_channel": "private", "im": "app", "mpim": "group"}


@method("conversations.open")
def _open(workspace: Workspace, arguments: Record) -> Record:
    listed = arguments.get("users") or ""
    people = listed if isinstance(listed, list) else str(listed).split(",")
    people = [person.strip() for person in people if person.strip()]
    if not people:
        raise MethodError("users_list_not_supplied")
    if any(person not in workspace.users or person == cast.BOT_USER for person in people):
        raise MethodError("user_not_found")
    if len(people) > MOST_IN_GROUP:
        raise MethodError("too_many_users")
    if len(people) == 1:
        need(workspace, "im:write")
        if workspace.users[people[0]]["deleted"]:
            raise MethodError("user_disabled")
        if people[0] in workspace.closed_dms:
            raise MethodError("cannot_dm_bot")
        return {"channel": {"id": f"D{people[0][1:]}"}}
    need(workspace, "mpim:write")
    members = sorted({*people, cast.BOT_USER})
    for found in workspace.conversations.values():
        if found["kind"] == "group" and sorted(found["members"]) == members:
            return {"channel": {"id": found["id"]}}
    names = ", ".join(workspace.users[person]["real_name"] for person in people)
    return {"channel": {"id": workspace.new_conversation("group", names, members)["id"]}}


@method("conversations.info", required=["channel"])
def _info(workspace: Workspace, arguments: Record) -> Record:
    return {"channel": _shown(_allowed(workspace, arguments, "read"))}


@method("conversations.list")
def _list(workspace: Workspace, arguments: Record) -> Record:
    asked = str(arguments.get("types") or "public_channel").split(",")
    if not set(asked) <= set(TYPES):
        raise MethodError("invalid_types")
    kinds = [TYPES[name] for name in asked]
    for kind in kinds:
        need(workspace, f"{SCOPE_OF[kind]}:read")
    found = [
        _shown(each)
        for each in workspace.conversations.values()
        if each["kind"] in kinds
        and (each["kind"] == "channel" or cast.BOT_USER in each["members"])
        and not (each["archived"] and truth(arguments.get("exclude_archived")))
    ]
    channels, cursor = page_of(found, arguments)
    return {"channels": channels, "response_metadata": {"next_cursor": cursor}}


@method("conversations.members", required=["channel"])
def _members(workspace: Workspace, arguments: Record) -> Record:
    found = _allowed(workspace, arguments, "read")["members"]
    members, cursor = page_of(found, arguments)
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


@method("conversations.history", required=["channel"])
def _history(workspace: Workspace, arguments: Record) -> Record:
    channel = _allowed(workspace, arguments, "history", joined=True)
    found = [
        message
        for message in reversed(workspace.messages[channel["id"]])
        if message.get("thread_ts", message["ts"]) == message["ts"] or message.get("broadcast")
    ]
    return _told(found, arguments)


@method("conversations.replies", required=["channel", "ts"])
def _replies(workspace: Workspace, arguments: Record) -> Record:
    channel = _allowed(workspace, arguments, "history", joined=True)["id"]
    parent = workspace.message(channel, str(arguments["ts"]))
    if parent is None or parent["ephemeral"]:
        raise MethodError("thread_not_found")
    thread = parent.get("thread_ts", parent["ts"])
    found = [
        message
        for message in workspace.messages[channel]
        if thread in (message["ts"], message.get("thread_ts"))
    ]
    return _told(found, arguments)


@method("conversations.create", required=["name"])
def _create(workspace: Workspace, arguments: Record) -> Record:
    private = truth(arguments.get("is_private"))
    need(workspace, "groups:write" if private else "channels:manage")
    name = str(arguments["name"])
    if len(name) > LONGEST_NAME:
        raise MethodError("invalid_name_maxlength")
    if not re.search(r"\w", name):
        raise MethodError("invalid_name_punctuation")
    if not re.fullmatch(r"[\w-]+", name) or name != name.lower():
        raise MethodError("invalid_name_specials")
    if any(each["name"] == name for each in workspace.conversations.values()):
        raise MethodError("name_taken")
    kind = "private" if private else "channel"
    return {"channel": _shown(workspace.new_conversation(kind, name, [cast.BOT_USER]))}


@method("conversations.invite", required=["channel", "users"])
def _invite(workspace: Workspace, arguments: Record) -> Record:
    found = conversation(workspace, arguments, joined=True)
    need(workspace, "groups:write" if found["kind"] == "private" else "channels:manage")
    if found["kind"] not in ("channel", "private"):
        raise MethodError("method_not_supported_for_channel_type")
    listed = arguments["users"]
    people = listed if isinstance(listed, list) else str(listed).split(",")
    for person in people:
        if person not in workspace.users:
            raise MethodError("user_not_found")
        if person == cast.BOT_USER:
            raise MethodError("cant_invite_self")
        if person in found["members"]:
            raise MethodError("already_in_channel")
    workspace.add_members(found, people)
    return {"channel": _shown(found)}


def _allowed(
    workspace: Workspace, arguments: Record, right: str, *, joined: bool = False
) -> Record:
    found = conversation(workspace, arguments, joined=joined)
    need(workspace, f"{SCOPE_OF[found['kind']]}:{right}")
    return found


def _shown(found: Record) -> Record:
    """A conversation as Slack tells of it; members come from conversations.members alone."""
    kind = found["kind"]
    return {
        "id": found["id"],
        "name": found["name"],
        "is_channel": kind == "channel",
        "is_group": kind == "private",
        "is_im": kind == "app",
        "is_mpim": kind == "group",
        "is_private": kind != "channel",
        "is_archived": found["archived"],
        "is_member": cast.BOT_USER in found["members"],
        "is_ext_shared": False,
        "num_members": len(found["members"]),
        "topic": {"value": found["topic"]},
    }


def _told(found: list[Record], arguments: Record) -> Record:
    """What was said, without what only one person sees and, unless asked for, metadata."""
    try:
        oldest = float(arguments.get("oldest") or 0)
        latest = float(arguments.get("latest") or "inf")
    except ValueError:
        raise MethodError("invalid_ts_oldest") from None
    inclusive = truth(arguments.get("inclusive"))
    hidden = set() if truth(arguments.get("include_all_metadata")) else {"metadata"}
    hidden |= {"ephemeral", "for", "channel", "broadcast"}
    within = [
        {name: value for name, value in message.items() if name not in hidden}
        for message in found
        if not message["ephemeral"]
        and (
            oldest < float(message["ts"]) < latest
            or (inclusive and float(message["ts"]) in (oldest, latest))
        )
    ]
    messages, cursor = page_of(within, arguments)
    return {
        "messages": messages,
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }
