"""Who asks, and what their answer is made from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk import WebClient
from sqlmodel import Session

from bot.content import Bank
from bot.store import Db, audit
from handlers.bank import CurrentBank
from handlers.people import Directory


@dataclass(frozen=True)
class Here:
    """One request. Team and user come from what Slack signed, never from what a page carried."""

    team_id: str
    user_id: str
    now: datetime
    db: Db
    current: CurrentBank
    bank: Bank  # The same one for the whole request.
    people: Directory
    wake: Callable[[], None]  # Have what is due sent now, after the transaction that owes it.
    public_url: str = ""  # Where browsers and other programs reach the bot; "" when they do not.

    def note(self, session: Session, what: str, subject: str, **detail: Any) -> None:
        """Write into the audit what this person did, in the transaction of the change itself."""
        audit.note(session, self.team_id, self.user_id, what, subject, self.now, **detail)

    def is_admin(self, client: WebClient) -> bool:
        """Whether Slack has them as an admin. Asks Slack, so it is asked before a transaction."""
        return self.people.member(self.team_id, self.user_id, client).admin
