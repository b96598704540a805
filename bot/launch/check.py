"""Can the bot work here? One line each, with its fix."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from bot import content, schema
from bot.launch.app import Clock, wall_clock
from bot.launch.checks import machine, slack, stored
from bot.launch.checks.finding import Finding, fine, odd, wrong
from bot.launch.checks.stored import opened
from bot.migrations import HEAD
from bot.settings import Mode, Settings
from bot.store import keys
from bot.store.disks import reason
from bot.vault import VaultError

__all__ = ["Finding", "findings"]


def findings(
    settings: Settings, mode: Mode = "socket", now: Clock = wall_clock
) -> Iterator[Finding]:
    """What was found, each as soon as it is known. `now` is this machine's clock."""
    yield _settings(settings, mode)
    yield _content(settings)
    yield (found := _database(settings))
    if found.fine and _is_set_up(settings):
        yield from stored.findings(settings, now)
    yield _at_rest(settings)
    yield machine.metrics_port(settings)
    if mode == "http":
        yield machine.port(settings)
    yield from slack.findings(settings, now)


def _settings(settings: Settings, mode: Mode) -> Finding:
    """What was read, without what is secret in it."""
    command = "serve" if mode == "http" else "run"
    teams = "many workspaces" if settings.client_secret else "one workspace"
    kind = "SQLite" if settings.database_url.startswith("sqlite") else "PostgreSQL"
    count, logs = len(settings.data_keys), f"{settings.log_level} as {settings.log_format}"
    keys = "1 key" if count == 1 else f"{count} keys"
    told = f"for `{command}`: {teams}, {kind}, {keys}, logs from {logs.lower()}"
    return fine("settings", told)


def _content(settings: Settings) -> Finding:
    try:
        bank = content.load(settings.content_dir)
    except content.ContentError as error:
        first = f"{len(error.problems)} problems; the first: {error.problems[0]}"
        return wrong("content", first)
    return fine("content", f"{len(bank.questions)} questions")


def _at_rest(settings: Settings) -> Finding:
    if settings.data_keys:
        return fine("at rest", "evidence, notes and tokens are encrypted (DATA_KEYS)")
    told = (
        "evidence, notes and tokens are readable to whoever can read the database; to encrypt "
        "them, put a key of `safety-interview keys new` into DATA_KEYS"
    )
    return odd("at rest", told)


def _database(settings: Settings) -> Finding:
    try:
        with opened(settings) as session:
            found = schema.current(session.connection())
            refused = schema.refusal(session.connection(), found)
            if found is not None:
                schema.try_writing(session.connection())
            if found is not None and found >= HEAD:
                keys.register(session, datetime.now(UTC))
            session.rollback()  # Whoever only looks decides nothing: no key is taken into use.
    except VaultError as error:
        return wrong("database", str(error))
    except (SQLAlchemyError, OSError) as error:
        return wrong("database", f"cannot be used: {reason(error)}")
    if found is None:
        return fine("database", "empty; the bot sets it up when it starts")
    if refused:
        return wrong("database", refused)
    if found < HEAD:
        told = f"schema {found}; the bot brings it to {HEAD} when it starts"
        return fine("database", told)
    newer = " of a newer version, with which this one can work" if found > HEAD else ""
    return fine("database", f"schema {found}{newer}, this version's is {HEAD}")


def _is_set_up(settings: Settings) -> bool:
    with opened(settings) as session:
        return (schema.current(session.connection()) or "") >= HEAD
