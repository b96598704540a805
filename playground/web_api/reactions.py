"""Reactions of the app to messages."""

from playground import cast
from playground.web_api.registry import MethodError, Record, conversation, method
from playground.workspace import Workspace

ARGUMENTS = ["channel", "timestamp", "name"]


@method("reactions.add", "reactions:write", ARGUMENTS)
def _add(workspace: Workspace, arguments: Record) -> Record:
    if not workspace.react(_message(workspace, arguments), cast.BOT_USER, arguments["name"]):
        raise MethodError("already_reacted")
    return {}


@method("reactions.remove", "reactions:write", ARGUMENTS)
def _remove(workspace: Workspace, arguments: Record) -> Record:
    if not workspace.unreact(_message(workspace, arguments), cast.BOT_USER, arguments["name"]):
        raise MethodError("no_reaction")
    return {}


def _message(workspace: Workspace, arguments: Record) -> Record:
    channel = conversation(workspace, arguments)["id"]
    message = workspace.message(channel, str(arguments["timestamp"]))
    if message is None or message["ephemeral"]:
        raise MethodError("message_not_found")
    return message
