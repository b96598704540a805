"""What a loop leaves behind for who answers for it: its audit, and the record of its decision."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from sqlmodel import Session

from bot import audit, decision_record, panels, record_text
from bot.decision_record import Material, Record
from bot.errors import Refusal
from bot.panels import Panel
from bot.records import Notice
from bot.store import audit as stored_audit
from bot.store import debriefs, notices, served
from bot.store import decisions as stored
from bot.store import panels as stored_panels
from handlers import places
from handlers import votes as views
from handlers.here import Here
from handlers.outgoing import Upload
from handlers.views import audits as audits_view
from handlers.views import loop as loop_view

Body = dict[str, Any]

FORMATS = ("json", "md")


def open_(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    with here.db.begin() as session:
        panel = stored_panels.find(session, here.team_id, action["value"])
        panels.require_planner(panel, here.user_id)
        entries = stored_audit.entries(session, here.team_id, panel.loop.id)
        here.note(session, "read audit", panel.loop.id)
    places.open_window(audits_view.window(panel, entries), body, client)
    ack()


def send(ack: Ack, view: Body, client: WebClient, here: Here) -> None:
    """Owe the file to who asked for it."""
    with here.db.begin() as session:
        panel = stored_panels.find(session, here.team_id, view["private_metadata"])
        panels.require_planner(panel, here.user_id)
    names = known(here, panel, client)
    with here.db.begin() as session:
        where = (here.team_id, "audit", here.user_id, panel.loop.id)
        notices.owe(session, *where, here.now, names=names)
        here.note(session, "exported", panel.loop.id, format="audit")
    here.wake()
    told = "I am sending the file to your conversation with me."
    ack(response_action="update", view=loop_view.sentence("Audit", told))


def send_record(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    """Owe the decision's record, as JSON and as Markdown of the same."""
    with here.db.begin() as session:
        panel = stored_panels.find(session, here.team_id, action["value"])
        require_record(panel, here.user_id)
    names = known(here, panel, client)
    told: Body = {"at": here.now.isoformat(), "names": names}
    with here.db.begin() as session:
        for kind, format_ in (("record", "json"), ("record_md", "md")):
            where = (here.team_id, kind, here.user_id, panel.loop.id)
            notices.owe(session, *where, here.now, format=format_, **told)
    here.wake()
    sentence = (
        "I am sending two files to your conversation with me: the record, and the same to read. "
        "`safety-interview verify` tells whether one of them was altered."
    )
    places.open_window(loop_view.sentence("Decision record", sentence), body, client)
    ack()


def require_record(panel: Panel, person: str) -> None:
    """Raises Refusal for who may not take a record along, and where nothing was decided."""
    panels.require_planner(panel, person)
    if not panel.decisions:
        raise Refusal("Nothing has been decided in this loop yet, so there is no record.")
    if not panels.may_read(panel, person):
        raise Refusal("Your own scorecard is not in yet, and the record holds the others'.")


def known(here: Here, panel: Panel, client: WebClient) -> dict[str, str]:
    """The names of those whom a loop concerns, asked of Slack: outside of any transaction."""
    ids = [chair.seat.person for chair in panel.chairs]
    ids += [*panel.opening.coordinators, panel.opening.hiring_manager]
    return {
        each: here.people.member(here.team_id, each, client).name for each in dict.fromkeys(ids)
    }


def made(
    session: Session, panel: Panel, person: str, names: Mapping[str, str], at: datetime
) -> Record:
    """The record as it was at `at`: what was done later in the loop is not in its audit."""
    team, loop_id = panel.loop.team_id, panel.loop.id
    entries = [each for each in stored_audit.entries(session, team, loop_id) if each.at < at]
    versions = views.read_versions(session, panel)
    asked = {
        question["id"]
        for each in versions.values()
        for version in each
        for question in version.answers["questions"]
    }
    material = Material(
        panel=panel,
        versions=versions,
        views=stored.views(session, team, [loop_id]),
        entries=entries,
        served=served.every_version(session, asked),
        names=names,
        debrief=debriefs.debrief(session, team, loop_id),
        notes=debriefs.notes(session, team, loop_id),
    )
    return decision_record.made(material, person, at)


def note_record(session: Session, panel: Panel, person: str, record: Record, at: datetime) -> None:
    """Keep the hash of the whole where the file cannot reach it."""
    whole = record["hashes"]["whole"]
    stored_audit.note(
        session, panel.loop.team_id, person, "record exported", panel.loop.id, at, hash=whole
    )


def in_format(record: Record, format_: str) -> str:
    """Raises Refusal for a format that there is not."""
    if format_ not in FORMATS:
        raise Refusal(f"A record is written as {' or '.join(FORMATS)}.")
    is_json = format_ == "json"
    return decision_record.as_json(record) if is_json else record_text.written(record)


class Files:
    """Renders what was asked for as files."""

    def audit(self, session: Session, notice: Notice, _: datetime) -> Upload | None:
        panel = stored_panels.find(session, notice.team_id, notice.subject)
        if not panel.plans(notice.recipient):
            return None
        entries = stored_audit.entries(session, notice.team_id, notice.subject)
        content = audit.written(entries, notice.told.get("names", {}), "csv")
        name = f"C-{panel.loop.number}-audit.csv"
        return Upload(content, name, "The audit that you asked for.", (panel.loop.id,))

    def record(self, session: Session, notice: Notice, now: datetime) -> Upload | None:
        panel = stored_panels.find(session, notice.team_id, notice.subject)
        try:
            require_record(panel, notice.recipient)
        except Refusal:  # They may no longer read it.
            return None
        at = datetime.fromisoformat(notice.told["at"])
        record = made(session, panel, notice.recipient, notice.told["names"], at)
        note_record(session, panel, notice.recipient, record, now)
        format_ = str(notice.told["format"])
        comment = f"The decision's record. SHA-256 of the whole: {record['hashes']['whole']}"
        name = f"C-{panel.loop.number}-decision.{format_}"
        return Upload(in_format(record, format_), name, comment, (panel.loop.id,))
