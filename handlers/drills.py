"""Calibration drills: `/safety-interview calibrate`, from Home and from one's mirror."""

from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from sqlmodel import Session

from bot import asking, drills
from bot.content import Level
from bot.errors import Refusal
from bot.store import drills as stored
from handlers import places, training
from handlers.here import Here
from handlers.views import drill as drill_view

Body = dict[str, Any]

HOW = "`/safety-interview calibrate`, or with one level: `/safety-interview calibrate senior`."


def command(ack: Ack, command: Body, client: WebClient, here: Here) -> None:
    """`calibrate`, or `calibrate senior` for answers at that level alone."""
    typed = command["text"].partition(" ")[2].strip()
    asked = asking.understand(typed, here.bank) if typed else None
    if asked and (len(asked.levels) != 1 or asked.unknown or asked.areas or asked.specializations):
        raise Refusal(f"I can calibrate you at one level at a time: {HOW}")
    wanted = asked.levels[0] if asked else ""
    client.views_open(trigger_id=command["trigger_id"], view=_next(here, wanted))
    ack()


def open_(ack: Ack, body: Body, client: WebClient, here: Here) -> None:
    places.open_window(_next(here, ""), body, client)
    ack()


def following(ack: Ack, view: Body, here: Here) -> None:
    """The next answer, in the window of the last one."""
    ack(response_action="update", view=_next(here, view["private_metadata"]))


def score(ack: Ack, view: Body, here: Here) -> None:
    """Keep the first score that somebody gives; only then show what it was meant to be."""
    id_, level, turn, wanted = drill_view.read(view["private_metadata"])
    given = drill_view.entered(view["state"]["values"])
    found = drills.items(here.bank, level)
    item = drills.find(found, id_)
    if item is None:
        raise Refusal(drill_view.OLD)
    with here.db.begin() as session:
        stored.hold(session, here.team_id, here.user_id)
        kept = stored.drill(session, here.team_id, here.user_id, item.id, turn)
        if kept is None:
            done = stored.done(session, here.team_id, here.user_id)
            if not drills.is_due(found, done, item, turn):
                raise Refusal(drill_view.OLD)
            of = (here.team_id, here.user_id, item, turn)
            kept = stored.keep(session, *of, given, here.now)
            training.look_after_drill(session, here)
        shown = _result(session, here, item, kept.level, kept.score, wanted)
    here.wake()
    ack(response_action="update", view=shown)


def _result(
    session: Session, here: Here, item: drills.Item, level: str, given: int, wanted: str
) -> Body:
    """Of what was kept: a second press with another score, or at another level, changes nothing."""
    same = drills.find(drills.items(here.bank, Level(level)), item.id) or item
    others = stored.others(session, here.team_id, here.user_id, same)
    return drill_view.result(here.bank, same, given, others, here.bank.insights.fewest, wanted)


def _next(here: Here, wanted: str) -> Body:
    """Raises Refusal when there is nothing to score."""
    level = Level(wanted) if wanted in set(Level) else None
    found = drills.items(here.bank, level)
    with here.db.begin() as session:
        done = stored.done(session, here.team_id, here.user_id)
    following = drills.upcoming(found, done)
    if following is None:
        raise Refusal(drill_view.NONE)
    item, turn = following
    return drill_view.form(here.bank, item, turn, level or "", _in(found, done, turn), len(found))


def _in(found: tuple[drills.Item, ...], done: Mapping[str, int], turn: int) -> int:
    return sum(done.get(each.id, 0) >= turn for each in found)
