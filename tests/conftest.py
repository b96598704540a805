"""The bot in a workspace, over the wire: Socket Mode unless a test says otherwise."""

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser
from sqlmodel import SQLModel, delete

from bot.launch import demo
from bot.records import PersonSettings
from bot.store import Db, open_db
from playground import Person, Playground
from tests.browsing import SIZES, chromium
from tests.databases import new_database, postgresql, prepare, under_way
from tests.holding import Holding
from tests.offices import always_at_work
from tests.query_plans import Plans
from tests.schemas import wrong_in

LOOPBACK = (ip_network("127.0.0.0/8"),)  # Where receivers of webhooks are, in tests.

# A busy machine is no failure.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session", autouse=True)
def holding() -> Iterator[Holding]:
    found = Holding()
    yield found
    found.close()


@pytest.fixture(scope="session")
def running() -> Iterator[Playground]:
    with demo.workspace(port=0) as play:
        yield play


@pytest.fixture
def play(running: Playground, holding: Holding) -> Iterator[Playground]:
    """A fresh workspace with the bot in it. What Slack would refuse fails the test, and so does a
    connection of the database that is held during what can take long."""
    running.workspace.reset()
    running.faults.clear()
    yield running
    assert running.problems == []
    assert holding.since() == []


@pytest.fixture
def coordinator(play: Playground) -> Person:
    return play.person("Recruiting coordinator")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server's address."""
    with postgresql() as address:
        yield address


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def lasting(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Playground, Db]]:
    """A workspace whose bot keeps its state on SQLite, and one on PostgreSQL."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path_factory.mktemp('office') / 'test.db'}"
    else:
        address = new_database(request.getfixturevalue("server"))
    with demo.workspace(port=0, database_url=address, webhook_networks=LOOPBACK) as play:
        db = open_db(address)
        yield play, db
        db.kw["bind"].dispose()


@pytest.fixture(scope="session")
def plans(lasting: tuple[Playground, Db]) -> Iterator[Plans]:
    found = Plans(lasting[1].kw["bind"])
    yield found
    found.close()


@pytest.fixture
def office(lasting: tuple[Playground, Db], plans: Plans, holding: Holding) -> Iterator[Playground]:
    """A fresh workspace with an empty database, once on SQLite and once on PostgreSQL. A query that
    would walk through a table that grows fails the test that asks for it."""
    play, db = lasting
    play.workspace.reset()
    play.faults.clear()
    with db.begin() as session:
        for table in reversed(SQLModel.metadata.sorted_tables):
            session.connection().execute(table.delete())
        session.add_all(always_at_work())
    yield play
    # What is being sent must not arrive in the next test's workspace.
    play.wait_until(lambda: not under_way(db, play.clock.now()), "notices were left unsent")
    assert play.problems == []
    assert holding.since() == []
    assert plans.walks() == []
    assert wrong_in(play.workspace.files) == []


@pytest.fixture
def usual_hours(office: Playground, lasting: tuple[Playground, Db]) -> None:
    """For tests about hours: nobody has said anything about theirs."""
    assert office is lasting[0]  # It has given everybody theirs by now.
    with lasting[1].begin() as session:
        session.connection().execute(delete(PersonSettings))


@pytest.fixture
def place(tmp_path: Path) -> str:
    """The address of an empty database, for what is the same on both kinds."""
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.db'}"
    return new_database(request.getfixturevalue("server"))


@pytest.fixture
def db(address: str) -> Iterator[Db]:
    """An empty database with the schema in it."""
    prepare(address)
    opened = open_db(address)
    yield opened
    opened.kw["bind"].dispose()
