"""Expand, then contract (docs/decisions/0018-expand-then-contract.md): which steps may run while
older processes go on."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Connection, MetaData, event, text
from sqlmodel import SQLModel

from bot import schema
from bot.schema import OURS, History, SchemaError
from bot.store import Db, open_db
from tests.databases import new_database
from tests.histories import held, left_by, to_come, until

NAME = r'"?(\w+)"?'
# A constant: the rows that are there need not be written anew.
CONSTANT = r"(?:'[^']*'|-?\d[\d.]*|true|false)(?:::\w+)?"
KIND = "(?:VARCHAR|INTEGER|BIGINT|BOOLEAN|FLOAT|JSON|DATE|TIMESTAMP WITH(?:OUT)? TIME ZONE)"
HARMLESS = [
    rf"ALTER TABLE {NAME} ADD COLUMN {NAME} {KIND}(?: DEFAULT {CONSTANT}(?: NOT NULL)?)?",
    rf"ALTER TABLE {NAME} ALTER COLUMN {NAME} DROP NOT NULL",
    rf"ALTER TABLE {NAME} ALTER COLUMN {NAME} SET DEFAULT {CONSTANT}",
    r"CREATE INDEX CONCURRENTLY .*",
    r"DROP INDEX CONCURRENTLY IF EXISTS .*",
    r"(?:INSERT INTO|UPDATE|DELETE FROM) alembic_version .*",
    r"(?:SELECT|SET) .*",
]
NEW = [  # What may be done to a table of the same step: nobody knows it yet.
    rf"CREATE TABLE {NAME} .*",
    rf"CREATE (?:UNIQUE )?INDEX \w+ ON {NAME} .*",
    rf"INSERT INTO {NAME} .*",
]
EARLIER = {  # Steps from before two versions had to work at once. They hold a table while they run.
    "0004": "indexes of notices",
    "0006": "an index of loops",
    "0010": "the indexes of notices, made anew",
    "0016": "an index of workspaces, of which there are few",
}


def harmful(sent: list[str]) -> list[str]:
    """Those of a step's statements that keep others waiting, or that break an older version."""
    sent = [" ".join(each.split()) for each in sent]
    new: set[str] = set()
    found = []
    for statement in sent:
        about = next((hit[1] for rule in NEW if (hit := re.fullmatch(rule, statement))), "")
        if statement.startswith("CREATE TABLE"):
            new.add(about)
        if about not in new and not any(re.fullmatch(rule, statement) for rule in HARMLESS):
            found.append(statement)
    concurrent = [each for each in sent if "CONCURRENTLY" in each]
    changes = [each for each in sent if each.startswith(("CREATE", "ALTER", "DROP"))]
    made = {each.split()[3] for each in concurrent if each.startswith("CREATE")}
    if concurrent and changes != concurrent:
        found.append("an index that is made concurrently, beside something else")
    gone = {each.split()[5] for each in concurrent if each.startswith("DROP")}
    return found + [f"DROP INDEX {name}" for name in sorted(gone - made)]


def sent_by(db: Db, history: History) -> list[str]:
    """The statements of the next steps."""
    found: list[str] = []

    def note(_: Connection, __: object, statement: str, *___: object) -> None:
        found.append(statement)

    event.listen(db.kw["bind"], "before_cursor_execute", note)
    schema.upgrade(db, history)
    event.remove(db.kw["bind"], "before_cursor_execute", note)
    return found


def test_every_step_only_adds_and_locks_nobody_out(server: str) -> None:
    db = open_db(new_database(server))
    schema.upgrade(db, until(OURS.steps[0]))
    found = {step: harmful(sent_by(db, until(step))) for step in OURS.steps[1:]}
    db.kw["bind"].dispose()
    assert {step for step, told in found.items() if told} == set(EARLIER), found


@pytest.mark.parametrize(
    "body",
    [
        "op.drop_table('snooze')",
        "op.drop_column('loop', 'link')",
        "op.alter_column('loop', 'link', new_column_name='address')",
        "op.rename_table('snooze', 'rest')",
        "op.alter_column('loop', 'number', type_=sa.BigInteger())",
        "op.alter_column('loop', 'ended_at', nullable=False)",
        "op.add_column('undo', sa.Column('x', sa.String(), nullable=False))",
        "op.add_column('undo', sa.Column('x', sa.Float(), server_default=sa.text('random()')))",
        "op.create_unique_constraint('u', 'loop', ['link'])",
        "op.create_index('i', 'loop', ['link'])",
        "op.drop_index('ix_loop_active', 'loop')",
        "op.execute(\"UPDATE loop SET link = ''\")",
        "op.execute('DELETE FROM undo')",
        "op.add_column('undo', sa.Column('x', sa.Integer()))\n"
        "indexes.create('i', 'loop', ['link'])",
        "with op.get_context().autocommit_block():\n"
        "    op.drop_index('ix_loop_active', postgresql_concurrently=True, if_exists=True)",
    ],
)
def test_a_step_that_is_not_for_a_rolling_deploy_is_named(
    server: str, tmp_path: Path, body: str
) -> None:
    db = open_db(new_database(server))
    schema.upgrade(db)
    assert harmful(sent_by(db, to_come(tmp_path / "history", {"9001": body}))) != []
    db.kw["bind"].dispose()


ADDED = """\
op.add_column('loop', sa.Column('source', sa.String(), nullable=False, server_default=''))
op.add_column('scorecard', sa.Column('seen_at', sa.DateTime(timezone=True)))
op.create_table('tag', sa.Column('id', sa.String(), primary_key=True))
op.create_index('ix_tag', 'tag', ['id'])"""
INDEXED = "indexes.create('ix_loop_link', 'loop', ['team_id', 'link'])"


def test_a_step_that_only_adds_is_not_named(server: str, tmp_path: Path) -> None:
    db = open_db(new_database(server))
    schema.upgrade(db)
    history = to_come(tmp_path / "history", {"9001": ADDED, "9002": INDEXED})
    for step in ("9001", "9002"):
        assert harmful(sent_by(db, History(history.folder, step))) == []
    db.kw["bind"].dispose()


RETIRED = "with op.batch_alter_table('loop') as loop:\n    loop.alter_column('link', nullable=True)"
REMOVED = "with op.batch_alter_table('loop') as loop:\n    loop.drop_column('link')"


@pytest.fixture
def retiring(tmp_path: Path) -> History:
    """A release that stops using a column, and a contract that removes it."""
    return to_come(tmp_path / "history", {"9001": RETIRED}, {"9001": REMOVED})


def names(db: Db, table: str) -> list[str]:
    found = MetaData()
    with db.begin() as session:
        found.reflect(session.connection(), only=[table])
    return list(found.tables[table].columns.keys())


def test_a_contract_runs_when_asked_and_not_by_a_start(address: str, retiring: History) -> None:
    db, tables = left_by(address, OURS.head)
    with db.begin() as session:
        session.connection().execute(text("DELETE FROM key_use"))  # Of keys that nobody has.
    before = held(db, tables)
    schema.upgrade(db, retiring)
    assert "link" in names(db, "loop")
    assert schema.upgrade(db) is False  # This version goes on, and may be started again.
    assert schema.trouble(db) == ""
    assert held(db, tables) == before

    assert schema.due(db, retiring) == ["9001"]
    assert schema.contract(db, retiring) == ["9001"]
    assert "link" not in names(db, "loop")
    assert schema.due(db, retiring) == schema.contract(db, retiring) == []
    with pytest.raises(SchemaError, match="for versions that know 9001"):
        schema.upgrade(db)
    assert "9001" in schema.trouble(db)
    assert schema.upgrade(db, retiring) is False
    others = [each for each in tables if each.name != "loop"]
    assert held(db, others) == {name: each for name, each in before.items() if name != "loop"}
    db.kw["bind"].dispose()


def test_a_new_database_has_nothing_to_be_removed(address: str, retiring: History) -> None:
    db = open_db(address)
    assert schema.upgrade(db, retiring) is True
    assert schema.due(db, retiring) == []
    assert "link" not in names(db, "loop")
    db.kw["bind"].dispose()


def demanded(db: Db) -> list[str]:
    """Columns that this version does not know, and that no row can be without."""
    found = MetaData()
    with db.begin() as session:
        found.reflect(session.connection())
    known = SQLModel.metadata.tables
    return [
        str(column)
        for table in found.tables.values()
        if table.name in known
        for column in table.columns
        if column.name not in known[table.name].columns
        and not column.nullable
        and column.server_default is None
    ]


def test_what_is_not_removed_yet_can_be_left_out(address: str, tmp_path: Path) -> None:
    db, _ = left_by(address, OURS.steps[0])
    schema.upgrade(db)
    assert demanded(db) == []
    forgotten = "with op.batch_alter_table('undo') as undo:\n    undo.add_column("
    forgotten += "sa.Column('old', sa.String(), nullable=False))"
    schema.upgrade(db, to_come(tmp_path / "history", {"9001": forgotten}))
    assert demanded(db) == ["undo.old"]
    db.kw["bind"].dispose()
