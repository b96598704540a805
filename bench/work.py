"""What an interviewer's work costs: a draft saved, a scorecard sealed, Home opened.

On SQLite and on PostgreSQL, against an empty Bolt app with default settings and against the same
request when the handler does nothing; Home with ten to a hundred thousand scorecards.
"""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from sqlmodel import SQLModel, col, select

from bench.timing import ROUNDS, WARM_UP, Ask, timed, verdict
from bot import drafts
from bot.content import Level
from bot.kits import compose
from bot.launch import service
from bot.launch.manifest import manifest
from bot.openings import pin
from bot.records import Interview, Loop, Notice, Scorecard, Seat
from bot.settings import Settings
from bot.store import Db, open_db
from handlers.views import scorecard as card_view
from playground import Playground
from tests.banks import SHIPPED
from tests.databases import new_database, postgresql
from tests.rows import NOON, fill
from tests.test_openings import made

TEAM = "T0PLAY"
WRITER = "U0INTA"
FIRST, LAST = 1_000, 2_000  # The numbers of loops in which something is handed in begin there.
SIZES = (10, 1_000, 100_000)  # Scorecards.


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    with TemporaryDirectory() as folder, postgresql() as server:
        yield {
            "sqlite": f"sqlite:///{Path(folder, 'bench.db')}",
            "postgresql": new_database(server),
        }


def seed(db: Db) -> str:
    """One interview for the writer. Returns its id."""
    with db.begin() as session:
        session.add(made(team_id=TEAM, kits=pin(compose(SHIPPED, Level.SENIOR))))
        session.add_all(loop("", 1))
    return "one"


def loop(key: str, number: int, *, last: bool = False) -> list[SQLModel]:
    """A loop with the writer's interview, “one” and `key`, and all that they have typed for it so
    far. Without `last` somebody else's scorecard is missing, so that nothing is opened."""
    keys: dict[str, Any] = {"team_id": TEAM, "loop_id": f"loop{key}"}
    found: list[SQLModel] = [
        Loop(
            id=f"loop{key}", team_id=TEAM, opening_id="one", number=number,
            candidate=f"Candidate {number}", created_by="UCOORD", created_at=NOON,
        )
    ]  # fmt: skip
    for id_, round_, person in (("one", "onsite_a", WRITER), ("two", "onsite_c", "U0INTB")):
        if not last or person == WRITER:
            each = f"{id_}{key}"
            found.append(Interview(id=each, round=round_, minutes=45, starts_at=NOON, **keys))
            found.append(Seat(id=each, interview_id=each, person=person, role="lead", **keys))
    shown = card_view.read(whole(number))
    draft = drafts.turned({}, shown, "V1", 0)
    each = f"one{key}"
    found.append(
        Scorecard(id=each, interview_id=each, person=WRITER, draft=draft, draft_at=NOON, **keys)
    )
    return found


def payload(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "user": {"id": WRITER, "team_id": TEAM},
        "team": {"id": TEAM},
        "api_app_id": "A0APP",
        "trigger_id": "1.1",
        **more,
    }


QUESTIONS = pin(compose(SHIPPED, Level.SENIOR))[2]["lines"][1:3]
IDS = [line["question"] for line in QUESTIONS]


def view(interview_id: str, page: int, values: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "V1", "hash": "1", "type": "modal", "callback_id": "card_page", "blocks": [],
        "private_metadata": json.dumps([interview_id, page, 0]), "state": {"values": values},
    }  # fmt: skip


def typed(number: int) -> dict[str, Any]:
    """Another letter of the evidence."""
    name = f"evidence.{IDS[0]}"
    action = {
        "type": "plain_text_input", "action_id": "card_text", "block_id": name,
        "value": f"They named {number} classes of attack and measured each of them.",
    }  # fmt: skip
    return payload("block_actions", actions=[action], view=view("one", 0, {}), container={})


def submitted(number: int, interview_id: str = "one") -> dict[str, Any]:
    """The last page of a scorecard that is complete."""
    return payload("view_submission", view=view(interview_id, len(IDS), whole(number)))


def whole(number: int) -> dict[str, Any]:
    """All that a scorecard asks for, filled in."""
    text = f"They named {number} classes of attack and measured each of them."
    values: dict[str, Any] = {}
    for id_ in IDS:
        values[f"evidence.{id_}"] = {"card_text": {"type": "plain_text_input", "value": text}}
        chosen = {"selected_option": {"value": "3"}}
        values[f"score.{id_}"] = {"card_choice": {"type": "radio_buttons", **chosen}}
    for name, option in (("level_fit", "at"), ("recommendation", "yes")):
        chosen = {"selected_option": {"value": option}}
        values[name] = {"card_choice": {"type": "radio_buttons", **chosen}}
    return values


def first(number: int) -> dict[str, Any]:
    """A scorecard that was not handed in before, of a loop that waits for another one."""
    return submitted(FIRST + number, f"one-first{number}")


def last(number: int) -> dict[str, Any]:
    """The same, which opens the scorecards of its loop."""
    return submitted(LAST + number, f"one-last{number}")


def owed(db: Db, rounds: int) -> None:
    """As many loops as `first` and `last` hand in something for."""
    with db.begin() as session:
        for number in range(rounds):
            session.add_all(loop(f"-first{number}", FIRST + number))
            session.add_all(loop(f"-last{number}", LAST + number, last=True))


def asking(app: App, make: Any) -> Ask:
    count = iter(range(10**9))

    def once() -> None:
        answer = app.dispatch(BoltRequest(mode="socket_mode", body=make(next(count))))
        if answer.status != 200 or '"errors"' in str(answer.body):
            raise RuntimeError(str(answer.body)[:500])

    return once


def empty(play: Playground, *, immediate: bool) -> App:
    """The same requests, answered by a handler that does nothing."""
    app = App(
        client=WebClient(play.bot_token, play.api_url), signing_secret="unused",
        process_before_response=immediate, token_verification_enabled=False,
    )  # fmt: skip
    app.action("card_text")(lambda ack: ack())
    app.view("card_page")(lambda ack: ack())
    return app


def writing(play: Playground, name: str, address: str) -> None:
    with service.running(settings(play, address)) as app:
        db = open_db(address)
        seed(db)
        owed(db, ROUNDS + WARM_UP)
        settle(db)
        for title, make in WRITES:
            found = timed(
                {
                    "bot": asking(app, make),
                    "nothing": asking(empty(play, immediate=True), make),
                    "default": asking(empty(play, immediate=False), make),
                },
                between=partial(calm, db),
            )
            print(f"\n{title}, {name}")
            for kind, (median, p99) in found.items():
                print(f"  {kind:10} median {median:8.3f} ms   p99 {p99:8.3f} ms")
            print(f"  bot / nothing: {found['bot'][0] / found['nothing'][0]:.1f}")
            verdict("bot", "default", found["bot"][0] / found["default"][0], 0.5)


def calm(db: Db) -> None:
    """Wait until what follows from a scorecard is done: nobody hands in forty in a second."""
    follows = col(Notice.kind).in_(("handed_in", "tally"))
    wanted = select(Notice.id).where(follows, col(Notice.state).in_(("pending", "sending")))
    while True:
        with db.begin() as session:
            if session.exec(wanted).first() is None:
                return
        time.sleep(0.01)


WRITES = (
    ("A draft saved", typed),
    ("A scorecard sealed", first),
    ("A scorecard amended", submitted),
    ("A panel's last scorecard sealed, which opens them all", last),
)


def settings(play: Playground, address: str) -> Settings:
    return Settings(bot_token=play.bot_token, api_url=play.api_url, database_url=address)


def home(play: Playground, server_address: str, name: str) -> None:
    """Home of somebody who plans a tenth of the loops and sits on a fiftieth of the panels."""
    medians: dict[int, float] = {}
    with service.running(settings(play, server_address), lambda: NOON) as app:
        db, have = open_db(server_address), 0
        play.workspace.users["UCOORD"] = {**play.workspace.users["U0COORD"], "id": "UCOORD"}
        play.workspace.views["UCOORD"] = []
        for size in SIZES:
            loops = size // 4 + 1
            while have < loops:
                more = min(1000, loops - have)
                with db.begin() as session:
                    fill(session, more, since=have, team_id=TEAM)
                have += more
            settle(db)
            found = timed({"home": asking(app, opened)}, rounds=60)
            medians[size] = found["home"][0]
            print(f"  Home with {size:7} scorecards, {name}: median {medians[size]:.2f} ms")
    verdict("Home with the most", "with the fewest", medians[SIZES[-1]] / medians[SIZES[0]], 1.3)


def settle(db: Db) -> None:
    """What the databases do by themselves soon after so many rows came at once."""
    engine = db.kw["bind"]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            connection.exec_driver_sql("VACUUM ANALYZE")


def opened(number: int) -> dict[str, Any]:
    event = {"type": "app_home_opened", "user": "UCOORD", "tab": "home", "channel": "D1"}
    return {
        "type": "event_callback", "event_id": f"Ev{number}-{time.perf_counter()}", "event": event,
        "team_id": TEAM, "api_app_id": "A0APP", "authorizations": [{"team_id": TEAM}],
    }  # fmt: skip


def main() -> None:
    with ExitStack() as stack:
        play = stack.enter_context(Playground(manifest=manifest()))
        for name, address in stack.enter_context(databases()).items():
            writing(play, name, address)
    with ExitStack() as stack:
        play = stack.enter_context(Playground(manifest=manifest()))
        print()
        for name, address in stack.enter_context(databases()).items():
            home(play, address, name)


if __name__ == "__main__":
    main()
