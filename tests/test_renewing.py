"""Tokens that end: renewed once by whoever comes first, and what happens when that gets lost."""

import hashlib
import hmac
import json
import logging
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from cryptography.fernet import Fernet
from sqlmodel import select

from bot.launch.check import Finding, findings
from bot.launch.renewing import LEASE
from bot.launch.tokens import Tokens
from bot.records import Workspace
from bot.store import Db, open_db
from playground import Fault
from tests.databases import new_database
from tests.many import HOME, Deployment, deployment
from tests.offices import coordinator, wait_for_mail
from tests.test_installs import SHEET, answered, bots, plan_one

OTHER = "T0OTHER"


@pytest.fixture(scope="module")
def lasting(server: str) -> Iterator[Deployment]:
    key = Fernet.generate_key().decode()
    teams = [(OTHER, "Other")]
    found = deployment(new_database(server), rotation=True, teams=teams, data_keys=(key,))
    with found as made:
        yield made


@pytest.fixture
def made(lasting: Deployment) -> Iterator[Deployment]:
    lasting.reset()
    yield lasting
    lasting.settle()
    assert lasting.play.problems == []


def refreshed(made: Deployment) -> int:
    """How often Slack was asked for a next token."""
    asked = [each for each in made.play.log if each["name"] == "oauth.v2.access"]
    return sum("refresh_token" in str(each["payload"]) for each in asked)


def process(made: Deployment) -> tuple[Tokens, Db]:
    """What another process of the bot has: its own memory, and its own connections."""
    db = open_db(made.settings.database_url, made.settings.data_keys)
    return Tokens(db, made.settings, made.play.clock.now, 15), db


@pytest.mark.parametrize("hours", [11, 13])  # Before the end of the old one, and after.
def test_two_processes_at_once_renew_a_token_once_and_both_go_on(
    made: Deployment, hours: int
) -> None:
    made.install(HOME)
    made.play.clock.advance(timedelta(hours=hours))
    both, start = [process(made), process(made)], Barrier(2)

    def call(tokens: Tokens) -> bool:
        start.wait(60)
        return bool(tokens.client(HOME).auth_test()["ok"])

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(call, [tokens for tokens, _ in both])) == [True, True]
    made.play.wait_until(lambda: refreshed(made) > 0, "it is not renewed")
    for tokens, db in both:
        tokens.close()
        tokens.forget(HOME)
        assert tokens.client(HOME).auth_test()["ok"]
        db.kw["bind"].dispose()
    assert refreshed(made) == 1


def lose_an_answer(made: Deployment) -> None:
    """Slack renews the token, and nobody hears of it."""
    made.install(HOME)
    made.play.clock.advance(timedelta(hours=11))
    made.play.faults.add(Fault("lost_answer", "oauth.v2.access"))
    assert SHEET in answered(made)
    made.play.wait_until(lambda: made.play.faults.waiting == [], "it was not asked for")


def test_a_token_works_on_when_the_answer_with_the_next_one_is_lost(made: Deployment) -> None:
    lose_an_answer(made)
    made.play.clock.advance(timedelta(minutes=30))
    assert SHEET in answered(made)


def test_a_lost_renewal_is_told_to_the_operator_with_what_to_do(
    made: Deployment, caplog: pytest.LogCaptureFixture
) -> None:
    lose_an_answer(made)
    with caplog.at_level(logging.ERROR, "bot.launch.renewing"):
        made.play.clock.advance(LEASE + timedelta(minutes=2))
        assert SHEET in answered(made)
        made.play.wait_until(lambda: bots(made.db)[0].bot_refresh_token is None, "nobody asked")
        made.play.wait_until(lambda: bool(caplog.messages), "it was not said")
    told = [each for each in caplog.messages if "renewed" in each]
    assert told[-1].startswith(f"the token of {HOME} cannot be renewed (invalid_refresh_token)")
    assert "open /slack/install once more" in told[-1]
    asked = refreshed(made)
    made.play.clock.advance(timedelta(minutes=10))
    assert SHEET in answered(made)
    assert refreshed(made) == asked  # It would be in vain.
    assert not tokens_of(made).fine
    assert HOME in tokens_of(made).told

    made.play.clock.advance(timedelta(hours=3))
    assert "Ask an admin to install me" in answered(made)
    made.install(HOME)
    assert SHEET in answered(made)
    assert tokens_of(made).fine


def tokens_of(made: Deployment) -> Finding:
    return next(each for each in findings(made.settings) if each.about == "tokens")


def test_a_request_that_never_arrived_is_made_again(made: Deployment) -> None:
    made.install(HOME)
    old = bots(made.db)[0].bot_token
    made.play.clock.advance(timedelta(hours=11))
    made.play.faults.add(Fault("lost_request", "oauth.v2.access"))
    assert SHEET in answered(made)
    made.play.wait_until(lambda: made.play.faults.waiting == [], "it was not asked for")
    made.play.clock.advance(LEASE + timedelta(minutes=2))

    def renewed() -> bool:
        assert SHEET in answered(made)
        return bots(made.db)[0].bot_token != old

    made.play.wait_until(renewed, "it is not renewed")


class TestOrganisations:
    @pytest.fixture
    def made(self, made: Deployment) -> Iterator[Deployment]:
        """Two teams of one organisation that has installed the bot for all of them."""
        organisation = {"id": "E0ORG", "name": "Organisation"}
        workspaces = [made.play.workspace, made.others[0].workspace]
        for each in workspaces:
            each.enterprise = organisation
        made.install(HOME, whole=True)
        for each in workspaces:
            each.org_wide = True
        yield made
        for each in workspaces:
            each.enterprise, each.org_wide = None, False

    def test_each_team_is_known_from_its_first_request_on(self, made: Deployment) -> None:
        assert SHEET in answered(made)
        assert known(made.db) == {HOME: False}
        ask_in_the_other(made)
        assert known(made.db) == {HOME: False, OTHER: False}
        assert len(bots(made.db)) == 1

    def test_a_team_that_the_app_is_taken_out_of_is_silent_and_the_other_goes_on(
        self, made: Deployment
    ) -> None:
        assert SHEET in answered(made)
        ask_in_the_other(made)
        plan_one(made)
        tell(made, {"type": "team_access_revoked", "team_ids": [OTHER, "T0NOBODY"]})
        made.play.wait_until(lambda: known(made.db)[OTHER], "it is still there")
        assert known(made.db) == {HOME: False, OTHER: True}
        assert len(bots(made.db)) == 1
        made.play.clock.advance(timedelta(minutes=5))
        wait_for_mail(made.play, made.play.person("Interviewer A"), 1)

    def test_one_token_of_all_is_renewed_once(self, made: Deployment) -> None:
        assert SHEET in answered(made)
        made.play.clock.advance(timedelta(hours=11))
        assert SHEET in answered(made)
        made.play.wait_until(lambda: refreshed(made) == 1, "it is not renewed")
        made.play.clock.advance(timedelta(hours=5))
        assert coordinator(made.play).slash("/safety-interview senior")["ok"]
        ask_in_the_other(made)
        assert refreshed(made) == 1


def ask_in_the_other(made: Deployment) -> None:
    person = made.others[0].person("Recruiting coordinator")
    person.slash("/safety-interview senior")
    assert SHEET in person.messages()[-1].text


def known(db: Db) -> dict[str, bool]:
    """Each team, and whether it is gone."""
    with db.begin() as session:
        found = session.exec(select(Workspace)).all()
        return {each.team_id: each.gone_at is not None for each in found}


def tell(made: Deployment, event: dict[str, object]) -> None:
    """An event of the organisation, in the words of Slack's reference: it has no team."""
    body = json.dumps(
        {
            "team_id": None, "enterprise_id": "E0ORG", "api_app_id": "A0APP",
            "type": "event_callback", "event_id": "Ev1", "event_time": int(time.time()),
            "event": event,
        }
    )  # fmt: skip
    stamp = str(int(time.time()))
    secret = made.settings.signing_secret.encode()
    signed = hmac.new(secret, f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    request = urllib.request.Request(
        f"{made.url}/slack/events", body.encode(),
        {
            "Content-Type": "application/json", "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signed}",
        },
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 200
