"""People who type what is meant to be taken for something else, into every field there is."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from playground import Person, Playground
from playground.seen import Seen
from tests.offices import (
    PEOPLE,
    begin,
    coordinator,
    make_opening,
    plan_loop,
    shown,
    wait_for_mail,
    wait_for_text,
)
from tests.test_scorecards import fields

Record = dict[str, Any]

TURNED, HIDDEN = "\u202e", "\u200b"
PINGS = "<!channel><@U0EVIL><!subteam^S0EVIL>"
LINK = "<http://evil.example|x>"
NAME = f"Eve{HIDDEN}{TURNED}{PINGS}{LINK}*&"  # As short as the shortest field.
# Each text says where it was typed, so that it can be seen where it went.
MARKUP = f"{PINGS} {LINK} [x](http://evil.example) ![y](http://evil.example/p.png) `*_~&"
HTML = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'{{7*7}}${7*7}"
SECRET = "Zanzibar"  # Stands in all that is typed: no log says it.
PRIVATE = "C0DEBRIEF"
OVER = datetime(2031, 3, 12, 12, 1, tzinfo=UTC)  # When all interviews of the first day are over.


def evil(field: str, most: int = 3000) -> str:
    return f"{SECRET} {field} {MARKUP} {HTML}\n=1+1\n# {TURNED}turned{HIDDEN}"[:most]


class Evil:
    """One loop after the other, with every field that a person can type into filled in."""

    def __init__(self, play: Playground) -> None:
        self.play, self.loops = play, 0

    def person(self, letter: str) -> Person:
        return self.play.person(f"Interviewer {letter}")

    @property
    def manager(self) -> Person:
        return self.play.person("Hiring manager")

    def work(self) -> None:
        make_opening(self.play, title=f"{SECRET} {NAME}", channel=PRIVATE, shown_as="name")
        self.commands()
        self.whole_loop()
        self.others()
        self.look()

    def commands(self) -> None:
        person = coordinator(self.play)
        for verb in ("", "find", "kit", "guide", "pay", "debrief", "nudges", "questions"):
            person.slash(f"/safety-interview {verb} {SECRET} {MARKUP}")
            close(person)
        person.slash("/safety-interview find harm")
        person.slash("/safety-interview")
        person.click("Find a question", on=person.last)
        person.fill("query", f"{SECRET} {MARKUP}"[:200])
        person.submit()
        close(person)
        person.slash("/safety-interview import")
        for opening in (evil("opening", 60), ""):
            cell = json.dumps(f"{SECRET} {NAME}2", ensure_ascii=False).replace('\\"', '""')
            head = "candidate,round,interviewer,starts,link,opening\n"
            row = f'{cell},Onsite A,U0INTE,2031-03-14 10:00,https://x.example/{LINK},"{opening}"\n'
            person.fill("table", head + row.replace("\n=", " "))
            person.submit()
        person.submit()
        close(person)

    def whole_loop(self) -> None:
        play, planner = self.play, coordinator(self.play)
        self.plan()
        for letter, says in (("C", "yes"), ("A", "no"), ("B", "yes")):
            person = self.person(letter)
            (brief, *_) = wait_for_mail(play, person, 1)
            person.say(evil("thread"), channel="app", thread_ts=brief.raw["ts"])
            hand_in(person, says)
        wait_for_text(play, self.manager, " are open.")
        self.debrief()
        self.vote()
        decide_with(self.manager)
        self.stances()
        wait_for_text(play, planner, "Thank you for bringing")
        self.files()
        planner.click("Show", channel="app")
        planner.click("Reopen…")
        planner.fill("reason", evil("reopening", 300))
        planner.submit()
        close(planner)

    def plan(self) -> None:
        planner = coordinator(self.play)
        begin(planner, f"{SECRET} {NAME}")
        planner.fill("link", f"https://x.example/{LINK}")
        opening = shown(planner).raw["blocks"][-1]["block_id"]
        planner.fill(opening, ["onsite_a", "onsite_c"])
        planner.submit()
        for at, lead in enumerate(("U0INTC", "U0INTA")):
            planner.fill(f"lead_{at}", lead)
        planner.click("Add a shadow or bar raiser", nth=0)
        planner.fill("other_0", "U0INTB")
        planner.fill("role_0", "bar_raiser")
        planner.fill("place", f"{SECRET} {PINGS}{LINK}"[:100])
        submit(planner)
        submit(planner)
        close(planner)

    def debrief(self) -> None:
        manager, play = self.manager, self.play
        manager.slash("/safety-interview debrief C-102")
        manager.click("Start debrief…", on=manager.last)
        manager.submit()
        close(manager)
        play.wait_until(lambda: bool(in_room(manager, "Note…")), "no debrief came")
        manager.click("Note…", on=in_room(manager, "Note…")[-1])
        manager.fill("note", evil("note", 500))
        manager.submit()
        close(manager)
        manager.click("End…", on=in_room(manager, "End…")[-1])
        close(manager)

    def vote(self) -> None:
        person = self.person("A")
        open_loop_of(person)
        person.click("My view after the discussion")
        while shown(person).raw.get("callback_id") == "vote_page":
            for block in list(shown(person).blocks):
                if block["type"] == "input" and block["element"]["type"] == "plain_text_input":
                    person.fill(block["block_id"], evil("vote", 500))
                elif block.get("block_id", "").startswith("after."):
                    options = block["element"]["options"]
                    person.fill(block["block_id"], options[0]["value"])
            before = shown(person).raw
            person.submit()
            if person.modal is None or shown(person).raw == before:
                break
        close(person)

    def stances(self) -> None:
        play, manager = self.play, self.manager
        other = self.person("B")
        wait_for_text(play, other, "Do you concur?")
        other.click("Object…", channel="app")
        other.fill("reason", evil("objection", 300))
        other.submit()
        close(other)
        wait_for_text(play, manager, "objects to your decision")
        manager.click("Answer the objection…", channel="app")
        manager.fill("what", "stand")
        manager.fill("reason", evil("answer", 300))
        manager.submit()
        close(manager)
        dissenter = self.person("A")
        wait_for_text(play, dissenter, "Your view was otherwise")
        dissenter.click("Record my dissent…", channel="app")
        dissenter.fill("reason", evil("dissent", 300))
        dissenter.submit()
        close(dissenter)

    def files(self) -> None:
        manager, planner, play = self.manager, coordinator(self.play), self.play
        for format_ in ("csv", "json", "md"):
            self.wait_for_file(planner, "Export…", format=format_)
        self.wait_for_file(manager, "Export record")
        self.wait_for_file(planner, "Audit", format="csv")
        manager.slash("/safety-interview packet C-102")
        before = len(play.workspace.files)
        manager.click("As a file", on=manager.last)
        play.wait_until(lambda: len(play.workspace.files) > before, "no packet came")

    def wait_for_file(self, person: Person, button: str, **typed: str) -> None:
        before = len(self.play.workspace.files)
        close(person)
        person.click("Show", channel="app")
        person.click(button)
        for name, value in typed.items():
            person.fill(name, value)
        if typed:
            person.submit()
        self.play.wait_until(lambda: len(self.play.workspace.files) > before, f"no {button}")
        close(person)

    def others(self) -> None:
        """Loops that end otherwise: somebody cannot come, is not there, or it is opened early."""
        play, planner = self.play, coordinator(self.play)
        person = self.person("D")
        self.one_more("onsite_b", "U0INTD")
        wait_for_mail(play, person, 1)
        person.click("Can't make it…", channel="app")
        person.fill("reason", evil("cannot", 200))
        submit(person)
        close(person)
        planner.click("Something else happened…")
        planner.fill("what", "no_show")
        planner.fill("reason", evil("happened", 200))
        submit(planner)
        close(planner)
        self.one_more("onsite_d", "U0INTE", {"onsite_d": ("U0INTD", "bar_raiser")})
        wait_for_text(play, self.person("E"), f"{SECRET} {self.loops} ")
        hand_in(self.person("E"), "yes")
        close(planner)
        planner.slash("/safety-interview loops")
        listed = planner.last.text.split("\nShow")
        at = next(at for at, each in enumerate(listed) if f"{SECRET} {self.loops} " in each)
        planner.click("Show", on=planner.last, nth=at)
        planner.click("Open scorecards…")
        planner.fill("reason", evil("early", 300))
        submit(planner)
        close(planner)
        for lead in ("U0INTD", "U0INTB"):
            self.one_more("onsite_b", lead)
            close(planner)
        play.clock.move_to(OVER)
        for letter, label in (("D", "I wasn't there…"), ("B", "It did not happen…")):
            person = self.person(letter)
            wait_for_text(play, person, "How was")
            person.click(label, channel="app")
            person.fill("reason", evil("missed", 200))
            submit(person)
            close(person)
            play.clock.advance(timedelta(minutes=61))  # What comes within an hour is put together.
        person.slash("/safety-interview hours")
        for name in texts(shown(person)):
            person.fill(name, evil(name, 20))
        person.submit()
        close(person)

    def one_more(self, round_: str, lead: str, second: Any = None) -> None:
        """One more loop, whose window the coordinator has before them."""
        self.loops += 1
        candidate = f"{SECRET} {self.loops} {NAME}"[:80]
        plan_loop(self.play, {round_: lead}, candidate=candidate, second=second)

    def look(self) -> None:
        """Everything that shows what was typed, once more."""
        play, planner = self.play, coordinator(self.play)
        for id_ in PEOPLE:
            person = play.person(id_)
            person.open_home()
            for text in (
                "loops",
                "openings",
                "nudges",
                "mirror",
                "insights",
                "questions",
                "status",
            ):
                person.slash(f"/safety-interview {text}")
                close(person)
        planner.slash("/safety-interview openings")
        planner.click("Show", on=planner.last)
        close(planner)


def hand_in(person: Person, says: str) -> None:
    person.click("Scorecard", channel="app")
    while True:
        evidence = texts(shown(person))
        for name in evidence:
            person.fill(name, evil(name.partition(".")[0], 1000))
        if not any(name.startswith("evidence") for name in evidence):
            break
        person.fill(fields(person, "score"), "3")
        submit(person)
    person.fill("level_fit", "at")
    person.fill("recommendation", says)
    submit(person)
    close(person)


def decide_with(person: Person) -> None:
    open_loop_of(person)
    person.click("Decide…")
    person.fill("outcome", "hire")
    block = next(each for each in shown(person).blocks if each.get("block_id") == "cites")
    person.fill("cites", [block["element"]["options"][0]["value"]])
    for name in texts(shown(person)):
        person.fill(name, evil(name, 1000))
    person.submit()
    person.submit()
    close(person)


def texts(seen: Seen) -> list[str]:
    """The names of a form's fields that take text."""
    return [
        str(block["block_id"])
        for block in seen.blocks
        if block["type"] == "input" and block["element"]["type"] == "plain_text_input"
    ]


def open_loop_of(person: Person) -> None:
    close(person)
    person.click("Read them", channel="app")


def in_room(person: Person, label: str) -> list[Seen]:
    return [each for each in person.messages("debrief-room") if label in each.labels]


def submit(person: Person) -> None:
    answer = person.submit()
    assert answer["ok"], answer
    assert answer.get("response_action") != "errors", answer


def close(person: Person) -> None:
    while person.modal is not None:
        person.close()
