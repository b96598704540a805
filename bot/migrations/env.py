"""Alembic runs this: it applies the steps on the connection that it is given. In a transaction that
is open already all are part of that; otherwise each is one of its own."""

from alembic import context
from sqlmodel import SQLModel

import bot.records  # noqa: F401 (its tables register themselves)

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
