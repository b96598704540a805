"""Teams, their tokens, the keys that these are kept under, and the schema of all this."""

from datetime import datetime

from sqlalchemy import DateTime, Index, text
from sqlmodel import Field, SQLModel

from bot.vault import SealedText


class Workspace(SQLModel, table=True):
    """A team that the bot was let into. Without a row it is there as well: one team with its token
    in the environment needs none until it removes the bot."""

    __table_args__ = (
        Index(
            "ix_workspace_gone",
            "gone_at",
            sqlite_where=text("gone_at IS NOT NULL"),
            postgresql_where=text("gone_at IS NOT NULL"),
        ),
    )

    team_id: str = Field(primary_key=True)
    enterprise_id: str = Field(default="", index=True)  # "" for a team of its own.
    org_wide: bool = False  # Whether the bot was installed for the whole organisation.
    since: datetime
    gone_at: datetime | None = None  # When it was removed: from then on data is only kept so long.


class SlackBot(SQLModel, table=True):
    """A token, in the columns of slack_sdk's SQLAlchemyInstallationStore, which reads and writes
    them; the tokens are encrypted. Times are naive there, and UTC."""

    __tablename__ = "slack_bots"
    __table_args__ = (
        Index("ix_slack_bots_place", "client_id", "enterprise_id", "team_id", "installed_at"),
    )

    id: int = Field(default=None, primary_key=True)  # None until flushed.
    client_id: str
    app_id: str
    enterprise_id: str | None = None
    enterprise_name: str | None = None
    team_id: str | None = None  # None for a whole organisation.
    team_name: str | None = None
    bot_token: str | None = Field(default=None, sa_type=SealedText)
    bot_id: str | None = None
    bot_user_id: str | None = None
    bot_scopes: str | None = None
    bot_refresh_token: str | None = Field(default=None, sa_type=SealedText)
    bot_token_expires_at: datetime | None = Field(default=None, sa_type=DateTime)
    is_enterprise_install: bool = False
    installed_at: datetime = Field(sa_type=DateTime)
    rotating_until: datetime | None = None  # While one process asks Slack for the next token.


class OAuthState(SQLModel, table=True):
    """Proof that whoever comes back from Slack began here: used once, within minutes. Columns of
    slack_sdk's SQLAlchemyOAuthStateStore."""

    __tablename__ = "slack_oauth_states"

    id: int = Field(default=None, primary_key=True)  # None until flushed.
    state: str = Field(index=True)
    expire_at: datetime = Field(sa_type=DateTime)


class KeyUse(SQLModel, table=True):
    """A key with which something here was written: no process starts without it."""

    __tablename__ = "key_use"

    fingerprint: str = Field(primary_key=True)
    since: datetime


class SchemaFloor(SQLModel, table=True):
    """One row, once something was removed that older versions need: bot.schema.floor."""

    __tablename__ = "schema_floor"

    id: int = Field(default=1, primary_key=True)
    oldest: str  # The schema of the oldest version of the bot that can work here.
