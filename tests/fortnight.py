"""A loop of two weeks with five interviewers, played by moving the clock: all that anybody heard.

python -m tests.fortnight > docs/two-weeks.md
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from playground import Person
from tests.hand import Hand, by_hand
from tests.offices import begin, coordinator, make_opening, shown

DATE = re.compile(r"<!date\^(\d+)\^[^>]*>")
PEOPLE = {
    "Recruiting coordinator": "Recruiting coordinator (London)",
    "Hiring manager": "Hiring manager (New York)",
    "Interviewer A": "Interviewer A (Kolkata)",
    "Interviewer B": "Interviewer B (Los Angeles)",
    "Interviewer C": "Interviewer C (Berlin)",
    "Interviewer D": "Interviewer D (Tokyo)",
    "Interviewer E": "Interviewer E (Adelaide)",
}
SAID = (
    "Asked which harm we mean, grouped the ways in by who controls the text, and named the number "
    "they would track each week and who may stop a release."
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in March 2031, by Greenwich."""
    return datetime(2031, 3, day, hour, minute, tzinfo=UTC)


ROUNDS = {
    "onsite_a": ("U0INTC", at(5, 10)),
    "onsite_b": ("U0INTA", at(7, 6, 30)),  # 12:00 in Kolkata.
    "onsite_c": ("U0INTE", at(11, 0, 30)),  # 11:00 in Adelaide.
    "onsite_d": ("U0INTB", at(12, 16, 30)),  # 9:30 in Los Angeles, in summer time since Sunday.
    "recruiter_screen": ("U0INTD", at(13, 2)),  # 11:00 in Tokyo.
}
DEBRIEF = at(14, 15)


@dataclass(frozen=True, order=True)
class Line:
    """One message, or what somebody did. `at` is full minutes."""

    at: datetime
    who: str
    what: str
    did: bool = False


def played(address: str) -> list[Line]:
    """The two weeks, in order."""
    with by_hand(address, at(3, 10)) as hand:
        acts = list(_acts(hand))
        lines = [line for line in acts if line is not None]
        return sorted([*lines, *_messages(hand)], key=lambda each: (each.at, each.who, each.what))


def _acts(hand: Hand) -> Iterator[Line | None]:
    planner = coordinator(hand.play)

    def did(person: Person, what: str) -> Line:
        hand.deliver()
        return Line(hand.now.replace(second=0, microsecond=0), person.name, what, did=True)

    make_opening(hand.play)
    _plan(planner)
    yield did(planner, "plans the loop of Candidate 12")

    hand.run_until(at(5, 11, 30))
    _hand_in(hand.person("Interviewer C"))
    yield did(hand.person("Interviewer C"), "hands in the scorecard")

    person = hand.person("Interviewer A")
    hand.run_until(at(7, 7, 50))
    person.click("In 1 hour", channel="app")
    yield did(person, "puts it off for an hour")
    hand.run_until(at(7, 9))
    _hand_in(person)
    yield did(person, "hands in the scorecard")

    person = hand.person("Interviewer D")
    hand.run_until(at(10, 1))
    person.slash("/safety-interview hours")
    person.fill("away", "2031-03-17")
    person.submit()
    yield did(person, "says in My hours: away, back on Monday 17 March")
    hand.run_until(at(10, 9, 30))
    planner.click("Reassign…", channel="app")
    place = next(
        number
        for number in range(5)
        if (shown(planner).element("lead") or {}) and _lead(planner, number) == "U0INTD"
    )
    planner.fill(f"lead_{place}", "U0INTC")
    planner.fill(f"starts_{place}", int(at(13, 10).timestamp()))
    planner.submit()
    planner.submit()
    planner.close()
    yield did(planner, "gives that round to Interviewer C, at 11:00 in Berlin")

    person = hand.person("Interviewer E")
    hand.run_until(at(11, 1, 50))
    person.click("It did not happen…", channel="app")
    person.fill("what", "no_show")
    person.fill("reason", "Nobody joined, and no answer by mail")
    person.submit()
    person.close()
    yield did(person, "says that it did not happen")

    hand.run_until(at(13, 11, 10))
    _hand_in(hand.person("Interviewer C"))
    yield did(hand.person("Interviewer C"), "hands in the second scorecard")
    hand.run_until(at(13, 16, 50))
    planner.click("Nudge now", channel="app")
    yield did(planner, "presses Nudge now")
    hand.run_until(at(13, 23))
    _hand_in(hand.person("Interviewer B"))
    yield did(hand.person("Interviewer B"), "hands in the scorecard")
    hand.run_until(at(17, 18))


def _plan(planner: Person) -> None:
    begin(planner, "Candidate 12")
    opening = shown(planner).raw["blocks"][-1]["block_id"]
    planner.fill(opening, list(ROUNDS))
    planner.submit()
    for number, name in enumerate(_rounds(planner)):
        lead, starts = ROUNDS[name]
        planner.fill(f"lead_{number}", lead)
        planner.fill(f"starts_{number}", int(starts.timestamp()))
    planner.fill("debrief", int(DEBRIEF.timestamp()))
    planner.submit()
    planner.submit()
    planner.close()


def _rounds(planner: Person) -> list[str]:
    """The rounds in the order in which the form has them."""
    titles = [each.get("text", {}).get("text", "") for each in shown(planner).blocks]
    names = {
        "Recruiter": "recruiter_screen", "Onsite A": "onsite_a", "Onsite B": "onsite_b",
        "Onsite C": "onsite_c", "Onsite D": "onsite_d",
    }  # fmt: skip
    return [name for text in titles for word, name in names.items() if text.startswith(f"*{word}")]


def _lead(planner: Person, number: int) -> str:
    for block in shown(planner).blocks:
        if block["block_id"] == f"lead_{number}":
            return str(block["element"].get("initial_user", ""))
    return ""


def _hand_in(person: Person) -> None:
    """Whatever number of questions the round has."""
    person.open_home()
    home = person.home
    assert home is not None
    label = next(each for each in home.labels if each in ("Write it", "Finish it"))
    person.click(label, on=home)
    while shown(person).raw["submit"]["text"] == "Next":
        for kind, value in (("evidence", SAID), ("score", "3")):
            for block in shown(person).blocks:
                if block["type"] == "input" and block["block_id"].startswith(kind):
                    person.fill(block["block_id"], value)
        person.submit()
    person.fill("level_fit", "at")
    person.fill("recommendation", "yes")
    person.submit()
    person.close()


def _messages(hand: Hand) -> Iterator[Line]:
    """As they read when they came."""
    for (_, ts), (name, text) in hand.first_read.items():
        when = datetime.fromtimestamp(float(ts), UTC)
        yield Line(when.replace(second=0, microsecond=0), name, text)


def _shown(line: Line, hand_zone: ZoneInfo) -> str:
    def local(found: re.Match[str]) -> str:
        moment = datetime.fromtimestamp(int(found.group(1)), UTC).astimezone(hand_zone)
        return f"{moment:%a %-d %b %H:%M}"

    text = DATE.sub(local, line.what).replace("|", "/").replace("\n", " ")
    for id_, name in IDS.items():
        text = text.replace(f"<@{id_}>", name)
    text = text.replace("*", "").replace("&gt;", ">").replace("&lt;", "<")
    return f"_{text}_" if line.did else text


IDS = {
    "U0COORD": "Recruiting coordinator", "U0MANAGER": "Hiring manager", "U0INTA": "Interviewer A",
    "U0INTB": "Interviewer B", "U0INTC": "Interviewer C", "U0INTD": "Interviewer D",
    "U0INTE": "Interviewer E",
}  # fmt: skip
ZONES = {
    "Recruiting coordinator": "Europe/London", "Hiring manager": "America/New_York",
    "Interviewer A": "Asia/Kolkata", "Interviewer B": "America/Los_Angeles",
    "Interviewer C": "Europe/Berlin", "Interviewer D": "Asia/Tokyo",
    "Interviewer E": "Australia/Adelaide",
}  # fmt: skip
HEAD = """# Two weeks of one loop

All that anybody heard of one candidate's loop with five interviewers, played in the local workspace
by moving its clock. Interviewers A and E are in half-hour zones; Interviewer D goes away, so their
round is given to Interviewer C; Interviewer E's candidate does not come; Interviewer B is late.
Times are the reader's own. What people did stands in italics.

Check: `tests/test_fortnight.py` holds the bot to this log; `python -m tests.fortnight` prints it.

| when (their time) | who | what |
| --- | --- | --- |
"""


def printed(lines: list[Line]) -> str:
    rows = []
    for line in lines:
        zone = ZoneInfo(ZONES[line.who])
        local = line.at.astimezone(zone)
        rows.append(f"| {local:%a %-d %b %H:%M} | {PEOPLE[line.who]} | {_shown(line, zone)} |\n")
    return HEAD + "".join(rows)


@contextmanager
def database() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'fortnight.db'}"


if __name__ == "__main__":
    with database() as place:
        print(printed(played(place)), end="")  # noqa: T201 (that is what it is for)
