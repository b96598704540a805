"""People and channels that no message reaches: those who plan are told once."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from bot.errors import Refusal
from bot.panels import Panel
from bot.records import Notice
from bot.store import envelopes, loops, notices, unreached
from bot.store import panels as stored_panels
from bot.store.leases import Result
from handlers.outgoing import Outgoing
from handlers.views import unreached as unreached_view


def note(session: Session, results: Collection[Result], now: datetime) -> None:
    """Keep who was reached and who cannot be; tell those who plan the loop, in the transaction
    that writes down what came of the notices."""
    arrived: dict[str, set[str]] = {}
    for result in results:
        if result.state == "sent":
            arrived.setdefault(result.notice.team_id, set()).add(result.notice.recipient)
    for team_id, people in arrived.items():
        unreached.reached(session, team_id, people)
    for result in results:
        if result.unreachable:
            _tell(session, result.notice, result.error, now)


def _tell(session: Session, notice: Notice, error: str, now: datetime) -> None:
    gone = unreached.mark(session, notice.team_id, notice.recipient, error, now)
    panel = _panel(session, notice)
    if panel is None or notice.kind == unreached.KIND:
        return
    planners = [*panel.opening.coordinators, panel.opening.hiring_manager]
    others = [each for each in dict.fromkeys(planners) if each != notice.recipient]
    coordinators = [each for each in others if each in panel.opening.coordinators]
    for person in coordinators or others[:1]:
        unreached.tell(session, person, panel.loop.id, gone, error, now)


def _panel(session: Session, notice: Notice) -> Panel | None:
    """Of the loop that the notice is about, if it is about one."""
    subject = notice.subject
    if notice.kind == notices.ENVELOPE:
        subject = next((part.subject for part in envelopes.parts(session, notice)), "")
    id_ = subject.removeprefix("loop|")
    interview = loops.interview(session, notice.team_id, id_)
    try:
        return stored_panels.find(session, notice.team_id, interview.loop_id if interview else id_)
    except Refusal:
        return None


def render(session: Session, notice: Notice, _: datetime) -> Outgoing | None:
    """Nothing once they were reached after all, or when the loop is over."""
    person = str(notice.told.get("person", ""))
    panel = _panel(session, notice)
    if panel is None or panel.loop.state != "active":
        return None
    if not unreached.among(session, notice.team_id, [person]):
        return None
    said = unreached_view.told(panel, person, str(notice.told.get("error", "")))
    return Outgoing(said["text"], said["blocks"], notice.told)
