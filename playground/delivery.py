"""Hand requests to the app, over Socket Mode or HTTP, and bring back its acknowledgement."""

import asyncio
import hashlib
import hmac
import itertools
import json
import secrets
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.websockets import WebSocket, WebSocketDisconnect

from playground import cast
from playground.faults import Faults
from playground.workspace import Workspace

Record = dict[str, Any]

DEADLINE = 3.0  # Seconds that Slack waits for an acknowledgement.
RETRIES = 3  # Of an event that was not acknowledged.


class Unanswered(Exception):
    """The app did not acknowledge. `code` is the error that Slack shows."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Delivery:
    def __init__(
        self,
        workspace: Workspace,
        faults: Faults,
        signing_secret: str,
        shared: "Delivery | None" = None,
    ) -> None:
        """`shared` holds the sockets, when this is another workspace of the same app."""
        self._workspace, self._faults, self._secret = workspace, faults, signing_secret
        self._link = shared or self
        self._sockets: list[WebSocket] = []
        self._waiting: dict[str, asyncio.Future[Record]] = {}
        self._turn = itertools.count()

    async def send(self, kind: str, name: str, payload: Record, url: str = "") -> Record:
        """Deliver and return what the acknowledgement carried; {} for an empty one.

        `kind` is the envelope's type: slash_commands, interactive or events_api. Raises
        Unanswered.
        """
        started = time.perf_counter()
        entry: Record = {"direction": "to_app", "kind": kind, "name": name, "payload": payload}
        twice = self._faults.take(name, ("deliver_twice",)) is not None
        try:
            answer = await self._once(kind, payload, url)
            if twice:
                await self._once(kind, payload, url, retry=1)
        except Unanswered as error:
            self._note(entry, started, status="timeout", error=error.code)
            raise
        self._note(entry, started, status="ok", answer=answer)
        return answer

    async def event(self, payload: Record, url: str = "") -> None:
        """Deliver an event, again when it is not acknowledged, as Slack does."""
        body = {
            "token": "unused",
            "team_id": self._workspace.team["id"],
            "enterprise_id": (self._workspace.enterprise or {}).get("id"),
            "api_app_id": cast.APP_ID,
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5)}",
            "event_time": int(self._workspace.clock.now().timestamp()),
            "authorizations": [
                {
                    "enterprise_id": (self._workspace.enterprise or {}).get("id"),
                    "team_id": self._workspace.team["id"],
                    "user_id": cast.BOT_USER,
                    "is_bot": True,
                    "is_enterprise_install": self._workspace.org_wide,
                }
            ],
            "event": payload,
        }
        twice = self._faults.take(payload["type"], ("deliver_twice",)) is not None
        for attempt in range(RETRIES + 1):
            try:
                await self._once("events_api", body, url, retry=attempt)
                if twice:
                    await self._once("events_api", body, url, retry=attempt + 1)
            except Unanswered as error:
                entry = {"direction": "to_app", "kind": "events_api", "name": payload["type"]}
                note = {**entry, "payload": body, "status": "timeout", "error": error.code}
                self._workspace.note({"answer": None, "problems": [], "ms": 0, **note})
            else:
                return

    def _note(self, entry: Record, started: float, **found: Any) -> None:
        ms = round((time.perf_counter() - started) * 1000, 1)
        defaults: Record = {"answer": None, "error": None, "problems": [], "ms": ms}
        self._workspace.note({**defaults, **entry, **found})

    async def _once(self, kind: str, payload: Record, url: str, retry: int = 0) -> Record:
        if url:
            return await asyncio.to_thread(self._post, kind, payload, url, retry)
        link = self._link
        if not link._sockets:
            raise Unanswered("dispatch_failed")
        socket = link._sockets[next(link._turn) % len(link._sockets)]
        envelope_id = secrets.token_hex(16)
        answer: asyncio.Future[Record] = asyncio.get_running_loop().create_future()
        link._waiting[envelope_id] = answer
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "accepts_response_payload": kind != "events_api",
            "payload": payload,
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        try:
            await socket.send_json(envelope)
            return await asyncio.wait_for(answer, DEADLINE)
        except (TimeoutError, RuntimeError, WebSocketDisconnect):
            raise Unanswered("operation_timeout") from None
        finally:
            del link._waiting[envelope_id]

    # Socket Mode.

    async def serve_socket(self, socket: WebSocket) -> None:
        await socket.accept()
        self._sockets.append(socket)
        self._count()
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self._sockets),
                "connection_info": {"app_id": cast.APP_ID},
                "debug_info": {"host": "playground", "approximate_connection_time": 3600},
            }
        )
        try:
            while True:
                message = json.loads(await socket.receive_text())
                waiting = self._waiting.get(message.get("envelope_id", ""))
                if waiting is not None and not waiting.done():
                    waiting.set_result(message.get("payload") or {})
        except (WebSocketDisconnect, json.JSONDecodeError, RuntimeError):
            return
        finally:
            if socket in self._sockets:
                self._sockets.remove(socket)
            self._count()

    async def drop_sockets(self) -> None:
        """As when the network goes away."""
        for socket in self._forget_sockets():
            await socket.close()

    async def refresh_sockets(self) -> None:
        """As Slack does every few hours: a warning to connect anew, then the close."""
        for socket in self._forget_sockets():
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
            await socket.close()

    def _forget_sockets(self) -> list[WebSocket]:
        """From now on nothing is sent to those that are about to be closed."""
        sockets, self._sockets = self._sockets, []
        self._count()
        return sockets

    def _count(self) -> None:
        self._workspace.count_sockets(len(self._sockets))

    # HTTP.

    def _post(self, kind: str, payload: Record, url: str, retry: int) -> Record:
        if urlsplit(url).scheme not in ("http", "https"):
            raise Unanswered("dispatch_failed")
        body, content_type = _encoded(kind, payload)
        stamp = str(int(time.time()))
        signed = hmac.new(self._secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signed.hexdigest()}",
        }
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        request = urllib.request.Request(url, body.encode(), headers)  # noqa: S310 (checked above)
        started = time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE) as answer:  # noqa: S310 (the same)
                text = answer.read().decode()
                is_json = answer.headers.get_content_type() == "application/json"
        except OSError:
            code = "operation_timeout" if _late(started) else "dispatch_failed"
            raise Unanswered(code) from None
        if _late(started):
            raise Unanswered("operation_timeout")
        if not text:
            return {}
        return dict(json.loads(text)) if is_json else {"text": text}


def _late(started: float) -> bool:
    """Whether the deadline is over. What comes after it is no answer, whatever it says: Bolt gives
    up by itself at the same time, with an error that would else be taken for the app's own."""
    return time.monotonic() - started >= DEADLINE


def _encoded(kind: str, payload: Record) -> tuple[str, str]:
    if kind == "events_api":
        return json.dumps(payload), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form), "application/x-www-form-urlencoded"
