"""An office at work: people of the workspace make openings, plan loops, and are told things."""

from datetime import timedelta
from typing import Any

from bot.records import PersonSettings
from playground import Person, Playground
from playground.seen import Seen

PEOPLE = ("U0COORD", "U0MANAGER", *(f"U0INT{letter}" for letter in "ABCDE"))
COORDINATOR = "Recruiting coordinator"
FIRST_DAY = "2031-03-12"  # A Wednesday, and nobody's holiday.
MINUTE = timedelta(minutes=1)
CHANGES = timedelta(minutes=5)  # How long changes are kept back, to be told in one message.


def always_at_work(team_id: str = "T0PLAY") -> list[PersonSettings]:
    """Everybody's hours, so that nothing waits for anybody's morning whenever the tests run."""
    return [
        PersonSettings(
            team_id=team_id, person=person, starts="00:00", ends="23:59", days=list(range(7)),
            country="ZZ",
        )
        for person in PEOPLE
    ]  # fmt: skip


def coordinator(play: Playground) -> Person:
    return play.person(COORDINATOR)


def make_opening(play: Playground, **typed: Any) -> None:
    person = coordinator(play)
    person.slash("/safety-interview open")
    fields = {"level": "senior", "specialization": "llm", "hiring_manager": "U0MANAGER"}
    for name, value in {**fields, **typed}.items():
        person.fill(name, value)
    person.submit()
    person.close()


def plan_loop(
    play: Playground,
    leads: dict[str, str],
    *,
    candidate: str = "Candidate 12",
    second: dict[str, tuple[str, str]] | None = None,
) -> Seen:
    """The coordinator plans the rounds of `leads`, by their ids, and saves. `second` gives people
    with their roles. Returns the loop's window."""
    person = coordinator(play)
    begin(person, candidate)
    opening = shown(person).raw["blocks"][-1]["block_id"]
    person.fill(opening, list(leads))
    person.submit()
    for at, lead in enumerate(leads.values()):
        person.fill(f"lead_{at}", lead)
    for at, name in enumerate(leads):
        if second and name in second:
            person.click("Add a shadow or bar raiser", nth=at)
            who, role = second[name]
            person.fill(f"other_{at}", who)
            person.fill(f"role_{at}", role)
    person.submit()
    person.submit()
    return shown(person)


def begin(person: Person, candidate: str = "Candidate 12") -> None:
    """Fill in for whom, on a working day of everybody's."""
    person.slash("/safety-interview plan")
    person.fill("candidate", candidate)
    person.fill("first", FIRST_DAY)


def shown(person: Person) -> Seen:
    """The modal in front. Raises AssertionError when there is none."""
    assert person.modal is not None
    return person.modal


def mail(person: Person) -> list[Seen]:
    """What the bot wrote to this person, oldest first."""
    return [each for each in person.messages("app") if each.raw["user"] == "U0BOT"]


def wait_for_mail(play: Playground, person: Person, count: int) -> list[Seen]:
    play.wait_until(
        lambda: len(mail(person)) >= count,
        f"{person.name} did not get {count} messages",
    )
    return mail(person)


def wait_for_text(play: Playground, person: Person, text: str) -> None:
    """Until the bot has written `text` to this person."""
    play.wait_until(
        lambda: any(text in each.text for each in mail(person)), f"{person.name} heard no {text!r}"
    )
