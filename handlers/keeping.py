"""Taking a loop or an opening along as a file, and erasing a candidate."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from sqlmodel import Session

from bot import exports, openings, panels, subject
from bot.content import Bank
from bot.errors import Refusal
from bot.exports import Export, Versions
from bot.panels import Panel
from bot.records import Notice
from bot.store import audit, debriefs, erasing, loops, notices, unfinished, workspaces
from bot.store import openings as stored
from bot.store import panels as stored_panels
from bot.store import scorecards as stored_cards
from bot.subject import Kept
from handlers import audits, events, places
from handlers.here import Here
from handlers.outgoing import FileRemoval, Removal, Upload
from handlers.views import keeping as keeping_view
from handlers.views import loop as loop_view

Body = dict[str, Any]

OLD = "That form is from an older version of me. Open it anew."


def ask_export(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    kind, _, id_ = action["value"].partition("|")
    with here.db.begin() as session:
        found = _panels(session, here.team_id, here.user_id, kind, id_)
        opening = stored.opening(session, here.team_id, id_) if kind == "opening" else None
    title = opening.title if opening else found[0].candidate
    one = kind == "loop" and found[0].plans(here.user_id)
    view = keeping_view.export_form(title, action["value"], one=one)
    places.open_window(view, body, client)
    ack()


def _panels(session: Session, team_id: str, person: str, kind: str, id_: str) -> list[Panel]:
    """The loops that are asked for. Raises Refusal for those that this person may not see, and
    for an opening without any."""
    if kind == "loop":
        panel = stored_panels.find(session, team_id, id_)
        panels.require_insight(panel, person)
        return [panel]
    opening = stored.opening(session, team_id, id_) if kind == "opening" else None
    if opening is None:
        raise Refusal(OLD)
    openings.require_planner(opening, person)
    found = stored_panels.read_all(session, team_id, loops.of_opening(session, team_id, id_))
    if not found:
        raise Refusal("This opening has no loop yet: there is nothing to export.")
    return found


def export(ack: Ack, view: Body, client: WebClient, here: Here) -> None:
    """Owe the file: it is written from how things are, and sent again when Slack fails."""
    kind, _, id_ = view["private_metadata"].partition("|")
    try:
        chosen = view["state"]["values"]["format"]["format"]["selected_option"]["value"]
    except (KeyError, TypeError):
        raise Refusal(OLD) from None
    with here.db.begin() as session:
        found = _panels(session, here.team_id, here.user_id, kind, id_)
        _allowed(found, here.user_id, chosen)
    names = people_of(here, found[0], client) if kind == "loop" else {}
    with here.db.begin() as session:
        if events.form_is_new(session, here, view):
            notices.owe(
                session, here.team_id, "export", here.user_id, view["private_metadata"], here.now,
                format=chosen, names=names,
            )  # fmt: skip
    here.wake()
    told = "I am sending the file to your conversation with me."
    ack(response_action="update", view=loop_view.sentence("Export", told))


def people_of(here: Here, panel: Panel, client: WebClient) -> dict[str, str]:
    """The names of all who wrote about the candidate or may be named in that: their copy does
    without, and other files are to be read. Asked of Slack, outside of any transaction."""
    with here.db.begin() as session:
        notes = stored_cards.notes_of(session, here.team_id, [each.id for each in panel.interviews])
    named = {**audits.known(here, panel, client)}
    for person in {note.person for note in notes} - named.keys():
        named[person] = here.people.member(here.team_id, person, client).name
    return named


def _allowed(found: Sequence[Panel], person: str, format_: str) -> None:
    """Raises Refusal for a candidate's own copy when the person does not plan the loop, and for a
    format that there is not."""
    if format_ == keeping_view.SUBJECT and len(found) == 1:
        panels.require_planner(found[0], person)
    elif format_ not in exports.FORMATS:
        raise Refusal(OLD)


def written(
    session: Session,
    bank: Bank,
    person: str,
    found: Sequence[Panel],
    format_: str,
    now: datetime,
    names: Mapping[str, str],
) -> tuple[str, str]:
    """The file's content and name, as `person` may read it. `names` of people are by Slack user id;
    the candidate's copy does without. Raises Refusal."""
    _allowed(found, person, format_)
    team_id = found[0].loop.team_id
    cards = [chair.card.id for panel in found for chair in panel.chairs if chair.card]
    versions = stored_cards.versions(session, team_id, cards)
    for panel in found:
        audit.note(session, team_id, person, "exported", panel.loop.id, now, format=format_)
    name = f"C-{found[0].loop.number}" if len(found) == 1 else "opening"
    if format_ == keeping_view.SUBJECT:
        opened = panels.may_read(found[0], person)
        kept = _kept(session, found[0], versions, names)
        return subject.copy(found[0], kept, opened=opened), f"{name}-their-data.json"
    return Export(bank, person, found, versions, names).written(format_), f"{name}.{format_}"


def _kept(session: Session, panel: Panel, versions: Versions, names: Mapping[str, str]) -> Kept:
    team, interviews = panel.loop.team_id, [each.id for each in panel.interviews]
    notes = stored_cards.notes_of(session, team, interviews)
    return Kept(versions, notes, debriefs.notes(session, team, panel.loop.id), names)


class Files:
    """Renders what was asked for as a file."""

    def __init__(self, bank: Callable[[], Bank]) -> None:
        self._bank = bank

    def export(self, session: Session, notice: Notice, now: datetime) -> Upload | None:
        kind, _, id_ = notice.subject.partition("|")
        try:
            found = _panels(session, notice.team_id, notice.recipient, kind, id_)
            content, name = written(
                session, self._bank(), notice.recipient, found, notice.told["format"], now,
                notice.told.get("names", {}),
            )  # fmt: skip
        except Refusal:  # They may no longer read it.
            return None
        return Upload(content, name, EXPORTED, tuple(panel.loop.id for panel in found))


EXPORTED = "What you asked me to export. Delete it when you no longer need it."


def ask_erase(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    with here.db.begin() as session:
        panel = stored_panels.find(session, here.team_id, action["value"])
    panels.require_planner(panel, here.user_id)
    places.open_window(keeping_view.erase_form(panel), body, client)
    ack()


def erase(ack: Ack, view: Body, client: WebClient, here: Here) -> None:
    sure = (view["state"]["values"]["sure"]["sure"]["value"] or "").strip()
    if sure != keeping_view.ERASE:
        ack(response_action="errors", errors={"sure": f"Type {keeping_view.ERASE} in capitals."})
        return
    with here.db.begin() as session:
        panel = stored_panels.find(session, here.team_id, view["private_metadata"])
        panels.require_planner(panel, here.user_id)
        erasing.erase(session, panel.loop, here.user_id, here.now, choices(here.bank))
        session.flush()
        panel = stored_panels.find(session, here.team_id, panel.loop.id)
    here.wake()
    shown = loop_view.window(panel, here.user_id, here.now, "Erased.")
    places.close_onto(shown, ack, view, client)


def choices(bank: Bank) -> set[str]:
    """The fields of a scorecard that hold no text."""
    return {field.id for field in bank.scorecard.fields if field.kind != "text"}


class Retention:
    """Erases by itself what was kept long enough, and takes back what was said about it."""

    def __init__(self, bank: Callable[[], Bank]) -> None:
        self._bank = bank

    def retain(self, session: Session, notice: Notice, now: datetime) -> None:
        """Erase the loop, or a plan that was never saved, when its time is over; when that was
        moved, look again then."""
        loop = loops.loop(session, notice.team_id, notice.subject)
        opening = stored.opening(session, notice.team_id, loop.opening_id) if loop else None
        if loop is None:
            unfinished.expire(session, notice.team_id, notice.subject, now)
        if loop is None or opening is None or loop.erased_at is not None:
            return
        gone = workspaces.gone_at(session, notice.team_id)
        over = openings.kept_until(opening, loop, gone)
        if over is not None and over <= now:
            erasing.erase(session, loop, "retention", now, choices(self._bank()))
        elif over is not None:
            notices.owe(session, notice.team_id, "retain", "retention", loop.id, over)

    def unsay(self, _: Session, notice: Notice, __: datetime) -> Removal:
        return Removal(notice.recipient, notice.subject)

    def unfile(self, _: Session, notice: Notice, __: datetime) -> FileRemoval:
        return FileRemoval(notice.subject)
