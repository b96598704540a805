"""What others than Slack ask over HTTP: `/incoming/<id>` (other programs) and
`/calendar/<token>.ics` (calendar programs)."""

import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from bot import incoming as rules
from bot import pace
from bot.pace import Bucket, Rate
from handlers import feeds, incoming
from handlers.errors import NO_ANSWER
from handlers.here import Here
from handlers.incoming import Told, Unbelieved
from handlers.tokens import Away, Clients

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)

STATUS = {
    200: "200 OK", 304: "304 Not Modified", 401: "401 Unauthorized", 403: "403 Forbidden",
    404: "404 Not Found", 405: "405 Method Not Allowed", 409: "409 Conflict",
    413: "413 Content Too Large", 422: "422 Unprocessable Content", 429: "429 Too Many Requests",
    503: "503 Service Unavailable",
}  # fmt: skip
AGAIN = [("Retry-After", "30")]
Headers = list[tuple[str, str]]
A_MINUTE = 120
RATE = Rate(A_MINUTE)
MOST = 20_000  # Doors and calendars that are remembered.


class Web:
    """`here` makes a request of somebody in a team; `clients` gives each team's client."""

    def __init__(self, here: Callable[[str, str], Here], clients: Clients) -> None:
        self._here, self._clients = here, clients
        self._pace = Buckets()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        path, method = str(environ["PATH_INFO"]), str(environ["REQUEST_METHOD"])
        try:
            if path.startswith("/calendar/"):
                status, headers, body = self._calendar(path, method, environ)
            else:
                status, headers, body = self._incoming(path, method, environ)
        except (SQLAlchemyError, Away, *NO_ANSWER) as error:
            log.warning("could not answer another program: %s", type(error).__name__)
            status, headers, body = _json(Told(503, {"error": "Not just now. Try again."}))
        start_response(STATUS[status], [*headers, ("Content-Length", str(len(body)))])
        return [b"" if method == "HEAD" else body]

    def _incoming(
        self, path: str, method: str, environ: "WSGIEnvironment"
    ) -> tuple[int, Headers, bytes]:
        if method != "POST":
            status, headers, body = _json(Told(405, {"error": "Send it with POST."}))
            return status, [*headers, ("Allow", "POST")], body
        length = int(environ.get("CONTENT_LENGTH") or 0)  # A number: that was looked at.
        if length > rules.LONGEST:
            told = f"A message has {rules.LONGEST} bytes at most."
            return _json(Told(413, {"error": told}))
        body = environ["wsgi.input"].read(length)
        given = {
            name: str(environ.get(f"HTTP_{name.upper().replace('-', '_')}", ""))
            for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
        }
        here = self._here("", "")
        try:
            door = incoming.believed(here, path.removeprefix("/incoming/"), given, body)
        except Unbelieved as why:
            return _json(Told(401, {"error": str(why)}))
        if self._pace.is_too_much(door.id, here.now):
            return _json(Told(429, {"error": f"More than {A_MINUTE} in a minute."}))
        mine = self._here(door.team_id, door.owner)
        client = self._clients(door.team_id)
        return _json(incoming.receive(mine, door, given["webhook-id"], body, client))

    def _calendar(
        self, path: str, method: str, environ: "WSGIEnvironment"
    ) -> tuple[int, Headers, bytes]:
        if method not in ("GET", "HEAD"):
            return 405, [("Allow", "GET, HEAD")], b""
        token = path.removeprefix("/calendar/").removesuffix(".ics")
        asked = feeds.Asked(
            str(environ.get("HTTP_IF_NONE_MATCH", "")),
            str(environ.get("HTTP_IF_MODIFIED_SINCE", "")),
        )
        here = self._here("", "")
        found = feeds.whose(here, token)
        if found is None:
            return 404, [feeds.TEXT], feeds.NONE
        if self._pace.is_too_much(found.token_hash, here.now):
            return (
                429,
                [feeds.TEXT, *AGAIN],
                b"Too often. Once in a quarter of an hour is enough.\n",
            )
        mine = self._here(found.team_id, found.person)
        return feeds.answer(mine, found, asked, self._clients(found.team_id))


class Buckets:
    """How much one door or calendar is asked of this process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Bucket] = OrderedDict()
        self._lock = Lock()

    def is_too_much(self, key: str, now: datetime) -> bool:
        with self._lock:
            taken = pace.take(self._kept.get(key) or pace.full(RATE, now), RATE, now)
            self._kept[key] = taken.bucket
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return taken.back_at is not None


def _json(told: Told) -> tuple[int, Headers, bytes]:
    body: Any = json.dumps(told.answer, ensure_ascii=False).encode() + b"\n"
    headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
    return told.status, headers + (AGAIN if told.status in (429, 503) else []), body
