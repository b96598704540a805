"""Disks that are full, read-only or damaged, when the bot starts and while it works: said in words,
and nothing is lost."""

import json
import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from typer.testing import CliRunner

from bot import schema
from bot.launch import demo
from bot.launch.cli import cli
from bot.launch.manifest import manifest
from bot.store import Db, open_db
from bot.store.disks import Ailment, ailment, reason
from playground import Playground
from tests.databases import new_database
from tests.histories import held, left_by
from tests.offices import always_at_work, make_opening, plan_loop, shown, wait_for_mail
from tests.rows import fill
from tests.test_command_line import ROOT, typed
from tests.test_http import free_port
from tests.test_scorecards import SAID, fields

ROOM = 10 * 4096  # Bytes that a file may have: less than the questions that are kept at the start.
STILL_HERE = "What you typed is still here."


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with something in it, which nobody has open."""
    path = tmp_path / "bot.db"
    db = open_db(f"sqlite:///{path}")
    schema.upgrade(db)
    with db.begin() as session:
        fill(session, 20)
    close(db)
    return path


def close(db: Db) -> None:
    connection = db.kw["bind"].raw_connection()
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    db.kw["bind"].dispose()


def overwritten(path: Path) -> None:
    """Every page but the first."""
    with path.open("rb+") as written:
        size = written.seek(0, os.SEEK_END)
        written.seek(4096)
        written.write(b"\xff" * (size - 4096))


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def another_file(path: Path) -> None:
    path.write_text("Dear diary, " * 1000)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGED = "the file is damaged or is no database: restore the last backup"
DAMAGES: dict[Callable[[Path], None], str] = {
    overwritten: DAMAGED,
    truncated: DAMAGED,
    another_file: DAMAGED,
    a_folder: "its file cannot be opened",
}


def in_process(*words: str, url: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, list(words), env={"DATABASE_URL": url, "COLUMNS": "500"})
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.output


class TestStarting:
    @pytest.mark.parametrize("damage", DAMAGES, ids=lambda each: each.__name__)
    def test_a_damaged_file_is_told_with_what_to_do(
        self, file: Path, damage: Callable[[Path], None]
    ) -> None:
        damage(file)
        code, told = in_process("db", "upgrade", url=f"sqlite:///{file}")
        assert code == 1
        assert DAMAGES[damage] in told
        assert "Traceback" not in told

    def test_a_read_only_file_is_told_with_what_to_do(self, file: Path) -> None:
        url = f"sqlite:///file:{file}?mode=ro&uri=true"
        code, told = in_process("db", "upgrade", url=url)
        assert code == 1
        assert "it is read-only: let the bot's user write the file and its folder" in told

    def test_check_names_the_damage(self, file: Path) -> None:
        overwritten(file)
        with Playground(manifest=manifest()) as play:
            tokens = {"SLACK_BOT_TOKEN": play.bot_token, "SLACK_APP_TOKEN": play.app_token}
            where = {"SLACK_API_URL": play.api_url, "DATABASE_URL": f"sqlite:///{file}"}
            done = typed("check", folder=file.parent, **tokens, **where)
        assert done.returncode == 1
        assert f"✗ database: cannot be used: {DAMAGED}" in done.stdout
        assert "Traceback" not in done.stdout + done.stderr

    @pytest.mark.parametrize("command", ["run", "serve"])
    def test_a_full_disk_ends_the_start_with_a_sentence(self, file: Path, command: str) -> None:
        with Playground(manifest=manifest()) as play:
            environment = {
                **os.environ,
                "SLACK_BOT_TOKEN": play.bot_token,
                "SLACK_APP_TOKEN": play.app_token,
                "SLACK_SIGNING_SECRET": play.signing_secret,
                "SLACK_API_URL": play.api_url,
                "DATABASE_URL": f"sqlite:///{file}",
                "PORT": str(free_port()),
            }
            done = subprocess.run(
                [sys.executable, "-B", "-m", "bot", command], cwd=ROOT, env=environment,
                capture_output=True, text=True, timeout=200, check=False,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM)),
            )  # fmt: skip
        assert done.returncode != 0
        assert "its disk is full: free some space" in " ".join(done.stderr.split())
        assert "Traceback" not in done.stdout + done.stderr


Ail = Callable[[Path], AbstractContextManager[None]]


@contextmanager
def for_every_transaction(statement: str, afterwards: str) -> Iterator[None]:
    said = [statement]

    def first(connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(said[-1])

    event.listen(Engine, "begin", first)
    LISTENERS.append(first)
    yield
    said.append(afterwards)


LISTENERS: list[Callable[[Connection], None]] = []


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    while LISTENERS:
        event.remove(Engine, "begin", LISTENERS.pop())


def full(folder: Path) -> AbstractContextManager[None]:
    """SQLite may not add a page to the file: to it the same as a disk without room."""
    with closing(sqlite3.connect(folder / "bot.db")) as connection:
        connection.execute("VACUUM")  # No page is left to be used again.
    return for_every_transaction("PRAGMA max_page_count=1", "PRAGMA max_page_count=1073741823")


def read_only(_: Path) -> AbstractContextManager[None]:
    return for_every_transaction("PRAGMA query_only=ON", "PRAGMA query_only=OFF")


@contextmanager
def really_full(folder: Path) -> Iterator[None]:
    """A small disk of its own, filled to the last byte."""
    with closing(sqlite3.connect(folder / "bot.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # No room is left in it, either.
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as written, suppress(OSError):
        while written.write(b"\0" * 4096):
            pass
    yield
    filler.unlink()


def mount(*words: str | Path) -> None:
    subprocess.run(["mount", *map(str, words)], check=True, capture_output=True, timeout=60)


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """Where the database is: a disk of its own when all of it is filled."""
    if "ail" not in request.fixturenames or request.getfixturevalue("ail") is not really_full:
        yield tmp_path
        return
    place = tmp_path / "disk"
    place.mkdir()
    try:
        mount("-t", "tmpfs", "-o", "size=32m", "tmpfs", place)
    except subprocess.CalledProcessError:
        pytest.skip("only root may mount a disk; the others of these tests need none")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True, timeout=60)


@pytest.fixture
def office(folder: Path) -> Iterator[tuple[Playground, Db]]:
    """A workspace in which Interviewer C has a brief."""
    url = f"sqlite:///{folder / 'bot.db'}"
    with demo.workspace(port=0, database_url=url) as play:
        db = open_db(url)
        with db.begin() as session:
            session.add_all(always_at_work())
        make_opening(play)
        plan_loop(play, {"onsite_a": "U0INTC"})
        wait_for_mail(play, play.person("Interviewer C"), 1)
        yield play, db
        db.kw["bind"].dispose()


AILS: dict[Ail, str] = {
    full: "The disk on which I keep everything is full",
    really_full: "The disk on which I keep everything is full",
    read_only: "I may not write to my database just now",
}


class TestWorking:
    @pytest.mark.parametrize("ail", AILS, ids=lambda each: each.__name__)
    def test_a_scorecard_stays_open_with_the_reason_and_is_handed_in_afterwards(
        self, office: tuple[Playground, Db], folder: Path, ail: Ail,
        caplog: pytest.LogCaptureFixture,
    ) -> None:  # fmt: skip
        play, _ = office
        writer = play.person("Interviewer C")
        long = SAID * 100  # More than fits into pages that are there.
        writer.click("Scorecard", channel="app")
        for _ in range(2):
            writer.fill(fields(writer, "evidence"), long)
            writer.fill(fields(writer, "score"), "3")
            writer.submit()
        for name, value in {"level_fit": "at", "recommendation": "yes"}.items():
            writer.fill(name, value)
        with ail(folder):
            (told,) = writer.submit()["errors"].values()
            assert AILS[ail] in told
            assert STILL_HERE in told
            assert sealed(folder) == []
        writer.submit()
        assert "Handed in and sealed" in shown(writer).text
        [answers] = sealed(folder)
        assert [each["evidence"] for each in answers["questions"]] == [long, long]
        assert "the database cannot be used: it" in caplog.text
        assert "Traceback" not in caplog.text
        assert SAID not in caplog.text


def sealed(folder: Path) -> list[Any]:
    """By a connection of its own: the bot's cannot be used meanwhile."""
    with closing(sqlite3.connect(f"file:{folder / 'bot.db'}?mode=ro", uri=True)) as reading:
        found = reading.execute("SELECT answers FROM sealed_version").fetchall()
    return [json.loads(each) for (each,) in found]


class TestDamagedMeanwhile:
    def test_whoever_asks_is_told_and_so_is_the_operator(
        self, office: tuple[Playground, Db], folder: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        play, db = office
        close(db)
        with closing(sqlite3.connect(folder / "bot.db")) as moving:
            moving.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        overwritten(folder / "bot.db")
        person = play.person("Recruiting coordinator")
        person.slash("/safety-interview loops")
        assert "My database is damaged" in person.messages()[-1].text
        assert DAMAGED in caplog.text
        assert "Traceback" not in caplog.text
        assert "restore the last backup" in schema.trouble(db)


class TestUpgrading:
    def test_an_upgrade_for_which_there_is_no_room_is_finished_once_there_is(
        self, tmp_path: Path
    ) -> None:
        db, tables = left_by(f"sqlite:///{tmp_path / 'bot.db'}", "0003")
        before = held(db, tables)
        with full(tmp_path), pytest.raises(SQLAlchemyError) as told:
            schema.upgrade(db)
        assert ailment(told.value) is Ailment.FULL
        assert "nothing that was saved is lost" in reason(told.value)
        assert held(db, tables) == before
        assert schema.upgrade(db) is True
        assert held(db, tables) == before
        db.kw["bind"].dispose()


def test_a_server_that_is_gone_full_or_read_only_is_told_apart(server: str) -> None:
    address = new_database(server)
    with closing(psycopg.connect(address, autocommit=True)) as connection:
        name = address.rpartition("/")[2]
        connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    nowhere = open_db("postgresql://postgres@127.0.0.1:1/none")
    for db, wanted in ((open_db(address), Ailment.READ_ONLY), (nowhere, Ailment.AWAY)):
        with pytest.raises(SQLAlchemyError) as told:
            schema.upgrade(db)
        assert ailment(told.value) is wanted
        db.kw["bind"].dispose()
    full_disk = OperationalError("", None, psycopg.errors.DiskFull())
    assert ailment(full_disk) is Ailment.FULL


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('FATAL:  password authentication failed for user "bot"', "it refuses the password"),
        ('FATAL:  Peer authentication failed for user "bot"', "it refuses the user"),
        ("fe_sendauth: no password supplied", "it wants a password"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1"', "it lets nobody in from here"),
        ('FATAL:  role "bot" does not exist', "or its user, is not there"),
        ("connection refused", "it does not answer"),
    ],
)
def test_a_server_that_lets_nobody_in_is_told_by_why_without_its_words(
    said: str, told: str
) -> None:
    found = reason(OperationalError("", None, psycopg.OperationalError(said)))
    assert told in found
    assert "bot" not in found
    assert "10.0.0.1" not in found
