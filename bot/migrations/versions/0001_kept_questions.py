"""Questions as they were served, and orders to read the bank anew."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "kept_question",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("kept_at", UTCDateTime(), nullable=False),
    )
    op.create_table(
        "content_order",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("ordered_at", UTCDateTime(), nullable=False),
    )
