"""An address at which a test's own Bolt app answers, without a connection to be made each time."""

import threading
from collections.abc import Iterable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler

Record = dict[str, Any]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing: the workspace keeps what came."""


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Door:
    """Answers HTTP with whatever app stands behind it now; without one, with a 503."""

    def __init__(self) -> None:
        self.app: App | None = None
        self._server = make_server("127.0.0.1", 0, self._answer, Threaded, Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}/slack/events"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _answer(self, environ: Record, start_response: Any) -> Iterable[bytes]:
        if self.app is None:
            start_response("503 Service Unavailable", [])
            return [b""]
        return SlackRequestHandler(self.app)(environ, start_response)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
