"""Plans that are being filled in."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "unfinished_plan",
        sa.Column("id", sa.String(), primary_key=True),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("team_id", "person", "opening_id", "loop_id", "candidate")
        ),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("begun_at", UTCDateTime(), nullable=False),
        sa.Column("saved_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("team_id", "person", "opening_id", "loop_id", "candidate"),
    )
