"""Webhooks are told each event at least once, by one process at a time, and not for ever."""

from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from sqlmodel import Session, select

from bot.reach import Answer, UnreachableError
from bot.records import Loop, Opening, Webhook, WebhookCall
from bot.store import Db, calls, ledger, webhooks, workspaces
from bot.webhooks import GIVE_UP, KEPT, new_secret, trouble
from handlers.courier import Courier

NOON = datetime(2031, 3, 12, 12, tzinfo=UTC)


class World:
    """A clock that a test moves, and a receiver that answers as it says."""

    def __init__(self, db: Db) -> None:
        self.db, self.now = db, NOON
        self.came: list[tuple[str, bytes, dict[str, str]]] = []
        self.answers: list[Answer | UnreachableError] = []
        self.courier = Courier(db, lambda: self.now, self.send)

    def send(self, url: str, body: bytes, headers: object) -> Answer:
        assert isinstance(headers, dict)
        self.came.append((url, body, headers))
        answer = self.answers.pop(0) if self.answers else Answer(200)
        if isinstance(answer, UnreachableError):
            raise answer
        return answer

    def rows(self) -> list[WebhookCall]:
        with self.db.begin() as session:
            return sorted(session.exec(select(WebhookCall)), key=lambda each: each.at)

    def ids(self) -> list[str]:
        return [headers["webhook-id"] for _, _, headers in self.came]


@pytest.fixture
def world(db: Db) -> World:
    with db.begin() as session:
        session.add(opening())
        session.add(hook("wh_1"))
    return World(db)


def opening(team_id: str = "T1") -> Opening:
    return Opening(
        id=f"opening {team_id}", team_id=team_id, title="Engineer", level="senior",
        specialization="llm", hiring_manager="UM", coordinators=["UC"], shown_as="initials",
        keep_months=6, kits=[], created_by="UC", created_at=NOON,
    )  # fmt: skip


def hook(id_: str, team_id: str = "T1") -> Webhook:
    return Webhook(
        id=id_, team_id=team_id, owner="UC", url=f"https://{id_}.example.com", secret=new_secret(),
        events=["panel.complete"], content=[], created_at=NOON,
    )  # fmt: skip


def happen(session: Session, number: int = 1, at: datetime = NOON, team_id: str = "T1") -> None:
    loop = Loop(
        id=f"loop{number}", team_id=team_id, opening_id=f"opening {team_id}", number=number,
        candidate="Candidate 12", created_by="UC", created_at=NOON,
    )  # fmt: skip
    webhooks.owe(session, loop, "panel.complete", at)


def test_what_is_rolled_back_is_told_to_nobody(world: World) -> None:
    def fails() -> None:
        with world.db.begin() as session:
            happen(session)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fails()
    assert world.courier.deliver() is None
    assert world.came == []


def test_events_come_in_the_order_in_which_they_happened(world: World) -> None:
    with world.db.begin() as session:
        for number in range(5):
            happen(session, number, NOON + timedelta(seconds=number - 10))
    world.courier.deliver()
    assert [f'"code":"C-{n}"'.encode() in body for n, (_, body, _) in enumerate(world.came)] == [
        True
    ] * 5


def test_a_receiver_that_is_down_rests_with_all_that_waits_for_it(world: World) -> None:
    """Else each event would wait for it in vain, one after the other."""
    world.answers = [UnreachableError("connection_refused")]
    with world.db.begin() as session:
        for number in range(5):
            happen(session, number)
    following = world.courier.deliver()
    assert len(world.came) == 1
    assert following is not None
    assert following > NOON + timedelta(seconds=5)
    world.now = following
    assert world.courier.deliver() is None
    assert len(world.came) == 6
    assert world.ids()[0] == world.ids()[1]


def test_an_event_that_is_refused_lets_the_others_pass(world: World) -> None:
    world.answers = [Answer(422)]
    with world.db.begin() as session:
        happen(session, 1, NOON - timedelta(seconds=1))
        happen(session, 2)
    world.courier.deliver()
    assert [each.state for each in world.rows()] == ["pending", "sent"]
    assert [each.error for each in world.rows()] == ["answered_422", ""]


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [("600", 600, 601), ("Wed, 12 Mar 2031 12:20:00 GMT", 1200, 1201), ("soon", 10, 20),
     ("99999999999999", 21600, 21601), ("-5", 10, 20)],
)  # fmt: skip
def test_a_receiver_says_how_long_it_rests(world: World, asked: str, least: int, most: int) -> None:
    world.answers = [Answer(429, asked)]
    with world.db.begin() as session:
        happen(session)
    following = world.courier.deliver()
    assert following is not None
    assert least <= (following - NOON).total_seconds() <= most


def test_one_that_wants_nothing_more_is_off(world: World) -> None:
    world.answers = [Answer(410)]
    with world.db.begin() as session:
        happen(session, 1)
        happen(session, 2)
    assert world.courier.deliver() is None
    with world.db.begin() as session:
        happen(session, 3)
        assert webhooks.of_team(session, "T1")[0].state == "off"
    assert [each.state for each in world.rows()] == ["failed", "failed"]
    assert len(world.came) == 1


def test_after_three_days_it_is_given_up_shown_and_can_be_sent_after_all(world: World) -> None:
    world.answers = [Answer(500)] * 1000
    with world.db.begin() as session:
        happen(session)
    following = world.courier.deliver()
    while following is not None:
        world.now = following
        following = world.courier.deliver()
    assert GIVE_UP <= world.now - NOON < GIVE_UP + timedelta(hours=8)
    assert 10 < len(world.came) < 30
    [row] = world.rows()
    assert (row.state, row.error) == ("failed", "answered_500")
    with world.db.begin() as session:
        assert [each.id for each in calls.failed(session, 10)] == [row.id]
        assert calls.backlog(session) == {"pending": 0, "failed": 1}
        assert ledger.retry(session, row.id, world.now) == 1
    world.answers = []
    world.courier.deliver()
    assert world.rows()[0].state == "sent"
    assert len(set(world.ids())) == 1


def test_what_is_over_is_forgotten_in_the_end(world: World) -> None:
    with world.db.begin() as session:
        happen(session)
    world.courier.deliver()
    for ahead, left in ((KEPT, 1), (KEPT + timedelta(seconds=1), 0)):
        with world.db.begin() as session:
            calls.forget(session, NOON + ahead)
        assert len(world.rows()) == left


def test_two_processes_do_not_tell_the_same_webhook_at_once(world: World) -> None:
    begun, go_on = Event(), Event()

    def slow(url: str, body: bytes, headers: object) -> Answer:
        begun.set()
        go_on.wait(60)
        return world.send(url, body, headers)

    with world.db.begin() as session:
        happen(session, 1)
        happen(session, 2)
        session.add(hook("wh_2"))
        session.flush()
        happen(session, 3)
    first = Thread(target=Courier(world.db, lambda: NOON, slow).deliver)
    first.start()
    assert begun.wait(60)
    world.courier.deliver()
    assert len(world.came) < 4
    go_on.set()
    first.join(60)
    world.courier.deliver()
    assert len(world.came) == len(set(world.ids())) == 4


def test_what_a_process_that_died_was_telling_is_told_by_the_next(world: World) -> None:
    with world.db.begin() as session:
        happen(session)
    with world.db.begin() as session:
        assert calls.claim(session, NOON, room=4, lease=-1, busy=())  # And it dies.
    world.now = NOON + timedelta(seconds=1)
    world.courier.deliver()
    assert [each.state for each in world.rows()] == ["sent"]


def test_whoever_was_taken_for_dead_changes_nothing_any_more(world: World) -> None:
    with world.db.begin() as session:
        happen(session)
    with world.db.begin() as session:
        [lost] = calls.claim(session, NOON, room=4, lease=-1, busy=())
    world.now = NOON + timedelta(seconds=1)
    world.courier.deliver()
    with world.db.begin() as session:
        calls.settle(session, calls.Outcome(lost, "no_answer", timedelta(hours=1)), world.now)
    assert [each.state for each in world.rows()] == ["sent"]


def test_a_webhook_that_is_removed_meanwhile_is_no_trouble(world: World) -> None:
    with world.db.begin() as session:
        happen(session)
    with world.db.begin() as session:
        [claimed] = calls.claim(session, NOON, room=4, lease=60, busy=())
    with world.db.begin() as session:
        found = webhooks.find(session, "T1", "wh_1")
        assert found is not None
        webhooks.remove(session, found)
    with world.db.begin() as session:
        calls.settle(session, calls.Outcome(claimed), NOON)
    assert world.rows() == []


def test_for_a_day_both_secrets_sign(world: World) -> None:
    old, new = new_secret(), new_secret()
    with world.db.begin() as session:
        found = webhooks.find(session, "T1", "wh_1")
        assert found is not None
        found.secret, found.old_secret, found.old_until = new, old, NOON + timedelta(days=1)
        session.add(found)
        happen(session)
    world.courier.deliver()
    world.now = NOON + timedelta(days=1)
    with world.db.begin() as session:
        happen(session, 2)
    world.courier.deliver()
    for (_, body, headers), fits in zip(world.came, (True, False), strict=True):
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        assert trouble([new], headers, body, at) == ""
        assert (trouble([old], headers, body, at) == "") is fits


def test_a_team_that_removed_the_bot_has_nothing_told_until_it_is_back(world: World) -> None:
    with world.db.begin() as session:
        session.add_all([opening("T2"), hook("wh_2", "T2")])
        session.flush()
        happen(session, 1)
        happen(session, 2, team_id="T2")
        workspaces.leave(session, "T2", NOON)
    world.courier.deliver()
    assert [url for url, _, _ in world.came] == ["https://wh_1.example.com"]
    with world.db.begin() as session:
        workspaces.arrive(session, "T2", "", NOON, org_wide=False)
    world.courier.deliver()
    assert [url for url, _, _ in world.came][1:] == ["https://wh_2.example.com"]


def test_addresses_and_secrets_are_not_readable_at_rest(place: str) -> None:
    from cryptography.fernet import Fernet
    from sqlalchemy import text

    from bot.schema import upgrade
    from bot.store import open_db

    db = open_db(place, [Fernet.generate_key().decode()])
    upgrade(db)
    made = hook("wh_1")
    with db.begin() as session:
        session.add(made)
    with db.begin() as session:
        [row] = session.connection().execute(text("SELECT * FROM webhook")).all()
    assert made.secret not in repr(row)
    assert "example.com" not in repr(row)
    db.kw["bind"].dispose()
