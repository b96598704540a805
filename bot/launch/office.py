"""What the command line does in the name of somebody: import, export, audit, forget."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from slack_sdk import WebClient

from bot import audit as audits
from bot import content, exports, panels
from bot.errors import Refusal
from bot.launch.app import wall_clock
from bot.launch.tokens import Tokens
from bot.settings import Settings
from bot.store import Db, erasing, loops
from bot.store import audit as stored_audit
from bot.store import panels as stored_panels
from handlers import audits as audit_handlers
from handlers import imports, keeping
from handlers.bank import CurrentBank
from handlers.here import Here
from handlers.imports import Imported
from handlers.people import Directory
from handlers.tokens import Away
from handlers.views.keeping import SUBJECT

EXPORTS = (*exports.FORMATS, SUBJECT)
TIMEOUT = 15  # Seconds for one call: nobody waits for an acknowledgement here.


@contextmanager
def acting(settings: Settings, db: Db, person: str) -> Iterator[tuple[Here, WebClient]]:
    """As `person`, a Slack user id, may act; where many teams install the bot, theirs stands before
    it: T012/U345. Raises Refusal for who is no full member, and SlackApiError when Slack refuses
    the token."""
    team_id, _, person = person.rpartition("/")
    client, team_id = _client(settings, db, team_id)
    people = Directory(wall_clock)
    member = people.member(team_id, person, client)
    if member.refusal:
        raise Refusal(f"{person}: {member.refusal}")
    current = CurrentBank(lambda: content.load(settings.content_dir), db, wall_clock)
    here = Here(team_id, person, wall_clock(), db, current, current.bank, people, wake=lambda: None)
    yield here, client


def _client(settings: Settings, db: Db, team_id: str) -> tuple[WebClient, str]:
    if not settings.client_secret:
        client = WebClient(settings.bot_token, settings.api_url, timeout=TIMEOUT)
        return client, str(client.auth_test()["team_id"])
    if not team_id:
        raise Refusal("In which workspace? Put its ID before yours, such as --as T012345/U67890.")
    try:
        return Tokens(db, settings, wall_clock, TIMEOUT).client(team_id), team_id
    except Away:
        raise Refusal(f"No workspace {team_id} has installed the bot.") from None


def import_(here: Here, client: WebClient, text: str, *, dry: bool) -> tuple[Imported, list[str]]:
    """What the table does, and what is odd about it; done, unless `dry` or with a problem."""
    found = imports.read(text, client, here)
    odd = [] if found.problems else imports.warnings(found, client, here)
    if not dry and not found.problems:
        with here.db.begin() as session:
            imports.save(session, here, found)
    return found, odd


def export(here: Here, client: WebClient, code: str, format_: str) -> str:
    """A loop as the person may read it."""
    if format_ not in EXPORTS:
        raise Refusal(f"There is no format {format_}: choose {', '.join(EXPORTS)}.")
    with here.db.begin() as session:
        loop = loops.numbered(session, here.team_id, code)
        panel = stored_panels.read(session, here.team_id, loop)
        panels.require_insight(panel, here.user_id)
    names = keeping.people_of(here, panel, client)
    with here.db.begin() as session:
        asked = ([stored_panels.find(session, here.team_id, loop.id)], format_, here.now, names)
        return keeping.written(session, here.bank, here.user_id, *asked)[0]


def audit(here: Here, client: WebClient, code: str, format_: str) -> str:
    """A loop's audit, for who plans it."""
    if format_ not in audits.FORMATS:
        raise Refusal(f"There is no format {format_}: choose {' or '.join(audits.FORMATS)}.")
    with here.db.begin() as session:
        loop = loops.numbered(session, here.team_id, code)
        panel = stored_panels.read(session, here.team_id, loop)
        panels.require_planner(panel, here.user_id)
        entries = stored_audit.entries(session, here.team_id, loop.id)
        here.note(session, "read audit", loop.id)
    return audits.written(entries, audit_handlers.known(here, panel, client), format_)


def record(here: Here, client: WebClient, code: str, format_: str) -> str:
    """The record of a loop's decision, for who plans it."""
    with here.db.begin() as session:
        loop = loops.numbered(session, here.team_id, code)
        panel = stored_panels.read(session, here.team_id, loop)
        audit_handlers.require_record(panel, here.user_id)
    names = audit_handlers.known(here, panel, client)
    with here.db.begin() as session:
        made = audit_handlers.made(session, panel, here.user_id, names, here.now)
        text = audit_handlers.in_format(made, format_)
        audit_handlers.note_record(session, panel, here.user_id, made, here.now)
    return text


def forget(here: Here, code: str) -> None:
    """Erase a candidate. What the bot sent about them is removed by the bot when it runs."""
    with here.db.begin() as session:
        loop = loops.numbered(session, here.team_id, code)
        panel = stored_panels.read(session, here.team_id, loop)
        panels.require_planner(panel, here.user_id)
        erasing.erase(session, loop, here.user_id, here.now, keeping.choices(here.bank))


MOST_BYTES = 4 * 1024 * 1024  # Of a table: its rows have at most two thousand of them each.


def text_of(path: Path) -> str:
    """Raises Refusal for a file that is no UTF-8 text, or too large for a table."""
    try:
        with path.open("rb") as file:
            found = file.read(MOST_BYTES + 1)
        if len(found) > MOST_BYTES:
            raise Refusal(f"{path} is larger than {MOST_BYTES // 1024**2} MiB: split the table.")
        return found.decode("utf-8-sig")
    except OSError as error:
        raise Refusal(f"{path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise Refusal(f"{path} is not UTF-8 text: save it as “CSV UTF-8”.") from None
