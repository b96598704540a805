"""Notes while interviewing: what is typed in the thread of a brief is kept, with its time."""

from datetime import UTC, datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import typed
from bot.records import Notice, ThreadNote
from bot.store import loops, notices
from bot.store import scorecards as stored
from handlers import events
from handlers.here import Here

Body = dict[str, Any]

HEADS = ("brief", "soon")  # The messages under which notes are kept.
KEPT = "memo"  # The reaction that says so.
LONGEST = 4000  # Characters; Slack cuts longer messages itself.
WHERE = (
    "I keep notes that you type in the thread under a brief. For anything else, type "
    "`/safety-interview`."
)
SEVERAL = (
    "I keep no notes here: this message may be about several interviews. The one that comes right "
    "before your interview has a thread for them."
)


def said(event: Body, body: Body, client: WebClient, here: Here) -> None:
    """A message in somebody's conversation with the bot: new, changed, or taken back."""
    match event.get("subtype"):
        case None | "thread_broadcast" | "file_share" if not event.get("bot_id"):
            _new(event, body, client, here)
        case "message_changed":
            message = event.get("message") or {}
            _change(here, event["channel"], message.get("ts", ""), message.get("text", ""))
        case "message_deleted":
            _change(here, event["channel"], event.get("deleted_ts", ""), "")
        case _:
            return


def _new(event: Body, body: Body, client: WebClient, here: Here) -> None:
    channel, thread = event["channel"], event.get("thread_ts", "")
    with here.db.begin() as session:
        found = notices.parts(session, here.team_id, channel, thread) if thread else []
        heads = [each for each in found if each.kind in HEADS]
        head = next((each for each in heads if not each.joined), None)
    if thread and head is None:
        head = _unrecorded(channel, thread, client, here)
    with here.db.begin() as session:
        if not events.is_new(session, here, body):
            return
        kept = head is not None and head.kind in HEADS and head.recipient == here.user_id
        kept = kept and head is not None and loops.is_kept(session, here.team_id, head.subject)
        if (
            kept
            and head is not None
            and not stored.note(session, here.team_id, channel, event["ts"])
        ):
            session.add(
                ThreadNote(
                    team_id=here.team_id,
                    channel=channel,
                    ts=event["ts"],
                    interview_id=head.subject,
                    person=here.user_id,
                    text=typed.said(event.get("text", ""))[:LONGEST],
                    at=datetime.fromtimestamp(float(event["ts"]), UTC),
                )
            )
    if kept:
        try:
            client.reactions_add(channel=channel, timestamp=event["ts"], name=KEPT)
        except SlackApiError as error:
            if error.response.get("error") != "already_reacted":
                raise
    elif not thread:
        client.chat_postMessage(channel=channel, text=WHERE)
    elif heads and head is not None and head.kind not in HEADS:
        client.chat_postMessage(channel=channel, text=SEVERAL, thread_ts=thread)


def _unrecorded(channel: str, thread: str, client: WebClient, here: Here) -> Notice | None:
    """The notice at the head of a thread when it was sent, but that is not written down yet."""
    answer = client.conversations_replies(
        channel=channel, ts=thread, limit=1, include_all_metadata=True
    )
    metadata = answer["messages"][0].get("metadata") or {}
    id_ = (metadata.get("event_payload") or {}).get("id", "")
    with here.db.begin() as session:
        return notices.notice(session, here.team_id, id_)


def _change(here: Here, channel: str, ts: str, text: str) -> None:
    """The note follows its message; an empty `text` takes it back."""
    with here.db.begin() as session:
        note = stored.note(session, here.team_id, channel, ts)
        if note is None or note.person != here.user_id:
            return
        if text:
            note.text = typed.said(text)[:LONGEST]
            session.add(note)
        else:
            session.delete(note)
