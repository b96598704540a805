"""The debrief run by the bot: started, led topic by topic, noted upon, ended.

Everything is in the database, so it goes on after a restart. A button carries the revision of the
debrief that it was drawn for: of two people who press at once, one makes the step and the other
is told.
"""

from secrets import token_hex
from typing import Any

from slack_bolt import Ack, Respond
from slack_sdk import WebClient
from sqlmodel import Session

from bot import debriefs, panels
from bot.debriefs import Step
from bot.errors import Refusal
from bot.packets import Packet
from bot.panels import Panel
from bot.records import Debrief
from bot.store import debriefs as stored
from bot.store import notices
from bot.store import panels as stored_panels
from handlers import channels, packets, places
from handlers import debriefs_told as told
from handlers.here import Here
from handlers.views import debrief_forms as forms
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
    form = forms.start_form(here.bank.debrief, packet, where)
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
    if channel:
        return f"It runs in <#{channel}> if that is private, else {alone}."
    return f"The opening has no private channel, so it runs {alone}."


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
    readers = told.readers(panel)
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
        told.show(session, here, found)
        told.ring(session, here, found)
    here.wake()
    done = f"It is running in <#{where[0]}>." if private else "It is running: see our conversation."
    ack(response_action="update", view=loop_view.sentence("Debrief", done))


def join(session: Session, here: Here, panel: Panel) -> None:
    """Let in who handed in while the others talk by themselves; a channel shows all that it has
    anyway."""
    if not panel.is_revealed or not panels.may_read(panel, here.user_id):
        return
    found = stored.debrief(session, here.team_id, panel.loop.id)
    if found is None or found.state != "running" or told.is_channel(found.places[0]):
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


def step(ack: Ack, action: Body, respond: Respond, here: Here) -> None:
    """Next topic, more time, back, or the end: once, however many press."""
    loop_id, revision = _code(action["value"])
    what = Step(action["action_id"].removeprefix("debrief_step_"))
    with here.db.begin() as session:
        found, panel = led(session, here, loop_id)
        if what is not Step.END:
            debriefs.require_active(panel)
        overtaken = _overtaken(found, revision, here.user_id)
        if not overtaken:
            _change(found, here, debriefs.stepped(here.bank.debrief, found, what, here.now))
            session.add(found)
            here.note(session, f"debrief {what}", loop_id, topic=found.at + 1)
            told.renew(session, here, found)
            told.ring(session, here, found)
            if found.state == "ended":
                told.end(session, here, found)
    here.wake()
    ack()
    if overtaken:
        respond(text=overtaken, response_type="ephemeral", replace_original=False)


def resume(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, here: Here
) -> None:
    """Go on where it was ended; its message is posted anew."""
    loop_id = action["value"]
    with here.db.begin() as session:
        found, panel = led(session, here, loop_id)
        debriefs.require_active(panel)
        again = found.state == "ended"
        if again:
            _change(found, here, debriefs.resumed(found, here.now))
            found.led_by = here.user_id
            session.add(found)
            here.note(session, "debrief resumed", loop_id)
            told.show(session, here, found)
            told.ring(session, here, found)
    here.wake()
    ack()
    places.tell("It goes on, in a new message." if again else RUNNING, body, respond, client)


def _code(value: str) -> tuple[str, int]:
    loop_id, _, revision = value.partition("|")
    if not revision.isdigit() or len(revision) > 9:
        raise Refusal(packets.OLD)
    return loop_id, int(revision)


def led(session: Session, here: Here, loop_id: str) -> tuple[Debrief, Panel]:
    """The debrief, for who may read; nobody else changes it until the transaction ends."""
    panel = stored_panels.find(session, here.team_id, loop_id)
    debriefs.require_reader(panel, here.user_id)
    found = stored.take(session, here.team_id, loop_id)
    if found is None or panel.loop.erased_at is not None:
        raise Refusal(NONE)
    return found, panel


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
