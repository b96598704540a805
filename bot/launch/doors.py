"""Doors for other programs, as the command line makes them in the name of somebody."""

from datetime import timedelta
from uuid import uuid4

from slack_sdk import WebClient
from sqlmodel import Session

from bot import webhooks
from bot.errors import Refusal
from bot.records import Incoming
from bot.store import doors, openings
from handlers.here import Here


def add(here: Here) -> Incoming:
    """A new one, with its secret. Raises Refusal for who plans nothing."""
    with here.db.begin() as session:
        if not openings.planned_by(session, here.team_id, here.user_id):
            raise Refusal("You plan no opening, so nothing could be planned in your name.")
        if len(doors.of_team(session, here.team_id)) >= doors.MOST:
            raise Refusal(f"There are {doors.MOST} doors already: remove one first.")
        door = Incoming(
            id=f"in_{uuid4().hex[:16]}",
            team_id=here.team_id,
            owner=here.user_id,
            secret=webhooks.new_secret(),
            created_at=here.now,
        )
        session.add(door)
        here.note(session, "door for another program made", door.id)
    return door


def listed(here: Here, client: WebClient) -> list[Incoming]:
    """Those of this person, of an admin all."""
    everything = here.is_admin(client)
    with here.db.begin() as session:
        found = doors.of_team(session, here.team_id)
    return [each for each in found if everything or each.owner == here.user_id]


def remove(here: Here, client: WebClient, id_: str) -> None:
    admin = here.is_admin(client)
    with here.db.begin() as session:
        door = _mine(session, here, id_, admin=admin)
        doors.remove(session, door)
        here.note(session, "door for another program removed", door.id)


def rotate(here: Here, id_: str, overlap: timedelta) -> Incoming:
    """Give it a new secret. The old one fits, too, for as long as `overlap`. An admin may not: who
    knows the secret acts in its owner's name."""
    with here.db.begin() as session:
        door = _mine(session, here, id_, admin=False)
        door.old_secret = door.secret if overlap else ""
        door.old_until = here.now + overlap if overlap else None
        door.secret = webhooks.new_secret()
        session.add(door)
        here.note(session, "door secret changed", door.id)
    return door


def _mine(session: Session, here: Here, id_: str, *, admin: bool) -> Incoming:
    """Raises Refusal for what is neither this person's nor an admin's to change."""
    door = doors.find(session, here.team_id, id_)
    if door is None or not (admin or door.owner == here.user_id):
        raise Refusal(f"You have no door {id_}. `safety-interview incoming list` shows yours.")
    return door
