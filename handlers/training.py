"""From shadowing to leading: the coordinator is asked once the two score alike."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, Respond
from sqlmodel import Session

from bot import drills, training
from bot.content import Bank
from bot.errors import Refusal
from bot.panels import Panel
from bot.records import Notice, PersonSettings
from bot.store import drills as stored_drills
from bot.store import notices, people
from bot.store import openings as stored
from bot.store import training as stored_training
from handlers.here import Here
from handlers.outgoing import Outgoing
from handlers.views import training as training_view

Body = dict[str, Any]


def look(session: Session, here: Here, panel: Panel) -> None:
    """After the reveal: owe the question for whoever on the panel is in training."""
    for chair in panel.chairs:
        if not chair.role.counts and chair.is_in:
            for coordinator in panel.opening.coordinators:
                where = (here.team_id, "training", coordinator, chair.seat.person)
                notices.owe(session, *where, here.now)


def look_after_drill(session: Session, here: Here) -> None:
    """Owe the same question when the drill that was just kept is what was missing."""
    form = here.bank.scorecard.training
    drilled = stored_drills.newest(session, here.team_id, here.user_id, form.drills + 1)
    if not drills.stands_for_one(form, drilled):
        return
    pairs = stored_training.pairs(session, here.team_id, here.user_id)
    if training.is_ready(form, pairs, drilled) and not training.is_ready(form, pairs, drilled[1:]):
        for coordinator in stored_training.coordinators(session, here.team_id, here.user_id):
            where = (here.team_id, "training", coordinator, here.user_id)
            notices.owe(session, *where, here.now)


class Trainings:
    def __init__(self, bank: Callable[[], Bank]) -> None:
        self._bank = bank

    def ask(self, session: Session, notice: Notice, _: datetime) -> Outgoing | None:
        """Nothing while they are not near enough, or lead already."""
        person = notice.subject
        kept = people.settings(session, notice.team_id, [person]).get(person)
        pairs = stored_training.pairs(session, notice.team_id, person)
        form = self._bank().scorecard.training
        drilled = stored_drills.newest(session, notice.team_id, person, form.drills)
        if (kept and kept.leads) or not training.is_ready(form, pairs, drilled):
            return None
        found = training.distances(pairs)
        near = sum(each <= form.within for each in found)
        close = sum(each.distance <= form.within for each in drilled)
        said = training_view.ask(person, len(pairs), near, len(found), close, len(drilled))
        return Outgoing(said["text"], said["blocks"])


def answer(ack: Ack, action: Body, respond: Respond, here: Here) -> None:
    """Ready, or one more. Raises Refusal for who coordinates nothing."""
    person, ready = action["value"], action["action_id"] == "training_ready"
    with here.db.begin() as session:
        if not stored.titles(session, here.team_id, here.user_id):
            raise Refusal("Only coordinators and hiring managers can say so.")
        if not stored_training.pairs(session, here.team_id, person):
            raise Refusal("I know of no interview that they shadowed.")
        people.hold(session, here.team_id, person)
        kept = people.settings(session, here.team_id, [person]).get(person)
        found = kept or PersonSettings(team_id=here.team_id, person=person, days=[0, 1, 2, 3, 4])
        found.leads = ready
        session.add(found)
        what = "found ready to lead" if ready else "to shadow once more"
        here.note(session, what, person)
    ack()
    told = "can lead from now on." if ready else "shadows once more; I ask again after that."
    respond(text=f"<@{person}> {told}", replace_original=True)
