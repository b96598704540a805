"""What Slack says of the app: its tokens, its scopes, its clock."""

from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from sqlalchemy.exc import SQLAlchemyError

from bot import schema
from bot.launch.app import Clock
from bot.launch.checks import machine
from bot.launch.checks.finding import Finding, fine, odd, wrong
from bot.launch.checks.stored import opened
from bot.launch.manifest import SCOPES
from bot.migrations import HEAD
from bot.settings import Settings
from bot.store import workspaces
from handlers.errors import NO_ANSWER

TIMEOUT = 10  # Seconds for one call.
OWN = {"identify"}  # What Slack adds by itself.


def findings(settings: Settings, now: Clock) -> Iterator[Finding]:
    if settings.client_secret:
        yield _installs(settings)
        yield _renewing(settings)
        return
    client = WebClient(settings.bot_token, settings.api_url, timeout=TIMEOUT)
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        code = error.response.get("error")
        told = f"Slack says {code}: copy SLACK_BOT_TOKEN anew from “OAuth & Permissions”"
        yield wrong("bot token", told)
        return
    except NO_ANSWER:
        yield wrong("bot token", _silent(settings))
        return
    yield fine("bot token", f"signed in to {answer.get('team')}")
    yield from _clock(answer, now)
    yield from _scopes(_header(answer, "x-oauth-scopes"))
    if settings.app_token:
        yield _app_token(settings)


def _silent(settings: Settings) -> str:
    return f"{settings.api_url} did not answer: check the network, HTTPS_PROXY and SLACK_API_URL"


def _header(answer: SlackResponse, name: str) -> str:
    headers = {each.lower(): value for each, value in answer.headers.items()}
    return str(headers.get(name, ""))


def _clock(answer: SlackResponse, now: Clock) -> Iterator[Finding]:
    ours, told = now(), _header(answer, "date")
    if told:
        yield machine.clocks("Slack", parsedate_to_datetime(told), ours)


def _scopes(told: str) -> Iterator[Finding]:
    granted = {scope.strip() for scope in told.split(",")} - OWN - {""}
    for scope, reason in SCOPES.items():
        if scope in granted:
            yield fine(f"scope {scope}", "granted")
        else:
            fix = "add it on “OAuth & Permissions” and reinstall the app"
            yield wrong(f"scope {scope}", f"missing, {reason}: {fix}")
    for scope in sorted(granted - SCOPES.keys()):
        fix = "remove it on “OAuth & Permissions”, or paste the manifest anew"
        yield odd(f"scope {scope}", f"granted, and nothing here needs it: {fix}")


def _app_token(settings: Settings) -> Finding:
    client = WebClient(settings.app_token, settings.api_url, timeout=TIMEOUT)
    try:
        client.apps_connections_open(app_token=settings.app_token)
    except SlackApiError as error:
        told = f"Slack says {error.response.get('error')}: make one with connections:write"
        return wrong("app token", told)
    except NO_ANSWER:
        return wrong("app token", "Slack did not answer: try again")
    return fine("app token", "can connect")


def _installs(settings: Settings) -> Finding:
    """Slack says of an invented code whether at least the app's own secrets are right."""
    client = WebClient(base_url=settings.api_url, timeout=TIMEOUT)
    secrets = {"client_id": settings.client_id, "client_secret": settings.client_secret}
    try:
        client.oauth_v2_access(code="0", **secrets)
    except SlackApiError as error:
        code = error.response.get("error")
        if code not in ("invalid_code", "code_already_used"):
            told = f"Slack says {code}: copy SLACK_CLIENT_ID and SLACK_CLIENT_SECRET anew"
            return wrong("install flow", told)
    except NO_ANSWER:
        return wrong("install flow", _silent(settings))
    try:
        with opened(settings) as session:
            there = schema.current(session.connection()) == HEAD
            count = workspaces.installed(session, settings.client_id) if there else 0
    except (SQLAlchemyError, OSError):
        count = 0  # What is wrong with the database is told above.
    told = f"{count} installed" if count else "open /slack/install of the bot in a browser"
    return fine("install flow", told)


def _renewing(settings: Settings) -> Finding:
    """A token whose renewal got lost on its way works until its end, and then no more."""
    try:
        with opened(settings) as session:
            there = schema.current(session.connection()) == HEAD
            found = workspaces.ending(session, settings.client_id) if there else []
    except (SQLAlchemyError, OSError):
        found = []  # What is wrong with the database is told above.
    if not found:
        return fine("tokens", "each lasts, or will be renewed")
    first = found[0].bot_token_expires_at
    places = ", ".join(str(each.team_id or each.enterprise_id) for each in found[:5])
    told = (
        f"{len(found)} cannot be renewed, the first ends at {first} UTC ({places}): somebody in "
        "each has to open /slack/install once more; nothing is lost"
    )
    return wrong("tokens", told)
