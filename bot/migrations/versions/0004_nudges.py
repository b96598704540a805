"""Notices that go together, whom they are about, why they were skipped; reminders put off."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for name in ("about", "joined", "reason"):
        op.add_column("notice", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.create_index("ix_notice_joined", "notice", ["joined"])
    op.create_index("ix_notice_day", "notice", ["team_id", "recipient", "sent_at"])
    op.create_table(
        "snooze",
        sa.Column("team_id", sa.String(), primary_key=True),
        sa.Column("person", sa.String(), primary_key=True),
        sa.Column("interview_id", sa.String(), primary_key=True),
        sa.Column("until", UTCDateTime(), nullable=False),
    )
