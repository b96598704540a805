"""A PostgreSQL server of the tests' own, on a free port, in a folder that goes away."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import and_, func, or_
from sqlmodel import col, select

from bot.records import Notice, Webhook, WebhookCall
from bot.schema import upgrade
from bot.store import Db, open_db

DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name))
PLACES = os.pathsep.join([os.environ.get("PATH", ""), *map(str, reversed(DEBIAN))])


@contextmanager
def postgresql(*more: str) -> Iterator[str]:
    """The address of a server with an empty database `postgres`, with `more` settings. Skips the
    test that asks for it where PostgreSQL is missing, unless it has to be there."""
    initdb, server = (shutil.which(name, path=PLACES) for name in ("initdb", "postgres"))
    if initdb is None or server is None:
        if "postgresql" in os.environ.get("SAFETY_INTERVIEW_REQUIRE", ""):
            pytest.fail("PostgreSQL is not installed, and here it has to be")
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        data = Path(folder, "data")
        data.mkdir(mode=0o700)
        as_user = _not_root(Path(folder), data)
        options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync"]
        _run([*as_user, initdb, "--pgdata", str(data), *options])
        probe.close()
        settings = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={data}"]
        # Faster, and safe: nothing here outlives the test run.
        settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        # Who waits for a lock that is never given says so, and is not waited for in turn.
        settings += ["lock_timeout=60s", "idle_in_transaction_session_timeout=60s"]
        command = [*as_user, server, "-D", str(data)]
        for setting in (*settings, *more):  # The last of two counts.
            command += ["-c", setting]
        with Path(folder, "log").open("wb") as log:
            running = subprocess.Popen(command, stdout=log, stderr=log)
            try:
                address = f"postgresql://postgres@127.0.0.1:{port}/postgres"
                _connected(address).close()
                yield address
            finally:
                running.send_signal(signal.SIGINT)  # At once, whoever is still connected.
                running.wait(timeout=60)


def _not_root(folder: Path, data: Path) -> list[str]:
    """PostgreSQL refuses to run as root: what to start it with there, as the user it came with."""
    if os.getuid() != 0:
        return []
    folder.chmod(0o755)
    shutil.chown(data, "postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def new_database(server: str) -> str:
    """The address of a database of its own on `server`."""
    name = f"test_{uuid4().hex}"
    with _connected(server) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{server.rpartition('/')[0]}/{name}"


def prepare(address: str) -> None:
    """Have the schema in the database at `address`, if nothing is in it yet: a copy of one that was
    upgraded before, which takes a tenth of the time of upgrading each."""
    server, _, name = address.rpartition("/")
    if address.startswith("sqlite"):
        path = Path(address.removeprefix("sqlite:///"))
        if not path.exists():
            shutil.copy(_upgraded("sqlite"), path)
        return
    with _connected(address) as connection:
        if connection.execute("SELECT to_regclass('notice')").fetchone() != (None,):
            return
    with _connected(f"{server}/postgres") as connection:
        connection.execute(f'DROP DATABASE "{name}"')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{_upgraded(server)}"')


FOLDER = TemporaryDirectory(ignore_cleanup_errors=True)


@cache
def _upgraded(server: str) -> str:
    """The file, or the name on `server`, of a database with nothing but the schema in it."""
    path = Path(FOLDER.name, "upgraded.db")
    here = server == "sqlite"
    address = f"sqlite:///{path}" if here else new_database(f"{server}/postgres")
    db = open_db(address)
    upgrade(db)
    db.kw["bind"].dispose()
    return str(path) if here else address.rpartition("/")[2]


def _connected(address: str) -> psycopg.Connection[tuple[object, ...]]:
    until = time.monotonic() + 60
    while True:
        try:
            return psycopg.connect(address, autocommit=True)
        except psycopg.OperationalError:  # It is still starting.
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def under_way(db: Db, now: datetime) -> int:
    """How many notices and webhooks are due or being sent."""
    due = and_(col(Notice.state) == "pending", col(Notice.due_at) <= now)
    with db.begin() as session:
        wanted = select(func.count()).select_from(Notice)
        notices = session.exec(wanted.where(or_(due, col(Notice.state) == "sending"))).one()
        calls = select(func.count()).select_from(WebhookCall)
        due = and_(col(WebhookCall.state) == "pending", col(WebhookCall.due_at) <= now)
        busy = select(func.count()).select_from(Webhook).where(col(Webhook.busy_until).is_not(None))
        return notices + session.exec(calls.where(due)).one() + session.exec(busy).one()
