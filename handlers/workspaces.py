"""What becomes of a team that removes the bot: silence at once, and its data erased in time."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from slack_bolt import Ack, BoltContext
from sqlmodel import Session

from bot import openings
from bot.records import Notice
from bot.store import notices, workspaces
from handlers.here import Here

log = logging.getLogger(__name__)

Body = dict[str, Any]
# Called with the team and the organisation when a token has ended: whoever keeps tokens drops it.
Forget = Callable[[str | None, str | None], None]


class Removal:
    """Answers Slack's app_uninstalled, tokens_revoked and team_access_revoked."""

    def __init__(self, forget: Forget) -> None:
        self._forget = forget

    def uninstalled(self, ack: Ack, body: Body, context: BoltContext, here: Here) -> None:
        """All of the app went: of the team's, or of the whole organisation's."""
        self._end(body, context, here)
        ack()

    def revoked(self, ack: Ack, body: Body, context: BoltContext, here: Here) -> None:
        """Tokens of people are none of ours; without the bot's nothing works."""
        if body["event"].get("tokens", {}).get("bot"):
            self._end(body, context, here)
        ack()

    def lost_access(self, ack: Ack, body: Body, here: Here) -> None:
        """An organisation took the app out of some of its teams; the token works on elsewhere."""
        named = set(body["event"].get("team_ids") or ())
        with here.db.begin() as session:
            known = workspaces.of_enterprise(session, _enterprise(body))
            left = [
                each
                for each in known
                if each in named and workspaces.leave(session, each, here.now)
            ]
        for each in left:
            self._forget(each, None)
            log.warning("the bot was taken out of %s: its notices are parked", each)
        here.wake()
        ack()

    def _end(self, body: Body, context: BoltContext, here: Here) -> None:
        at = datetime.fromtimestamp(body.get("event_time") or here.now.timestamp(), UTC)
        team_id = context.team_id or ""
        # Of a whole organisation Slack tells without a team, or with its id in the team's place.
        org_wide = context.is_enterprise_install or not team_id.startswith("T")
        whole = context.enterprise_id if org_wide else None
        with here.db.begin() as session:
            if not workspaces.end_token(session, team_id, whole, at):
                log.info("an end that is older than the token of %s is not its end", here.team_id)
                return
            teams = workspaces.of_enterprise(session, whole) if whole else [here.team_id]
            left = [each for each in teams if workspaces.leave(session, each, here.now)]
        self._forget(team_id, whole)
        for each in left:
            log.warning("the bot was removed from %s: its notices are parked", each)
        here.wake()


def _enterprise(body: Body) -> str:
    """The organisation of an event, which Slack names in one of two places."""
    installed: Body = next(iter(body.get("authorizations") or ()), {})
    return str(body.get("enterprise_id") or installed.get("enterprise_id") or "")


def depart(session: Session, notice: Notice, _: datetime) -> None:
    """From when its team left, the time of every loop is running: look at each when it is over."""
    gone = workspaces.gone_at(session, notice.team_id)
    if gone is None:
        return
    for loop, opening in workspaces.kept(session, notice.team_id):
        over = openings.kept_until(opening, loop, gone)
        if over is not None:
            notices.owe(session, notice.team_id, "retain", workspaces.RETENTION, loop.id, over)
