"""Can the bot work here? One line each, with its fix."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot import content, schema, store
from bot.launch.manifest import SCOPES
from bot.migrations import HEAD
from bot.settings import Settings
from bot.store import keys, workspaces
from bot.store.disks import reason
from bot.vault import VaultError
from handlers.errors import NO_ANSWER


@dataclass(frozen=True)
class Finding:
    about: str
    fine: bool
    told: str


def findings(settings: Settings) -> Iterator[Finding]:
    """What was found, each as soon as it is known."""
    yield _content(settings)
    yield _database(settings)
    yield _at_rest(settings)
    yield from _slack(settings)


@contextmanager
def _session(settings: Settings) -> Iterator[Session]:
    db = store.open_db(settings.database_url, settings.data_keys)
    try:
        with db.begin() as session:
            yield session
    finally:
        db.kw["bind"].dispose()


def _content(settings: Settings) -> Finding:
    try:
        bank = content.load(settings.content_dir)
    except content.ContentError as error:
        first = f"{len(error.problems)} problems; the first: {error.problems[0]}"
        return Finding("content", False, first)
    return Finding("content", True, f"{len(bank.questions)} questions")


def _at_rest(settings: Settings) -> Finding:
    if settings.data_keys:
        return Finding("at rest", True, "evidence, notes and tokens are encrypted (DATA_KEYS)")
    told = (
        "evidence, notes and tokens are readable to whoever can read the database; to encrypt "
        "them, put a key of `safety-interview keys new` into DATA_KEYS"
    )
    return Finding("at rest", True, told)


def _database(settings: Settings) -> Finding:
    try:
        with _session(settings) as session:
            found = schema.current(session.connection())
            refused = schema.refusal(session.connection(), found)
            if found is not None:
                schema.try_writing(session.connection())
            if found == HEAD:
                keys.register(session, datetime.now(UTC))
    except VaultError as error:
        return Finding("database", False, str(error))
    except (SQLAlchemyError, OSError) as error:
        return Finding("database", False, f"cannot be used: {reason(error)}")
    if found is None:
        return Finding("database", True, "empty; the bot sets it up when it starts")
    if refused:
        return Finding("database", False, refused)
    return Finding("database", True, f"schema {found}, this version's is {HEAD}")


def _installs(settings: Settings) -> Finding:
    """Slack says of an invented code whether at least the app's own secrets are right."""
    client = WebClient(base_url=settings.api_url, timeout=10)
    secrets = {"client_id": settings.client_id, "client_secret": settings.client_secret}
    try:
        client.oauth_v2_access(code="0", **secrets)
    except SlackApiError as error:
        code = error.response.get("error")
        if code not in ("invalid_code", "code_already_used"):
            told = f"Slack says {code}: copy SLACK_CLIENT_ID and SLACK_CLIENT_SECRET anew"
            return Finding("install flow", False, told)
    except NO_ANSWER:
        told = f"{settings.api_url} did not answer: check the network and SLACK_API_URL"
        return Finding("install flow", False, told)
    try:
        with _session(settings) as session:
            there = schema.current(session.connection()) == HEAD
            count = workspaces.installed(session, settings.client_id) if there else 0
    except (SQLAlchemyError, OSError):
        count = 0  # What is wrong with the database is told above.
    told = f"{count} installed" if count else "open /slack/install of the bot in a browser"
    return Finding("install flow", True, told)


def _renewing(settings: Settings) -> Finding:
    """A token whose renewal got lost on its way works until its end, and then no more."""
    try:
        with _session(settings) as session:
            there = schema.current(session.connection()) == HEAD
            found = workspaces.ending(session, settings.client_id) if there else []
    except (SQLAlchemyError, OSError):
        found = []  # What is wrong with the database is told above.
    if not found:
        return Finding("tokens", True, "each lasts, or will be renewed")
    first = found[0].bot_token_expires_at
    places = ", ".join(str(each.team_id or each.enterprise_id) for each in found[:5])
    told = (
        f"{len(found)} cannot be renewed, the first ends at {first} UTC ({places}): somebody in "
        "each has to open /slack/install once more; nothing is lost"
    )
    return Finding("tokens", False, told)


def _slack(settings: Settings) -> Iterator[Finding]:
    if settings.client_secret:
        yield _installs(settings)
        yield _renewing(settings)
        return
    client = WebClient(settings.bot_token, settings.api_url, timeout=10)
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        code = error.response.get("error")
        told = f"Slack says {code}: copy SLACK_BOT_TOKEN anew from “OAuth & Permissions”"
        yield Finding("bot token", False, told)
        return
    except NO_ANSWER:
        told = f"{settings.api_url} did not answer: check the network and SLACK_API_URL"
        yield Finding("bot token", False, told)
        return
    yield Finding("bot token", True, f"signed in to {answer.get('team')}")
    granted = {scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",")}
    for scope, use in SCOPES.items():
        fix = f"missing, {use}: add it on “OAuth & Permissions” and reinstall the app"
        yield Finding(f"scope {scope}", scope in granted, "granted" if scope in granted else fix)
    if settings.app_token:
        yield _app_token(settings)


def _app_token(settings: Settings) -> Finding:
    client = WebClient(settings.app_token, settings.api_url, timeout=10)
    try:
        client.apps_connections_open(app_token=settings.app_token)
    except SlackApiError as error:
        told = f"Slack says {error.response.get('error')}: make one with connections:write"
        return Finding("app token", False, told)
    except NO_ANSWER:
        return Finding("app token", False, "Slack did not answer: try again")
    return Finding("app token", True, "can connect")
