"""A small hiring team at work, for who looks at the bot for the first time.

Everything is done as people would do it, over the wire, so it is what the bot really does. Only
their hours are laid down: whoever tries the bot late or on a Sunday is to see it answer.
"""

import time
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import SQLModel, col, delete, func, select

from bot.hours import Hours, next_working_day
from bot.records import Notice, PersonSettings
from bot.store import Db
from playground import Person, Playground
from playground.seen import Seen

COORDINATOR = "Recruiting coordinator"
NO_HOLIDAYS = "ZZ"  # Nobody's country.
ZONE = "Europe/London"  # The coordinator's.
HEARD = {
    "4": "Asked which harm we mean, grouped the ways in by who controls the text, and named the "
    "number they would track each week and who may stop a release.",
    "3": "Drew the parts before choosing a model, gave a rate for each filter, and said what the "
    "fixes block by mistake.",
    "2": "Listed several attacks when asked twice; no number, and nobody who would act on it.",
}
SHORT = "Knew the words, and one limit."
ONSITE = {"onsite_a": "U0INTC", "onsite_b": "U0INTA", "onsite_c": "U0INTE", "onsite_d": "U0INTB"}


PATIENCE = 10.0  # Seconds that what is being sent may take.


def settle(db: Db) -> None:
    """Wait until nothing is being sent, and owe nothing any more: what was rendered of one example
    must not arrive in the next, nor look for what is gone."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with db.begin() as session:
            session.exec(delete(Notice).where(col(Notice.state) != "sending"))
            sending = session.exec(select(func.count()).select_from(Notice)).one()
        if not sending:
            return
        time.sleep(0.05)


def forget(db: Db) -> None:
    """Empty the database, as after a reset of the workspace."""
    with db.begin() as session:
        for table in reversed(SQLModel.metadata.sorted_tables):
            if table.name not in ("kept_question", "content_order"):
                session.connection().execute(table.delete())


def keep_awake(db: Db, play: Playground) -> None:
    """Everybody works at any hour of any day, so that nothing waits for anybody's morning. They can
    say otherwise under *My hours*."""
    days = list(range(7))
    with db.begin() as session:
        for id_, user in play.workspace.users.items():
            if not user["is_bot"]:
                hours = PersonSettings(
                    team_id=play.workspace.team["id"], person=id_, starts="00:00", ends="23:59",
                    days=days, country=NO_HOLIDAYS,
                )  # fmt: skip
                session.add(hours)


def set_up(play: Playground) -> None:
    """An opening and four candidates: one decided upon soon, one whose panel is late, one whose
    day lies ahead, and one whose panel is not complete."""
    today = play.clock.now().astimezone(ZoneInfo(ZONE)).date()
    ahead = next_working_day(Hours(ZONE), today + timedelta(days=1))
    later = next_working_day(Hours(ZONE), ahead)
    _opening(play)
    _plan(
        play, "Candidate 3", ONSITE, today - timedelta(days=6), second=(2, "U0INTD", "bar_raiser")
    )
    _plan(play, "Candidate 7", ONSITE, today - timedelta(days=1), second=(0, "U0INTD", "shadow"))
    _plan(play, "Candidate 12", ONSITE, ahead)
    _plan(play, "Candidate 15", {**ONSITE, "onsite_c": ""}, later)
    for letter, scores in (("C", "43"), ("A", "33"), ("D", "43")):
        _hand_in(play.person(f"Interviewer {letter}"), scores)
    _hand_in(play.person("Interviewer E"), "23", fit="below", red="red.4")
    _hand_in(play.person("Interviewer B"), "33", last=SHORT)
    _hand_in(play.person("Interviewer C"), "33")
    _begin(play.person("Interviewer A"))


def _opening(play: Playground) -> None:
    person = play.person(COORDINATOR)
    person.slash("/safety-interview open")
    fields = {"level": "senior", "specialization": "llm", "hiring_manager": "U0MANAGER"}
    fields["channel"] = "C0DEBRIEF"
    for name, value in fields.items():
        person.fill(name, value)
    person.submit()
    person.close()


def _plan(
    play: Playground,
    candidate: str,
    leads: dict[str, str],
    day: date,
    second: tuple[int, str, str] | None = None,
) -> None:
    """`second`: in which round somebody else sits, who, and as what."""
    person = play.person(COORDINATOR)
    person.slash("/safety-interview plan")
    person.fill("candidate", candidate)
    person.fill("first", str(day))
    rounds = _front(person).blocks[-1]["block_id"]
    person.fill(rounds, list(leads))
    person.submit()
    for at, lead in enumerate(leads.values()):
        person.fill(f"lead_{at}", lead)
    if second:
        at, other, role = second
        person.click("Add a shadow or bar raiser", nth=at)
        person.fill(f"other_{at}", other)
        person.fill(f"role_{at}", role)
    person.submit()
    person.submit()
    person.close()


def _hand_in(
    person: Person, scores: str, *, fit: str = "at", red: str = "", last: str = ""
) -> None:
    """Score the questions of the interview that has waited longest, and hand it in. `last` is
    what was written about the last question, `red` a flag that was heard."""
    _open(person)
    for at, score in enumerate(scores, start=1):
        if _front(person).raw["submit"]["text"] == "Next":  # Some rounds have one question.
            said = last if last and at == len(scores) else HEARD[score]
            person.fill(_field(person, "evidence"), said)
            person.fill(_field(person, "score"), score)
            person.submit()
    if red:
        person.fill("flags.red", [red])
        person.fill(f"where.{red}", "When asked who would have to be told, and by when.")
    person.fill("level_fit", fit)
    person.fill("recommendation", "no" if "2" in scores else "yes")
    person.submit()
    person.close()


def _begin(person: Person) -> None:
    """Write down what was heard, and go to the next meeting before scoring it."""
    _open(person)
    person.fill(_field(person, "evidence"), HEARD["3"])
    person.close()


def _open(person: Person) -> None:
    person.open_home()
    home = person.home
    if home is None:
        raise LookupError(f"{person.name} has no Home")
    labels = [label for label in home.labels if label in ("Write it", "Finish it")]
    person.click(labels[0], on=home)


def _field(person: Person, kind: str) -> str:
    return next(
        str(each["block_id"])
        for each in _front(person).blocks
        if each["type"] == "input" and each["block_id"].startswith(kind)
    )


def _front(person: Person) -> Seen:
    if person.modal is None:
        raise LookupError(f"{person.name} has no window open")
    return person.modal
