"""Messages that the app posts, changes and takes back."""

from playground import cast
from playground.acts import by_app
from playground.strict import check_message
from playground.web_api.registry import (
    MethodError,
    Record,
    conversation,
    method,
    require,
    truth,
)
from playground.workspace import Workspace, identified


@method("chat.postMessage", "chat:write", ["channel"])
def _post_message(workspace: Workspace, arguments: Record) -> Record:
    found = conversation(workspace, arguments, joined=True)
    channel = found["id"]
    if found["kind"] == "app" and workspace.closed_dms & set(found["members"]):
        raise MethodError("cannot_dm_bot")
    # To somebody who is deactivated it is posted all the same (slackapi/python-slack-sdk#1156).
    require(check_message(arguments))
    _require_thread(workspace, channel, arguments)
    broadcast = {"broadcast": True} if truth(arguments.get("reply_broadcast")) else {}
    message = workspace.post(channel, {**by_app(arguments), **broadcast})
    return {"channel": channel, "ts": message["ts"], "message": message}


@method("chat.postEphemeral", "chat:write", ["channel", "user"])
def _post_ephemeral(workspace: Workspace, arguments: Record) -> Record:
    found = conversation(workspace, arguments, joined=True)
    if arguments["user"] not in found["members"]:
        raise MethodError("user_not_in_channel")
    require(check_message(arguments))
    message = workspace.post(found["id"], by_app(arguments), only=arguments["user"])
    return {"message_ts": message["ts"]}


@method("chat.update", "chat:write", ["channel", "ts"])
def _update_message(workspace: Workspace, arguments: Record) -> Record:
    message = _own_message(workspace, arguments, "cant_update_message")
    require(check_message(arguments))
    # Without blocks the old ones go when there is new text, and metadata stays (chat.update).
    changes: Record = {name: arguments[name] for name in ("text", "metadata") if name in arguments}
    changes["blocks"] = identified(arguments.get("blocks") or [])
    workspace.change(message, {**changes, "edited": {"user": cast.BOT_USER}})
    return {"channel": message["channel"], "ts": message["ts"], "message": message}


@method("chat.delete", "chat:write", ["channel", "ts"])
def _delete_message(workspace: Workspace, arguments: Record) -> Record:
    message = _own_message(workspace, arguments, "cant_delete_message")
    workspace.remove(message)
    return {"channel": message["channel"], "ts": message["ts"]}


@method("chat.getPermalink", required=["channel", "message_ts"])
def _get_permalink(workspace: Workspace, arguments: Record) -> Record:
    channel = conversation(workspace, arguments)["id"]
    message = workspace.message(channel, str(arguments["message_ts"]))
    if message is None or message["ephemeral"]:
        raise MethodError("message_not_found")
    stamp = message["ts"].replace(".", "")
    link = f"https://{workspace.team['domain']}.slack.com/archives/{channel}/p{stamp}"
    if message.get("thread_ts", message["ts"]) != message["ts"]:
        link += f"?thread_ts={message['thread_ts']}&cid={channel}"
    return {"channel": channel, "permalink": link}


def _require_thread(workspace: Workspace, channel: str, arguments: Record) -> None:
    """Slack refuses a reply to what is not there (cannot_reply_to_message)."""
    thread = arguments.get("thread_ts")
    if thread:
        parent = workspace.message(channel, str(thread))
        if parent is None or parent["ephemeral"]:
            raise MethodError("cannot_reply_to_message")


def _own_message(workspace: Workspace, arguments: Record, otherwise: str) -> Record:
    channel = conversation(workspace, arguments)["id"]
    message = workspace.message(channel, str(arguments["ts"]))
    if message is None or message["ephemeral"]:
        raise MethodError("message_not_found")
    if message["user"] != cast.BOT_USER:
        raise MethodError(otherwise)
    return message
