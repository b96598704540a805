"""Can the bot work here? One line each, with its fix."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot import content, schema, store
from bot.launch.manifest import SCOPES
from bot.migrations import HEAD
from bot.settings import Settings
from bot.store import keys
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


def _content(settings: Settings) -> Finding:
    try:
        bank = content.load(settings.content_dir)
    except content.ContentError as error:
        first = f"{len(error.problems)} problems; the first: {error.problems[0]}"
        return Finding("content", False, first)
    return Finding("content", True, f"{len(bank.questions)} questions")


def _at_rest(settings: Settings) -> Finding:
    if settings.data_keys:
        return Finding("at rest", True, "evidence and notes are encrypted (DATA_KEYS)")
    told = (
        "evidence and notes are readable to whoever can read the database; to encrypt them, put a "
        "key of `safety-interview keys new` into DATA_KEYS"
    )
    return Finding("at rest", True, told)


def _database(settings: Settings) -> Finding:
    try:
        with store.open_db(settings.database_url, settings.data_keys).begin() as session:
            found = schema.current(session.connection())
            if found == HEAD:
                keys.register(session, datetime.now(UTC))
    except VaultError as error:
        return Finding("database", False, str(error))
    except (SQLAlchemyError, OSError) as error:
        told = f"cannot be opened ({type(error).__name__}): check DATABASE_URL"
        return Finding("database", False, told)
    if found is None:
        return Finding("database", True, "empty; the bot sets it up when it starts")
    if found > HEAD:
        told = f"was used by a newer version of the bot (schema {found}): start that one"
        return Finding("database", False, told)
    return Finding("database", True, f"schema {found}, this version's is {HEAD}")


def _slack(settings: Settings) -> Iterator[Finding]:
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
    for scope, reason in SCOPES.items():
        fix = f"missing, {reason}: add it on “OAuth & Permissions” and reinstall the app"
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
