"""A file on its way to somebody's conversation with the bot."""

import urllib.request
from datetime import datetime

from slack_sdk import WebClient

from bot.records import Notice
from bot.store import Db
from bot.store.erasing import keep_file
from bot.store.leases import Result
from handlers.outgoing import Upload
from handlers.room import Room, elapsed, given_back


def send(
    db: Db,
    client: WebClient,
    now: datetime,
    notice: Notice,
    upload: Upload,
    channel: str,
    room: Room,
) -> Result:
    """The id of the file is written down before its content leaves, so that it is found again,
    and goes with its candidate whatever happens in between."""
    content = upload.content.encode()
    issued = client.files_getUploadURLExternal(filename=upload.name, length=len(content))
    file_id = str(issued["file_id"])
    with db.begin() as session:
        kept = session.get(Notice, notice.id)
        if kept is None or not keep_file(session, notice, now, file_id, upload.about):
            return Result(notice, "skipped")
        kept.intent = {**kept.intent, "file": file_id, "about": list(upload.about)}
        session.add(kept)
    if not room():
        return given_back(notice)
    request = urllib.request.Request(issued["upload_url"], content, method="POST")  # noqa: S310 (Slack's own)
    with urllib.request.urlopen(request, timeout=client.timeout) as answer:  # noqa: S310 (the same)
        answer.read()
    client.files_completeUploadExternal(
        files=[{"id": file_id, "title": upload.name}], channel_id=channel,
        initial_comment=upload.comment,
    )  # fmt: skip
    return Result(notice, "sent", channel=channel, told=notice.told, spoke_at=elapsed())
