"""What attempts wrote down and what Slack said; who cannot be reached; indexes to claim by."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("notice", sa.Column("error", sa.String(), nullable=False, server_default=""))
    op.add_column("notice", sa.Column("intent", sa.JSON(), nullable=False, server_default="{}"))
    op.drop_index("ix_notice_due", "notice")
    for name, column, state in (
        ("ix_notice_due", "due_at", "pending"),
        ("ix_notice_lease", "lease_until", "sending"),
        ("ix_notice_waiting", "due_at", "waiting"),
        ("ix_notice_failed", "due_at", "failed"),
    ):
        only = sa.text(f"state = '{state}'")
        op.create_index(name, "notice", [column], sqlite_where=only, postgresql_where=only)
    op.create_table(
        "unreachable",
        sa.Column("team_id", sa.String(), primary_key=True),
        sa.Column("recipient", sa.String(), primary_key=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
    )
