"""The database's schema, on SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlmodel import SQLModel

from bot import migrations, schema
from bot.records import KeptQuestion
from bot.schema import SchemaError, upgrade
from bot.store import Db, open_db


def test_head_is_the_newest_step() -> None:
    steps = sorted(path.name[:4] for path in schema.HISTORY.glob("versions/[0-9]*.py"))
    assert steps[-1] == migrations.HEAD


def test_an_empty_database_is_brought_up_once(address: str) -> None:
    db = open_db(address)
    assert upgrade(db) is True
    assert upgrade(db) is False
    db.kw["bind"].dispose()


def test_the_steps_lead_to_the_tables_of_the_records(db: Db) -> None:
    with db.begin() as session:
        context = MigrationContext.configure(session.connection())
        assert KeptQuestion.__tablename__ in SQLModel.metadata.tables
        assert compare_metadata(context, SQLModel.metadata) == []


def test_processes_that_start_together_bring_it_up_once(address: str) -> None:
    dbs = [open_db(address) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(upgrade, dbs)) == [False, False, False, True]
    for db in dbs:
        db.kw["bind"].dispose()


def test_a_newer_database_is_refused(db: Db) -> None:
    with db.begin() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaError, match="newer version of the bot"):
        upgrade(db)


def test_an_interrupted_step_leaves_nothing_behind(tmp_path: Path) -> None:
    db = open_db(f"sqlite:///{tmp_path / 'test.db'}")

    def interrupted() -> None:
        with db.begin() as session:
            schema._apply(session.connection())
            raise InterruptedError

    with pytest.raises(InterruptedError):
        interrupted()
    with db.begin() as session:
        assert schema.current(session.connection()) is None
    assert upgrade(db) is True
    db.kw["bind"].dispose()
