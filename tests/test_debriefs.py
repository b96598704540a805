"""A panel reads its packet and is led through its debrief, in the channel or each by themselves."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.launch import service, socket
from bot.launch.manifest import manifest
from bot.records import Debrief, DebriefNote, Loop, Notice, Scorecard
from bot.settings import Settings
from bot.store import Db, open_db
from playground import Fault, Person, Playground
from playground.seen import Seen
from tests.databases import under_way
from tests.offices import (
    always_at_work,
    coordinator,
    mail,
    make_opening,
    plan_loop,
    shown,
    wait_for_mail,
)
from tests.panels import largest
from tests.test_access import everything, one, press
from tests.test_scorecards import SAID, hand_in

MANAGER, ROOM = "Hiring manager", "debrief-room"
PRIVATE, PUBLIC = "C0DEBRIEF", "C0HIRING"


@pytest.fixture
def db(lasting: tuple[Playground, Db]) -> Db:
    return lasting[1]


def set_up(office: Playground, channel: str | None = PRIVATE, *, late: bool = False) -> None:
    """Interviewer C and Interviewer A hand in; Interviewer E does not, where somebody is `late`."""
    make_opening(office, **({"channel": channel} if channel else {}))
    leads = {"onsite_a": "U0INTC", "onsite_c": "U0INTA", **({"onsite_d": "U0INTE"} if late else {})}
    plan_loop(office, leads)
    coordinator(office).close()
    for name in ("Interviewer C", "Interviewer A"):
        person = office.person(name)
        wait_for_mail(office, person, 1)
        hand_in(person)
        person.close()


def open_early(office: Playground) -> None:
    person = coordinator(office)
    person.slash("/safety-interview loops")
    person.click("Show", on=person.last)
    person.click("Open scorecards…")
    person.fill("reason", "The offer expires today")
    person.submit()
    person.close()


def said(person: Person, channel: str, text: str) -> list[Seen]:
    return [each for each in person.messages(channel) if text in each.text]


def wait_said(play: Playground, person: Person, text: str, channel: str = "app") -> Seen:
    play.wait_until(lambda: bool(said(person, channel, text)), f"{channel}: no {text!r}")
    return said(person, channel, text)[-1]


def start(play: Playground, person: Person, channel: str = ROOM, **typed: Any) -> Seen:
    """Start the debrief from the packet. Returns its message."""
    person.slash("/safety-interview debrief C-101")
    person.click("Start debrief…", on=person.last)
    for name, value in typed.items():
        person.fill(name, value)
    person.submit()
    assert "It is running" in shown(person).text
    person.close()
    return wait_said(play, person, "What did the candidate say or do?", channel)


def turned(db: Db) -> bool:
    """Whether it was tried to change the debrief's message, which is to be looked for again."""
    turn = select(Notice).where(Notice.kind == "debrief_turn", Notice.state == "skipped")
    live = select(Notice).where(Notice.kind == "debrief_live", Notice.state == "pending")
    with db.begin() as session:
        return None not in (session.exec(turn).first(), session.exec(live).first())


def current(play: Playground, person: Person, channel: str, text: str) -> Seen:
    """The message of the debrief once it shows `text`."""
    return wait_said(play, person, text, channel)


class TestPacket:
    def test_the_private_channel_hears_that_it_is_there_and_no_more(
        self, office: Playground
    ) -> None:
        set_up(office)
        other = office.person("Interviewer D")  # In the channel, and not on the panel.
        news = wait_said(office, other, "The packet of *C.12 (C-101)* is ready", ROOM)
        assert "2 of 2 scorecards" in news.text
        assert SAID not in news.text
        other.click("Open packet", on=news)
        assert "Only the panel of C.12 (C-101)" in other.messages(ROOM)[-1].text
        reader = office.person("Interviewer A")
        reader.click("Open packet", on=news)
        assert "Questions" in reader.messages(ROOM)[-1].text or reader.messages(ROOM)[-1].blocks
        assert "Overall, read last" in reader.messages(ROOM)[-1].text
        assert not said(other, ROOM, "Overall, read last")

    def test_each_hears_how_much_there_is_to_discuss_and_who_owes_does_not(
        self, office: Playground
    ) -> None:
        set_up(office, late=True)
        open_early(office)
        manager, late = office.person(MANAGER), office.person("Interviewer E")
        assert "to discuss: " in wait_said(office, manager, "2 of 3 scorecards").text
        assert "to discuss" not in wait_said(office, late, "opened without yours").text

    def test_a_public_channel_hears_nothing(self, office: Playground, db: Db) -> None:
        set_up(office, PUBLIC)
        wait_said(office, office.person(MANAGER), "2 of 2 scorecards")
        office.wait_until(lambda: news(db) == "skipped", "it was not looked at")
        assert not said(office.person(MANAGER), "hiring", "The packet of")

    def test_a_channel_that_is_shared_with_another_company_hears_nothing(
        self, office: Playground, db: Db, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from playground.web_api import conversations

        told = conversations._shown
        monkeypatch.setattr(
            conversations, "_shown", lambda found: {**told(found), "is_ext_shared": True}
        )
        set_up(office)
        wait_said(office, office.person(MANAGER), "2 of 2 scorecards")
        office.wait_until(lambda: news(db) == "skipped", "it was not looked at")

    @pytest.mark.parametrize("typed", ["C-101", "c.12", "101"])
    def test_it_is_found_by_what_the_candidate_is_called(
        self, office: Playground, typed: str
    ) -> None:
        set_up(office)
        reader = office.person("Interviewer A")
        reader.slash(f"/safety-interview debrief {typed}")
        assert "Packet of C.12 (C-101)" in reader.last.text

    def test_one_of_several_is_chosen(self, office: Playground) -> None:
        make_opening(office)
        for candidate in ("Ann Bee", "Abe Bow"):
            plan_loop(office, {"onsite_a": "U0INTC"}, candidate=candidate)
            coordinator(office).close()
        person = coordinator(office)
        person.slash("/safety-interview debrief ab")
        assert "2 loops match. Which one?" in person.last.text
        person.click("Open", on=person.last)
        assert "0 of 1 scorecards of A.B. (C-102) are in." in person.last.text

    def test_an_unknown_one_is_answered_with_what_to_type(self, office: Playground) -> None:
        set_up(office)
        other = office.person("Interviewer D")
        other.slash("/safety-interview debrief C-101")
        assert "I know no such candidate" in other.last.text

    def test_before_the_reveal_it_says_for_whom_it_waits(self, office: Playground) -> None:
        set_up(office, late=True)
        reader = office.person("Interviewer A")
        reader.slash("/safety-interview debrief C-101")
        assert "2 of 3 scorecards of C.12 (C-101) are in." in reader.last.text
        assert "I wait for <@U0INTE>." in reader.last.text
        assert SAID not in reader.last.text
        planner = coordinator(office)
        planner.slash("/safety-interview debrief")
        assert "Next debriefs" in planner.last.text
        planner.click("Open", on=planner.last)
        assert "Open scorecards…" in planner.last.labels

    def test_opened_early_it_says_who_is_missing_and_stays_closed_to_them(
        self, office: Playground
    ) -> None:
        set_up(office, late=True)
        open_early(office)
        reader, late = office.person("Interviewer A"), office.person("Interviewer E")
        reader.slash("/safety-interview debrief C-101")
        assert "Opened before all were in: The offer expires today" in reader.last.text
        assert "Missing: <@U0INTE>." in reader.last.text
        late.slash("/safety-interview debrief C-101")
        assert "Your scorecard of C.12 (C-101) is still missing" in late.last.text
        assert "Scorecard" in late.last.labels

    def test_from_home_it_opens_in_place(self, office: Playground, db: Db) -> None:
        set_up(office)
        quiet(office, db)
        reader = office.person("Interviewer A")
        reader.open_home()
        assert reader.home is not None
        assert "To debrief" in reader.home.text
        reader.click("Packet", on=reader.home)
        assert reader.home is not None
        assert "Overall, read last" in reader.home.text

    def test_on_home_everything_that_it_offers_works(self, office: Playground, db: Db) -> None:
        set_up(office)
        reader = office.person(MANAGER)
        message = start(office, reader)
        reader.click("End…", on=message)
        wait_said(office, reader, "is over", ROOM)
        quiet(office, db)
        reader.open_home()
        reader.click("Packet", on=reader.home)
        reader.click("As a file", on=reader.home)
        assert "I am sending the file" in shown(reader).text
        reader.close()
        reader.click("Evidence", on=reader.home)
        assert "Evidence" in shown(reader).text
        reader.close()
        reader.click("Debrief notes", on=reader.home)
        assert reader.home is not None
        assert "It is over" in reader.home.text
        reader.click("Take it up again", on=reader.home)
        assert "It goes on, in a new message." in shown(reader).text

    def test_from_the_loop_s_window_it_comes_as_a_message(self, office: Playground) -> None:
        set_up(office)
        reader = office.person("Interviewer A")
        reader.slash("/safety-interview loops")
        reader.click("Show", on=reader.last)
        reader.click("Packet")
        assert "in your conversation with me" in shown(reader).text
        wait_said(office, reader, "Overall, read last")

    def test_evidence_opens_beside_its_anchors(self, office: Playground) -> None:
        set_up(office)
        reader = office.person(MANAGER)
        reader.slash("/safety-interview debrief C-101")
        option = next(each for each in reader.last.labels if each.startswith("Making our AI"))
        reader.click(option, on=reader.last)
        assert "*3 · Meets the bar*" in shown(reader).text
        assert "<@U0INTC> · Interviewer, Onsite A" in shown(reader).text
        assert f">{SAID}" in shown(reader).text

    def test_it_comes_as_a_file_with_people_s_names(self, office: Playground) -> None:
        set_up(office)
        reader = office.person(MANAGER)
        reader.slash("/safety-interview debrief C-101")
        reader.click("As a file", on=reader.last)
        office.wait_until(lambda: bool(files(office)), "no file came")
        (content,) = files(office)
        assert "Interviewer C (Interviewer, Onsite A" in content
        assert SAID in content
        assert "U0INTC" not in content

    @pytest.mark.parametrize("text", ["", "هذا ما قاله المرشح 👩🏽‍🔬 & <b>. "])
    def test_the_largest_panel_is_read_to_its_end(
        self, office: Playground, db: Db, text: str
    ) -> None:
        found = largest(text=text)
        found.panel.opening.hiring_manager = "U0MANAGER"
        for row in (found.panel.opening, found.panel.loop, *found.panel.interviews):
            row.team_id = "T0PLAY"
        for chair in found.panel.chairs:
            chair.seat.team_id = "T0PLAY"
            assert chair.card is not None
            chair.card.team_id = "T0PLAY"
            found.versions[chair.card.id][0].team_id = "T0PLAY"
        with db.begin() as session:
            found.save(session)
        reader = office.person(MANAGER)
        reader.slash("/safety-interview debrief C-101")
        pages = 1
        while following := [each for each in reader.last.labels if each.startswith("Next page")]:
            reader.click(following[0], on=reader.last)
            pages += 1
        assert "Overall, read last" in reader.last.text
        assert pages > 2
        reader.slash("/safety-interview debrief C-101")
        reader.click(reader.last.labels[-1], on=reader.last)  # The evidence of a question.
        while "Next page" in shown(reader).labels:
            reader.click("Next page")
        assert office.problems == []


def news(db: Db) -> str:
    """What became of the notice to the channel."""
    with db.begin() as session:
        return session.exec(select(Notice.state).where(Notice.kind == "packet_news")).one()


def quiet(office: Playground, db: Db) -> None:
    """Until no Home is about to be drawn anew, over what somebody has opened there."""

    def done() -> bool:
        with db.begin() as session:
            states = session.exec(select(Notice.state).where(Notice.kind == "home")).all()
        return not {"pending", "sending"} & set(states)

    office.wait_until(done, "Homes are still being drawn")


def files(office: Playground) -> list[str]:
    found = [each for each in office.workspace.files.values() if each["name"].endswith(".html")]
    return [each["bytes"].decode() for each in found if each["bytes"]]


class TestInTheChannel:
    def test_it_leads_from_topic_to_topic_and_shows_no_score(self, office: Playground) -> None:
        set_up(office)
        manager = office.person(MANAGER)
        message = start(office, manager)
        assert "1 of " in message.text
        assert "<@U0MANAGER> last, as hiring manager." in message.text
        assert "lots drawn with seed" in message.text
        assert SAID not in message.text
        assert "Meets the bar" not in message.text
        office.person("Interviewer A").click("Next topic", on=message)
        later = current(office, manager, ROOM, "*2 of ")
        assert later.raw["ts"] == message.raw["ts"]
        assert "<@U0INTA> pressed last" in later.text
        manager.click("Back", on=later)
        current(office, manager, ROOM, "*1 of ")

    def test_the_one_named_least_senior_speaks_first(self, office: Playground) -> None:
        set_up(office)
        message = start(office, office.person(MANAGER), ranked=["U0INTA"])
        assert "<@U0INTA> first, then <@U0INTC>; <@U0MANAGER> last" in message.text

    def test_a_stranger_cannot_be_named(self, office: Playground) -> None:
        set_up(office)
        manager = office.person(MANAGER)
        manager.slash("/safety-interview debrief C-101")
        manager.click("Start debrief…", on=manager.last)
        manager.fill("ranked", ["U0INTD"])
        assert manager.submit()["errors"] == {"ranked": "Choose people of this panel."}

    def test_of_two_who_press_at_once_one_makes_the_step_and_one_is_told(
        self, office: Playground
    ) -> None:
        set_up(office)
        message = start(office, office.person(MANAGER))
        people = [office.person(name) for name in (MANAGER, "Interviewer A", "Interviewer C")]
        before = {person.id: len(person.messages(ROOM)) for person in people}
        drawn = deepcopy(message)  # As each of them sees it when they press.
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda person: person.click("Next topic", on=drawn), people))
        current(office, people[0], ROOM, "*2 of ")
        told = [
            person.messages(ROOM)[-1].text
            for person in people
            if len(person.messages(ROOM)) > before[person.id]
        ]
        assert len(told) == 2
        assert all("was faster: it is at 2 of " in text for text in told)

    def test_it_says_when_the_time_is_up_and_not_once_there_is_more(
        self, office: Playground
    ) -> None:
        set_up(office)
        manager = office.person(MANAGER)
        message = start(office, manager)
        manager.click("+2 minutes", on=message)
        office.clock.move_to(office.clock.now() + timedelta(minutes=3))
        with pytest.raises(TimeoutError):
            office.wait_until(lambda: bool(said(manager, ROOM, "Time is up")), "", 1.5)
        office.clock.move_to(office.clock.now() + timedelta(minutes=2))
        ring = wait_said(office, manager, "Time is up for *", ROOM)
        assert ring.raw["thread_ts"] == message.raw["ts"]
        manager.click("Next topic", on=ring)
        current(office, manager, ROOM, "*2 of ")
        wait_said(office, manager, "The time was up; it went on.", ROOM)
        assert not said(manager, ROOM, "Time is up for")

    def test_notes_are_kept_by_topic_and_come_with_the_summary(
        self, office: Playground, db: Db
    ) -> None:
        set_up(office)
        manager, reader = office.person(MANAGER), office.person("Interviewer A")
        message = start(office, manager)
        reader.click("Note…", on=message)
        manager.click("Next topic", on=message)  # While the other one is typing.
        reader.fill("note", "They asked <whom> it harms & why")
        office.faults.add(Fault("deliver_twice", "debrief_noted"))
        reader.submit()
        assert one(db, DebriefNote).person == reader.id
        message = current(office, manager, ROOM, "*2 of ")
        manager.click("End…", on=message)
        over = wait_said(office, manager, "is over", ROOM)
        assert "They asked" not in over.text
        summary = wait_said(office, manager, "They asked &lt;whom&gt; it harms &amp; why")
        first = one(db, Debrief).topics[0]["title"]
        assert summary.text.index(first) < summary.text.index("They asked")
        assert "Decide…" in summary.labels
        other = wait_said(office, reader, "They asked &lt;whom&gt;")
        assert "Decide…" not in other.labels
        assert "<@U0MANAGER> decides." in other.text

    def test_it_can_be_taken_up_again_after_it_was_ended(self, office: Playground) -> None:
        set_up(office)
        manager = office.person(MANAGER)
        message = start(office, manager)
        drawn = deepcopy(message)
        manager.click("End…", on=message)
        over = wait_said(office, manager, "is over", ROOM)
        office.person("Interviewer A").click("Next topic", on=drawn)
        told = office.person("Interviewer A").messages(ROOM)[-1].text
        assert "The debrief is over." in told
        manager.click("Take it up again", on=over)
        again = wait_said(office, manager, "What did the candidate say or do?", ROOM)
        assert again.raw["ts"] > message.raw["ts"]

    def test_what_is_pressed_before_slack_has_answered_changes_the_message(
        self, office: Playground, db: Db
    ) -> None:
        set_up(office)
        office.wait_until(lambda: not under_way(db, office.clock.now()), "still sending")
        manager = office.person(MANAGER)
        # It is there, and read, before anybody could write down where.
        office.faults.add(Fault("lost_answer", "chat.postMessage", seconds=2))
        manager.click("End…", on=start(office, manager))
        office.wait_until(lambda: turned(db), "nobody tried to change it")
        office.clock.advance(timedelta(minutes=1))
        wait_said(office, manager, "is over", ROOM)

    def test_when_the_candidate_withdraws_it_can_only_be_ended(self, office: Playground) -> None:
        set_up(office)
        manager, planner = office.person(MANAGER), coordinator(office)
        message = start(office, manager)
        planner.slash("/safety-interview loops")
        planner.click("Show", on=planner.last)
        planner.click("Candidate withdraws…")
        planner.submit()
        manager.click("Next topic", on=message)
        assert "has ended" in manager.messages(ROOM)[-1].text
        manager.click("End…", on=message)
        wait_said(office, manager, "is over", ROOM)

    def test_it_starts_once(self, office: Playground) -> None:
        set_up(office)
        manager, planner = office.person(MANAGER), coordinator(office)
        for person in (manager, planner):
            person.slash("/safety-interview debrief C-101")
            person.click("Start debrief…", on=person.last)
        manager.submit()
        planner.submit()
        assert "It is running" in shown(manager).text
        assert "The debrief is running already." in shown(planner).text


class TestByThemselves:
    def test_without_a_private_channel_each_has_it_in_their_own_messages(
        self, office: Playground
    ) -> None:
        set_up(office, PUBLIC)
        manager, reader = office.person(MANAGER), office.person("Interviewer A")
        message = start(office, manager, "app")
        theirs = deepcopy(wait_said(office, reader, "What did the candidate say or do?"))
        manager.click("Next topic", on=message)
        current(office, reader, "app", "*2 of ")
        reader.click("Next topic", on=theirs)
        assert "<@U0MANAGER> was faster" in mail(reader)[-1].text
        assert not said(manager, "hiring", "What did the candidate")

    def test_while_somebody_owes_theirs_it_never_runs_in_the_channel(
        self, office: Playground
    ) -> None:
        set_up(office, late=True)
        open_early(office)
        manager = office.person(MANAGER)
        start(office, manager, "app")
        assert not said(manager, ROOM, "What did the candidate")
        assert not said(office.person("Interviewer E"), "app", "What did the candidate")

    def test_who_hands_in_meanwhile_is_let_in(self, office: Playground) -> None:
        set_up(office, late=True)
        open_early(office)
        manager, late = office.person(MANAGER), office.person("Interviewer E")
        message = start(office, manager, "app")
        hand_in(late)
        late.close()
        wait_said(office, late, "What did the candidate say or do?")
        manager.click("Next topic", on=message)
        current(office, late, "app", "*2 of ")


ACTIONS = [
    "debrief_open", "packet_turn_next", "packet_topic", "evidence_next", "packet_file",
    "debrief_start", "debrief_step_next", "debrief_step_end", "debrief_resume", "debrief_note",
    "debrief_notes",
]  # fmt: skip


class TestAccess:
    @pytest.mark.parametrize("action", ACTIONS)
    def test_nobody_else_reads_or_presses(self, office: Playground, db: Db, action: str) -> None:
        set_up(office, late=True)
        open_early(office)
        start(office, office.person(MANAGER), "app")
        loop, before = one(db, Loop), state(db)
        values = {"packet_topic": f"{loop.id}|overall", "debrief_note": f"{loop.id}|overall"}
        value = values.get(action, f"{loop.id}|0" if action != "debrief_open" else loop.id)
        if action in ("packet_file", "debrief_start", "debrief_resume"):
            value = loop.id
        for name, told in (("Interviewer D", "Only the panel of"), ("Interviewer E", "missing")):
            answer = press(office, office.person(name), action, value)
            assert told in answer
            assert SAID not in answer
        assert state(db) == before

    @pytest.mark.parametrize("value", ["", "no-such-loop", "no-such-loop|0", "x|x|x"])
    @pytest.mark.parametrize("action", ACTIONS)
    def test_what_is_not_there_is_said(self, office: Playground, action: str, value: str) -> None:
        told = press(office, office.person(MANAGER), action, value)
        assert "not here" in told or "older version" in told

    def test_another_team_s_is_not_there(self, office: Playground, db: Db) -> None:
        set_up(office)
        with db.begin() as session:
            for loop in session.exec(select(Loop)):
                loop.team_id = "T0OTHER"
                session.add(loop)
        told = press(office, office.person(MANAGER), "debrief_open", one(db, Loop).id)
        assert "That loop is not here." in told

    def test_a_note_forged_for_another_loop_is_refused(self, office: Playground, db: Db) -> None:
        set_up(office)
        message = start(office, office.person(MANAGER))
        reader = office.person("Interviewer A")
        reader.click("Note…", on=message)
        shown(reader).raw["private_metadata"] = "no-such-loop|overall"
        reader.fill("note", "Elsewhere")
        reader.submit()
        assert "That loop is not here." in shown(reader).text
        assert one(db, DebriefNote) is None

    def test_erasing_takes_back_what_was_said_noted_and_sent(
        self, office: Playground, db: Db
    ) -> None:
        set_up(office)
        manager, planner = office.person(MANAGER), coordinator(office)
        message = start(office, manager)
        manager.click("Note…", on=message)
        manager.fill("note", "They would ask the lawyers first")
        manager.submit()
        manager.slash("/safety-interview debrief C-101")
        manager.click("As a file", on=manager.last)
        office.wait_until(lambda: bool(files(office)), "no file came")
        planner.slash("/safety-interview loops")
        planner.click("Show", on=planner.last)
        planner.click("Erase…")
        planner.fill("sure", "ERASE")
        planner.submit()
        office.wait_until(lambda: not said(manager, ROOM, "What did the"), "it still stands there")
        office.wait_until(lambda: not files(office), "the file is still there")
        assert one(db, DebriefNote) is None
        assert "They would ask" not in everything(db)
        manager.slash("/safety-interview debrief C-101")
        assert "no such candidate" in manager.last.text
        told = press(office, manager, "debrief_notes", f"{one(db, Loop).id}|0")
        assert "no debrief" in told


def state(db: Db) -> str:
    with db.begin() as session:
        kinds = (Debrief, DebriefNote, Scorecard)
        files = session.exec(select(Notice).where(Notice.kind == "packet_file")).all()
        return repr([session.exec(select(kind)).all() for kind in kinds]) + repr(files)


@contextmanager
def bot(play: Playground, address: str) -> Iterator[None]:
    """A process of the bot, as far as the workspace can tell."""
    settings = Settings(
        bot_token=play.bot_token, app_token=play.app_token, api_url=play.api_url,
        database_url=address,
    )  # fmt: skip
    with service.running(settings, play.clock.now, 1.0) as app:
        handler = socket.connect(app, settings)
        try:
            play.wait_connected()
            yield
        finally:
            socket.close(handler)
    play.wait_disconnected()


def test_it_goes_on_after_a_restart_in_the_middle(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'test.db'}"
    with Playground(manifest=manifest()) as play:
        manager = play.person(MANAGER)
        with bot(play, address):
            with open_db(address).begin() as session:
                session.add_all(always_at_work())
            set_up(play)
            message = start(play, manager)
            manager.click("Next topic", on=message)
            message = current(play, manager, ROOM, "*2 of ")
        play.clock.move_to(play.clock.now() + timedelta(minutes=10))
        with bot(play, address):
            wait_said(play, manager, "Time is up for *", ROOM)
            manager.click("Next topic", on=message)
            current(play, manager, ROOM, "*3 of ")
        assert play.problems == []
