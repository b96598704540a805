"""What people ask: who they are, what each request holds, and whether its answer is one."""

import hashlib
import hmac
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlmodel import col, select

from bench.load.words import questions
from bot.records import Interview, Loop, Opening, Seat
from bot.store import Db

SECRET = "load"
# Who writes a scorecard sends something with every pause in their typing.
SHARES = {"command": 25, "draft": 50, "submission": 10, "home": 15}
TEXTS = ("senior", "find prompt injection", "loops", "kit senior llm", "mid system design")
PAUSE = 15.0  # Seconds between two requests of one person.
STAY = 10  # Requests until somebody else comes in their place.


@dataclass(frozen=True)
class Person:
    team_id: str
    user_id: str
    interview_id: str
    round: str
    coordinator: str


@dataclass(frozen=True)
class Request:
    kind: str
    body: str
    content_type: str = "application/x-www-form-urlencoded"

    def signed(self, host: str) -> bytes:
        """As bytes on the wire, signed now: Slack's signatures last five minutes."""
        stamp = str(int(time.time()))
        text = f"v0:{stamp}:{self.body}".encode()
        digest = hmac.new(SECRET.encode(), text, hashlib.sha256).hexdigest()
        body = self.body.encode()
        return (
            f"POST /slack/events HTTP/1.1\r\nHost: {host}\r\nContent-Type: {self.content_type}\r\n"
            f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={digest}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body

    def is_answered(self, status: int, body: bytes) -> bool:
        """Whether this is the answer and no excuse."""
        if status != 200:
            return False
        match self.kind:
            case "command":
                return b'"blocks"' in body
            case "submission":
                return b"update" in body and b"sealed" in body
        return body == b""  # What went wrong is told through Slack, which counts it.


def people(db: Db) -> list[Person]:
    """Everybody who sits on the panel of an active loop."""
    wanted = (
        select(Seat, Interview.round, Opening.coordinators)
        .join(Interview, col(Interview.id) == Seat.interview_id)
        .join(Loop, col(Loop.id) == Seat.loop_id)
        .join(Opening, col(Opening.id) == Loop.opening_id)
        .where(Loop.state == "active")
        .order_by(Seat.id)
    )
    with db.begin() as session:
        return [
            Person(seat.team_id, seat.person, seat.interview_id, round_, coordinators[0])
            for seat, round_, coordinators in session.exec(wanted)
        ]


class Crowd:
    """Those who are at it: each sends something every PAUSE seconds, and leaves after a while."""

    def __init__(self, everybody: list[Person], seed: int = 1) -> None:
        self._everybody, self._dice = everybody, random.Random(seed)
        self._here: list[Person] = []
        self._count = 0
        self._run = f"{time.time():.0f}"

    def requests(self, rate: float) -> Iterator[Request]:
        """What arrives, one after the other, when `rate` of them arrive in a second."""
        wanted = max(1, min(len(self._everybody), round(rate * PAUSE)))
        while True:
            while len(self._here) < wanted:
                self._here.append(self._dice.choice(self._everybody))
            del self._here[wanted:]
            at = self._dice.randrange(wanted)
            if self._dice.random() < 1 / STAY:
                self._here[at] = self._dice.choice(self._everybody)
            [kind] = self._dice.choices([*SHARES], [*SHARES.values()])
            self._count += 1
            yield self._request(kind, self._here[at])

    def _request(self, kind: str, person: Person) -> Request:
        match kind:
            case "command":
                return command(person, self._dice.choice(TEXTS))
            case "draft":
                return draft(person, self._count)
            case "submission":
                return submission(person, self._count)
        return home(person, f"{self._run}-{self._count}", planner=self._dice.random() < 0.3)


def command(person: Person, text: str) -> Request:
    fields = {
        "command": "/safety-interview", "text": text, "team_id": person.team_id,
        "user_id": person.user_id, "channel_id": "C0LOAD", "trigger_id": "1.1",
        "api_app_id": "A0LOAD", "is_enterprise_install": "false",
        "response_url": "http://127.0.0.1:9/",
    }  # fmt: skip
    return Request("command", urlencode(fields))


def _interaction(kind: str, type_: str, person: Person, **more: Any) -> Request:
    payload = {
        "type": type_, "user": {"id": person.user_id, "team_id": person.team_id},
        "team": {"id": person.team_id}, "api_app_id": "A0LOAD", "trigger_id": "1.1",
        "is_enterprise_install": False, **more,
    }  # fmt: skip
    return Request(kind, urlencode({"payload": json.dumps(payload)}))


def _view(person: Person, page: int, values: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"V{person.interview_id}", "hash": "1", "type": "modal", "callback_id": "card_page",
        "blocks": [], "private_metadata": json.dumps([person.interview_id, page, 0]),
        "state": {"values": values},
    }  # fmt: skip


def _words(number: int) -> str:
    return f"They named {number} classes of attack and measured each of them before the release."


def draft(person: Person, number: int) -> Request:
    """Another word of the evidence."""
    action = {
        "type": "plain_text_input", "action_id": "card_text", "value": _words(number),
        "block_id": f"evidence.{questions(person.round)[0]}",
    }  # fmt: skip
    view = _view(person, 0, {})
    return _interaction("draft", "block_actions", person, actions=[action], view=view, container={})


def submission(person: Person, number: int) -> Request:
    """The last page of a scorecard that is complete."""
    values: dict[str, Any] = {}
    asked = questions(person.round)
    for name in asked:
        text = {"type": "plain_text_input", "value": _words(number)}
        values[f"evidence.{name}"] = {"card_text": text}
        values[f"score.{name}"] = {"card_choice": _chosen("3")}
    values["level_fit"] = {"card_choice": _chosen("at")}
    values["recommendation"] = {"card_choice": _chosen("yes")}
    view = _view(person, len(asked), values)
    return _interaction("submission", "view_submission", person, view=view)


def _chosen(value: str) -> dict[str, Any]:
    return {"type": "radio_buttons", "selected_option": {"value": value}}


def home(person: Person, number: str, *, planner: bool) -> Request:
    user = person.coordinator if planner else person.user_id
    event = {"type": "app_home_opened", "user": user, "tab": "home", "channel": "D1"}
    body = {
        "type": "event_callback", "event_id": f"Ev{number}", "event": event, "token": "none",
        "team_id": person.team_id, "api_app_id": "A0LOAD",
        "authorizations": [{"team_id": person.team_id, "is_enterprise_install": False}],
    }  # fmt: skip
    return Request("home", json.dumps(body), "application/json")
