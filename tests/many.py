"""The bot over HTTP, in this process, for teams that install it themselves."""

import http.client
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import urlencode, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from sqlmodel import SQLModel

from bot.launch import http as front
from bot.launch import service
from bot.launch.manifest import manifest
from bot.settings import Settings
from bot.store import Db, open_db
from playground import Place, Playground
from tests.databases import under_way
from tests.offices import always_at_work

HOME = "T0PLAY"


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing."""


@dataclass
class Answer:
    status: int
    text: str
    headers: dict[str, str]

    @property
    def title(self) -> str:
        found = re.search("<h1>(.*?)</h1>", self.text)
        return found[1] if found else ""


@dataclass
class Deployment:
    play: Playground
    url: str
    db: Db
    settings: Settings
    others: list[Place] = field(default_factory=list)

    def reset(self) -> None:
        """A deployment that nobody has installed, with an empty database."""
        self.play.forget_installations()
        for workspace in (self.play.workspace, *(each.workspace for each in self.others)):
            workspace.reset()
        self.play.faults.clear()
        self.play.clock.advance(timedelta(minutes=6))  # Nothing is remembered for so long.
        with self.db.begin() as session:
            for table in reversed(SQLModel.metadata.sorted_tables):
                session.connection().execute(table.delete())
        self.always_at_work()

    def always_at_work(self) -> None:
        """Nothing waits for anybody's morning."""
        with self.db.begin() as session:
            for team_id in (HOME, *(each.team_id for each in self.others)):
                session.add_all(always_at_work(team_id))

    def settle(self) -> None:
        """Until nothing is on its way: it must not arrive in the next test's workspace."""
        now = self.play.clock.now
        self.play.wait_until(lambda: not under_way(self.db, now()), "notices were left unsent")

    def install(self, team_id: str, answer: str = "allow", *, whole: bool = False) -> Answer:
        """As a person does it in their browser: Install, Allow, and back."""
        link, cookie = self.begin()
        return fetch(self.allow(link, team_id, answer, whole=whole), cookie)

    def begin(self) -> tuple[str, str]:
        """Where the bot's install address leads to, and the cookie that it sets."""
        asked = fetch(f"{self.url}/slack/install")
        assert asked.status == 302
        return asked.headers["location"], asked.headers["set-cookie"].partition(";")[0]

    def allow(self, link: str, team_id: str, answer: str = "allow", *, whole: bool = False) -> str:
        """Press a button of Slack's page; where it leads back to."""
        place = f"{team_id}|org" if whole else team_id
        pressed = fetch(link, form={"place": place, "answer": answer})
        assert pressed.status == 302, pressed.text
        return pressed.headers["location"]


def fetch(url: str, cookie: str = "", form: dict[str, str] | None = None) -> Answer:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    headers = {"Cookie": cookie} if cookie else {}
    if form is None:
        connection.request("GET", path, headers=headers)
    else:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("POST", path, urlencode(form), headers)
    found = connection.getresponse()
    given = {name.lower(): value for name, value in found.getheaders()}
    text = found.read().decode()
    connection.close()
    return Answer(found.status, text, given)


@contextmanager
def deployment(
    address: str,
    *,
    many: bool = True,
    rotation: bool = False,
    teams: Sequence[tuple[str, str]] = (),
    **more: Any,
) -> Iterator[Deployment]:
    """The bot at an address of its own, and a Slack that knows it; nobody has installed it."""
    with make_server("127.0.0.1", 0, _nothing, Threads, Quiet) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        described = manifest(url, many=many)
        described["settings"]["token_rotation_enabled"] = rotation
        with Playground(manifest=described) as play:
            settings = Settings(
                bot_token="" if many else play.bot_token,
                signing_secret=play.signing_secret,
                client_id=play.client_id if many else "",
                client_secret=play.client_secret if many else "",
                api_url=play.api_url,
                database_url=address,
                **more,
            )
            with service.running(settings, play.clock.now, rest=0.3) as app:
                server.set_app(front.wsgi(app, app.trouble))
                threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
                db = open_db(address, settings.data_keys)
                others = [play.add_workspace(*each) for each in teams]
                yield Deployment(play, url, db, settings, others)
                db.kw["bind"].dispose()
                server.shutdown()


def _nothing(_: Any, start_response: Any) -> list[bytes]:
    start_response("503 Service Unavailable", [])
    return []
