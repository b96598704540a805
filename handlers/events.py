"""What comes twice is done once: Slack sends an event again when it did not hear the
acknowledgement, and a form comes again after a lost answer or a second press."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlmodel import Session

from bot.store import heard
from handlers.here import Here

Body = dict[str, Any]


def is_new(session: Session, here: Here, body: Body) -> bool:
    """Whether nobody handled this event before, in any replica. It is handled from now on, if the
    transaction in which this is asked is committed: with what the event changes."""
    event_id = body.get("event_id")
    return event_id is None or heard.is_new(session, here.team_id, str(event_id), here.now)


def form_is_new(session: Session, here: Here, view: Body) -> bool:
    """The same for a form as it was drawn; one that was sent back with errors is not done yet."""
    return heard.is_new(session, here.team_id, _drawn(here, view), here.now)


def undone(session: Session, here: Here, view: Body) -> None:
    """What the form asked for failed, so it may come again."""
    heard.unhear(session, here.team_id, _drawn(here, view))


def made_by(here: Here, view: Body) -> str:
    """An id for what this form makes: the same when it comes again, and nobody else's."""
    return uuid5(NAMESPACE_URL, f"{here.team_id}|{_drawn(here, view)}").hex


def _drawn(here: Here, view: Body) -> str:
    return f"{here.user_id}|{view['id']}|{view.get('hash', '')}"
