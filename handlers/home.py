"""The app's Home, as things are for the person who opens it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from sqlmodel import Session

from bot.content import Bank
from bot.records import Notice
from bot.store import debriefs, decisions, loops, notices, panels, unfinished
from bot.store import openings as stored
from handlers import events
from handlers.here import Here
from handlers.outgoing import HomeUpdate
from handlers.views import home as home_view
from handlers.views.home import Desk

Body = dict[str, Any]

LATELY = timedelta(days=14)  # How long what was decided, or asked about it, stands there.
SOON = timedelta(seconds=1)  # What changes within it is shown at once.


def opened(event: Body, body: Body, client: WebClient, here: Here) -> None:
    if event.get("tab") != "home":
        return
    with here.db.begin() as session:
        view = _view(session, here) if events.is_new(session, here, body) else None
    if view is not None:
        client.views_publish(user_id=here.user_id, view=view)


def back(ack: Ack, client: WebClient, here: Here) -> None:
    with here.db.begin() as session:
        view = _view(session, here)
    client.views_publish(user_id=here.user_id, view=view)
    ack()


def _view(session: Session, here: Here) -> Body:
    return home_view.home(here.bank, desk(session, here.team_id, here.user_id, here.now))


def desk(session: Session, team_id: str, person: str, now: datetime) -> Desk:
    """Read with as many queries however much there is."""
    mine = stored.titles(session, team_id, person)
    turns = loops.turns(session, team_id, person, now)
    found, total = (
        loops.active(
            session,
            team_id,
            opening_ids=set(mine),
            limit=home_view.MOST_LOOPS,
            counted=home_view.MOST_COUNTED,
        )
        if mine
        else ([], 0)
    )
    since = now - LATELY
    deciding = {loop.id: loop for loop in decisions.asked(session, team_id, person, since)}
    recent = []
    if mine:
        deciding |= {loop.id: loop for loop in decisions.to_decide(session, team_id, set(mine))}
        recent = decisions.lately(session, team_id, set(mine), since)[: home_view.MOST_LOOPS]
    every = {loop.id: loop for loop in [*found, *deciding.values(), *recent]}
    read = panels.read_all(session, team_id, list(every.values())) if every else []
    known = {panel.loop.id: panel for panel in read}
    begun = unfinished.of(session, team_id, person) if mine else []
    return Desk(
        now,
        [turn for turn in turns if turn.interview.starts_at <= now][: home_view.MOST_DUE],
        [turn for turn in turns if turn.interview.starts_at > now][: home_view.MOST_AHEAD],
        [known[loop.id] for loop in found],
        total,
        debriefs.opened(session, team_id, set(mine), person, home_view.MOST_DEBRIEFS),
        [known[id_] for id_ in deciding],
        [known[loop.id] for loop in recent],
        person,
        begun=begun,
        plans=bool(mine),
    )


def owe(session: Session, here: Here, people: set[str]) -> None:
    """Have the Homes of these people show how things are now."""
    notices.owe_all(session, here.team_id, "home", sorted(people), "home", here.now + SOON)


def render(bank: Callable[[], Bank]) -> Callable[[Session, Notice, datetime], HomeUpdate]:
    def update(session: Session, notice: Notice, now: datetime) -> HomeUpdate:
        shown = desk(session, notice.team_id, notice.recipient, now)
        return HomeUpdate(home_view.home(bank(), shown))

    return update
