"""Several people at the same moment: threads of one bot, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from slack_bolt import App, BoltRequest, BoltResponse
from sqlmodel import col, delete, select

from bot import drafts, openings
from bot.content import Level
from bot.kits import compose
from bot.launch import service
from bot.openings import pin
from bot.records import (
    AuditEntry,
    Decision,
    Interview,
    Loop,
    Notice,
    Opening,
    PersonSettings,
    Scorecard,
    SealedVersion,
    Seat,
    Writing,
)
from bot.settings import Settings
from bot.store import Db, open_db
from playground import Playground
from tests.banks import SHIPPED
from tests.rows import NOON
from tests.test_openings import made

TEAM = "T0PLAY"
LEADS = ("U0INTA", "U0INTB")
KITS = pin(compose(SHIPPED, Level.SENIOR))
ASKED = [line["question"] for line in KITS[2]["lines"][1:3]]
ROUNDS = 8


@pytest.fixture
def app(play: Playground, address: str) -> Iterator[App]:
    """A second bot in the workspace: its state is the test's own."""
    settings = Settings(bot_token=play.bot_token, api_url=play.api_url, database_url=address)
    with service.running(settings, lambda: NOON, rest=60) as found:
        yield found


@pytest.fixture
def db(app: App, address: str) -> Iterator[Db]:  # noqa: ARG001 (the app makes the schema)
    opened = open_db(address)
    with opened.begin() as session:
        session.add(
            made(team_id=TEAM, kits=KITS, coordinators=["U0COORD"], hiring_manager="U0MANAGER")
        )
    yield opened
    opened.kw["bind"].dispose()


def loop_of_two(db: Db, number: int) -> str:
    """A loop with an interview for each of two leads, both still to hand in. Returns its id."""
    keys: dict[str, Any] = {"team_id": TEAM, "loop_id": f"loop{number}"}
    with db.begin() as session:
        session.add(
            Loop(
                id=keys["loop_id"], team_id=TEAM, opening_id="one", number=number,
                candidate=f"Candidate {number}", created_by="U0COORD", created_at=NOON,
            )
        )  # fmt: skip
        for lead in LEADS:
            id_ = f"{lead}-{number}"
            session.add(Interview(id=id_, round="onsite_a", minutes=45, starts_at=NOON, **keys))
            session.add(Seat(id=id_, interview_id=id_, person=lead, role="lead", **keys))
    return str(keys["loop_id"])


def ask(app: App, person: str, kind: str, **more: Any) -> BoltResponse:
    body = {
        "type": kind, "user": {"id": person, "team_id": TEAM}, "team": {"id": TEAM},
        "api_app_id": "A0APP", "trigger_id": "1.1", **more,
    }  # fmt: skip
    return app.dispatch(BoltRequest(mode="socket_mode", body=body))


def window(id_: str, interview: str, page: int, values: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": id_, "hash": "1", "type": "modal", "callback_id": "card_page", "blocks": [],
        "private_metadata": f'["{interview}", {page}, 0]', "state": {"values": values},
    }  # fmt: skip


def type_(app: App, interview: str, name: str, text: str, *, window_id: str) -> None:
    action = {
        "type": "plain_text_input", "action_id": "card_text", "block_id": name, "value": text,
    }  # fmt: skip
    seen = window(window_id, interview, 0, {})
    answer = ask(app, LEADS[0], "block_actions", actions=[action], view=seen, container={})
    assert answer.status == 200


def seal(app: App, person: str, interview: str, score: str = "3") -> None:
    values: dict[str, Any] = {}
    for id_ in ASKED:
        text = "They named four classes of attack and measured each."
        values[f"evidence.{id_}"] = {"card_text": {"type": "plain_text_input", "value": text}}
        chosen = {"type": "radio_buttons", "selected_option": {"value": score}}
        values[f"score.{id_}"] = {"card_choice": chosen}
    for name, option in (("level_fit", "at"), ("recommendation", "yes")):
        chosen = {"type": "radio_buttons", "selected_option": {"value": option}}
        values[name] = {"card_choice": chosen}
    seen = window("V1", interview, len(ASKED), values)
    answer = ask(app, person, "view_submission", view=seen)
    assert "card_sealed" in str(answer.body)


def taken(answer: BoltResponse) -> None:
    assert answer.status == 200


def at_once(*calls: Callable[[], None]) -> None:
    """Run `calls` in threads that start together; what one raises is raised."""
    start = Barrier(len(calls))

    def run(call: Callable[[], None]) -> None:
        start.wait(timeout=60)
        call()

    with ThreadPoolExecutor(len(calls)) as pool:
        for done in [pool.submit(run, call) for call in calls]:
            done.result(timeout=60)


def test_two_windows_on_one_scorecard_lose_no_field(app: App, db: Db) -> None:
    loop_of_two(db, 1)
    interview, (one, two) = f"{LEADS[0]}-1", ASKED
    for round_ in range(ROUNDS):
        texts = {f"evidence.{one}": f"One {round_}", f"evidence.{two}": f"Two {round_}"}

        def typing(name: str, text: str) -> Callable[[], None]:
            return lambda: type_(app, interview, name, text, window_id=f"V-{name}")

        at_once(*(typing(*each) for each in texts.items()))
        with db.begin() as session:
            card = session.exec(select(Scorecard).where(Scorecard.interview_id == interview)).one()
            assert drafts.values(card.draft) == texts


def test_the_last_two_at_once_still_open_the_scorecards(app: App, db: Db) -> None:
    for round_ in range(1, ROUNDS + 1):
        loop_id = loop_of_two(db, round_)

        def sealing(person: str, number: int) -> Callable[[], None]:
            return lambda: seal(app, person, f"{person}-{number}")

        at_once(*(sealing(lead, round_) for lead in LEADS))
        with db.begin() as session:
            assert session.get_one(Loop, loop_id).revealed_at is not None


def test_two_planners_who_open_the_scorecards_at_once_do_it_once(app: App, db: Db) -> None:
    for round_ in range(1, ROUNDS + 1):
        loop_id = loop_of_two(db, round_)

        def opening(person: str, about: str = loop_id) -> Callable[[], None]:
            reason = {"type": "plain_text_input", "value": "The panel cannot wait"}
            view = {
                "id": "V1", "hash": "1", "type": "modal", "callback_id": "loop_revealed",
                "blocks": [], "private_metadata": about,
                "state": {"values": {"reason": {"reason": reason}}},
            }  # fmt: skip
            return lambda: taken(ask(app, person, "view_submission", view=view))

        at_once(opening("U0COORD"), opening("U0MANAGER"))
        with db.begin() as session:
            entries = select(AuditEntry).where(
                AuditEntry.subject == loop_id, col(AuditEntry.what) == "scorecards opened early"
            )
            assert len(session.exec(entries).all()) == 1


class TestDeciding:
    """One decision, however often and wherever somebody presses."""

    def decided(self, db: Db, number: int) -> str:
        """A loop whose scorecards are open, with a decision filled in. Returns its id."""
        loop_id = loop_of_two(db, number)
        values = {
            "outcome": "hire", "cites": [ASKED[0]], "rationale": "They measured what they built.",
        }  # fmt: skip
        draft: drafts.Draft = {}
        for name, value in values.items():
            draft = drafts.typed(draft, name, value, "V1", 0)
        keys: dict[str, Any] = {"team_id": TEAM, "loop_id": loop_id}
        with db.begin() as session:
            loop = session.exec(select(Loop).where(Loop.id == loop_id)).one()
            loop.revealed_at = NOON
            for lead in LEADS:
                id_ = f"{lead}-{number}"
                card = Scorecard(id=id_, interview_id=id_, person=lead, draft={}, version=1, **keys)
                asked = [
                    {
                        "id": ASKED[0], "version": 1, "area": "x", "level": "senior",
                        "evidence": "They measured it.", "score": "3",
                    }
                ]  # fmt: skip
                answers = {"questions": asked, "flags": [], "fields": {"recommendation": "no"}}
                sealed = SealedVersion(
                    scorecard_id=id_, number=1, team_id=TEAM, answers=answers, seal="",
                    submitted_at=NOON, after_reveal=False,
                )  # fmt: skip
                session.add_all([card, sealed])
            session.add(
                Writing(person="U0MANAGER", kind="decision", draft=draft, draft_at=NOON, **keys)
            )
        return loop_id

    def confirm(self, app: App, loop_id: str) -> BoltResponse:
        view = {
            "id": "V1", "hash": "1", "type": "modal", "callback_id": "decision_confirm",
            "blocks": [], "private_metadata": f'["{loop_id}", 0, 3]', "state": {"values": {}},
        }  # fmt: skip
        return ask(app, "U0MANAGER", "view_submission", view=view)

    def test_two_presses_make_one_decision_and_the_other_says_so(self, app: App, db: Db) -> None:
        for number in range(ROUNDS):
            loop_id = self.decided(db, number)
            answers: list[str] = []

            def press(about: str = loop_id, into: list[str] = answers) -> None:
                into.append(str(self.confirm(app, about).body))

            at_once(press, press)
            with db.begin() as session:
                made = session.exec(select(Decision).where(Decision.loop_id == loop_id)).all()
                told = session.exec(
                    select(Notice).where(Notice.subject == loop_id, Notice.kind == "decided")
                ).all()
            assert len(made) == 1
            assert len({each.recipient for each in told}) == len(told) == 4
            assert sorted("decided already" in each for each in answers) == [False, True]
            assert sorted("Decided: hire at Senior" in each for each in answers) == [False, True]

    def test_a_withdrawal_and_a_decision_do_not_both_end_it(self, app: App, db: Db) -> None:
        for number in range(ROUNDS):
            loop_id = self.decided(db, number)
            view = {
                "id": "V2", "hash": "1", "type": "modal", "callback_id": "loop_withdrawn",
                "blocks": [], "private_metadata": loop_id, "state": {"values": {}},
            }  # fmt: skip

            def decide(about: str = loop_id) -> None:
                taken(self.confirm(app, about))

            def withdraw(seen: dict[str, Any] = view) -> None:
                taken(ask(app, "U0COORD", "view_submission", view=seen))

            at_once(decide, withdraw)
            with db.begin() as session:
                loop = session.exec(select(Loop).where(Loop.id == loop_id)).one()
                made = session.exec(select(Decision).where(Decision.loop_id == loop_id)).all()
            assert (loop.state, len(made)) in (("withdrawn", 0), ("closed", 1))


def test_two_questions_swapped_at_once_are_both_swapped(app: App, db: Db) -> None:
    for _ in range(ROUNDS):
        with db.begin() as session:
            opening = session.get_one(Opening, "one")
            opening.kits = KITS
            session.add(opening)
            one, two = (openings.others(SHIPPED, opening, KITS[2]["id"], old) for old in ASKED)
        other = next(each for each in two if each.question.id != one[0].question.id)

        def swapping(old: str, new: str) -> Callable[[], None]:
            chosen = {"type": "radio_buttons", "selected_option": {"value": new}}
            view = {
                "id": "V1", "hash": "1", "type": "modal", "callback_id": "opening_swapped",
                "blocks": [], "private_metadata": f"one|{KITS[2]['id']}|{old}",
                "state": {"values": {"new": {"new": chosen}}},
            }  # fmt: skip
            return lambda: taken(ask(app, "U0COORD", "view_submission", view=view))

        at_once(swapping(ASKED[0], one[0].code), swapping(ASKED[1], other.code))
        with db.begin() as session:
            kits = session.get_one(Opening, "one").kits
        assert kits[2]["lines"][1] != KITS[2]["lines"][1]
        assert kits[2]["lines"][2] != KITS[2]["lines"][2]


def test_a_table_that_is_imported_twice_at_once_is_imported_once(app: App, db: Db) -> None:
    for round_ in range(ROUNDS):
        table = (
            "candidate,round,interviewer,starts\n"
            f"Candidate {round_},Onsite A,U0INTA,2031-03-12 10:00\n"
        )

        def importing(person: str, text: str = table) -> Callable[[], None]:
            view = {
                "id": "V1", "hash": "1", "type": "modal", "callback_id": "import_save",
                "blocks": [], "private_metadata": text, "state": {"values": {}},
            }  # fmt: skip
            return lambda: taken(ask(app, person, "view_submission", view=view))

        at_once(importing("U0COORD"), importing("U0MANAGER"))
        with db.begin() as session:
            found = select(Loop).where(Loop.candidate == f"Candidate {round_}")
            assert len(session.exec(found).all()) == 1


def test_nothing_that_is_typed_while_a_candidate_is_erased_stays(app: App, db: Db) -> None:
    name = f"evidence.{ASKED[0]}"
    for round_ in range(1, ROUNDS + 1):
        loop_id, interview = loop_of_two(db, round_), f"{LEADS[0]}-{round_}"

        def erasing(about: str = loop_id) -> None:
            sure = {"type": "plain_text_input", "value": "ERASE"}
            view = {
                "id": "V1", "hash": "1", "type": "modal", "callback_id": "erase", "blocks": [],
                "private_metadata": about, "state": {"values": {"sure": {"sure": sure}}},
            }  # fmt: skip
            taken(ask(app, "U0COORD", "view_submission", view=view))

        def typing(interview: str = interview) -> None:
            for letters in range(1, 6):
                type_(app, interview, name, "x" * letters, window_id="V")

        at_once(typing, erasing, typing)
        with db.begin() as session:
            cards = session.exec(select(Scorecard).where(Scorecard.interview_id == interview))
            assert all(card.draft == {} for card in cards)
            assert session.get_one(Loop, loop_id).candidate == ""


def test_hours_that_are_saved_twice_at_once_are_saved(app: App, db: Db) -> None:
    def saving() -> None:
        days = [{"value": str(day)} for day in range(5)]
        values = {
            "starts": {"type": "timepicker", "selected_time": "09:00"},
            "ends": {"type": "timepicker", "selected_time": "17:00"},
            "days": {"type": "checkboxes", "selected_options": days},
            "limit": {"type": "static_select", "selected_option": {"value": "4"}},
            "country": {"type": "plain_text_input", "value": "DE"},
            "away": {"type": "datepicker", "selected_date": None},
        }
        view = {
            "id": "V1", "hash": "1", "type": "modal", "callback_id": "hours_save", "blocks": [],
            "private_metadata": "",
            "state": {"values": {name: {name: field} for name, field in values.items()}},
        }  # fmt: skip
        answer = ask(app, "U0INTB", "view_submission", view=view)
        assert (answer.status, answer.body) == (200, "")

    for _ in range(ROUNDS):
        with db.begin() as session:
            session.connection().execute(delete(PersonSettings))
        at_once(saving, saving, saving)
        with db.begin() as session:
            assert session.exec(select(PersonSettings)).one().weekly_limit == 4
