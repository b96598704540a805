"""A loop whose scorecards are open: two interviewers, one of whom sees it otherwise."""

from typing import Any

from playground import Person, Playground
from tests.offices import make_opening, plan_loop, shown, wait_for_mail
from tests.test_scorecards import hand_in

WHY = "They measured each class of attack, and named who may stop a release."


def reveal(office: Playground, *, second: dict[str, tuple[str, str]] | None = None) -> None:
    """Interviewer C recommends, Interviewer A does not. A bar raiser hands in, too."""
    make_opening(office)
    leads = {"onsite_a": "U0INTC", "onsite_c": "U0INTA"}
    plan_loop(office, leads, candidate="Candidate 12", second=second)
    office.person("Recruiting coordinator").close()
    writers = {"U0INTC": "yes", "U0INTA": "no"}
    for person, role in (second or {}).values():
        if role == "bar_raiser":
            writers[person] = "yes"
    for id_, says in writers.items():
        writer = by_id(office, id_)
        wait_for_mail(office, writer, 1)
        hand_in(writer, recommendation=says)
        writer.close()


def by_id(office: Playground, id_: str) -> Person:
    return office.person(str(office.workspace.users[id_]["real_name"]))


def open_loop(person: Person) -> None:
    """The loop's window, from the list of loops."""
    while person.modal is not None:
        person.close()
    person.slash("/safety-interview loops")
    person.click("Show", on=person.last)


def fill_in(person: Person, outcome: str = "hire", why: str = WHY, **more: Any) -> None:
    """The form of a decision, up to the last look."""
    person.click("Decide…")
    person.fill("outcome", outcome)
    for name, value in more.items():
        person.fill(name, value)
    person.fill("cites", options(person, "cites")[:1])
    person.fill("rationale", why)
    person.submit()


def options(person: Person, block_id: str) -> list[str]:
    block = next(each for each in shown(person).blocks if each.get("block_id") == block_id)
    return [each["value"] for each in block["element"]["options"]]


def decide(person: Person, outcome: str = "hire", **more: Any) -> None:
    open_loop(person)
    fill_in(person, outcome, **more)
    person.submit()
