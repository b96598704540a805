"""Indexes on tables that others write to meanwhile."""

from collections.abc import Sequence
from typing import Any

from alembic import op

from bot.migrations.applying import LOCK_TIMEOUT


def create(name: str, table: str, columns: Sequence[str], **options: Any) -> None:
    """What `op.create_index` does, and on PostgreSQL without keeping writers waiting. Nothing else
    may stand in the same step: it runs outside a transaction, and all of it again when it was
    interrupted.
    """
    if op.get_bind().dialect.name != "postgresql":
        op.create_index(name, table, list(columns), **options)
        return
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")  # It waits for transactions under way, and blocks none.
        # One that was interrupted leaves an index that is written to and never used.
        op.drop_index(name, table, postgresql_concurrently=True, if_exists=True)
        op.create_index(name, table, list(columns), postgresql_concurrently=True, **options)
        op.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
