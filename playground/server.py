"""The workspace as a server: Slack's side for the app, and the page's side for people."""

import json
import secrets
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from playground import web_api
from playground.acts import Acts, by_app
from playground.delivery import Delivery
from playground.faults import Fault, Faults
from playground.strict import check_message
from playground.web_api import MethodError
from playground.workspace import Workspace

Record = dict[str, Any]

PAGE = Path(__file__).parent / "page"
NOT_LOGGED = ("token", "app_token")


class Server:
    def __init__(self, workspace: Workspace, url: str) -> None:
        self.workspace, self.url = workspace, url
        self.faults = Faults()
        self.bot_token = f"xoxb-{secrets.token_hex(12)}"
        self.app_token = f"xapp-{secrets.token_hex(12)}"
        self.signing_secret = secrets.token_hex(16)
        self.delivery = Delivery(workspace, self.faults, self.signing_secret)
        self.acts = Acts(workspace, self.delivery, url)
        self._tickets: set[str] = set()
        self.asgi = Starlette(
            routes=[
                Route("/", self._page),
                Route("/api/{method}", self._method, methods=["GET", "POST"]),
                Route("/response/{key}", self._response_url, methods=["POST"]),
                WebSocketRoute("/link/{ticket}", self._link),
                WebSocketRoute("/playground/live", self._live),
                Route("/playground/act/{verb}", self._act, methods=["POST"]),
                Mount("/page", StaticFiles(directory=PAGE)),
            ]
        )

    # Slack's side.

    async def _method(self, request: Request) -> Response:
        name = request.path_params["method"]
        arguments = await _arguments(request)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        token = token or str(arguments.get("token", ""))
        started = time.perf_counter()
        fault = self.faults.take(name, ("rate_limited", "server_error"))
        if fault is not None:
            limited = fault.kind == "rate_limited"
            self._note(name, arguments, started, status="fault", error=fault.kind)
            return JSONResponse(
                {"ok": False, "error": "ratelimited" if limited else "internal_error"},
                429 if limited else 500,
                {"Retry-After": str(fault.retry_after)} if limited else None,
            )
        try:
            answer = self._called(name, token, arguments)
        except MethodError as error:
            problems = [problem.message for problem in error.problems]
            self._note(
                name, arguments, started, status="error", error=error.code, problems=problems
            )
            refused: Record = {"ok": False, "error": error.code}
            if problems:
                refused["response_metadata"] = {"messages": problems}
            if error.code == "missing_scope":
                refused["needed"] = web_api.SCOPES[name]
            return JSONResponse(refused)
        self._note(name, arguments, started, status="ok", answer=answer)
        if self.faults.take(name, ("lost_answer",)):
            return PlainTextResponse("upstream went away", 502)
        manifest = self.workspace.manifest
        scopes = manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])
        return JSONResponse(answer, headers={"X-OAuth-Scopes": ",".join(scopes)})

    def _called(self, name: str, token: str, arguments: Record) -> Record:
        if not token:
            raise MethodError("not_authed")
        if name == "apps.connections.open":
            if not secrets.compare_digest(token, self.app_token):
                raise MethodError("invalid_auth")
            ticket = secrets.token_hex(12)
            self._tickets.add(ticket)
            return {"ok": True, "url": f"{self.url.replace('http', 'ws', 1)}/link/{ticket}"}
        if not secrets.compare_digest(token, self.bot_token):
            raise MethodError("invalid_auth")
        return web_api.call(self.workspace, name, arguments)

    async def _response_url(self, request: Request) -> Response:
        known = self.workspace.response_urls.get(request.path_params["key"])
        if known is None or known.uses <= 0 or self.workspace.clock.now() > known.until:
            return JSONResponse({"ok": False, "error": "used_url"}, 404)
        known.uses -= 1
        try:
            payload = json.loads(await request.body())
        except ValueError:
            return JSONResponse({"ok": False, "error": "invalid_payload"}, 400)
        message = self.workspace.message(known.channel, known.message_ts)
        started = time.perf_counter()
        if payload.get("delete_original"):
            if message is not None:
                self.workspace.remove(message)
            self._note("response_url", payload, started, status="ok")
            return PlainTextResponse("ok")
        problems = check_message(payload)
        if problems:
            told = [problem.message for problem in problems]
            code = problems[0].code
            self._note("response_url", payload, started, status="error", error=code, problems=told)
            return JSONResponse({"ok": False, "error": code}, 400)
        # An ephemeral answer to a button replaces the message it stands on unless told not to.
        replace = payload.get("replace_original", message is not None and message["ephemeral"])
        if replace and message is not None:
            self.workspace.change(message, by_app(payload))
        else:
            public = payload.get("response_type") == "in_channel"
            self.workspace.post(known.channel, by_app(payload), only="" if public else known.user)
        self._note("response_url", payload, started, status="ok")
        return PlainTextResponse("ok")

    async def _link(self, socket: WebSocket) -> None:
        ticket = socket.path_params["ticket"]
        if ticket not in self._tickets:
            await socket.close(4403)
            return
        self._tickets.discard(ticket)
        await self.delivery.serve_socket(socket)

    def _note(self, name: str, arguments: Record, started: float, **found: Any) -> None:
        shown = {key: value for key, value in arguments.items() if key not in NOT_LOGGED}
        ms = round((time.perf_counter() - started) * 1000, 1)
        defaults: Record = {"answer": None, "error": None, "problems": [], "ms": ms}
        entry = {"direction": "from_app", "kind": "api", "name": name, "payload": shown}
        self.workspace.note({**defaults, **entry, **found})

    # The page's side.

    async def _page(self, _: Request) -> Response:
        return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-store"})

    async def _live(self, socket: WebSocket) -> None:
        user = socket.query_params.get("user", "")
        if user not in self.workspace.users or not self._from_here(socket.headers.get("origin")):
            await socket.close(4403)
            return
        await socket.accept()
        queue = self.workspace.subscribe(user)
        try:
            while True:
                await socket.send_json(await queue.get())
        except (WebSocketDisconnect, RuntimeError):
            return
        finally:
            self.workspace.unsubscribe(queue)

    def _from_here(self, origin: str | None) -> bool:
        """Whether a request comes from this page, and not from one elsewhere in the browser."""
        return origin is None or urlsplit(origin).netloc == urlsplit(self.url).netloc

    async def _act(self, request: Request) -> Response:
        if not self._from_here(request.headers.get("origin")):
            return JSONResponse({"ok": False, "error": "forbidden"}, 403)
        try:
            asked = json.loads(await request.body())
            return JSONResponse(await self.act(request.path_params["verb"], asked))
        except (KeyError, ValueError, TypeError) as error:
            told = {"ok": False, "error": "invalid_arguments", "message": str(error)}
            return JSONResponse(told, 400)

    async def act(self, verb: str, asked: Record) -> Record:
        """One thing a person does. Raises KeyError, ValueError or TypeError for a bad request."""
        user = asked["user"]
        if user not in self.workspace.users:
            raise ValueError("nobody has that id")
        if "channel" in asked and user not in self._members(asked["channel"]):
            raise ValueError("not in that conversation")
        match verb:
            case "slash":
                return await self.acts.slash(
                    user, asked["channel"], asked["command"], asked["text"]
                )
            case "say":
                return await self.acts.say(user, asked["channel"], asked["text"])
            case "action":
                return await self.acts.action(
                    user, asked["container"], asked["action"], asked.get("state")
                )
            case "submit":
                return await self.acts.submit(user, asked["view_id"], asked["state"])
            case "close":
                return await self.acts.close(
                    user, asked["view_id"], everything=bool(asked.get("all"))
                )
            case "open_home":
                return await self.acts.open_home(user)
            case "shortcut":
                return await self.acts.shortcut(user, asked["callback_id"])
            case "clock":
                self._move_clock(user, asked)
            case "fault":
                await self._fault(asked)
            case "reset":
                self.workspace.reset()
            case _:
                raise ValueError(f"unknown act {verb}")
        return {"ok": True}

    def _members(self, channel: str) -> list[str]:
        return list(self.workspace.conversations.get(channel, {}).get("members", []))

    def _move_clock(self, user: str, asked: Record) -> None:
        clock = self.workspace.clock
        if "advance_seconds" in asked:
            clock.advance(timedelta(seconds=float(asked["advance_seconds"])))
        else:
            zone = ZoneInfo(self.workspace.users[user]["tz"])
            hour, minute = map(int, str(asked["tomorrow_at"]).split(":"))
            day = clock.now().astimezone(zone).date() + timedelta(days=1)
            clock.move_to(datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone))
        self.workspace.tell_clock()

    async def _fault(self, asked: Record) -> None:
        match asked["kind"]:
            case "drop_socket":
                await self.delivery.drop_sockets()
            case "refresh_socket":
                await self.delivery.refresh_sockets()
            case "rate_limited" | "server_error" | "lost_answer" | "deliver_twice" as kind:
                self.faults.add(Fault(kind, asked.get("method") or None, int(asked["times"])))
            case unknown:
                raise ValueError(f"unknown fault {unknown}")


async def _arguments(request: Request) -> Record:
    body = await request.body()
    query = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        return {**query, **(json.loads(body) if body else {})}
    return {**query, **dict(parse_qsl(body.decode(), keep_blank_values=True))}
