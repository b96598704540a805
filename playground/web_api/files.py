"""Files, by the flow that replaced files.upload: ask for an address, send the bytes, complete."""

import secrets

from playground.acts import by_app
from playground.web_api.registry import MethodError, Record, conversation, method
from playground.workspace import Workspace

LARGEST = 1_000_000_000  # Bytes.


@method("files.getUploadURLExternal", "files:write", ["filename", "length"])
def _get_upload_url(workspace: Workspace, arguments: Record) -> Record:
    try:
        length = int(arguments["length"])
    except ValueError:
        raise MethodError("invalid_arguments") from None
    if not 0 < length <= LARGEST:
        raise MethodError("file_upload_size_restricted" if length > 0 else "invalid_arguments")
    id_ = f"F{secrets.token_hex(5).upper()}"
    name = str(arguments["filename"])
    workspace.files[id_] = {"id": id_, "name": name, "title": name, "size": length, "bytes": None}
    return {"file_id": id_, "upload_url": f"{workspace.url}/upload/{id_}"}


@method("files.delete", "files:write", ["file"])
def _delete(workspace: Workspace, arguments: Record) -> Record:
    if workspace.files.pop(str(arguments["file"]), None) is None:
        raise MethodError("file_not_found")
    for messages in workspace.messages.values():
        for message in messages:
            listed = message.get("files", [])
            left = [each for each in listed if each["id"] != arguments["file"]]
            if len(left) < len(listed):
                workspace.change(message, {"files": left})
    return {}


@method("files.completeUploadExternal", "files:write", ["files"])
def _complete_upload(workspace: Workspace, arguments: Record) -> Record:
    listed = arguments["files"]
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise MethodError("invalid_arguments")
    found = []
    for each in listed:
        file = workspace.files.get(str(each.get("id", "")))
        if file is None or file["bytes"] is None:
            raise MethodError("file_not_found")
        file["title"] = str(each.get("title") or file["name"])
        found.append(
            {name: file[name] for name in ("id", "name", "title", "size")}
            | {"url_private": f"{workspace.url}/files/{file['id']}"}
        )
    if arguments.get("channel_id"):
        place = {"channel": arguments["channel_id"]}
        channel = conversation(workspace, place, joined=True)["id"]
        said = {"text": arguments.get("initial_comment") or ""}
        if arguments.get("thread_ts"):
            said["thread_ts"] = arguments["thread_ts"]
        workspace.post(channel, {**by_app(said), "files": found, "subtype": "file_share"})
    return {"files": found}
