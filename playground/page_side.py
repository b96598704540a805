"""The page's side: what people see, and what they do."""

import asyncio
import json
import secrets
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from playground.acts import Acts
from playground.delivery import Delivery
from playground.faults import Fault, Faults
from playground.talk import Talk
from playground.troubles import TROUBLES, switch
from playground.workspace import Workspace

Record = dict[str, Any]

PAGE = Path(__file__).parent / "page"


class PageSide:
    def __init__(self, workspace: Workspace, faults: Faults, delivery: Delivery) -> None:
        self.workspace, self.faults, self.delivery = workspace, faults, delivery
        self.acts = Acts(workspace, delivery, workspace.url)
        self.talk = Talk(workspace, delivery)
        self.before_reset: Callable[[], None] = lambda: None
        self.after_reset: Callable[[], None] = lambda: None

    async def page(self, _: Request) -> Response:
        return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-store"})

    async def live(self, socket: WebSocket) -> None:
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
        return origin is None or urlsplit(origin).netloc == urlsplit(self.workspace.url).netloc

    async def upload(self, request: Request) -> Response:
        """A file chosen in a modal: the body is its bytes. Answers with Slack's file object."""
        user, name = request.query_params.get("user", ""), request.query_params.get("name", "file")
        if not self._from_here(request.headers.get("origin")) or user not in self.workspace.users:
            return JSONResponse({"ok": False, "error": "forbidden"}, 403)
        content = await request.body()
        id_ = f"F{secrets.token_hex(5).upper()}"
        file = {"id": id_, "name": name, "title": name, "size": len(content), "user": user}
        self.workspace.files[id_] = {**file, "bytes": content}
        return JSONResponse({**file, "url_private": f"{self.workspace.url}/files/{id_}"})

    async def asked(self, request: Request) -> Response:
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
                return await self.talk.say(
                    user, asked["channel"], asked["text"], asked.get("thread_ts", "")
                )
            case "edit_message" | "delete_message":
                return await self.talk.change(
                    user, asked["channel"], asked["ts"], asked.get("text", "")
                )
            case "react":
                return await self.talk.react(user, asked["channel"], asked["ts"], asked["name"])
            case "options":
                return await self.acts.options(
                    user, asked["container"], asked["action"], asked["value"]
                )
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
                return await self.talk.open_home(user)
            case "shortcut":
                return await self.acts.shortcut(
                    user, asked["callback_id"], asked.get("channel", ""), asked.get("ts", "")
                )
            case "clock":
                self._move_clock(user, asked)
            case "quiet":
                self._hush(asked)
            case "fault":
                return await self._fault(asked)
            case "reset":
                # In threads: what is done then may use the workspace as a person would.
                await asyncio.to_thread(self.before_reset)
                self.workspace.reset()
                await asyncio.to_thread(self.after_reset)
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
            clock.move_to(self._tomorrow(user, asked["tomorrow_at"]))
        self.workspace.tell_clock()

    def _tomorrow(self, user: str, clock_time: str) -> datetime:
        """Tomorrow at a time such as 09:00, where this person is."""
        zone = ZoneInfo(self.workspace.users[user]["tz"])
        day = self.workspace.clock.now().astimezone(zone).date() + timedelta(days=1)
        return datetime.combine(day, time.fromisoformat(clock_time), zone)

    def _hush(self, asked: Record) -> None:
        whom, now = asked["whom"], self.workspace.clock.now()
        if whom not in self.workspace.users:
            raise ValueError("nobody has that id")
        if "tomorrow_at" in asked:
            ends = self._tomorrow(whom, asked["tomorrow_at"])
        else:
            ends = now + timedelta(hours=float(asked["hours"]))
        self.workspace.hush(whom, now, ends)

    async def _fault(self, asked: Record) -> Record:
        match asked["kind"]:
            case "drop_socket":
                await self.delivery.drop_sockets()
            case "refresh_socket":
                await self.delivery.refresh_sockets()
            case (
                "rate_limited"
                | "server_error"
                | "lost_answer"
                | "lost_request"
                | "late"
                | "deliver_twice"
            ) as kind:
                method, seconds = asked.get("method") or None, float(asked.get("seconds") or 0)
                self.faults.add(Fault(kind, method, int(asked["times"]), seconds=seconds))
            case kind if kind in TROUBLES:
                return {"ok": True, "on": switch(self.workspace, kind, asked.get("whom", ""))}
            case unknown:
                raise ValueError(f"unknown fault {unknown}")
        return {"ok": True}
