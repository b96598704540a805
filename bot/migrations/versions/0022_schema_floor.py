"""The oldest version of the bot that can work with the database."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "schema_floor",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("oldest", sa.String(), nullable=False),
    )
