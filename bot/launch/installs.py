"""Slack's install flow: `/slack/install` leads to Slack, `/slack/oauth_redirect` back again."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import urljoin
from uuid import uuid4

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import MetaData, Table
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import SQLModel

from bot import references
from bot.launch.manifest import SCOPES
from bot.launch.tokens import Tokens
from bot.records import OAuthState, SlackBot
from bot.settings import Settings
from bot.store import Db, workspaces
from bot.store.disks import reason
from handlers.errors import NO_ANSWER

log = logging.getLogger(__name__)

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
STATE_LIFE = timedelta(minutes=10)  # From Install to Allow.
INSTALL_TIMEOUT = 10  # Seconds for one call: a browser waits longer than Slack does.
PRIVATE = {
    "Content-Type": ["text/html; charset=utf-8"],
    "Cache-Control": ["no-store"],
    "Content-Security-Policy": ["default-src 'none'; style-src 'unsafe-inline'"],
    "Referrer-Policy": ["no-referrer"],  # The address holds the code.
    "X-Content-Type-Options": ["nosniff"],
}
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1.0625rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto 0 }}
body {{ padding: 0 1.25rem }} h1 {{ font-size: 1.5rem; line-height: 1.25 }}
a {{ display: inline-block; padding: .5rem 0 }}
</style></head>
<body><main><h1>{title}</h1><p>{told}</p><p><a href="{link}">{do}</a></p></main></body></html>
"""
WHY = {
    "access_denied": "Installing was cancelled in Slack, so nothing has changed.",
    "invalid_browser": "Please begin and end in the same browser, with cookies allowed.",
    "invalid_state": f"The link is older than {STATE_LIFE.seconds // 60} minutes, or was used "
    "before. Please begin anew.",
    "invalid_code": "Slack did not confirm this installation. Please begin anew.",
    "missing_code": "Slack did not confirm this installation. Please begin anew.",
    "no_answer": "I could not finish just now. Please try again in a minute.",
}
OTHERWISE = "Slack did not let me in ({}). Ask an admin of your workspace, or try again."


class Bots(SQLAlchemyInstallationStore):
    """On the bot's own tables, whose tokens are encrypted. Only the bot's token is asked for, so
    who installed it is not kept."""

    def __init__(self, db: Db, tokens: Tokens, client_id: str, now: Callable[[], datetime]) -> None:
        super().__init__(client_id, db.kw["bind"])
        self._db, self._tokens, self._now = db, tokens, now

    @classmethod
    def build_bots_table(cls, metadata: MetaData, table_name: str) -> Table:  # noqa: ARG003 (the name is set in our schema)
        return SQLModel.metadata.tables[str(SlackBot.__tablename__)]

    def save(self, installation: Installation) -> None:
        self.save_bot(installation.to_bot())

    def save_bot(self, bot: Bot) -> None:
        """In one transaction with what is due again in a team that comes back."""
        now, row = self._now(), {**bot.to_dict(), "client_id": self.client_id}
        row["installed_at"] = now.replace(tzinfo=None)
        if ends := row["bot_token_expires_at"]:  # Reckoned by slack_sdk, from the machine's clock.
            lasts = ends.astimezone(UTC) - datetime.now(UTC)
            row["bot_token_expires_at"] = (now + lasts).replace(tzinfo=None)
        if bot.is_enterprise_install:
            row["team_id"], row["team_name"] = None, None
        enterprise = bot.enterprise_id or ""
        with self._db.begin() as session:
            workspaces.replace_token(session, SlackBot(**row))
            if row["team_id"]:
                workspaces.arrive(session, row["team_id"], enterprise, now, org_wide=False)
            else:  # Teams that are new come with their first request.
                for team_id in workspaces.of_enterprise(session, enterprise):
                    workspaces.arrive(session, team_id, enterprise, now, org_wide=True)
        self._tokens.forget(row["team_id"], enterprise if bot.is_enterprise_install else None)


class States(SQLAlchemyOAuthStateStore):
    """slack_sdk's would let one state through twice when both come at once, and keep unused ones
    for ever."""

    def __init__(self, db: Db, now: Callable[[], datetime]) -> None:
        super().__init__(STATE_LIFE.seconds, db.kw["bind"])
        self._db, self._now = db, now

    @classmethod
    def build_oauth_states_table(cls, metadata: MetaData, table_name: str) -> Table:  # noqa: ARG003 (the name is set in our schema)
        return SQLModel.metadata.tables[str(OAuthState.__tablename__)]

    def issue(self, *_: Any, **__: Any) -> str:
        state, now = str(uuid4()), self._now()
        with self._db.begin() as session:
            workspaces.issue_state(session, state, now, now + STATE_LIFE)
        return state

    def consume(self, state: str) -> bool:
        with self._db.begin() as session:
            return workspaces.use_state(session, state, self._now())


class Installer(WebClient):
    """Says in the log why Slack refused an installation; Bolt would write the code there."""

    def oauth_v2_access(self, **arguments: Any) -> Any:
        try:
            return super().oauth_v2_access(**arguments)
        except SlackApiError as error:
            log.warning("Slack refused an installation: %s", error.response.get("error"))
            raise


class Flow(OAuthFlow):
    """Bolt's, with an answer in words when Slack or the database gives none."""

    def handle_installation(self, request: BoltRequest) -> BoltResponse:
        try:
            return super().handle_installation(request)
        except SQLAlchemyError as error:
            return self._unavailable(error)

    def handle_callback(self, request: BoltRequest) -> BoltResponse:
        try:
            return super().handle_callback(request)
        except (*NO_ANSWER, SQLAlchemyError) as error:
            return self._unavailable(error)

    def _unavailable(self, error: Exception) -> BoltResponse:
        told = reason(error) if isinstance(error, SQLAlchemyError) else type(error).__name__
        log.error("an installation came to nothing: %s", told)
        cause = "database" if isinstance(error, SQLAlchemyError) else "slack"
        return _failed("no_answer", 503, f" The reference is {references.failed(cause)}.")


def flow(
    settings: Settings,
    db: Db,
    tokens: Tokens,
    now: Callable[[], datetime],
    wake: Callable[[], None],
) -> OAuthFlow:
    """`wake` is called when a team is there, new or again."""

    def success(arguments: SuccessArgs) -> BoltResponse:
        wake()
        return _succeeded(arguments.installation)

    def failure(arguments: FailureArgs) -> BoltResponse:
        log.warning("an installation failed: %s", arguments.reason[:40])
        return _failed(arguments.reason, arguments.suggested_status_code)

    quiet = logging.getLogger(f"{__name__}.bolt")  # It writes codes and states.
    quiet.setLevel(logging.CRITICAL)
    return Flow(
        client=Installer(base_url=settings.api_url, timeout=INSTALL_TIMEOUT),
        logger=quiet,
        settings=OAuthSettings(
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            scopes=sorted(SCOPES),
            user_scopes=[],
            install_path=INSTALL,
            redirect_uri_path=REDIRECT,
            install_page_rendering_enabled=False,
            authorization_url=urljoin(settings.api_url, "/oauth/v2/authorize"),
            installation_store=Bots(db, tokens, settings.client_id, now),
            installation_store_bot_only=True,
            state_store=States(db, now),
            state_expiration_seconds=STATE_LIFE.seconds,
            callback_options=CallbackOptions(success, failure),
            logger=quiet,
        ),
    )


def _succeeded(installation: Installation) -> BoltResponse:
    name = installation.team_name or installation.enterprise_name or "your workspace"
    if installation.is_enterprise_install:
        told = "An admin can now add it to workspaces of your organisation."
    else:
        told = "Type /safety-interview in any channel, or open the app’s Home."
    place = installation.team_id or installation.enterprise_id or ""
    link = f"slack://app?team={place}&id={installation.app_id}"
    return _page(200, f"Safety Interview is in {name}", told, link, "Open Slack")


def _failed(reason: str, status: int, more: str = "") -> BoltResponse:
    told = (WHY.get(reason) or OTHERWISE.format(reason[:40])) + more
    return _page(status, "Safety Interview was not installed", told, INSTALL, "Begin anew")


def _page(status: int, title: str, told: str, link: str, do: str) -> BoltResponse:
    shown = {"title": title, "told": told, "link": link, "do": do}
    body = PAGE.format(**{name: escape(value) for name, value in shown.items()})
    return BoltResponse(status=status, headers={**PRIVATE}, body=body)
