"""What follows from a decision: it takes effect, people are told, the loop is closed."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from bot import changes, decisions, openings
from bot.content import Bank
from bot.decisions import Outcome, State
from bot.panels import Panel
from bot.plans import Plan
from bot.plans import State as Held
from bot.records import Decision, Notice, Undo
from bot.store import audit, loops, notices, people
from bot.store import echo as stored_echo
from bot.store import panels as stored_panels
from handlers import echo, home, webhooks
from handlers.outgoing import Outgoing
from handlers.views import decision_told as told_view
from handlers.views import words

Payload = dict[str, Any]

CLOCK = "clock"  # Who made a decision take effect when its time had come.


def audience(panel: Panel) -> list[str]:
    """Whom a decision concerns: the panel, those who coordinate, the hiring manager."""
    found = [chair.seat.person for chair in panel.chairs if chair.writes]
    found += [*panel.opening.coordinators, panel.opening.hiring_manager]
    return list(dict.fromkeys(found))


def settle(session: Session, panel: Panel, who: str, now: datetime, zone: str = "UTC") -> bool:
    """Have the decision take effect when nothing stands in its way any more. Returns whether it
    does now. `zone` is the hiring manager's: who decides to hold is reminded there."""
    decision = panel.decision
    if decision is None or panel.loop.state != "active":
        return False
    if not decisions.takes_effect(decision, decisions.of(panel, decision), now):
        return False
    decision.state, decision.effective_at = State.IN_EFFECT, now
    session.add(decision)
    team, loop = panel.loop.team_id, panel.loop
    audit.note(session, team, who, "decision took effect", loop.id, now, number=decision.number)
    webhooks.moved_on(session, loop, decision, now)
    outcome, concerned = Outcome(decision.outcome), audience(panel)  # Before any is cancelled.
    if outcome in stored_echo.HIRED:
        level = decision.level or panel.opening.level
        echo.owe(session, panel, decision.by, level, now)
    if outcome.closes:
        _close(session, panel, now)
    elif outcome is Outcome.HOLD:
        _hold(session, panel, decision, zone)
    notices.owe_all(session, team, "decided", concerned, loop.id, now)
    show_homes(session, panel, now)
    return True


def _close(session: Session, panel: Panel, now: datetime) -> None:
    """End the loop. What lies ahead is cancelled; an undo would open it again, so that goes."""
    loop = panel.loop
    before = loops.plan(session, loop)
    after = without_what_lies_ahead(before, now)
    if after != before:
        loops.save(session, loop, after)
        webhooks.changed(session, loop.team_id, before, loops.plan(session, loop), now)
        for change in changes.changes(before, loops.plan(session, loop)):
            if change.session is not None:
                notices.owe(session, loop.team_id, "brief", change.person, change.session.id, now)
    loop.state, loop.ended_at = "closed", now
    session.add(loop)
    undo = session.get(Undo, loop.id)
    if undo is not None:
        session.delete(undo)
    over = openings.kept_until(panel.opening, loop)
    if over is not None:
        notices.owe(session, loop.team_id, "retain", "retention", loop.id, over)
    session.flush()


def without_what_lies_ahead(plan: Plan, now: datetime) -> Plan:
    sessions = tuple(
        each.model_copy(update={"state": Held.CANCELLED})
        if each.starts_at and each.starts_at > now and each.state is Held.PLANNED
        else each
        for each in plan.sessions
    )
    return plan.model_copy(update={"sessions": sessions})


def _hold(session: Session, panel: Panel, decision: Decision, zone: str) -> None:
    """Remind the hiring manager on the day, when their day begins."""
    manager, team = panel.opening.hiring_manager, panel.loop.team_id
    hours = people.hours(session, team, manager, zone)
    if decision.until is not None:
        at = datetime.combine(decision.until, hours.starts, hours.tz).astimezone(UTC)
        notices.owe(session, team, "held", manager, panel.loop.id, at, number=decision.number)


EFFECT = "effect"  # The recipient of what is nobody's: a decision that is to take effect.


def show_homes(session: Session, panel: Panel, now: datetime) -> None:
    team, people = panel.loop.team_id, audience(panel)
    notices.owe_all(session, team, "home", people, "home", now + home.SOON)


def in_words(bank: Bank, views: Iterable[str]) -> list[str]:
    """The words of the options in which somebody's view differs."""
    known = {key: text for field in bank.scorecard.fields for key, text in field.options.items()}
    return [known.get(each, each) for each in views]


class Decided:
    """Renders what people are told of a decision from how things are when it is due."""

    def __init__(self, bank: Callable[[], Bank]) -> None:
        self._bank = bank

    def _cited(self, decision: Decision) -> list[str]:
        return [words.title(self._bank(), each) for each in decision.cites]

    def effect(self, session: Session, notice: Notice, now: datetime) -> None:
        """The time that bar raisers had is over."""
        panel = stored_panels.find(session, notice.team_id, notice.subject, alone=True)
        settle(session, panel, CLOCK, now)

    def decided(self, session: Session, notice: Notice, _: datetime) -> Outgoing | None:
        panel = _panel(session, notice)
        decision = panel.decision
        if decision is None or decision.state != State.IN_EFFECT:
            return None
        return _outgoing(told_view.told(panel, decision, notice.recipient, self._cited(decision)))

    def stance(self, session: Session, notice: Notice, _: datetime) -> Outgoing | None:
        """A bar raiser is asked to concur, a panellist whether to dissent."""
        panel = _panel(session, notice)
        asked = decisions.stance(panel, notice.recipient)
        if panel.decision is None or asked is None or asked.says != "asked":
            return None
        views = in_words(self._bank(), notice.told.get("views", ()))
        said = told_view.ask(panel, panel.decision, asked, views, self._cited(panel.decision))
        return _outgoing(said, notice.told)

    def objection(self, session: Session, notice: Notice, _: datetime) -> Outgoing | None:
        panel = _panel(session, notice)
        decision = panel.decision
        if decision is None or decision.state != State.OBJECTED:
            return None
        waits = [
            each
            for each in decisions.of(panel, decision)
            if each.says == "objects" and each.answered_at is None
        ]
        return _outgoing(told_view.objection(panel, decision, waits[0])) if waits else None

    def answered(self, session: Session, notice: Notice, _: datetime) -> Outgoing | None:
        panel = _panel(session, notice)
        for decision in reversed(panel.decisions):
            for said in decisions.of(panel, decision):
                if said.person == notice.recipient and said.answered_at is not None:
                    return _outgoing(told_view.answered(panel, decision, said))
        return None

    def reopened(self, session: Session, notice: Notice, _: datetime) -> Outgoing | None:
        panel = _panel(session, notice)
        if not panel.decisions or panel.decision is not None:
            return None
        return _outgoing(told_view.reopened(panel, panel.decisions[-1]))

    def held(self, session: Session, notice: Notice, _: datetime) -> Outgoing | None:
        """On the day until which it was on hold, unless something else was decided."""
        panel = _panel(session, notice)
        decision = panel.decision
        still = decision is not None and decision.number == notice.told.get("number")
        if not still or panel.loop.state != "active":
            return None
        return _outgoing(told_view.held(panel), notice.told)


def _panel(session: Session, notice: Notice) -> Panel:
    return stored_panels.find(session, notice.team_id, notice.subject)


def _outgoing(said: Payload, told: Payload | None = None) -> Outgoing:
    return Outgoing(said["text"], said["blocks"], told or {})
