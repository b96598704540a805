"""What is due to one person goes together in one message, when they may hear it."""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from slack_sdk import WebClient
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot import hours as working
from bot import nudges
from bot.content import Bank
from bot.records import Notice
from bot.store import Db, envelopes, people, workspaces
from bot.store.notices import ENVELOPE
from bot.vault import VaultError
from handlers.outgoing import Outgoing, Render
from handlers.people import Directory
from handlers.room import elapsed
from handlers.tokens import Away, Clients
from handlers.views import nudge as nudge_view

log = logging.getLogger(__name__)

LOOKING = 5.0  # Seconds for looking people up before some of what is due is sent.
LOOKERS = 8  # People who are looked up with Slack at once.

# Kinds whose message depends on somebody's hours: who that is, is looked up first.
TIMED = {"plan", "agenda", "tally", "brief", "debrief", "cannot"}


class Envelopes:
    """Gathers what is due before the delivery claims it."""

    def __init__(self, bank: Callable[[], Bank], directory: Directory) -> None:
        self._bank, self._people = bank, directory

    def gather(self, db: Db, clients: Clients, now: datetime) -> None:
        with db.begin() as session:
            found = envelopes.whose(session, now)
        until = elapsed() + LOOKING
        # Asking Slack takes longer than all the rest, so some are asked about at once.
        with ThreadPoolExecutor(LOOKERS, "looking") as pool:
            for at in range(0, len(found), LOOKERS):
                if elapsed() > until:
                    break  # Slack is slow to say who they are: what can be sent goes first.
                some = self._there(db, clients, found[at : at + LOOKERS])
                list(pool.map(lambda each: self._people.look(*each), some))
                for team_id, person, _ in some:
                    with db.begin() as session:
                        self._gather(session, team_id, person, now)

    def _there(
        self, db: Db, clients: Clients, some: Sequence[tuple[str, str]]
    ) -> list[tuple[str, str, WebClient]]:
        """Those whose team can be spoken with, and by what."""
        found = []
        for team_id, person in some:
            try:
                found.append((team_id, person, clients(team_id)))
            except Away as away:
                if away.gone:  # Owed while it was leaving.
                    with db.begin() as session:
                        workspaces.park(session, team_id)
        return found

    def _gather(self, session: Session, team_id: str, person: str, now: datetime) -> None:
        policy = self._bank().nudges
        until = now + timedelta(minutes=policy.together_within)
        found = envelopes.waiting(session, team_id, person, until)
        due = [each for each in found if each.due_at <= now]
        if not due:
            return  # Somebody else was faster.
        zone = self._people.zone(team_id, person, str(due[0].told.get("zone", "UTC")))
        hours = people.hours(session, team_id, person, zone)
        heard = envelopes.heard(session, team_id, person, working.midnight(hours, now))
        quiet = self._people.quiet(team_id, person)
        at, digest = nudges.turn(policy, hours, quiet, now, heard)
        if at > now:
            works = nudges.allowed(hours, now, quiet) <= now + nudges.SLACK
            pressed = [each for each in due if works and nudges.is_pressed(each.kind, each.told)]
            envelopes.move(session, [each for each in due if each not in pressed], at)
            if pressed:
                envelopes.fill(session, pressed, now, digest=False)
            return
        envelopes.fill(session, envelopes.together(found, now), now, digest=digest)

    def look(self, db: Db, client: WebClient, notice: Notice) -> None:
        if notice.kind in TIMED:
            self._people.look(notice.team_id, notice.recipient, client)
        if notice.kind != ENVELOPE:
            return
        with db.begin() as session:
            parts = envelopes.contents(session, notice)
        for person in {notice.recipient, *(part.about for part in parts if part.about)}:
            self._people.look(notice.team_id, person, client)


class Opener:
    """Renders an envelope: the one message in it, or all of them as one."""

    def __init__(self, renders: Mapping[str, Render]) -> None:
        self._renders = renders

    def open(self, session: Session, envelope: Notice, now: datetime) -> Outgoing | None:
        said = []
        for part in envelopes.contents(session, envelope):
            message = self._render(session, part, now)
            if message is None:
                if part.state == "joined":
                    part.state = "skipped"
            else:
                # Kept before it is sent: a message that is found again later said just this.
                blocks = message.blocks or nudge_view.plain(message.text)
                part.told = {**message.told, "text": message.text, "blocks": blocks}
                said.append(message)
            session.add(part)
        if not said:
            return None
        if len(said) == 1:
            return said[0]
        joint = nudge_view.joint([(each.text, each.blocks) for each in said])
        return Outgoing(joint["text"], joint["blocks"], parts=tuple(said))

    def _render(self, session: Session, part: Notice, now: datetime) -> Outgoing | None:
        """None also for what is broken: the others in the envelope must not wait for it."""
        try:
            message = self._renders[part.kind](session, part, now)
        except (SQLAlchemyError, VaultError):
            raise  # It is not broken: it is tried again, perhaps by a replica that has the key.
        except Exception as error:  # noqa: BLE001 (whatever it is, the others go out)
            log.error("notice %s: %s", part.id, type(error).__name__)  # noqa: TRY400 (its text could be anybody's)
            part.state, part.reason = "failed", "it could not be written"
            return None
        return message if isinstance(message, Outgoing) else None
