"""Two teams with the same people, channels and candidates, at work in one deployment."""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit

from sqlalchemy import Engine, event
from sqlmodel import SQLModel

from bot.records import CalendarFeed, Incoming, Webhook
from bot.store import Db
from bot.webhooks import CONTENT, EVENTS, headers, new_secret
from playground import Person, Playground
from playground.seen import Seen, entered
from tests.decided import WHY, fill_in
from tests.many import Deployment
from tests.offices import (
    coordinator,
    mail,
    make_opening,
    plan_loop,
    shown,
    wait_for_mail,
    wait_for_text,
)
from tests.receivers import Receiver
from tests.test_scorecards import hand_in

Record = dict[str, Any]

CANDIDATE = "Candidate 12"
OVER = datetime(2031, 3, 14, 11, tzinfo=UTC)  # When the imported interview is, in Berlin at noon.
TABLE = (
    "candidate,round,interviewer,starts\n{},Onsite A,interviewer.c@example.com,2031-03-14 10:00\n"
)


@dataclass
class Team:
    """One of the two. `marker` stands in everything that its people type."""

    id: str
    marker: str
    play: Playground
    limit: str  # Interviewer C's weekly limit.
    heard: Receiver  # What is told to a program of theirs.
    secret: str = field(default_factory=new_secret)  # With which another one signs what it tells.
    link: str = ""  # Interviewer C's calendar.

    def received(self) -> str:
        """All that Slack got for this team: calls, answers, messages, views, files."""
        workspace = self.play.workspace
        exchanged = [
            entry["payload"] if entry["direction"] == "from_app" else entry["answer"]
            for entry in workspace.log
        ]
        files = [(each["bytes"] or b"").decode() for each in workspace.files.values()]
        held = [workspace.messages, workspace.homes, workspace.views]
        return json.dumps([exchanged, held, files], ensure_ascii=False, default=str)

    def person(self, id_: str) -> Person:
        return self.play.person(id_)

    def work(self) -> None:
        """A loop from the opening to the reveal, with everything that people do around it."""
        play, planner = self.play, coordinator(self.play)
        self._hours()
        make_opening(play, title=f"Engineer {self.marker}")
        plan_loop(
            play, {"onsite_a": "U0INTC", "onsite_c": "U0INTA"},
            candidate=CANDIDATE, second={"onsite_a": ("U0INTD", "shadow")},
        )  # fmt: skip
        while planner.modal is not None:
            planner.close()
        self._note()
        for id_ in ("U0INTC", "U0INTA"):
            person = self.person(id_)
            wait_for_mail(play, person, 1)
            hand_in(person, private_note=f"Private {self.marker}")
            while person.modal is not None:
                person.close()
        self._import()
        for text in ("find prompt injection", "senior", "openings", "loops", "kit senior llm"):
            planner.slash(f"/safety-interview {text}")
        self._loop("Show")
        self._export()
        for id_ in ("U0COORD", "U0MANAGER", "U0INTA", "U0INTC"):
            self.person(id_).open_home()

    def connect(self, made: Deployment) -> None:
        """Their programs are told everything, and may plan."""
        now, owner = made.play.clock.now(), "U0COORD"
        hook = Webhook(
            id=f"wh_{self.marker}", team_id=self.id, owner=owner, url=self.heard.url,
            secret=self.secret, events=list(EVENTS), content=list(CONTENT), created_at=now,
        )  # fmt: skip
        door = Incoming(
            id=f"in_{self.marker}", team_id=self.id, owner=owner, secret=self.secret, created_at=now
        )
        with made.db.begin() as session:
            session.add_all([hook, door])

    def tell(self, made: Deployment, door: str = "", secret: str = "") -> int:
        """Another program plans an interview, through their own door unless it says another one.
        Returns the status."""
        data = {"candidate": f"Told {self.marker}", "round": "onsite_a",
                "starts_at": "2031-03-15T10:00:00Z", "panel": [{"person": "U0INTC"}]}  # fmt: skip
        told = {"type": "interview.scheduled", "timestamp": "2031-03-01T00:00:00Z", "data": data}
        body = json.dumps(told).encode()
        signed = headers([secret or self.secret], "evt_1", made.play.clock.now(), body)
        connection = http.client.HTTPConnection(urlsplit(made.url).netloc, timeout=60)
        connection.request("POST", f"/incoming/{door or f'in_{self.marker}'}", body, signed)
        status = connection.getresponse().status
        connection.close()
        return status

    def subscribe(self) -> None:
        person = self.person("U0INTC")
        while person.modal is not None:
            person.close()
        person.open_home()
        person.click("Calendar feed", on=person.home)
        person.click("Make one")
        self.link = (shown(person).element("address") or {})["initial_value"]
        person.close()

    def be_asked(self) -> None:
        """After the imported interview: nobody has handed in."""
        wait_for_text(self.play, self.person("U0INTC"), "How was")

    def _hours(self) -> None:
        person = self.person("U0INTC")
        person.slash("/safety-interview hours")
        person.fill("limit", self.limit)
        person.submit()
        while person.modal is not None:
            person.close()

    def _note(self) -> None:
        person = self.person("U0INTC")
        (brief, *_) = wait_for_mail(self.play, person, 1)
        person.say(f"Noted {self.marker}", channel="app", thread_ts=brief.raw["ts"])

    def decide(self) -> None:
        """The hiring manager opens the debrief, and decides."""
        manager = self.person("U0MANAGER")
        wait_for_text(self.play, manager, " are open.")
        manager.slash("/safety-interview debrief C-101")
        while manager.modal is not None:
            manager.close()
        manager.slash("/safety-interview loops")
        manager.click("Show", on=manager.last, nth=self._first(manager.last))
        fill_in(manager, why=f"{WHY} {self.marker}")
        manager.submit()
        while manager.modal is not None:
            manager.close()

    def _import(self) -> None:
        planner = coordinator(self.play)
        planner.slash("/safety-interview import")
        planner.fill("table", TABLE.format(f"Imported {self.marker}"))
        planner.submit()
        planner.submit()
        while planner.modal is not None:
            planner.close()

    def _loop(self, *buttons: str) -> Person:
        """The window of the first candidate's loop, and what is pressed there."""
        planner = coordinator(self.play)
        while planner.modal is not None:
            planner.close()
        planner.slash("/safety-interview loops")
        planner.click(buttons[0], on=planner.last, nth=self._first(planner.last))
        for label in buttons[1:]:
            planner.click(label)
        return planner

    @staticmethod
    def _first(listed: Seen) -> int:
        """Which of the buttons is the first candidate's: the list may begin with any."""
        codes = [text for text in listed.text.split() if text.strip("()*:,").startswith("C-")]
        return codes.index(min(codes)) if codes else 0

    def _export(self) -> None:
        planner, play = self._loop("Show", "Export…"), self.play
        before = len(play.workspace.files)
        planner.fill("format", "json")
        planner.submit()
        play.wait_until(lambda: len(play.workspace.files) > before, "no file came")
        play.wait_until(lambda: any("files" in each.raw for each in mail(planner)), "not shared")
        self._loop("Show", "Erase…")

    def erase(self) -> None:
        planner = self._loop("Show", "Erase…")
        planner.fill("sure", "ERASE")
        planner.submit()

    # What the other team's people could forge.

    def actions(self) -> list[tuple[Record, Record]]:
        """All that anybody here could press, as Slack would send it, each once, with where."""
        found: dict[str, tuple[Record, Record]] = {}
        for seen in self._surfaces():
            for control in seen.controls:
                key = json.dumps(control.action, sort_keys=True)
                found.setdefault(key, (seen.raw, control.action))
        return list(found.values())

    def forms(self) -> list[Record]:
        """Every form that was shown here, each with what it carries."""
        found: dict[tuple[str, str], Record] = {}
        for view in self._views():
            if view.get("type") == "modal" and view.get("submit"):
                key = (view.get("callback_id", ""), view.get("private_metadata", ""))
                found.setdefault(key, view)
        return list(found.values())

    def _views(self) -> Iterator[Record]:
        for entry in self.play.workspace.log:
            for told in (entry["payload"], entry["answer"]):
                view = told.get("view") if isinstance(told, dict) else None
                if isinstance(view, str):
                    view = json.loads(view)
                if isinstance(view, dict) and "blocks" in view:
                    yield view

    def _surfaces(self) -> Iterator[Seen]:
        yield from map(Seen, self._views())
        for messages in self.play.workspace.messages.values():
            yield from map(Seen, messages)

    def forge_action(self, user: str, where: Record, action: Record) -> bool:
        """Somebody here presses what was shown to the other team. False when no press of it is
        ever sent: a field of a form."""
        workspace, asked = self.play.workspace, {"user": user, "action": action}
        if where.get("type") == "modal":
            view = self._opened(user, where)
            place = {"type": "view", "view_id": view["id"]}
            answer = self.play.act("action", {**asked, "container": place, "state": _state(view)})
        else:
            channel = f"D{user[1:]}"
            at = workspace.messages[channel][-1]
            place = {"type": "message", "channel": channel, "ts": at["ts"]}
            answer = self.play.act("action", {**asked, "container": place})
        workspace.views[user] = []
        assert answer["ok"] or answer["error"] == "dispatch_failed", (action, answer)
        return bool(answer["ok"])

    def forge_form(self, user: str, form: Record) -> None:
        """Somebody here hands in what the other team's form carried, filled in."""
        view = self._opened(user, form)
        asked = {"user": user, "view_id": view["id"], "state": _state(view)}
        answer = self.play.act("submit", asked)
        assert answer["ok"], (form.get("callback_id"), answer)
        self.play.workspace.views[user] = []

    def _opened(self, user: str, view: Record) -> Record:
        opened = self.play.workspace.new_view({**view, "external_id": ""})
        self.play.workspace.views[user] = [opened]
        return opened


def _state(view: Record) -> Record:
    """What the fields hold: as they start, and sure."""
    state = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            typed = ("ERASE",) if block["block_id"] == "sure" else ()
            state[block["block_id"]] = {element["action_id"]: entered(element, *typed)}
    return state


@dataclass
class Watched:
    """Every row that was read: by a query for one team, and another's."""

    crossed: list[str] = field(default_factory=list)
    read: int = 0


@contextmanager
def watched(teams: tuple[str, ...]) -> Iterator[Watched]:
    """Compare the team of each row that is loaded with that of the query that loads it."""
    found, latest = Watched(), threading.local()

    def asked(_: Any, __: Any, statement: str, parameters: Any, ___: Any, ____: Any) -> None:
        values: Any = parameters.values() if isinstance(parameters, dict) else parameters or ()
        flat = [each for value in values for each in _each(value)]
        latest.teams = {each for each in flat if each in teams}
        latest.statement = statement

    def loaded(row: Any, _: Any) -> None:
        team, wanted = (
            getattr(row, "team_id", None),
            cast("set[str]", getattr(latest, "teams", set())),
        )
        if team not in teams:
            return
        # Whose these are is found out by what stands in an address that only their owner knows.
        if not getattr(latest, "teams", set()) and isinstance(row, Incoming | CalendarFeed):
            return
        # The clock reads what is due of every team; an answer is one team's.
        if wanted or "process_request_thread" in threading.current_thread().name:
            found.read += 1
            if wanted != {team}:
                found.crossed.append(f"{type(row).__name__} of {team}: {latest.statement}")

    event.listen(Engine, "before_cursor_execute", asked)
    event.listen(SQLModel, "load", loaded, propagate=True)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", asked)
        event.remove(SQLModel, "load", loaded)


def _each(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        yield from value
    else:
        yield value


def rows_of(db: Db, team_id: str) -> dict[str, list[str]]:
    """All that is kept of a team, table by table, decrypted."""
    kept: dict[str, list[str]] = {}
    with db.begin() as session:
        for table in SQLModel.metadata.sorted_tables:
            if "team_id" in table.columns:
                wanted = table.select().where(table.columns.team_id == team_id)
                found = session.connection().execute(wanted).all()
                kept[table.name] = sorted(repr(row) for row in found)
    return kept


def at_work(made: Deployment, heard: tuple[Receiver, Receiver]) -> tuple[Team, Team]:
    """Both teams install the bot and do the same, one after the other, step by step."""
    made.always_at_work()
    one = Team(made.play.workspace.team["id"], "ANEMONE", made.play, "3", heard[0])
    two = Team("T0OTHER", "BUDDLEIA", cast("Playground", made.others[0]), "4", heard[1])
    for team in (one, two):
        assert made.install(team.id).status == 200
        team.connect(made)
    for team in (one, two):
        team.work()
        assert team.tell(made) == 200
        team.subscribe()
    made.settle()
    made.play.clock.move_to(OVER)
    for team in (one, two):
        team.be_asked()
    for team in (one, two):
        team.decide()
    made.settle()
    return one, two


def soon(made: Deployment) -> None:
    """Let what is owed by now arrive."""
    made.play.clock.advance(timedelta(minutes=2))
    made.settle()


__all__ = ["CANDIDATE", "Team", "at_work", "rows_of", "shown", "soon", "watched"]
