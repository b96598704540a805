"""Notes on the topics of a debrief: written while it runs, read by those who may."""

from typing import Any

from slack_bolt import Ack, Respond
from slack_sdk import WebClient

from bot.errors import Refusal
from bot.store import debriefs as stored
from handlers import debriefs, events, packets, places
from handlers import debriefs_told as told
from handlers.here import Here
from handlers.views import debrief_forms as forms
from handlers.views import debrief_summary as summary_view

Body = dict[str, Any]


def ask_note(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    loop_id, _, key = action["value"].partition("|")
    with here.db.begin() as session:
        found, _ = debriefs.led(session, here, loop_id)
    places.open_window(forms.note_form(found, key), body, client)
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
        found, _ = debriefs.led(session, here, loop_id)
        if key not in {item["key"] for item in found.topics}:
            raise Refusal(packets.OLD)
        if events.form_is_new(session, here, view):
            stored.note(session, found, key, here.user_id, text, here.now)
            here.note(session, "debrief note", loop_id, topic=key)
            told.renew(session, here, found)
    here.wake()
    ack()


def show_notes(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, here: Here
) -> None:
    """What was noted so far, for the person who pressed; or another page of it, in place."""
    loop_id, _, number = action["value"].partition("|")
    at = int(number) if number.isdigit() and len(number) < 6 else 0
    with here.db.begin() as session:
        found, panel = debriefs.led(session, here, loop_id)
        notes = stored.notes(session, here.team_id, loop_id)
    page = summary_view.summary(panel, found, notes, here.user_id, at)
    if action["action_id"] == "debrief_notes":
        places.show_alone(page, body, respond, client)
    else:
        places.show(page, body, respond, client)
    ack()
