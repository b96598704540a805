"""What the packet of the largest panel costs: twelve people, thirty questions, 3,000 characters for
each. `python -m bench packet`.

Against the same request when the handler does nothing; with its queries, and its size beside what
Slack takes.
"""

import json
from contextlib import ExitStack
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient
from sqlalchemy import event

from bench.timing import timed, verdict
from bench.work import TEAM, asking, databases, settings
from bot.launch import service
from bot.launch.manifest import manifest
from bot.store import Db, open_db
from bot.store import debriefs as stored
from bot.store import panels as stored_panels
from handlers.views import evidence as evidence_view
from handlers.views import packet as packet_view
from handlers.views import packet_file
from playground import Playground
from playground.strict import check_message, check_view
from playground.strict.relations import size_of
from tests.banks import SHIPPED
from tests.panels import Rows, largest
from tests.rows import NOON

READER = "U0MANAGER"
ROUNDS = 60


def seed(db: Db) -> Rows:
    found = largest()
    found.panel.opening.hiring_manager = READER
    every: list[Any] = [found.panel.opening, found.panel.loop, *found.panel.interviews]
    every += [chair.seat for chair in found.panel.chairs]
    every += [chair.card for chair in found.panel.chairs]
    every += [each for sealed in found.versions.values() for each in sealed]
    for row in every:
        row.team_id = TEAM
    with db.begin() as session:
        found.save(session)
    return found


def typed(_: int) -> dict[str, Any]:
    return {
        "command": "/safety-interview", "text": "debrief C-101", "team_id": TEAM,
        "user_id": READER, "channel_id": "C0HIRING", "api_app_id": "A0APP",
        "response_url": "http://127.0.0.1:1/", "trigger_id": "1.1",
    }  # fmt: skip


def empty(play: Playground) -> App:
    """The same command, answered by a handler that does nothing."""
    app = App(
        client=WebClient(play.bot_token, play.api_url), signing_secret="unused",
        process_before_response=True, token_verification_enabled=False,
    )  # fmt: skip
    app.command("/safety-interview")(lambda ack: ack())
    return app


def timing(play: Playground, name: str, address: str) -> None:
    with service.running(settings(play, address), lambda: NOON) as app:
        db = open_db(address)
        seed(db)
        ask = asking(app, typed)
        statements: list[str] = []

        def note(_: Any, __: Any, statement: str, *___: Any) -> None:
            statements.append(statement)

        event.listen(db.kw["bind"], "before_cursor_execute", note)
        found = timed({"packet": ask, "nothing": asking(empty(play), typed)}, rounds=ROUNDS)
        print(f"\nThe packet of the largest panel, its first page, {name}")
        for kind, (median, p99) in found.items():
            print(f"  {kind:10} median {median:8.3f} ms   p99 {p99:8.3f} ms")
        ratio = found["packet"][0] / found["nothing"][0]
        print(f"  packet / nothing: {ratio:.0f}")
        with db.begin() as session:
            statements.clear()
            panel = stored_panels.find(session, TEAM, "loop")
            stored.packet(session, SHIPPED, panel)
            queries = [each for each in statements if not each.startswith("BEGIN")]
        verdict("queries", "one", float(len(queries)), 5)


def sizes() -> None:
    """Every page and window, beside what Slack takes."""
    packet = largest().packet()
    pages: list[dict[str, Any]] = []
    text = ""
    while not pages or "packet_turn_next" in text:
        pages.append(packet_view.page(SHIPPED, packet, len(pages)).message())
        text = json.dumps(pages[-1])
    most = max(size_of(page["blocks"]) for page in pages)
    blocks = max(len(page["blocks"]) for page in pages)
    refused = sum(bool(check_message(page)) for page in pages)
    print(f"\nThe packet on {len(pages)} pages; refused by the local workspace: {refused}")
    verdict("characters of a page", "one", most, 9_500)
    verdict("blocks of a page", "one", blocks, 50)
    largest_view = longest = windows = refused = 0
    for topic in packet.topics:
        number, text = 0, "evidence_next"
        while "evidence_next" in text:
            view = evidence_view.window(SHIPPED, packet, topic, number)
            text, number = json.dumps(view), number + 1
            refused += bool(check_view(view, "modal"))
            largest_view = max(largest_view, len(text.encode()))
            longest = max(longest, len(view["blocks"]))
        windows += number
    print(f"  the evidence in {windows} windows; refused by the local workspace: {refused}")
    verdict("bytes of a window", "one", largest_view, 250_000)
    verdict("blocks of a window", "one", longest, 100)
    names = {card.person: card.person for card in packet.cards}
    file = packet_file.written(SHIPPED, packet, names, NOON)
    print(f"  as a file: {len(file.encode()) / 1e6:.1f} MB")


def main() -> None:
    sizes()
    with ExitStack() as stack:
        play = stack.enter_context(Playground(manifest=manifest()))
        for name, address in stack.enter_context(databases()).items():
            timing(play, name, address)
