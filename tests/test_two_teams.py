"""Nothing crosses between two teams that have the same people, channels and candidates."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

import pytest

from tests.databases import new_database
from tests.decided import WHY
from tests.many import Deployment, deployment, fetch
from tests.receivers import receiver
from tests.registered import actions_there_are, blank, forms_there_are, some_ids, values_of
from tests.two_teams import CANDIDATE, Team, Watched, at_work, rows_of, soon, watched

FILLED = {
    "opening", "loop", "interview", "seat", "scorecard", "sealed_version", "thread_note", "notice",
    "person_settings", "audit_entry", "sent_file", "workspace", "slack_bots", "decision",
    "webhook", "webhook_call", "incoming", "incoming_event", "calendar_feed",
}  # fmt: skip
PEOPLE = ("U0COORD", "U0INTC")
PUBLIC = "https://bot.example.com"
LOOPBACK = (ip_network("127.0.0.0/8"),)


@dataclass
class Both:
    made: Deployment
    one: Team
    two: Team
    watch: Watched

    @property
    def sides(self) -> tuple[tuple[Team, Team], tuple[Team, Team]]:
        return (self.one, self.two), (self.two, self.one)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Both]:
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path_factory.mktemp('two') / 'test.db'}"
    else:
        address = new_database(request.getfixturevalue("server"))
    teams = [("T0OTHER", "Other")]
    with (
        watched(("T0PLAY", "T0OTHER")) as watch,
        receiver() as here,
        receiver() as there,
        deployment(address, teams=teams, public_url=PUBLIC, webhook_networks=LOOPBACK) as made,
    ):
        yield Both(made, *at_work(made, (here, there)), watch)
        assert [*made.play.problems, *made.others[0].problems] == []


def test_slack_gets_nothing_of_the_one_team_for_the_other(both: Both) -> None:
    for team, other in both.sides:
        received = team.received()
        assert received.count(team.marker) > 20
        assert other.marker not in received
        assert other.id not in received


def test_no_program_of_the_one_team_is_told_anything_of_the_other(both: Both) -> None:
    for team, other in both.sides:
        told = b"".join(each.body for each in team.heard.came).decode()
        assert {
            "interview.scheduled",
            "scorecard.in",
            "panel.complete",
            "decision.recorded",
        } <= set(team.heard.types)
        assert team.marker in told
        assert other.marker not in told
        assert other.id not in told


def test_no_program_of_the_one_team_plans_anything_in_the_other(both: Both) -> None:
    for team, other in both.sides:
        kept = rows_of(both.made.db, other.id)
        assert team.tell(both.made, door=f"in_{other.marker}") == 401
        assert team.tell(both.made, secret=other.secret) == 401
        assert rows_of(both.made.db, other.id) == kept


def test_a_calendar_holds_the_interviews_of_its_own_team(both: Both) -> None:
    for team, other in both.sides:
        found = fetch(team.link.replace(PUBLIC, both.made.url))
        assert found.status == 200
        ids = re.findall(r"UID:(?:debrief-)?(\w+)@", found.text)
        assert len(ids) > 2
        mine, theirs = (repr(rows_of(both.made.db, each.id)) for each in (team, other))
        assert all(each in mine for each in ids)
        assert not any(each in theirs for each in ids)


def test_every_flow_was_gone_through_by_both(both: Both) -> None:
    for team, _ in both.sides:
        received = team.received()
        for text in (
            "Senior interview sheet", "You interview", " are open.", "How was", "Imported",
            f"Noted {team.marker}", f"Private {team.marker}", f"{WHY} {team.marker}", CANDIDATE[:1],
        ):  # fmt: skip
            assert text in received, text


def test_no_row_of_the_one_team_says_anything_of_the_other(both: Both) -> None:
    for team, other in both.sides:
        kept = rows_of(both.made.db, team.id)
        assert {name for name, rows in kept.items() if rows} >= FILLED
        everything = repr(kept)
        assert everything.count(team.marker) > 5
        assert other.marker not in everything
        assert other.id not in everything


def test_no_query_for_the_one_team_reads_a_row_of_the_other(both: Both) -> None:
    assert both.watch.read > 200
    assert both.watch.crossed == []


def test_candidates_are_counted_by_each_team(both: Both) -> None:
    for team, _ in both.sides:
        codes = [row for row in rows_of(both.made.db, team.id)["loop"] if CANDIDATE in row]
        assert len(codes) == 1
        assert "101" in codes[0]


def test_hours_are_those_that_were_said_in_the_same_team(both: Both) -> None:
    for team, _ in both.sides:
        rows = rows_of(both.made.db, team.id)["person_settings"]
        [said] = [row for row in rows if "U0INTC" in row]
        assert f" {team.limit}," in said


def test_what_the_one_team_was_shown_does_nothing_in_the_other(both: Both) -> None:
    for team, other in both.sides:
        actions, forms = team.actions(), team.forms()
        assert len(forms) > 5
        kept, heard = rows_of(both.made.db, team.id), len(team.play.log)
        for user in PEOPLE:
            assert sum(other.forge_action(user, *each) for each in actions) > 60
            for form in forms:
                other.forge_form(user, form)
        soon(both.made)
        assert rows_of(both.made.db, team.id) == kept
        # A form that shares a question carries Slack's own address for that, which is a secret.
        told = [each for each in team.play.log[heard:] if each["name"] != "response_url"]
        assert told == []
        assert team.marker not in other.received()
    assert both.watch.crossed == []


def test_every_action_and_form_there_is_refuses_the_other_team_s_ids(both: Both) -> None:
    """Those that no screen of the walk offered, too, with whatever such a value could be."""
    for team, other in both.sides:
        shown = {action["action_id"] for _, action in team.actions()}
        forms = {str(form.get("callback_id")) for form in team.forms()}
        ids = some_ids(both.made.db, team.id)
        assert len(ids) >= 6
        kept, heard, tried = rows_of(both.made.db, team.id), len(team.play.log), set[str]()
        for name in actions_there_are():
            if name not in shown:
                for value in values_of(ids):
                    action: dict[str, Any] = {"type": "button", "action_id": name, "value": value}
                    action |= {"block_id": "b", "selected_option": {"value": value}}
                    other.forge_action("U0COORD", blank("forged", value), action)
            tried.add(name)
        for name in forms_there_are():
            if name not in forms:
                for value in values_of(ids):
                    other.forge_form("U0COORD", blank(name, value))
            tried.add(name)
        soon(both.made)
        assert len(tried) > 130
        assert rows_of(both.made.db, team.id) == kept
        told = [each for each in team.play.log[heard:] if each["name"] != "response_url"]
        assert told == []
        assert team.marker not in other.received()
    assert both.watch.crossed == []


def test_erasing_in_the_one_team_leaves_the_other_s_candidate(both: Both) -> None:
    kept = rows_of(both.made.db, both.one.id)
    name = f"Imported {both.two.marker}"  # The other one's loop is closed by its decision.
    assert name in repr(rows_of(both.made.db, both.two.id))
    both.two.erase()
    soon(both.made)
    assert name not in repr(rows_of(both.made.db, both.two.id))
    assert rows_of(both.made.db, both.one.id) == kept


def test_a_team_that_leaves_silences_nobody_else(both: Both) -> None:
    both.made.play.uninstall(both.two.id)
    assert both.one.person("U0COORD").slash("/safety-interview loops") == {"ok": True}
    assert f"Engineer {both.one.marker}" in both.one.person("U0COORD").last.text
