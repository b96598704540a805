"""Workspaces, their tokens, and the states of the install flow."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0015"
down_revision = "0012"


def _text(name: str, *, nullable: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "workspace",
        sa.Column("team_id", sa.String(), primary_key=True),
        _text("enterprise_id", nullable=False),
        sa.Column("org_wide", sa.Boolean(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.Column("gone_at", UTCDateTime()),
    )
    op.create_index("ix_workspace_enterprise_id", "workspace", ["enterprise_id"])
    op.create_table(
        "slack_bots",
        sa.Column("id", sa.Integer(), primary_key=True),
        _text("client_id", nullable=False),
        _text("app_id", nullable=False),
        _text("enterprise_id"),
        _text("enterprise_name"),
        _text("team_id"),
        _text("team_name"),
        _text("bot_token"),
        _text("bot_id"),
        _text("bot_user_id"),
        _text("bot_scopes"),
        _text("bot_refresh_token"),
        sa.Column("bot_token_expires_at", sa.DateTime()),
        sa.Column("is_enterprise_install", sa.Boolean(), nullable=False),
        sa.Column("installed_at", sa.DateTime(), nullable=False),
        sa.Column("rotating_until", UTCDateTime()),
    )
    place = ["client_id", "enterprise_id", "team_id", "installed_at"]
    op.create_index("ix_slack_bots_place", "slack_bots", place)
    op.create_table(
        "slack_oauth_states",
        sa.Column("id", sa.Integer(), primary_key=True),
        _text("state", nullable=False),
        sa.Column("expire_at", sa.DateTime(), nullable=False),
    )
    op.create_index("ix_slack_oauth_states_state", "slack_oauth_states", ["state"])
