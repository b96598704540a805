"""Alembic runs this: it applies the steps on the connection that it is given."""

from alembic import context
from sqlmodel import SQLModel

import bot.records  # noqa: F401 (its tables register themselves)

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
context.run_migrations()
