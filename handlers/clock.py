"""What the clock asks: send what is due, each once (design.md, section 5)."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.records import Notice
from bot.store import Db, envelopes, notices
from bot.store.erasing import keep_file
from handlers.channels import is_private
from handlers.errors import NO_ANSWER
from handlers.outgoing import FileRemoval, HomeUpdate, Outgoing, Removal, Rewrite, Upload
from handlers.people import Clock

log = logging.getLogger(__name__)

Rendered = Outgoing | HomeUpdate | Removal | FileRemoval | Upload | Rewrite | None
Render = Callable[[Session, Notice, datetime], Rendered]

EVENT = "safety_interview_notice"  # The metadata by which a message is found again.
PACE = timedelta(seconds=1)  # Between two messages in one conversation.
FIRST_WAIT = timedelta(seconds=15)  # After a failure; then twice as long each time.
LONGEST_WAIT = timedelta(minutes=10)
MOST_ATTEMPTS = 12
# Kinds that say nothing, so none is paced.
SILENT = {
    "agenda", "debrief_hush", "debrief_turn", "effect", "home", "plan", "retain", "settle", "tally",
    "unsay", "unfile",
}  # fmt: skip
# What no later attempt changes.
HOPELESS = {
    "account_inactive", "cannot_dm_bot", "channel_not_found", "is_archived",
    "file_not_found", "message_not_found", "messages_tab_disabled", "not_in_channel",
    "user_disabled", "user_not_found",
}  # fmt: skip


class Ahead(Protocol):
    """What has to be asked of Slack before a notice is rendered, outside of any transaction."""

    def gather(self, db: Db, client: WebClient, now: datetime) -> None:
        """Have what is due to the same person go together."""

    def look(self, db: Db, client: WebClient, notice: Notice) -> None:
        """Look up whom `notice` is for and about."""


class Delivery:
    """Sends notices. Many processes may do so at once; `client` must not retry by itself."""

    def __init__(
        self,
        db: Db,
        client: WebClient,
        now: Clock,
        renders: Mapping[str, Render],
        ahead: Ahead | None = None,
    ) -> None:
        self._db, self._client, self._now, self._renders = db, client, now, renders
        self._ahead = ahead

    def deliver(self) -> datetime | None:
        """Send everything that is due. Returns when the next one is."""
        while True:
            if self._ahead is not None:
                self._ahead.gather(self._db, self._client, self._now())
            with self._db.begin() as session:
                claimed = notices.claim(session, self._now())
            if not claimed:
                break
            spoken_to: set[str] = set()
            for notice in claimed:
                if notice.kind in SILENT:
                    self._one(notice)
                    continue
                if notice.recipient in spoken_to:
                    self._give_back(notice, self._now() + PACE)
                    continue
                spoken_to.add(notice.recipient)
                self._one(notice)
        with self._db.begin() as session:
            return notices.next_due(session)

    def _one(self, notice: Notice) -> None:
        try:
            if notice.attempts > 1 and notice.kind not in SILENT and self._was_sent(notice):
                return
            if self._ahead is not None:
                self._ahead.look(self._db, self._client, notice)
            with self._db.begin() as session:
                outgoing = self._renders[notice.kind](session, notice, self._now())
            self._act(notice, outgoing)
        except SlackApiError as error:
            self._refused(notice, error)
        except NO_ANSWER as error:
            # It may have been sent all the same: the next attempt looks for it first.
            log.warning("notice %s: Slack did not answer (%s)", notice.id, type(error).__name__)
            self._try_later(notice)
        except Exception as error:  # noqa: BLE001 (one broken notice must not hold up the others)
            log.error("notice %s: %s", notice.id, type(error).__name__)  # noqa: TRY400 (its text could be anybody's)
            self._try_later(notice)

    def _act(self, notice: Notice, outgoing: Rendered) -> None:
        match outgoing:
            case Outgoing():
                self._send(notice, outgoing)
                return
            case HomeUpdate(view):
                self._client.views_publish(user_id=notice.recipient, view=view)
            case Removal(channel, ts):
                self._client.chat_delete(channel=channel, ts=ts)
            case Rewrite(channel, ts, text, blocks):
                self._client.chat_update(channel=channel, ts=ts, text=text, blocks=blocks)
            case Upload():
                self._upload(notice, outgoing)
            case FileRemoval(file_id):
                self._client.files_delete(file=file_id)
        self._record(notice, state="skipped")  # Nothing was said.

    def _send(self, notice: Notice, outgoing: Outgoing) -> None:
        if outgoing.only_private and not is_private(self._client, notice.recipient):
            self._record(notice, state="skipped")
            return
        answer = self._client.chat_postMessage(
            channel=notice.recipient,
            text=outgoing.text,
            blocks=outgoing.blocks,
            metadata={"event_type": EVENT, "event_payload": {"id": notice.id}},
            unfurl_links=False,
            thread_ts=outgoing.thread_ts or None,
            reply_broadcast=bool(outgoing.thread_ts),
        )
        channel, ts = str(answer["channel"]), str(answer["ts"])
        self._record(notice, state="sent", channel=channel, ts=ts, told=outgoing.told)
        if outgoing.renewed:
            self._client.chat_update(
                channel=channel, ts=outgoing.thread_ts, text=outgoing.text, blocks=outgoing.renewed
            )

    def _upload(self, notice: Notice, upload: Upload) -> None:
        opened = self._client.conversations_open(users=notice.recipient)
        answer = self._client.files_upload_v2(
            channel=opened["channel"]["id"],
            content=upload.content,
            filename=upload.name,
            title=upload.name,
            initial_comment=upload.comment,
        )
        sent = (notice.team_id, notice.recipient, self._now())
        with self._db.begin() as session:
            for file in answer["files"]:
                keep_file(session, *sent, str(file["id"]), upload.about)

    def _was_sent(self, notice: Notice) -> bool:
        """Whether an earlier attempt got through, although nobody heard that it did."""
        channel = notice.recipient
        if channel.startswith(("U", "W")):
            channel = self._client.conversations_open(users=channel)["channel"]["id"]
        since = (notice.first_tried_at or notice.due_at) - timedelta(minutes=1)
        for page in self._client.conversations_history(
            channel=channel, oldest=str(since.timestamp()), include_all_metadata=True, limit=200
        ):
            for message in page["messages"]:
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("id") == notice.id:
                    self._record(notice, state="sent", channel=channel, ts=message["ts"])
                    return True
        return False

    def _refused(self, notice: Notice, error: SlackApiError) -> None:
        code = error.response.get("error")
        if code == "ratelimited":
            wait = int(error.response.headers.get("Retry-After", 1))
            self._give_back(notice, self._now() + timedelta(seconds=wait))
            return
        log.warning("notice %s: Slack refused it (%s)", notice.id, code)
        if code in HOPELESS:
            self._record(notice, state="failed")
        else:
            self._try_later(notice)

    def _try_later(self, notice: Notice) -> None:
        if notice.attempts >= MOST_ATTEMPTS:
            self._record(notice, state="failed")
            return
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (notice.attempts - 1))
        self._record(notice, state="pending", due_at=self._now() + wait)

    def _give_back(self, notice: Notice, due_at: datetime) -> None:
        """Nothing was tried, so it is no attempt."""
        self._record(notice, state="pending", due_at=due_at, attempts=notice.attempts - 1)

    def _record(self, notice: Notice, **changes: Any) -> None:
        if changes["state"] == "sent":
            changes["sent_at"] = self._now()
        with self._db.begin() as session:
            kept = session.get(Notice, notice.id)
            if kept is None or kept.attempts != notice.attempts:
                return
            if kept.state == "skipped" and changes["state"] == "sent":
                # The candidate was erased while it was being sent.
                where = (changes["channel"], changes["ts"])
                notices.owe(session, kept.team_id, "unsay", *where, self._now())
            elif kept.state == "sending":
                for name, value in changes.items():
                    setattr(kept, name, value)
                session.add(kept)
                envelopes.close(session, kept)
