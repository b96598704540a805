"""Start the workspace in a thread of this process."""

import asyncio
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import uvicorn

from playground.clock import Clock
from playground.faults import Faults, Trouble
from playground.person import Person
from playground.server import Server
from playground.workspace import Workspace

Record = dict[str, Any]

PATIENCE = 30.0  # Seconds for anything that takes longer to be called broken, on a busy machine.


class Watched(ABC):
    """A workspace as a test sees it: what went to and fro, and who is there."""

    workspace: Workspace

    @abstractmethod
    def act(self, verb: str, asked: Record) -> Record:
        """What the page would ask for, from another thread."""

    @property
    def log(self) -> list[Record]:
        """What the app was sent and what it sent, oldest first."""
        return list(self.workspace.log)

    @property
    def problems(self) -> list[str]:
        """What Slack would have refused of all that the app sent."""
        return [problem for entry in self.log for problem in entry.get("problems", [])]

    def person(self, name: str) -> Person:
        """Raises LookupError when nobody is called so."""
        for user in self.workspace.users.values():
            if name in (user["real_name"], user["id"]):
                return Person(user["id"], self.workspace, self.act)
        raise LookupError(f"nobody is called {name}")

    def wait_until(
        self, condition: Callable[[], bool], otherwise: str, timeout: float = PATIENCE
    ) -> None:
        """Raises TimeoutError with `otherwise` unless `condition` holds in `timeout` seconds."""
        _wait(condition, otherwise, timeout)


class Playground(Watched):
    """A local Slack workspace. Any Bolt app connects to it by SLACK_API_URL alone.

    `manifest` is the app's; its commands, scopes, events and request addresses all hold here.
    Raises OSError when `port` is taken; 0 takes a free one.
    """

    def __init__(self, manifest: Record, port: int = 0) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind(("127.0.0.1", port))
        except OSError:
            self._socket.close()
            raise
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.api_url = f"{self.url}/api/"
        self.workspace = Workspace(manifest, self.url)
        self._server = Server(self.workspace)
        self.bot_token = self._server.grants.bot_token
        self.client_id = self._server.grants.client_id
        self.client_secret = self._server.grants.client_secret
        self.app_token = self._server.slack.app_token
        self.signing_secret = self._server.signing_secret
        config = uvicorn.Config(
            self._server.asgi,
            log_level="critical",
            lifespan="off",
            ws="websockets-sansio",
            timeout_graceful_shutdown=1,
        )
        # Called before, and after, somebody resets it.
        self.before_reset: Callable[[], None] | None = None
        self.on_reset: Callable[[], None] | None = None
        self._server.page.before_reset = self._before_reset
        self._server.page.after_reset = self._after_reset
        self._uvicorn = uvicorn.Server(config)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="playground", daemon=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        self._thread.start()
        _wait(lambda: self._uvicorn.started, "the workspace did not start")

    def stop(self) -> None:
        self._uvicorn.should_exit = True
        self._thread.join(PATIENCE)

    @property
    def clock(self) -> Clock:
        return self.workspace.clock

    @property
    def faults(self) -> Faults:
        return self._server.faults

    def act(self, verb: str, asked: Record) -> Record:
        """What the page would ask for, from another thread."""
        waiting = asyncio.run_coroutine_threadsafe(self._server.page.act(verb, asked), self._loop)
        return waiting.result(PATIENCE)

    def add_workspace(self, team_id: str, name: str, enterprise: Record | None = None) -> "Place":
        """Another workspace at the same address, which the app is not installed in. It has the
        same people and channels, with the same ids."""
        team = {"id": team_id, "name": name, "domain": team_id.lower()}
        made = Workspace(self.workspace.manifest, self.url, self.workspace.clock, team, enterprise)
        self._server.add(made)
        return Place(made, self._act_at)

    def forget_installations(self) -> None:
        """As if nobody had let the app in yet, and no organisation had any workspace."""
        for workspace in self._server.grants.workspaces.values():
            self._server.grants.uninstall(workspace)
            workspace.org_wide, workspace.enterprise = False, None

    def uninstall(self, team_id: str) -> None:
        """As an admin does it: tokens end, and the app is told."""
        workspace = self._server.grants.workspaces[team_id]
        waiting = asyncio.run_coroutine_threadsafe(self._server.uninstall(workspace), self._loop)
        waiting.result(PATIENCE)

    def _act_at(self, team_id: str, verb: str, asked: Record) -> Record:
        acting = self._server.sides[team_id].act(verb, asked)
        return asyncio.run_coroutine_threadsafe(acting, self._loop).result(PATIENCE)

    def trouble(self, kind: Trouble, whom: str = "") -> bool:
        """Switch what lasts on or off, for the id of a person or conversation; whether it is on.
        Raises ValueError for one that is not there."""
        asked = {"user": next(iter(self.workspace.users)), "kind": kind, "whom": whom}
        return bool(self.act("fault", asked)["on"])

    def wait_connected(self, count: int = 1, timeout: float = PATIENCE) -> None:
        """Raises TimeoutError unless the app holds `count` sockets within `timeout` seconds."""
        _wait(lambda: self.workspace.connected >= count, "the app did not connect", timeout)

    def wait_disconnected(self, timeout: float = PATIENCE) -> None:
        """Raises TimeoutError if the app still holds a socket after `timeout` seconds.

        A killed app is not gone at once: until its socket is seen closed, what a person does may
        still be sent there.
        """
        _wait(lambda: self.workspace.connected == 0, "the app is still connected", timeout)

    def _before_reset(self) -> None:
        if self.before_reset is not None:
            self.before_reset()

    def _after_reset(self) -> None:
        if self.on_reset is not None:
            self.on_reset()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._uvicorn.serve(sockets=[self._socket]))
        finally:
            self._loop.close()


class Place(Watched):
    """Another workspace of the same playground, for tests."""

    def __init__(self, workspace: Workspace, act: Callable[[str, str, Record], Record]) -> None:
        self.workspace, self._act = workspace, act

    @property
    def team_id(self) -> str:
        return str(self.workspace.team["id"])

    def act(self, verb: str, asked: Record) -> Record:
        return self._act(self.team_id, verb, asked)


def _wait(condition: Callable[[], bool], otherwise: str, timeout: float = PATIENCE) -> None:
    until = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(otherwise)
        time.sleep(0.01)
