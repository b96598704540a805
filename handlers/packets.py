"""The packet: opened, turned page by page, its evidence read, and taken along as a file."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, Respond
from slack_sdk import WebClient
from sqlmodel import Session

from bot import debriefs, panels, plans
from bot.content import Bank
from bot.errors import Refusal
from bot.packets import Packet
from bot.panels import Panel
from bot.records import Debrief, Notice
from bot.store import audit, loops, notices
from bot.store import debriefs as stored
from bot.store import openings as stored_openings
from bot.store import panels as stored_panels
from handlers import places
from handlers.here import Here
from handlers.outgoing import Outgoing, Upload
from handlers.views import evidence as evidence_view
from handlers.views import loop as loop_view
from handlers.views import packet as packet_view
from handlers.views import packet_file, packet_list
from handlers.views.page import Page

Body = dict[str, Any]

OLD = "That button belongs to an older version of me. Type `/safety-interview debrief` anew."
MAILED = "It is in your conversation with me."
FILED = "I am sending the file to your conversation with me."


def command(ack: Ack, command: Body, _: WebClient, here: Here) -> None:
    """`debrief C-102`; without a candidate, what is to be debriefed."""
    text = command.get("text", "").strip().partition(" ")[2].strip()
    with here.db.begin() as session:
        mine = set(stored_openings.titles(session, here.team_id, here.user_id))
        who = (here.team_id, mine, here.user_id)
        if not text:
            opened = stored.opened(session, *who, limit=packet_list.MOST)
            found, _total = loops.active(
                session, here.team_id, opening_ids=mine, person=here.user_id,
                limit=packet_list.MOST_AHEAD,
            )  # fmt: skip
            every = {loop.id: loop for loop in [*(loop for loop, _ in opened), *found]}
            shown = stored_panels.read_all(session, here.team_id, list(every.values()))
            page = packet_list.listed(shown, here.user_id)
        else:
            called = debriefs.named(text, stored.sought(session, *who), here.user_id)
            if not called:
                raise Refusal(packet_list.UNKNOWN)
            if len(called) > 1:
                shown = stored_panels.read_all(session, here.team_id, called[: packet_list.MOST])
                page = packet_list.choose(shown, len(called))
            else:
                page = _opened(session, here, called[0].id)
    ack(page.message())


def open_(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, here: Here
) -> None:
    """The packet for the person who pressed: in place on Home, else for their eyes alone."""
    loop_id = action["value"]
    in_modal = (body.get("view") or {}).get("type") == "modal"
    with here.db.begin() as session:
        page = _opened(session, here, loop_id)
        if in_modal:  # Windows take no tables.
            notices.owe(session, here.team_id, "packet", here.user_id, loop_id, here.now)
    if in_modal:
        here.wake()
        places.open_window(loop_view.sentence("Packet", MAILED), body, client)
    else:
        places.show_alone(page, body, respond, client)
    ack()


def turn(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, here: Here
) -> None:
    """Another page, in place."""
    loop_id, _, number = action["value"].partition("|")
    with here.db.begin() as session:
        page = _opened(session, here, loop_id, _number(number))
    places.show(page, body, respond, client)
    ack()


def evidence(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    """The evidence of one topic, in a window, or another page of it."""
    value = (action.get("selected_option") or action).get("value", "")
    loop_id, _, rest = value.partition("|")
    key, _, number = rest.partition("|")
    with here.db.begin() as session:
        packet, _ = read(session, here.team_id, here.bank, loop_id, here.user_id)
        topic = packet.topic(key)
        if topic is None:
            raise Refusal(OLD)
        if not number:
            here.note(session, "evidence read", loop_id, topic=key)
    view = evidence_view.window(here.bank, packet, topic, _number(number))
    if action["action_id"].startswith("evidence_"):
        places.redraw(view, body, client)
    else:
        places.open_window(view, body, client)
    ack()


def file(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, here: Here
) -> None:
    """Owe the packet as a file. Names are looked up now: a file shows no mentions."""
    with here.db.begin() as session:
        packet, _ = read(session, here.team_id, here.bank, action["value"], here.user_id)
    people = {card.person for card in packet.cards}
    people |= {chair.seat.person for chair in packet.panel.chairs}
    names = {each: here.people.member(here.team_id, each, client).name for each in sorted(people)}
    with here.db.begin() as session:
        where = (here.team_id, "packet_file", here.user_id, packet.panel.loop.id)
        notices.owe(session, *where, here.now, names=names)
    here.wake()
    ack()
    places.tell(FILED, body, respond, client)


def _opened(session: Session, here: Here, loop_id: str, number: int = 0) -> Page:
    """A page of the packet; for who may not read it yet, what it waits for. Raises Refusal for
    everybody else."""
    panel = stored_panels.find(session, here.team_id, loop_id)
    panels.require_insight(panel, here.user_id)
    if not panels.may_read(panel, here.user_id) and panel.loop.erased_at is None:
        return packet_list.waiting(panel, here.user_id)
    packet, debrief = read(session, here.team_id, here.bank, loop_id, here.user_id, panel)
    here.note(session, "packet read", loop_id)
    return packet_view.page(here.bank, packet, number, debrief, here.user_id)


def read(
    session: Session,
    team_id: str,
    bank: Bank,
    loop_id: str,
    person: str,
    panel: Panel | None = None,
) -> tuple[Packet, Debrief | None]:
    """The packet, and the debrief if there was one. Raises Refusal unless `person` may read it."""
    panel = panel or stored_panels.find(session, team_id, loop_id)
    debriefs.require_reader(panel, person)
    if panel.loop.erased_at is not None:
        raise Refusal(f"{plans.code(panel.loop)} was erased: there is nothing left to read.")
    packet = stored.packet(session, bank, panel)
    return packet, stored.debrief(session, team_id, loop_id)


def _number(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 6 else 0


class Packets:
    """Renders packets that somebody asked for, as they are when they are sent."""

    def __init__(self, bank: Callable[[], Bank]) -> None:
        self._bank = bank

    def packet(self, session: Session, notice: Notice, _: datetime) -> Outgoing | None:
        try:
            packet, debrief = self._read(session, notice)
        except Refusal:  # They may no longer read it.
            return None
        shown = packet_view.page(self._bank(), packet, 0, debrief, notice.recipient).message()
        return Outgoing(shown["text"], shown["blocks"])

    def news(self, session: Session, notice: Notice, _: datetime) -> Outgoing | None:
        """For the panel's channel: that the packet is there, and nothing that stands in it."""
        panel = stored_panels.find(session, notice.team_id, notice.subject)
        if not panel.is_revealed or panel.loop.state != "active":
            return None
        said = packet_list.news(panel)
        return Outgoing(said["text"], said["blocks"], only_private=True)

    def file(self, session: Session, notice: Notice, now: datetime) -> Upload | None:
        try:
            packet, _ = self._read(session, notice)
        except Refusal:
            return None
        loop = packet.panel.loop
        audit.note(
            session, notice.team_id, notice.recipient, "exported", loop.id, now, format="packet"
        )
        content = packet_file.written(self._bank(), packet, notice.told["names"], now)
        name = f"{plans.code(loop)}-packet.html"
        return Upload(content, name, packet_file.COMMENT, (loop.id,))

    def _read(self, session: Session, notice: Notice) -> tuple[Packet, Debrief | None]:
        who = (notice.team_id, self._bank(), notice.subject, notice.recipient)
        return read(session, *who)
