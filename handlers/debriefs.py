"""The debrief run by the bot: started, led topic by topic, noted upon, ended.

Everything is in the database, so it goes on after a restart. A button carries the revision of the
debrief that it was drawn for: of two people who press at once, one makes the step and the other
is told.
"""

from collections.abc import Callable
from datetime import datetime
from secrets import token_hex
from typing import Any

from slack_bolt import Ack, Respond
from slack_sdk import WebClient
from sqlmodel import Session

from bot import debriefs, panels
from bot.content import Bank
from bot.debriefs import Step
from bot.errors import Refusal
from bot.packets import Packet
from bot.panels import Panel
from bot.records import Debrief, Notice
from bot.store import debriefs as stored
from bot.store import notices
from bot.store import panels as stored_panels
from handlers import channels, packets, places
from handlers.here import Here
from handlers.outgoing import Outgoing, Rewrite
from handlers.views import debrief as debrief_view
from handlers.views import loop as loop_view
from handlers.views.text import escape

Body = dict[str, Any]

RUNNING = "The debrief is running already. Its message is where it was started."
NONE = "There is no debrief of this loop yet. Start it from the packet."
OVER = "The debrief is over. Take it up again from its summary, if there is more to say."


def ask(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    """The form that starts a debrief."""
    with here.db.begin() as session:
        packet, running = _startable(session, here, action["value"])
    if running is not None:
        raise Refusal(RUNNING if running.state == "running" else OVER)
    where = _where_words(packet.panel)
    form = debrief_view.start_form(here.bank.debrief, packet, where)
    places.open_window(form, body, client)
    ack()


def _startable(session: Session, here: Here, loop_id: str) -> tuple[Packet, Debrief | None]:
    packet, running = packets.read(session, here.team_id, here.bank, loop_id, here.user_id)
    debriefs.require_active(packet.panel)
    return packet, running


def _where_words(panel: Panel) -> str:
    channel = panel.opening.channel
    if panel.missing:
        return (
            "A scorecard is missing, so it runs in the conversation that each who may read has "
            "with me: whoever still owes theirs must not read along."
        )
    alone = "in the conversation that each of you has with me"
    return (
        f"It runs in <#{channel}> if that is private, else {alone}."
        if channel
        else (f"The opening has no private channel, so it runs {alone}.")
    )


def begin(ack: Ack, view: Body, client: WebClient, here: Here) -> None:
    """Start it: in the opening's private channel, or else with each who may read, by themselves."""
    minutes, ranked = _entered(view)
    if not 5 <= minutes <= 240:
        ack(response_action="errors", errors={"minutes": "Between 5 and 240 minutes."})
        return
    loop_id = view["private_metadata"]
    with here.db.begin() as session:
        packet, _ = _startable(session, here, loop_id)
    panel = packet.panel
    readers = _readers(panel)
    strangers = [person for person in ranked if person not in readers]
    if strangers:
        ack(response_action="errors", errors={"ranked": "Choose people of this panel."})
        return
    # Asked outside of the transaction; the delivery asks again before it posts.
    private = not panel.missing and channels.is_private(client, panel.opening.channel)
    where = [panel.opening.channel] if private else readers
    with here.db.begin() as session:
        found = stored.take(session, here.team_id, loop_id)
        if found is not None:
            raise Refusal(RUNNING)
        packet, _ = _startable(session, here, loop_id)
        seed = token_hex(4)
        topics = debriefs.agenda(here.bank.debrief, packet, minutes, ranked, seed)
        found = debriefs.started(panel.loop, where, topics, seed, here.user_id, here.now)
        session.add(found)
        here.note(session, "debrief started", loop_id, seed=seed, topics=len(topics))
        _show(session, here, found)
        _ring(session, here, found)
    here.wake()
    told = f"It is running in <#{where[0]}>." if private else "It is running: see our conversation."
    ack(response_action="update", view=loop_view.sentence("Debrief", told))


def join(session: Session, here: Here, panel: Panel) -> None:
    """Let in who handed in while the others talk by themselves; a channel shows all that it has
    anyway."""
    if not panel.is_revealed or not panels.may_read(panel, here.user_id):
        return
    found = stored.debrief(session, here.team_id, panel.loop.id)
    if found is None or found.state != "running" or _is_channel(found.places[0]):
        return
    found = stored.take(session, here.team_id, panel.loop.id) or found
    if here.user_id not in found.places:
        found.places = [*found.places, here.user_id]
        session.add(found)
        where = (here.team_id, "debrief_live", here.user_id, found.loop_id)
        notices.owe(session, *where, here.now)


def _entered(form: Body) -> tuple[int, list[str]]:
    try:
        values = form["state"]["values"]
        ranked = values["ranked"]["ranked"].get("selected_users") or []
        return int(values["minutes"]["minutes"]["value"]), list(map(str, ranked))
    except (KeyError, TypeError, ValueError):
        raise Refusal(packets.OLD) from None


def _readers(panel: Panel) -> list[str]:
    """Who may read the packet now."""
    people = {chair.seat.person for chair in panel.chairs if chair.writes}
    people |= {*panel.opening.coordinators, panel.opening.hiring_manager}
    return sorted(person for person in people if panels.may_read(panel, person))


def step(ack: Ack, action: Body, respond: Respond, here: Here) -> None:
    """Next topic, more time, back, or the end: once, however many press."""
    loop_id, revision = _code(action["value"])
    what = Step(action["action_id"].removeprefix("debrief_step_"))
    with here.db.begin() as session:
        found = _led(session, here, loop_id)
        told = _overtaken(found, revision, here.user_id)
        if not told:
            _change(found, here, debriefs.stepped(here.bank.debrief, found, what, here.now))
            session.add(found)
            here.note(session, f"debrief {what}", loop_id, topic=found.at + 1)
            _renew(session, here, found)
            _ring(session, here, found)
            if found.state == "ended":
                _end(session, here, found)
    here.wake()
    ack()
    if told:
        respond(text=told, response_type="ephemeral", replace_original=False)


def resume(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, here: Here
) -> None:
    """Go on where it was ended; its message is posted anew."""
    loop_id = action["value"]
    with here.db.begin() as session:
        found = _led(session, here, loop_id)
        again = found.state == "ended"
        if again:
            _change(found, here, debriefs.resumed(found, here.now))
            found.led_by = here.user_id
            session.add(found)
            here.note(session, "debrief resumed", loop_id)
            _show(session, here, found)
            _ring(session, here, found)
    here.wake()
    ack()
    places.tell("It goes on, in a new message." if again else RUNNING, body, respond, client)


def ask_note(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    loop_id, _, key = action["value"].partition("|")
    with here.db.begin() as session:
        found = _led(session, here, loop_id)
    places.open_window(debrief_view.note_form(found, key), body, client)
    ack()


def note(ack: Ack, view: Body, here: Here) -> None:
    """Keep a note on the topic for which the form was opened, whatever is talked about by now."""
    loop_id, _, key = view["private_metadata"].partition("|")
    try:
        text = (view["state"]["values"]["note"]["note"]["value"] or "").strip()
    except (KeyError, TypeError):
        raise Refusal(packets.OLD) from None
    if not text:
        ack(response_action="errors", errors={"note": "Write something, or close the window."})
        return
    with here.db.begin() as session:
        found = _led(session, here, loop_id)
        if key not in {item["key"] for item in found.topics}:
            raise Refusal(packets.OLD)
        stored.note(session, found, key, here.user_id, text, here.now)
        here.note(session, "debrief note", loop_id, topic=key)
        _renew(session, here, found)
    here.wake()
    ack()


def show_notes(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, here: Here
) -> None:
    """What was noted so far, for the person who pressed; or another page of it, in place."""
    loop_id, _, number = action["value"].partition("|")
    at = int(number) if number.isdigit() and len(number) < 6 else 0
    with here.db.begin() as session:
        found = _led(session, here, loop_id)
        panel = stored_panels.find(session, here.team_id, loop_id)
        notes = stored.notes(session, here.team_id, loop_id)
    page = debrief_view.summary(panel, found, notes, here.user_id, at)
    if action["action_id"] == "debrief_notes":
        places.show_alone(page, body, respond, client)
    else:
        places.show(page, body, respond, client)
    ack()


def _code(value: str) -> tuple[str, int]:
    loop_id, _, revision = value.partition("|")
    if not revision.isdigit() or len(revision) > 9:
        raise Refusal(packets.OLD)
    return loop_id, int(revision)


def _led(session: Session, here: Here, loop_id: str) -> Debrief:
    """The debrief, for who may read; nobody else changes it until the transaction ends."""
    panel = stored_panels.find(session, here.team_id, loop_id)
    debriefs.require_reader(panel, here.user_id)
    if panel.loop.erased_at is None and panel.loop.state == "active":
        found = stored.take(session, here.team_id, loop_id)
    else:
        found = stored.debrief(session, here.team_id, loop_id)
    if found is None or panel.loop.erased_at is not None:
        raise Refusal(NONE)
    return found


def _overtaken(found: Debrief, revision: int, person: str) -> str:
    """What to tell who pressed a button that was drawn before somebody's last step; else ""."""
    if found.state == "ended":
        return OVER
    if found.revision == revision:
        return ""
    mine = found.stepped_by == person
    who = "You have pressed already" if mine else f"<@{found.stepped_by}> was faster"
    item = found.topics[found.at]
    number = f"{found.at + 1} of {len(found.topics)}"
    return f"{who}: it is at {number} now, *{escape(item['title'])}*. I did nothing more."


def _change(found: Debrief, here: Here, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(found, name, value)
    found.revision += 1
    found.stepped_by = here.user_id


def _show(session: Session, here: Here, found: Debrief) -> None:
    where = ("debrief_live", found.places, found.loop_id)
    notices.owe_all(session, here.team_id, *where, here.now)


def _renew(session: Session, here: Here, found: Debrief) -> None:
    where = ("debrief_turn", found.places, found.loop_id)
    notices.owe_all(session, here.team_id, *where, here.now)


def _ring(session: Session, here: Here, found: Debrief) -> None:
    """Say when the time of this topic is up: where all see it, else to who leads. What was said
    before asks for nothing any more."""
    place = found.places[0] if _is_channel(found.places[0]) else found.led_by
    where = (place, found.loop_id)
    notices.owe(session, here.team_id, "debrief_hush", *where, here.now)
    if found.state == "running":
        notices.owe(session, here.team_id, "debrief_time", *where, found.until)


def _end(session: Session, here: Here, found: Debrief) -> None:
    panel = stored_panels.find(session, here.team_id, found.loop_id)
    where = ("debrief_end", _readers(panel), found.loop_id)
    notices.owe_all(session, here.team_id, *where, here.now)


class Debriefs:
    """Renders a debrief from how it stands when the message is due."""

    def __init__(self, bank: Callable[[], Bank]) -> None:
        self._bank = bank

    def live(self, session: Session, notice: Notice, _: datetime) -> Outgoing | None:
        found, panel = _found(session, notice)
        if found is None or found.state != "running" or not _may_see(panel, notice.recipient):
            return None
        notes = stored.notes(session, notice.team_id, notice.subject)
        said = debrief_view.live(self._bank().debrief, panel, found, notes)
        return Outgoing(said["text"], said["blocks"], only_private=_is_channel(notice.recipient))

    def turn(self, session: Session, notice: Notice, _: datetime) -> Rewrite | None:
        """The message that is looked at, as the debrief stands now."""
        where = (notice.team_id, "debrief_live", notice.recipient, notice.subject)
        sent = notices.last_told(session, *where)
        found, panel = _found(session, notice)
        if sent is None or found is None:
            return None
        notes = stored.notes(session, notice.team_id, notice.subject)
        said = debrief_view.live(self._bank().debrief, panel, found, notes)
        return Rewrite(sent.channel, sent.ts, said["text"], said["blocks"])

    def time(self, session: Session, notice: Notice, now: datetime) -> Outgoing | None:
        """Nothing when the debrief has gone on, or has more time."""
        found, panel = _found(session, notice)
        if found is None or found.state != "running" or found.until > now:
            return None
        if not _may_see(panel, notice.recipient):
            return None
        said = debrief_view.time_is_up(self._bank().debrief, found)
        where = (notice.team_id, "debrief_live", notice.recipient, notice.subject)
        sent = notices.last_told(session, *where)
        return Outgoing(
            said["text"], said["blocks"], {"asks": True}, sent.ts if sent else "",
            only_private=_is_channel(notice.recipient),
        )  # fmt: skip

    def hush(self, session: Session, notice: Notice, _: datetime) -> Rewrite | None:
        """The last “time is up” loses its buttons once somebody has pressed one."""
        where = (notice.team_id, "debrief_time", notice.recipient, notice.subject)
        rung = notices.last_told(session, *where)
        if rung is None or not rung.told.get("asks"):
            return None
        rung.told = {}
        session.add(rung)
        said = debrief_view.went_on()
        return Rewrite(rung.channel, rung.ts, said["text"], said["blocks"])

    def end(self, session: Session, notice: Notice, _: datetime) -> Outgoing | None:
        """The summary with its notes, to each who may read it."""
        found, panel = _found(session, notice)
        if found is None or found.state != "ended" or not _may_see(panel, notice.recipient):
            return None
        notes = stored.notes(session, notice.team_id, notice.subject)
        said = debrief_view.summary(panel, found, notes, notice.recipient).message()
        return Outgoing(said["text"], said["blocks"])


def _found(session: Session, notice: Notice) -> tuple[Debrief | None, Panel]:
    panel = stored_panels.find(session, notice.team_id, notice.subject)
    return stored.debrief(session, notice.team_id, notice.subject), panel


def _is_channel(place: str) -> bool:
    return place.startswith(("C", "G"))


def _may_see(panel: Panel, place: str) -> bool:
    return _is_channel(place) or panels.may_read(panel, place)
