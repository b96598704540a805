"""A Slack that says yes, cheaply: `python -m bench.load.slack PORT DELAY [CERT KEY]`.

It takes DELAY seconds for each call, as Slack takes its time. GET /counts tells how often each
method was called. Everybody is a full member of the team whose number their id begins with, as
bench.load.numbers makes them.
"""

import asyncio
import json
import ssl
import sys
from collections import Counter
from typing import Any
from urllib.parse import parse_qs

calls: Counter[str] = Counter()


def answer(method: str, asked: dict[str, str]) -> dict[str, Any]:
    calls[method] += 1
    match method:
        case "users.info":
            user = asked.get("user", "")
            team = f"T{user[1:7]:0>8}"
            return {"ok": True, "user": {"id": user, "team_id": team, "tz": "UTC"}}
        case "chat.postMessage":
            return {"ok": True, "channel": "D0LOAD", "ts": f"1764000001.{calls[method]:06}"}
        case "conversations.open":
            return {"ok": True, "channel": {"id": "D0LOAD"}}
        case "conversations.history" | "conversations.replies":
            return {"ok": True, "messages": []}
        case "dnd.info":
            return {"ok": True, "dnd_enabled": False}
    return {"ok": True}


class Calls(asyncio.Protocol):
    """One connection: slack_sdk opens a new one for each call."""

    def __init__(self, delay: float) -> None:
        self._delay, self._read = delay, b""
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, found, body = self._read.partition(b"\r\n\r\n")
        if not found:
            return
        lines = head.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:])
        if len(body) < int(headers.get("content-length", 0)):
            return
        path = lines[0].split(" ")[1]
        if path == "/counts":
            self._say(dict(calls))
            return
        typed = headers.get("content-type", "")
        asked = (
            {name: values[0] for name, values in parse_qs(body.decode()).items()}
            if "urlencoded" in typed
            else {}
        )
        said = answer(path.rpartition("/")[2], asked)
        asyncio.get_running_loop().call_later(self._delay, self._say, said)

    def _say(self, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
        self._transport.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        self._transport.close()


async def serve(port: int, delay: float, files: list[str]) -> None:
    context = None
    if files:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Calls(delay), "127.0.0.1", port, ssl=context, backlog=1000
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]))
