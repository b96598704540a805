"""What people see of a debrief that the bot runs: owed by each step, rendered from its row."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from bot import panels
from bot.content import Bank
from bot.panels import Panel
from bot.records import Debrief, Notice
from bot.store import debriefs as stored
from bot.store import notices
from bot.store import panels as stored_panels
from handlers.here import Here
from handlers.outgoing import Outgoing, Rewrite
from handlers.room import BACK
from handlers.views import debrief as debrief_view
from handlers.views import debrief_summary as summary_view


def readers(panel: Panel) -> list[str]:
    """Who may read the packet now."""
    people = {chair.seat.person for chair in panel.chairs if chair.writes}
    people |= {*panel.opening.coordinators, panel.opening.hiring_manager}
    return sorted(person for person in people if panels.may_read(panel, person))


def show(session: Session, here: Here, found: Debrief) -> None:
    where = ("debrief_live", found.places, found.loop_id)
    notices.owe_all(session, here.team_id, *where, here.now)


def renew(session: Session, here: Here, found: Debrief) -> None:
    where = ("debrief_turn", found.places, found.loop_id)
    notices.owe_all(session, here.team_id, *where, here.now)


def ring(session: Session, here: Here, found: Debrief) -> None:
    """Say when the time of this topic is up: where all see it, else to who leads. What was said
    before asks for nothing any more."""
    place = found.places[0] if is_channel(found.places[0]) else found.led_by
    where = (place, found.loop_id)
    notices.owe(session, here.team_id, "debrief_hush", *where, here.now)
    if found.state == "running":
        notices.owe(session, here.team_id, "debrief_time", *where, found.until)


def end(session: Session, here: Here, found: Debrief) -> None:
    panel = stored_panels.find(session, here.team_id, found.loop_id)
    where = ("debrief_end", readers(panel), found.loop_id)
    notices.owe_all(session, here.team_id, *where, here.now)


class Debriefs:
    """Renders a debrief from how it stands when the message is due."""

    def __init__(self, bank: Callable[[], Bank]) -> None:
        self._bank = bank

    def live(self, session: Session, notice: Notice, _: datetime) -> Outgoing | None:
        found, panel = _found(session, notice)
        if found is None or found.state != "running" or not _may_see(panel, notice.recipient):
            return None
        notes = stored.notes(session, notice.team_id, notice.subject)
        said = debrief_view.live(self._bank().debrief, panel, found, notes)
        return Outgoing(said["text"], said["blocks"], only_private=is_channel(notice.recipient))

    def turn(self, session: Session, notice: Notice, now: datetime) -> Rewrite | None:
        """The message that is looked at, as the debrief stands now."""
        where = (notice.team_id, "debrief_live", notice.recipient, notice.subject)
        sent = notices.last_told(session, *where)
        found, panel = _found(session, notice)
        if _is_early(session, notice, "debrief_live", now) or sent is None or found is None:
            return None
        notes = stored.notes(session, notice.team_id, notice.subject)
        said = debrief_view.live(self._bank().debrief, panel, found, notes)
        return Rewrite(sent.channel, sent.ts, said["text"], said["blocks"])

    def time(self, session: Session, notice: Notice, now: datetime) -> Outgoing | None:
        """Nothing when the debrief has gone on, or has more time."""
        found, panel = _found(session, notice)
        if found is None or found.state != "running" or found.until > now:
            return None
        if not _may_see(panel, notice.recipient):
            return None
        said = debrief_view.time_is_up(self._bank().debrief, found)
        where = (notice.team_id, "debrief_live", notice.recipient, notice.subject)
        sent = notices.last_told(session, *where)
        return Outgoing(
            said["text"], said["blocks"], {"asks": True}, sent.ts if sent else "",
            only_private=is_channel(notice.recipient),
        )  # fmt: skip

    def hush(self, session: Session, notice: Notice, now: datetime) -> Rewrite | None:
        """The last “time is up” loses its buttons once somebody has pressed one."""
        where = (notice.team_id, "debrief_time", notice.recipient, notice.subject)
        rung = notices.last_told(session, *where)
        if (
            _is_early(session, notice, "debrief_time", now)
            or rung is None
            or not rung.told.get("asks")
        ):
            return None
        rung.told = {}
        session.add(rung)
        said = debrief_view.went_on()
        return Rewrite(rung.channel, rung.ts, said["text"], said["blocks"])

    def end(self, session: Session, notice: Notice, _: datetime) -> Outgoing | None:
        """The summary with its notes, to each who may read it."""
        found, panel = _found(session, notice)
        if found is None or found.state != "ended" or not _may_see(panel, notice.recipient):
            return None
        notes = stored.notes(session, notice.team_id, notice.subject)
        said = summary_view.summary(panel, found, notes, notice.recipient).message()
        return Outgoing(said["text"], said["blocks"])


def _is_early(session: Session, notice: Notice, kind: str, now: datetime) -> bool:
    """Whether the message of that `kind` that is to be changed is on its way: people may have
    pressed what it shows before its stamp is written down. Then the change is owed once more."""
    where = (notice.team_id, notice.recipient, notice.subject)
    going = notices.on_its_way(session, *where, kind)
    if going is None:
        return False
    due = max(now, going.due_at) + BACK
    notices.owe(session, notice.team_id, notice.kind, notice.recipient, notice.subject, due)
    return True


def _found(session: Session, notice: Notice) -> tuple[Debrief | None, Panel]:
    panel = stored_panels.find(session, notice.team_id, notice.subject)
    return stored.debrief(session, notice.team_id, notice.subject), panel


def is_channel(place: str) -> bool:
    return place.startswith(("C", "G"))


def _may_see(panel: Panel, place: str) -> bool:
    return is_channel(place) or panels.may_read(panel, place)
