"""A copy of a working bot's database, and putting it back."""

import hashlib
import json
import os
import shlex
import shutil
import sqlite3
import subprocess
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from typer.testing import CliRunner

from bot.errors import Refusal
from bot.launch import backup as copies
from bot.launch.cli import cli
from bot.migrations import HEAD
from bot.records import ThreadNote
from bot.schema import upgrade
from bot.store import Db, open_db
from bot.store.digest import Digest, digest
from tests.databases import PLACES, new_database
from tests.rows import NOON, fill


def nowhere(_: float) -> None:
    """Progress that nobody looks at."""


def opened(file: Path) -> Db:
    db = open_db(f"sqlite:///{file}")
    upgrade(db)
    return db


def held(address: str) -> dict[str, Digest]:
    db = open_db(address)
    with db.begin() as session:
        found = digest(session.connection())
    db.kw["bind"].dispose()
    return found


def notes(db: Db, since: int, count: int) -> None:
    with db.begin() as session:
        for number in range(since, since + count):
            session.add(
                ThreadNote(
                    team_id="T1", channel="D1", ts=str(number), interview_id="i", person="U1",
                    text=f"Number {number}", at=NOON,
                )
            )  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the bot's database is, with something in it."""
    file = tmp_path / "bot.db"
    db = opened(file)
    with db.begin() as session:
        fill(session, 20)
    notes(db, 0, 500)
    db.kw["bind"].dispose()
    return file


@pytest.fixture
def url(place: Path) -> str:
    return f"sqlite:///{place}"


def test_what_was_copied_comes_back(place: Path, url: str, tmp_path: Path) -> None:
    made = copies.backup(url, tmp_path / "copy.db", nowhere)
    assert made.tables["thread_note"].rows == 500
    place.unlink()
    assert copies.restore(url, tmp_path / "copy.db", nowhere).tables == made.tables
    assert held(url) == made.tables


def test_a_bot_may_write_while_it_is_copied(
    place: Path, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "PAGES", 1)
    db, wrote = opened(place), threading.Event()

    def meanwhile(_: float) -> None:
        if not wrote.is_set():
            wrote.set()
            notes(db, 1000, 200)

    made = copies.backup(url, tmp_path / "copy.db", meanwhile)
    assert wrote.is_set()
    assert made.tables["thread_note"].rows in (500, 700)  # All of a transaction, or none of it.
    db.kw["bind"].dispose()


def test_a_bot_that_never_stops_writing_is_copied_at_one_moment(
    place: Path, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of its transactions writes two rows, and one comes between any two pages of the copy."""
    monkeypatch.setattr(copies, "PAGES", 1)
    db, wrote, seen = opened(place), 5000, 0

    def meanwhile(_: float) -> None:
        nonlocal wrote, seen
        notes(db, wrote, 2)
        wrote += 2
        seen += 1
        assert seen < 10_000, "the copy begins again and again"

    made = copies.backup(url, tmp_path / "copy.db", meanwhile)
    db.kw["bind"].dispose()
    assert seen > 10
    assert made.tables["thread_note"].rows == 500  # As when the copy began.
    assert held(f"sqlite:///{tmp_path / 'copy.db'}") == made.tables


@pytest.mark.parametrize("share", [0, 0.3, 0.999])
def test_a_backup_that_broke_off_is_refused(
    place: Path, url: str, tmp_path: Path, share: float
) -> None:
    copy, before = tmp_path / "copy.db", place.read_bytes()
    copies.backup(url, copy, nowhere)
    os.truncate(copy, int(copy.stat().st_size * share))
    with pytest.raises(Refusal, match="damaged or was changed"):
        copies.restore(url, copy, nowhere, replace=True)
    assert place.read_bytes() == before


def manifest_for(file: Path, like: Path, **other: str) -> None:
    """A manifest that fits the file, made from another's."""
    written = json.loads(copies.manifest_of(like).read_text())
    print_ = hashlib.sha256(file.read_bytes()).hexdigest()
    copies.manifest_of(file).write_text(json.dumps({**written, "file_sha256": print_, **other}))


def test_a_file_of_another_program_is_refused_whatever_its_manifest_says(
    place: Path, url: str, tmp_path: Path
) -> None:
    copies.backup(url, tmp_path / "copy.db", nowhere)
    before = place.read_bytes()
    foreign, text_ = tmp_path / "foreign.db", tmp_path / "letter.txt"
    with closing(sqlite3.connect(foreign)) as other:
        other.execute("CREATE TABLE bookmark (id INTEGER PRIMARY KEY)")
        other.commit()
    text_.write_text("Dear diary, " * 1000)
    for file, told in ((foreign, "holds no database of the bot"), (text_, "cannot be read")):
        manifest_for(file, tmp_path / "copy.db")
        with pytest.raises(Refusal, match=told):
            copies.restore(url, file, nowhere, replace=True)
    assert place.read_bytes() == before


def test_a_manifest_that_tells_another_schema_is_refused(
    place: Path, url: str, tmp_path: Path
) -> None:
    copy, before = tmp_path / "copy.db", place.read_bytes()
    copies.backup(url, copy, nowhere)
    for schema_, told in (("0003", "is not what"), ("0000", "nobody knows 0000")):
        manifest_for(copy, copy, schema=schema_)
        with pytest.raises(Refusal, match=told):
            copies.restore(url, copy, nowhere, replace=True)
    assert place.read_bytes() == before


def test_a_damaged_backup_is_refused_and_nothing_is_touched(
    place: Path, url: str, tmp_path: Path
) -> None:
    copy, before = tmp_path / "copy.db", place.read_bytes()
    copies.backup(url, copy, nowhere)
    bits = bytearray(copy.read_bytes())
    bits[len(bits) // 2] ^= 1
    copy.write_bytes(bits)
    with pytest.raises(Refusal, match="damaged or was changed"):
        copies.restore(url, copy, nowhere, replace=True)
    assert place.read_bytes() == before


def test_a_newer_backup_is_refused(place: Path, url: str, tmp_path: Path) -> None:
    db = opened(place)
    with db.begin() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
    db.kw["bind"].dispose()
    copies.backup(url, tmp_path / "copy.db", nowhere)
    with pytest.raises(Refusal, match=f"newer version.*9999.*{HEAD}"):
        copies.restore(url, tmp_path / "copy.db", nowhere, replace=True)


def test_a_backup_without_its_manifest_or_with_a_wrong_one_is_refused(
    url: str, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    copies.backup(url, copy, nowhere)
    beside = copies.manifest_of(copy)
    for written in ("{}", "not JSON", json.dumps({"tables": 3})):
        beside.write_text(written)
        with pytest.raises(Refusal, match="not a manifest"):
            copies.restore(url, copy, nowhere, replace=True)
    beside.unlink()
    with pytest.raises(Refusal, match="needs its manifest"):
        copies.restore(url, copy, nowhere, replace=True)


def test_what_is_there_is_only_put_aside_when_asked(place: Path, url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copies.backup(url, copy, nowhere)
    db = opened(place)
    notes(db, 2000, 1)
    db.kw["bind"].dispose()
    with pytest.raises(Refusal, match="stop the bot, then say --replace"):
        copies.restore(url, copy, nowhere)
    copies.restore(url, copy, nowhere, replace=True)
    [aside] = tmp_path.glob("bot.db.before-*[0-9]")
    assert held(f"sqlite:///{aside}")["thread_note"].rows == 501
    assert held(url)["thread_note"].rows == 500


def test_a_corrupted_database_is_told_and_leaves_no_copy(
    place: Path, url: str, tmp_path: Path
) -> None:
    bits = bytearray(place.read_bytes())
    bits[4096 * 4 : 4096 * 12] = b"\xff" * 4096 * 8
    place.write_bytes(bits)
    with pytest.raises(Refusal, match="damaged"):
        copies.backup(url, tmp_path / "copy.db", nowhere)
    assert not list(tmp_path.glob("*copy*"))


@pytest.mark.parametrize("name", ["bot.db", "copy.db"])
def test_nothing_is_written_over(url: str, tmp_path: Path, name: str) -> None:
    (tmp_path / "copy.db").write_text("something else")
    with pytest.raises(Refusal, match="is there already"):
        copies.backup(url, tmp_path / name, nowhere)
    assert (tmp_path / "copy.db").read_text() == "something else"


def test_a_folder_that_is_not_there_is_told(url: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no folder"):
        copies.backup(url, tmp_path / "none" / "copy.db", nowhere)


def test_a_file_is_asked_for_where_one_is_made(url: str) -> None:
    done = CliRunner().invoke(cli, ["backup"], env={"DATABASE_URL": url})
    assert done.exit_code == 2
    assert "safety-interview backup FILE" in done.output


def test_no_password_is_printed() -> None:
    commands = copies.postgresql_commands(make_url("postgresql://bot:hunter2@host/db"))
    assert "hunter2" not in str(commands)
    assert "bot@host/db" in commands[0]


def test_the_commands_for_postgresql_bring_everything_back(server: str, tmp_path: Path) -> None:
    """As they are printed, by the programs that come with the server."""
    source = new_database(server)
    target = make_url(source).set(database=copies.RESTORED).render_as_string(hide_password=False)
    db = open_db(source)
    upgrade(db)
    with db.begin() as session:
        fill(session, 20)
    notes(db, 0, 50)
    with pytest.raises(Refusal, match="Nothing was done") as told:
        copies.backup(source, tmp_path / "copy", nowhere)
    done = CliRunner().invoke(cli, ["backup"], env={"DATABASE_URL": source, "COLUMNS": "500"})
    assert done.exit_code == 0
    assert done.output.strip() in str(told.value)
    commands = copies.postgresql_commands(make_url(source))
    assert [each for each in done.output.splitlines() if each in commands] == commands
    # Where this server runs nobody has to become another user, and it is found by its address.
    here = f"createdb --maintenance-db='{server}'"
    commands[1] = commands[1].replace("runuser -u postgres -- createdb", here)
    for command in commands:
        words = shlex.split(command)
        program = shutil.which(words[0], path=PLACES)
        assert program is not None
        subprocess.run([program, *words[1:]], cwd=tmp_path, check=True, timeout=60)
    db.kw["bind"].dispose()
    assert held(source) == held(target)
    assert held(target)["thread_note"].rows == 50
