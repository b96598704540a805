"""A request is given a thread only when all of it is there: who sends slowly holds a socket, for a
bounded time, and nobody waits for them."""

import selectors
import socket
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import TConn, ThreadWorker

from bot.launch.requests import LARGEST, expected

WHOLE = 10.0  # Seconds from a connection's first moment to its request's last byte.
ANSWERED = 10.0  # Seconds that a client has to take an answer.
LINGER = 2.0  # Seconds that a client has to read why it was refused, and to close.
MOST_HELD = 64 * LARGEST  # Bytes of all requests that are not whole yet.
MOST_LEAVING = 500  # Connections that are answered and not yet closed by the other side.
PIECE = 64 * 1024

REASONS = {
    "408 Request Timeout": f"The whole request has to come within {WHOLE:.0f} seconds.",
    "411 Length Required": "Say with Content-Length how long the request is.",
    "413 Content Too Large": f"Requests have at most {LARGEST // 1024} KiB. This one was not read.",
    "431 Request Header Fields Too Large": "The head of this request is too long.",
    "503 Service Unavailable": "Too many unfinished requests are waiting. Please try again.",
}


class Connection(TConn):  # type: ignore[misc]  # gunicorn ships no types.
    """gunicorn's, closed without waiting: by itself it would hold the one loop that accepts."""

    leave: Callable[[socket.socket], None]

    def init(self) -> None:
        super().init()
        self.sock.settimeout(ANSWERED)

    def close(self, graceful: bool = False) -> None:
        if graceful:
            self.leave(self.sock)
        else:
            util.close(self.sock)


@dataclass
class Waiting:
    """A connection whose request is not whole yet."""

    conn: Connection
    until: float
    came: bytearray = field(default_factory=bytearray)
    length: int = -1  # Of head and body, once the head is there.


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker, in which by itself a thread waits for each request's rest."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: OrderedDict[socket.socket, Waiting] = OrderedDict()  # The oldest first.
        self._leaving: OrderedDict[socket.socket, float] = OrderedDict()  # Until when.
        self._held = 0  # Bytes.

    def accept(self, listener: socket.socket) -> None:
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        conn = Connection(self.cfg, client, address, listener.getsockname())
        conn.leave = self._leave
        self.nr_conns += 1
        self._await(conn)
        if self.nr_conns >= self.worker_connections:
            self._refuse(next(iter(self._waiting)), "503 Service Unavailable")

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await(conn)

    def finish_request(self, conn: Connection, fs: "Future[object]") -> None:
        if not fs.cancelled() and fs.exception() is None and fs.result():
            rest = conn.parser.unreader.take_buffered()
            if rest:  # The next request, or its beginning.
                self._await(conn)
                self._take(conn.sock, rest)
                return
        super().finish_request(conn, fs)

    def _await(self, conn: Connection) -> None:
        conn.sock.setblocking(False)
        self._waiting[conn.sock] = Waiting(conn, time.monotonic() + WHOLE)
        self.poller.register(conn.sock, selectors.EVENT_READ, self._more)

    def _more(self, client: socket.socket) -> None:
        try:
            piece = client.recv(PIECE)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if piece:
            self._take(client, piece)
        else:
            self._drop(client)

    def _take(self, client: socket.socket, piece: bytes) -> None:
        waiting = self._waiting[client]
        waiting.came += piece
        self._held += len(piece)
        if waiting.length < 0:
            found = expected(waiting.came)
            if isinstance(found, str):
                self._refuse(client, found)
                return
            waiting.length = found
        if 0 <= waiting.length <= len(waiting.came):
            self._forget(client)
            self._begin(waiting)
        while self._held > MOST_HELD:
            self._refuse(next(iter(self._waiting)), "503 Service Unavailable")

    def _begin(self, waiting: Waiting) -> None:
        """All of a request is there: a thread answers it."""
        conn = waiting.conn
        try:
            conn.init()
        except OSError:
            self.nr_conns -= 1
            conn.close()
            return
        conn.parser.unreader.unread(bytes(waiting.came))
        self.enqueue_req(conn)

    def handle_request(self, req: Any, conn: Connection) -> object:
        try:
            return super().handle_request(req, conn)
        except TimeoutError:  # They do not take their answer.
            return False

    def _refuse(self, client: socket.socket, status: str) -> None:
        self._forget(client)
        self.nr_conns -= 1
        told = f"{REASONS[status]}\n".encode()
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(told)}"
        with suppress(OSError):  # They are gone, or take nothing.
            client.send(f"{head}\r\nConnection: close\r\n\r\n".encode() + told)
        self._leave(client)

    def _drop(self, client: socket.socket) -> None:
        waiting = self._forget(client)
        self.nr_conns -= 1
        waiting.conn.close()

    def _forget(self, client: socket.socket) -> Waiting:
        waiting = self._waiting.pop(client)
        self._held -= len(waiting.came)
        self.poller.unregister(client)
        return waiting

    def _leave(self, client: socket.socket) -> None:
        """Close when the other side does: what is unread would take the answer back."""
        try:
            client.shutdown(socket.SHUT_WR)
            client.setblocking(False)
            self.poller.register(client, selectors.EVENT_READ, self._left)
        except (OSError, ValueError, KeyError):
            util.close(client)
            return
        self._leaving[client] = time.monotonic() + LINGER
        if len(self._leaving) > MOST_LEAVING:
            self._part(next(iter(self._leaving)))

    def _left(self, client: socket.socket) -> None:
        try:
            if client.recv(PIECE):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._part(client)

    def _part(self, client: socket.socket) -> None:
        del self._leaving[client]
        self.poller.unregister(client)
        util.close(client)

    def murder_pending(self) -> None:
        """What gunicorn calls about once a second."""
        super().murder_pending()
        now = time.monotonic()
        for client in [each for each, until in self._leaving.items() if until <= now]:
            self._part(client)
        for client, waiting in list(self._waiting.items()):
            if waiting.until > now:
                return
            if waiting.came:
                self._refuse(client, "408 Request Timeout")
            else:
                self._drop(client)

    def _cap_keepalive(self, deadline: float) -> None:
        """What gunicorn calls when it stops."""
        super()._cap_keepalive(deadline)
        for waiting in self._waiting.values():
            waiting.until = min(waiting.until, deadline)
