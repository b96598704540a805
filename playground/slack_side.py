"""Slack's side: what the app calls and connects to."""

import asyncio
import json
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from playground import web_api
from playground.acts import by_app
from playground.delivery import Delivery
from playground.faults import Faults
from playground.grants import Grants
from playground.strict import check_message
from playground.troubles import may_speak
from playground.web_api import MethodError
from playground.workspace import ResponseUrl, Workspace

Record = dict[str, Any]

NOT_LOGGED = ("token", "app_token", "client_secret", "code", "refresh_token")


class SlackSide:
    def __init__(self, grants: Grants, faults: Faults, delivery: Delivery) -> None:
        self.grants, self.workspace = grants, grants.first
        self.faults, self.delivery = faults, delivery
        # Called when a token ends by a call of the app's own.
        self.on_revoked: Callable[[Workspace], Awaitable[None]] | None = None
        self.app_token = f"xapp-{secrets.token_hex(12)}"
        self._tickets: set[str] = set()

    async def method(self, request: Request) -> Response:
        name = request.path_params["method"]
        arguments = await _arguments(request)
        authorization = request.headers.get("authorization", "")
        token = authorization.removeprefix("Bearer ") or str(arguments.get("token", ""))
        started = time.perf_counter()
        fault = self.faults.take(name, ("rate_limited", "server_error", "lost_request", "late"))
        if fault is not None and fault.kind in ("lost_request", "late"):
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.kind == "lost_request":
            self._note(name, arguments, started, status="fault", error=fault.kind)
            return BrokenOff()
        if fault is not None and fault.kind == "server_error":
            self._note(name, arguments, started, status="fault", error=fault.kind)
            return JSONResponse({"ok": False, "error": "internal_error"}, 500)
        too_fast = name == "chat.postMessage" and not may_speak(
            self._place(token), str(arguments.get("channel"))
        )
        if too_fast or (fault is not None and fault.kind == "rate_limited"):
            self._note(name, arguments, started, status="fault", error="rate_limited")
            wait = {"Retry-After": str(fault.retry_after if fault else 1)}
            return JSONResponse({"ok": False, "error": "ratelimited"}, 429, wait)
        try:
            answer = await self._called(name, token, arguments, authorization)
        except MethodError as error:
            problems = [problem.message for problem in error.problems]
            self._note(
                name, arguments, started, token,
                status="error", error=error.code, problems=problems,
            )  # fmt: skip
            refused: Record = {"ok": False, "error": error.code, **error.more}
            if problems:
                refused["response_metadata"] = {"messages": problems}
            return JSONResponse(refused)
        told = {"ok": True} if name == "oauth.v2.access" else answer  # It holds tokens.
        self._note(name, arguments, started, status="ok", answer=told, token=token)
        if lost := self.faults.take(name, ("lost_answer",)):
            await asyncio.sleep(lost.seconds)
            return BrokenOff()
        manifest = self.workspace.manifest
        scopes = manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])
        return JSONResponse(answer, headers={"X-OAuth-Scopes": ",".join(scopes)})

    def _place(self, token: str) -> Workspace:
        """Whose token it is; the first workspace for one that does not work."""
        try:
            return self.grants.workspace(token, {})
        except MethodError:
            return self.workspace

    async def _called(self, name: str, token: str, arguments: Record, authorization: str) -> Record:
        if name == "oauth.v2.access":
            return self.grants.access(arguments, authorization)
        if not token:
            raise MethodError("not_authed")
        if name == "apps.connections.open":
            if not secrets.compare_digest(token, self.app_token):
                raise MethodError("invalid_auth")
            ticket = secrets.token_hex(12)
            self._tickets.add(ticket)
            return {
                "ok": True,
                "url": f"{self.workspace.url.replace('http', 'ws', 1)}/link/{ticket}",
            }
        workspace = self.grants.workspace(token, arguments)
        if name == "auth.revoke":
            if str(arguments.get("test")).lower() in ("1", "true"):
                return {"ok": True, "revoked": False}
            self.grants.revoke(token)
            if self.on_revoked is not None:
                await self.on_revoked(workspace)
            return {"ok": True, "revoked": True}
        return web_api.call(workspace, name, arguments)

    async def upload(self, request: Request) -> Response:
        """The bytes of a file, as the body: what the SDKs send."""
        file = self._file(request.path_params["id"])
        body = await request.body()
        if file is None or file["bytes"] is not None or len(body) != file["size"]:
            return PlainTextResponse("upload failed", 400)
        file["bytes"] = body
        return PlainTextResponse(f"OK - {len(body)}")

    async def file(self, request: Request) -> Response:
        file = self._file(request.path_params["id"])
        if file is None or file["bytes"] is None:
            return PlainTextResponse("no such file", 404)
        saved_as = f"attachment; filename*=UTF-8''{quote(file['name'])}"
        return Response(file["bytes"], headers={"Content-Disposition": saved_as})

    def _file(self, id_: str) -> Record | None:
        found = (each.files.get(id_) for each in self.grants.workspaces.values())
        return next((file for file in found if file is not None), None)

    async def response_url(self, request: Request) -> Response:
        key = request.path_params["key"]
        for workspace in self.grants.workspaces.values():
            if key in workspace.response_urls:
                return await self._respond(workspace, workspace.response_urls[key], request)
        return JSONResponse({"ok": False, "error": "used_url"}, 404)

    async def _respond(
        self, workspace: Workspace, known: ResponseUrl, request: Request
    ) -> Response:
        if known.uses <= 0 or workspace.clock.now() > known.until:
            return JSONResponse({"ok": False, "error": "used_url"}, 404)
        known.uses -= 1
        try:
            payload = json.loads(await request.body())
        except ValueError:
            return JSONResponse({"ok": False, "error": "invalid_payload"}, 400)
        message = workspace.message(known.channel, known.message_ts)
        started = time.perf_counter()
        if payload.get("delete_original"):
            if message is not None:
                workspace.remove(message)
            self._note("response_url", payload, started, place=workspace, status="ok")
            return PlainTextResponse("ok")
        problems = check_message(payload)
        if problems:
            told = [problem.message for problem in problems]
            code = problems[0].code
            self._note(
                "response_url",
                payload,
                started,
                place=workspace,
                status="error",
                error=code,
                problems=told,
            )
            return JSONResponse({"ok": False, "error": code}, 400)
        # An ephemeral answer to a button replaces the message it stands on unless told not to.
        replace = payload.get("replace_original", message is not None and message["ephemeral"])
        if replace and message is not None:
            workspace.change(message, by_app(payload))
        else:
            public = payload.get("response_type") == "in_channel"
            workspace.post(known.channel, by_app(payload), only="" if public else known.user)
        self._note("response_url", payload, started, place=workspace, status="ok")
        return PlainTextResponse("ok")

    async def link(self, socket: WebSocket) -> None:
        ticket = socket.path_params["ticket"]
        if ticket not in self._tickets:
            await socket.close(4403)
            return
        self._tickets.discard(ticket)
        await self.delivery.serve_socket(socket)

    def _note(
        self, name: str, arguments: Record, started: float, token: str = "",
        place: Workspace | None = None, **found: Any,
    ) -> None:  # fmt: skip
        shown = {key: value for key, value in arguments.items() if key not in NOT_LOGGED}
        ms = round((time.perf_counter() - started) * 1000, 1)
        defaults: Record = {"answer": None, "error": None, "problems": [], "ms": ms}
        entry = {"direction": "from_app", "kind": "api", "name": name, "payload": shown}
        (place or self._place(token)).note({**defaults, **entry, **found})


class BrokenOff(Response):
    """An answer that ends in the middle: the server then closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 (ASGI)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"100")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})


async def _arguments(request: Request) -> Record:
    body = await request.body()
    query = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        return {**query, **(json.loads(body) if body else {})}
    return {**query, **dict(parse_qsl(body.decode(), keep_blank_values=True))}
