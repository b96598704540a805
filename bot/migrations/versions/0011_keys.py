"""Which keys texts were encrypted with."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "key_use",
        sa.Column("fingerprint", sa.String(), primary_key=True),
        sa.Column("since", UTCDateTime(), nullable=False),
    )
