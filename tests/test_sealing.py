"""Handing a scorecard in: what the request itself does, and what follows from it, once."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt import App
from sqlmodel import Session, col, select

from bot import content, schema
from bot.launch.app import build
from bot.records import AuditEntry, Loop, Notice, PersonSettings, Scorecard, SealedVersion
from bot.settings import Settings
from bot.store import Db, open_db
from handlers import settling
from handlers.bank import CurrentBank
from playground import Playground
from tests.rows import NOON
from tests.test_at_once import ASKED, KITS, LEADS, TEAM, loop_of_two, seal, type_
from tests.test_openings import made
from tests.test_queries import counted

FIRST, SECOND = (f"{lead}-1" for lead in LEADS)  # The interviews of the loop.


@pytest.fixture
def db(address: str) -> Iterator[Db]:
    opened = open_db(address)
    schema.upgrade(opened)
    with opened.begin() as session:
        coordinators = ["U0COORD", LEADS[1]]
        session.add(
            made(team_id=TEAM, kits=KITS, coordinators=coordinators, hiring_manager="U0MANAGER")
        )
    loop_of_two(opened, 1)
    yield opened
    opened.kw["bind"].dispose()


@pytest.fixture
def app(play: Playground, address: str, db: Db) -> App:
    """A bot without a clock: nothing is done but what a request does itself."""
    settings = Settings(bot_token=play.bot_token, api_url=play.api_url, database_url=address)
    current = CurrentBank(content.load, db, lambda: NOON)
    return build(settings, current, db, lambda: NOON, lambda: None)


def owed(db: Db, *kinds: str) -> list[Notice]:
    with db.begin() as session:
        wanted = select(Notice).where(col(Notice.kind).in_(kinds)).order_by(Notice.recipient)
        return list(session.exec(wanted))


def follow(db: Db, notice: Notice) -> None:
    """As the delivery does what follows."""
    with db.begin() as session:
        settling.arrived(session, notice, NOON)


def reminder(session: Session, interview: str, person: str, state: str, kind: str) -> None:
    session.add(
        Notice(
            id=f"{kind}-{person}", team_id=TEAM, kind=kind, recipient=person, subject=interview,
            due_at=NOON + timedelta(hours=5), state=state, told={}, channel="D1", ts=f"1.{kind}",
            sent_at=NOON,
        )
    )  # fmt: skip


def typing(app: App) -> None:
    type_(app, FIRST, f"evidence.{ASKED[0]}", "They named it.", window_id="V1")


class TestTheRequest:
    """Bolt's own answer waits for it, so it does only what must be whole."""

    @pytest.mark.parametrize(
        ("act", "most"),
        [
            (typing, 4),
            (lambda app: seal(app, LEADS[0], FIRST), 8),
        ],
    )
    def test_it_takes_so_many_statements(
        self, app: App, db: Db, act: Callable[[App], None], most: int
    ) -> None:
        typing(app)
        with counted(db) as found:
            act(app)
        assert len(found) <= most, found

    def test_an_amendment_reads_one_version_however_many_there_are(self, app: App, db: Db) -> None:
        seal(app, LEADS[0], FIRST)
        with db.begin() as session:
            card = session.exec(select(Scorecard)).one()
            first = session.exec(select(SealedVersion)).one()
            for number in range(2, 10):
                kept: dict[str, Any] = {**first.model_dump(), "number": number}
                session.add(SealedVersion(**{**kept, "answers": {"questions": [], "flags": []}}))
            card.version = 9
            session.add(card)
        with counted(db) as found:
            seal(app, LEADS[0], FIRST)
        assert len([each for each in found if "FROM sealed_version" in each]) == 1
        assert len(found) <= 7, found
        with db.begin() as session:
            assert session.exec(select(Scorecard)).one().version == 10

    def test_an_amendment_is_no_news(self, app: App, db: Db) -> None:
        seal(app, LEADS[0], FIRST)
        type_(app, FIRST, f"evidence.{ASKED[0]}", "They named it once more.", window_id="V1")
        seal(app, LEADS[0], FIRST, score="2")
        with db.begin() as session:
            assert session.exec(select(Scorecard)).one().version == 2
        assert len(owed(db, "handed_in")) == 1

    def test_it_leaves_the_seal_its_audit_and_what_makes_the_rest_happen(
        self, app: App, db: Db
    ) -> None:
        seal(app, LEADS[0], FIRST)
        with db.begin() as session:
            version = session.exec(select(SealedVersion)).one()
            entry = session.exec(select(AuditEntry)).one()
        assert entry.detail["seal"] == version.seal
        (left,) = owed(db, "handed_in", "home", "tally")
        assert (left.kind, left.recipient, left.subject) == ("handed_in", LEADS[0], FIRST)

    def test_the_last_one_opens_them_all_by_itself(self, app: App, db: Db) -> None:
        seal(app, LEADS[0], FIRST)
        seal(app, LEADS[1], SECOND)
        with db.begin() as session:
            assert session.exec(select(Loop)).one().revealed_at == NOON

    def test_the_same_form_again_makes_nothing_follow(self, app: App, db: Db) -> None:
        seal(app, LEADS[0], FIRST)
        seal(app, LEADS[0], FIRST)
        assert len(owed(db, "handed_in")) == 1


class TestWhatFollows:
    @pytest.fixture
    def handed_in(self, app: App, db: Db) -> Notice:
        """The first of two, who had been asked and had a reminder to come."""
        with db.begin() as session:
            session.add(PersonSettings(team_id=TEAM, person=LEADS[0], days=list(range(7))))
            reminder(session, FIRST, LEADS[0], "sent", "nudge")
            reminder(session, FIRST, LEADS[0], "waiting", "nudge1")
        seal(app, LEADS[0], FIRST)
        (found,) = owed(db, "handed_in")
        return found

    def test_nobody_asks_any_more_and_who_waits_is_told(self, db: Db, handed_in: Notice) -> None:
        follow(db, handed_in)
        assert [each.state for each in owed(db, "nudge1")] == ["skipped"]
        assert [each.told["settled"] for each in owed(db, "nudge")] == [settling.DONE]
        homes = [each.recipient for each in owed(db, "home")]
        assert homes == sorted({LEADS[0], LEADS[1], "U0COORD", "U0MANAGER"})
        assert [each.recipient for each in owed(db, "tally")] == ["U0COORD", LEADS[1]]

    def test_it_happens_once_although_nobody_heard_of_the_first_attempt(
        self, db: Db, handed_in: Notice
    ) -> None:
        follow(db, handed_in)
        with db.begin() as session:
            for each in session.exec(select(Notice).where(col(Notice.kind).in_(("tally", "home")))):
                each.state = "skipped"  # They were done meanwhile.
                session.add(each)
        follow(db, handed_in)
        assert {each.state for each in owed(db, "tally", "home")} == {"skipped"}

    def test_an_attempt_that_failed_in_between_is_made_again(
        self, db: Db, handed_in: Notice
    ) -> None:
        with db.begin() as session:
            settling.arrived(session, handed_in, NOON)
            session.rollback()
        assert owed(db, "tally") == []
        follow(db, handed_in)
        assert len(owed(db, "tally")) == 2

    def test_whoever_is_the_last_one_hears_it_instead_of_their_next_reminder(
        self, db: Db, handed_in: Notice
    ) -> None:
        with db.begin() as session:
            reminder(session, SECOND, LEADS[1], "sent", "nudge")
            reminder(session, SECOND, LEADS[1], "waiting", "nudge1")
        late = NOON + timedelta(hours=2)
        with db.begin() as session:
            settling.arrived(session, handed_in, late)
        (theirs,) = [each for each in owed(db, "nudge1") if each.recipient == LEADS[1]]
        assert theirs.due_at == late

    def test_nothing_follows_about_who_was_erased(self, db: Db, handed_in: Notice) -> None:
        with db.begin() as session:
            loop = session.exec(select(Loop)).one()
            loop.erased_at = NOON
            session.add(loop)
        follow(db, handed_in)
        assert owed(db, "tally", "home") == []
