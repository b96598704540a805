"""What is due to many people is gathered without waiting for Slack once for each of them."""

from threading import Barrier
from typing import Any

from slack_sdk import WebClient
from sqlmodel import select

from bot.records import Notice, PersonSettings
from bot.store import Db, notices
from bot.store.notices import ENVELOPE
from handlers.envelopes import Envelopes
from handlers.people import Directory
from tests.banks import SHIPPED
from tests.rows import NOON

PEOPLE = ["U0ONE", "U0TWO"]
PATIENCE = 60.0  # Seconds: whoever waits for the other in vain fails the test.


class Slack(WebClient):
    """Answers nobody before it was asked about everybody."""

    def __init__(self) -> None:
        super().__init__("xoxb-1")
        self._all = Barrier(len(PEOPLE), timeout=PATIENCE)

    def api_call(self, api_method: str, **arguments: Any) -> Any:
        if api_method == "users.info":
            self._all.wait()
            return {"user": {"id": arguments["params"]["user"], "team_id": "T1", "tz": "UTC"}}
        return {}


def test_people_are_looked_up_side_by_side(db: Db) -> None:
    with db.begin() as session:
        for person in PEOPLE:
            session.add(PersonSettings(team_id="T1", person=person, days=list(range(7))))
            notices.owe(session, "T1", "nudge", person, "interview", NOON)
    slack = Slack()
    gathering = Envelopes(lambda: SHIPPED, Directory(lambda: NOON))
    gathering.gather(db, lambda _: slack, NOON)
    with db.begin() as session:
        wanted = select(Notice.recipient).where(Notice.kind == ENVELOPE)
        assert sorted(session.exec(wanted)) == PEOPLE
