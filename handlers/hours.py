"""People's own working hours, from Home or `/safety-interview hours`."""

from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import hours as working
from bot.records import PersonSettings
from bot.store import people
from handlers import home, nudges, planning
from handlers.here import Here
from handlers.views import hours as hours_view

Body = dict[str, Any]


def open_form(ack: Ack, body: Body, client: WebClient, here: Here) -> None:
    view = hours_view.form(planning.own_hours(here, client))
    client.views_open(trigger_id=body["trigger_id"], view=view)
    ack()


def save(ack: Ack, view: Body, here: Here) -> None:
    with here.db.begin() as session:
        people.hold(session, here.team_id, here.user_id)
        kept = people.settings(session, here.team_id, [here.user_id]).get(here.user_id)
        found = kept or PersonSettings(team_id=here.team_id, person=here.user_id, days=[])
        hours_view.read(view["state"]["values"], found)
        errors = _errors(found)
        if errors:
            session.rollback()
        else:
            session.add(found)
            session.flush()
            nudges.hours_changed(session, here)
            home.owe(session, here, {here.user_id})
    if errors:
        ack(response_action="errors", errors=errors)
        return
    here.wake()
    ack()


def _errors(found: PersonSettings) -> dict[str, str]:
    errors = {}
    if found.ends <= found.starts:
        errors["ends"] = "Choose a time after the one above."
    if not found.days:
        errors["days"] = "Choose at least one day."
    if found.country and not working.is_known(found.country):
        errors["country"] = f"I know no holidays of “{found.country}”: use two letters, such as DE."
    return errors
