"""A wire to a server that can be cut, or swallow all that is sent, as networks do."""

import select
import socket
from contextlib import suppress
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

SIZE = 65536


class Wire:
    """Passes on to `server` whatever comes to `address`."""

    def __init__(self, server: str) -> None:
        parts = urlsplit(server)
        self._server = (str(parts.hostname), int(parts.port or 5432))
        self._listening: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self._swallows = False
        self._port = 0  # Any that is free, and from then on the same.
        self.mend()
        self.address = f"postgresql://{parts.username}@127.0.0.1:{self._port}{parts.path}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.cut()

    def lead(self, port: int) -> None:
        """To another server on this machine, for whoever connects from now on."""
        self._server = ("127.0.0.1", port)

    @property
    def port(self) -> int:
        return self._port

    def cut(self) -> None:
        """Nobody answers there any more, and every connection is closed."""
        if self._listening is not None:
            _close(self._listening)
            self._listening = None
        for each in list(self._open):
            _close(each)

    def swallow(self) -> None:
        """Whatever is sent is taken, and nothing comes of it; also for those who connect anew."""
        self._swallows = True

    def mend(self) -> None:
        """All is well for whoever connects from now on; what was swallowed stays so."""
        if self._swallows:
            self._swallows = False
            for each in list(self._open):
                _close(each)
        if self._listening is None:
            self._listening = socket.create_server(("127.0.0.1", self._port), reuse_port=False)
            self._port = self._listening.getsockname()[1]
            Thread(target=self._accept, args=[self._listening], daemon=True).start()

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                Thread(target=self._carry, args=[client], daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        ended = suppress(OSError, ValueError)  # It was cut.
        with ended, client, socket.create_connection(self._server) as server:
            both = {client: server, server: client}
            self._open |= set(both)
            try:
                while True:
                    ready, _, _ = select.select(list(both), [], [], 60)
                    for each in ready:
                        sent = each.recv(SIZE)
                        if not sent:
                            return
                        if not self._swallows:
                            both[each].sendall(sent)
            finally:
                self._open -= set(both)


def _close(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()
