"""The database's schema, on SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlmodel import SQLModel

from bot import migrations, schema
from bot.migrations import HEAD, applying
from bot.records import KeptQuestion, SchemaFloor
from bot.schema import SchemaError, upgrade
from bot.store import Db, open_db


def test_head_is_the_newest_step() -> None:
    steps = sorted(path.name[:4] for path in schema.FOLDER.glob("versions/[0-9]*.py"))
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


def at(db: Db, step: str) -> None:
    with db.begin() as session:
        session.connection().execute(
            text("UPDATE alembic_version SET version_num = :step"), {"step": step}
        )


def needs(db: Db, oldest: str) -> None:
    with db.begin() as session:
        session.add(SchemaFloor(oldest=oldest))


def test_a_newer_database_that_was_only_added_to_is_worked_with(db: Db) -> None:
    """As it is after a deploy that was rolled back."""
    at(db, "9999")
    assert upgrade(db) is False
    assert schema.trouble(db) == ""
    needs(db, HEAD)
    assert upgrade(db) is False
    assert schema.trouble(db) == ""


def test_a_database_from_which_a_newer_version_removed_something_is_refused(db: Db) -> None:
    at(db, "9999")
    needs(db, "9998")
    with pytest.raises(SchemaError, match=f"schema 9999, for versions that know 9998.*{HEAD}"):
        upgrade(db)
    assert "9998" in schema.trouble(db)


def test_a_newer_database_that_does_not_say_for_whom_it_is_is_refused(db: Db) -> None:
    at(db, "9999")
    with db.begin() as session:
        session.connection().execute(text("DROP TABLE schema_floor"))
    with pytest.raises(SchemaError, match="newer version of the bot"):
        upgrade(db)


@pytest.mark.parametrize("step", ["0000", "c7a1d9a2b4e0"])
def test_another_programs_database_is_refused(db: Db, step: str) -> None:
    at(db, step)
    with pytest.raises(SchemaError, match="not one of this bot"):
        upgrade(db)


def test_a_database_that_is_too_old_is_named_by_readyz(db: Db) -> None:
    at(db, "0003")
    assert "schema 0003" in schema.trouble(db)


def test_an_interrupted_step_leaves_nothing_behind(place: str) -> None:
    db = open_db(place)

    def interrupted() -> None:
        with db.begin() as session:
            applying._migrate(session.connection(), schema.OURS, HEAD)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        interrupted()
    with db.begin() as session:
        assert schema.current(session.connection()) is None
    assert upgrade(db) is True
    db.kw["bind"].dispose()
