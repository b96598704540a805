"""Another program's side of a webhook: it keeps what came, and answers as a test says."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.schemas import problems


@dataclass
class Came:
    headers: dict[str, str]  # By their names in lower case.
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def type(self) -> str:
        return str(self.told["type"])


@dataclass
class Receiver:
    url: str
    came: list[Came] = field(default_factory=list)
    answers: list[int | tuple[int, dict[str, str]]] = field(default_factory=list)
    usual: int = 204  # When no other answer is left.
    waits: threading.Event | None = None  # Answers nothing until this is set.

    @property
    def types(self) -> list[str]:
        return [each.type for each in self.came]


@contextmanager
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            headers = {name.lower(): value for name, value in self.headers.items()}
            found.came.append(Came(headers, self.rfile.read(length)))
            if found.waits is not None:
                found.waits.wait(60)
            answer = found.answers.pop(0) if found.answers else found.usual
            status, more = answer if isinstance(answer, tuple) else (answer, {})
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing: the receiver keeps what came."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found = Receiver(f"http://127.0.0.1:{server.server_port}/hook?key=K")
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    try:
        yield found
    finally:
        if found.waits is not None:
            found.waits.set()
        server.shutdown()
        server.server_close()
        wrong = [told for each in found.came for told in wrong_body(each.body)]
        assert wrong == []


def wrong_body(body: bytes) -> list[str]:
    """Where an event is not as docs/schemas/webhook.json says; of what is none, nothing."""
    told = json.loads(body)
    return problems("webhook", told) if "type" in told else []
