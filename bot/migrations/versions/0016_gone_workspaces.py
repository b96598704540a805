"""The teams that removed the bot are found without looking at all the others."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    gone = sa.text("gone_at IS NOT NULL")
    op.create_index(
        "ix_workspace_gone", "workspace", ["gone_at"], sqlite_where=gone, postgresql_where=gone
    )
