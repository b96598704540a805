"""One notice on its way to Slack: looked for, rendered, sent, and what came of it."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot import retrying
from bot.records import Notice
from bot.retrying import Outcome
from bot.store import Db, workspaces
from bot.store.leases import Result
from bot.store.workspaces import KEPT_UP
from handlers import refusals, uploads
from handlers.channels import is_private
from handlers.errors import NO_ANSWER
from handlers.outgoing import (
    FileRemoval,
    HomeUpdate,
    Outgoing,
    Removal,
    Render,
    Rendered,
    Rewrite,
    Upload,
)
from handlers.people import Clock, Directory
from handlers.refusals import Held
from handlers.room import Room, elapsed, given_back
from handlers.tokens import Away, Clients

log = logging.getLogger(__name__)

EVENT = "safety_interview_notice"  # The metadata by which a message is found again.
# Kinds that say nothing, so none is paced, and to do them twice changes nothing.
SILENT = {
    "agenda", "debrief_hush", "debrief_turn", "depart", "effect", "handed_in", "home", "plan",
    "retain", "settle", "tally", "unsay", "unfile",
}  # fmt: skip
# How far our clock and Slack's may be apart when an earlier attempt is looked for.
SKEW = timedelta(days=1)
NO_THREAD = {"cannot_reply_to_message", "thread_not_found"}
DEACTIVATED = "user_deactivated"  # Not Slack's: it takes messages to them, and nobody reads them.


class Ahead(Protocol):
    """What has to be asked of Slack before a notice is rendered, outside of any transaction."""

    def gather(self, db: Db, clients: Clients, now: Any) -> None:
        """Before notices are claimed, of all teams."""

    def look(self, db: Db, client: WebClient, notice: Notice) -> None:
        """Before this one is rendered."""


class Posting:
    """Takes claimed notices to Slack, one at a time in each thread that calls it."""

    def __init__(
        self,
        db: Db,
        clients: Clients,
        now: Clock,
        renders: Mapping[str, Render],
        people: Directory,
        ahead: Ahead | None = None,
    ) -> None:
        self._db, self._clients, self._now, self._renders = db, clients, now, renders
        self._people, self._ahead = people, ahead

    def _client(self, notice: Notice) -> WebClient:
        return self._clients(notice.team_id)

    def post(self, notice: Notice, room: Room) -> Result:
        """Nothing is sent unless `room` says that the lease lasts for another call. Raises Held."""
        try:
            return self._post(notice, room)
        except Away as away:
            if away.gone:
                return Result(notice, "parked", tried=False)
            raise Held(str(away)) from None
        except SlackApiError as error:
            return self._refused(notice, error)
        except NO_ANSWER as error:
            refusals.require_arrival(error)
            # It may have been sent all the same: the next attempt looks for it first.
            log.warning("notice %s: Slack did not answer (%s)", notice.id, type(error).__name__)
            return refusals.later(notice, type(error).__name__)

    def _refused(self, notice: Notice, error: SlackApiError) -> Result:
        try:
            return refusals.refused(notice, error, silent=notice.kind in SILENT)
        except Held:
            with self._db.begin() as session:
                gone = workspaces.gone_at(session, notice.team_id)
            if gone is None:
                raise
            return Result(notice, "parked", tried=False)  # Nobody waits for a team to come back.

    def _post(self, notice: Notice, room: Room) -> Result:
        silent = notice.kind in SILENT
        if notice.attempts > 1 and not silent:
            found = self._find(notice)
            if found is not None:
                told = notice.intent.get("told", notice.told)
                return Result(notice, "sent", channel=found[0], ts=found[1], told=told)
        if notice.intent.get("erased"):
            return Result(notice, "skipped")
        if retrying.is_given_up(notice.attempts, notice.error):
            return Result(notice, "failed", error=notice.error or "given up")
        if notice.kind not in KEPT_UP:
            client = self._client(notice)  # Raises Away before anything is rendered.
            if self._ahead is not None:
                self._ahead.look(self._db, client, notice)
        if not silent and self._is_gone(notice):
            return Result(notice, "failed", error=DEACTIVATED, unreachable=True)
        if not room():
            return given_back(notice)
        with self._db.begin() as session:
            outgoing = self._renders[notice.kind](session, notice, self._now())
            if isinstance(outgoing, Outgoing):
                _write_down(session, notice, outgoing)
        return self._act(notice, outgoing, room)

    def _act(self, notice: Notice, outgoing: Rendered, room: Room) -> Result:
        match outgoing:
            case Outgoing():
                return self._send(notice, outgoing, room)
            case HomeUpdate(view):
                self._client(notice).views_publish(user_id=notice.recipient, view=view)
            case Removal(channel, ts):
                self._client(notice).chat_delete(channel=channel, ts=ts)
            case Rewrite(channel, ts, text, blocks):
                self._client(notice).chat_update(channel=channel, ts=ts, text=text, blocks=blocks)
            case Upload():
                keys = (self._db, self._client(notice), self._now(), notice)
                return uploads.send(*keys, outgoing, self._conversation(notice), room)
            case FileRemoval(file_id):
                self._client(notice).files_delete(file=file_id)
        return Result(notice, "skipped")  # Nothing was said.

    def _send(self, notice: Notice, outgoing: Outgoing, room: Room) -> Result:
        if outgoing.only_private and not is_private(self._client(notice), notice.recipient):
            return Result(notice, "skipped")
        for each in (outgoing, *outgoing.parts):
            if each.renewed:
                self._renew(notice, each)
        if not room():
            return given_back(notice)
        message: dict[str, Any] = {
            "channel": notice.recipient,
            "text": outgoing.text,
            "blocks": outgoing.blocks,
            "metadata": {"event_type": EVENT, "event_payload": {"id": notice.id}},
            "unfurl_links": False,
        }
        thread: dict[str, Any] = {"thread_ts": outgoing.thread_ts, "reply_broadcast": True}
        spoke_at = elapsed()
        try:
            answer = self._client(notice).chat_postMessage(
                **message, **(thread if outgoing.thread_ts else {})
            )
        except SlackApiError as error:
            if error.response.get("error") not in NO_THREAD:
                raise
            answer = self._client(notice).chat_postMessage(**message)  # Its head was deleted.
        return Result(
            notice, "sent", told=outgoing.told, channel=str(answer["channel"]),
            ts=str(answer["ts"]), spoke_at=spoke_at,
        )  # fmt: skip

    def _renew(self, notice: Notice, outgoing: Outgoing) -> None:
        """Change the head of the thread before anything is said: to do so twice is the same."""
        try:
            self._client(notice).chat_update(
                channel=self._conversation(notice), ts=outgoing.thread_ts, text=outgoing.text,
                blocks=outgoing.renewed,
            )  # fmt: skip
        except SlackApiError as error:
            if retrying.outcome(error.response.get("error")) is not Outcome.DONE:
                raise

    def _find(self, notice: Notice) -> tuple[str, str] | None:
        """Channel and stamp of what an earlier attempt sent, although nobody heard that it did."""
        channel = self._conversation(notice)
        since = (notice.first_tried_at or notice.due_at) - SKEW
        asked: dict[str, Any] = {"channel": channel, "oldest": str(since.timestamp()), "limit": 200}
        thread = notice.intent.get("thread")
        pages = (
            self._client(notice).conversations_replies(
                ts=thread, include_all_metadata=True, **asked
            )
            if thread
            else self._client(notice).conversations_history(include_all_metadata=True, **asked)
        )
        for page in pages:
            for message in page["messages"]:
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                files = {file.get("id") for file in message.get("files") or []}
                if payload.get("id") == notice.id or notice.intent.get("file") in files:
                    return channel, str(message["ts"])
        return None

    def _conversation(self, notice: Notice) -> str:
        if not notice.recipient.startswith(("U", "W")):
            return notice.recipient
        opened = self._client(notice).conversations_open(users=notice.recipient)
        return str(opened["channel"]["id"])

    def _is_gone(self, notice: Notice) -> bool:
        if not notice.recipient.startswith(("U", "W")):
            return False
        return self._people.is_gone(notice.team_id, notice.recipient, self._client(notice))


def _write_down(session: Session, notice: Notice, outgoing: Outgoing) -> None:
    """What the next attempt has to know if nobody hears of this one. Most need nothing."""
    intent: dict[str, Any] = {}
    if outgoing.told != notice.told:
        intent["told"] = outgoing.told
    if outgoing.thread_ts:
        intent["thread"] = outgoing.thread_ts
    kept = session.get(Notice, notice.id) if intent else None
    if kept is not None and not kept.intent.get("erased"):
        kept.intent = intent
        session.add(kept)
