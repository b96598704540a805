"""Webhooks on the command line: who may make one, and what is never shown again."""

import json
import re
import shlex
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner, Result

from bot import webhooks
from bot.launch.cli import cli, telling
from bot.records import Opening, WebhookCall
from bot.schema import upgrade
from bot.store import Db, audit, open_db
from bot.store import webhooks as stored
from playground import Playground
from tests.receivers import Receiver, receiver
from tests.schemas import FOLDER

NOON = datetime(2031, 3, 12, 12, tzinfo=UTC)
Typed = Callable[..., Result]


@pytest.fixture
def db(place: str) -> Iterator[Db]:
    """One team, in which the coordinator and the hiring manager plan an opening."""
    opened = open_db(place)
    upgrade(opened)
    with opened.begin() as session:
        session.add(
            Opening(
                id="opening", team_id="T0PLAY", title="Engineer", level="senior",
                specialization="llm", hiring_manager="U0MANAGER", coordinators=["U0COORD"],
                shown_as="initials", keep_months=6, kits=[], created_by="U0COORD",
                created_at=NOON,
            )
        )  # fmt: skip
    yield opened
    opened.kw["bind"].dispose()


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


@pytest.fixture
def typed(play: Playground, db: Db, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """What is typed after `safety-interview webhooks`; by the coordinator unless it says."""
    for name, value in {
        "SLACK_BOT_TOKEN": play.bot_token,
        "SLACK_API_URL": play.api_url,
        "DATABASE_URL": str(db.kw["bind"].url),
        "WEBHOOK_NETWORKS": "127.0.0.0/8",
    }.items():
        monkeypatch.setenv(name, value)
    for console in (telling.out, telling.err):
        monkeypatch.setattr(console, "width", 200)  # Tests that run side by side get 80 columns.

    def run(*words: str, as_: str = "U0COORD", group: str = "webhooks") -> Result:
        return CliRunner().invoke(cli, [group, *words, "--as", as_])

    return run


def made(done: Result) -> tuple[str, str]:
    """The id and the secret of what was made."""
    assert done.exit_code == 0, done.output
    id_ = re.search(r"(wh|in)_\w+", done.output)
    secret = re.search(r"whsec_\S+", done.output)
    assert id_
    assert secret
    return id_[0], secret[0]


def test_one_is_made_tried_and_shown_without_its_secret(
    typed: Typed, there: Receiver, db: Db
) -> None:
    id_, secret = made(typed("add", there.url))
    assert "answered 204" in typed("test", id_).output
    [came] = there.came
    at = datetime.fromtimestamp(int(came.headers["webhook-timestamp"]), UTC)
    assert webhooks.trouble([secret], came.headers, came.body, at) == ""
    assert came.type == "webhook.test"
    listed = typed("list")
    assert id_ in listed.output
    assert "ids and states" in listed.output
    assert secret not in listed.output
    [told] = json.loads(typed("list", "--json").output)
    assert told["state"] == "on"
    assert "key=K" not in json.dumps(told)
    with db.begin() as session:
        assert [each.who for each in audit.entries(session, "T0PLAY", id_)] == ["U0COORD"]


def test_the_commands_of_the_document_do_what_they_say(
    typed: Typed, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://bot.example.com")
    told = (FOLDER.parent / "connections.md").read_text("utf-8")
    lines = re.findall(r"^safety-interview ((?:webhooks|incoming) .*)$", told, re.MULTILINE)
    assert len(lines) > 8
    ids: dict[str, str] = {}
    for line in lines:
        group, *words = shlex.split(
            line.replace("https://ats.example.com/hooks/interviews", there.url)
        )
        words = [ids[group] if each.startswith(("wh_", "in_")) else each for each in words]
        done = typed(*words[:-2], group=group)
        assert words[-2:] == ["--as", "U012345"]
        assert done.exit_code == 0, f"{line}: {done.output}"
        if words[0] == "add":
            ids[group], _ = made(done)
    assert there.types == ["webhook.test"]


def test_a_door_is_shown_to_its_planner_and_to_admins(typed: Typed, play: Playground) -> None:
    id_, secret = made(typed("add", group="incoming"))
    assert id_ in typed("list", group="incoming").output
    assert secret not in typed("list", group="incoming").output
    assert "No door yet" in typed("list", group="incoming", as_="U0MANAGER").output
    play.workspace.users["U0INTB"]["is_admin"] = True
    assert id_ in typed("list", group="incoming", as_="U0INTB").output
    assert "You plan no opening" in typed("add", group="incoming", as_="U0INTD").output


def test_nobody_but_the_planner_gets_a_new_secret_of_a_door(typed: Typed, play: Playground) -> None:
    """Who knows it acts in the planner's name, so an admin must not either."""
    id_, _ = made(typed("add", group="incoming"))
    play.workspace.users["U0INTB"]["is_admin"] = True
    for person in ("U0INTB", "U0MANAGER"):
        done = typed("rotate", id_, group="incoming", as_=person)
        assert done.exit_code == 1
        assert "whsec_" not in done.output
    assert typed("remove", id_, group="incoming", as_="U0MANAGER").exit_code == 1
    assert typed("remove", id_, group="incoming", as_="U0INTB").exit_code == 0


def test_only_whoever_plans_an_opening_may_have_it_told(typed: Typed, there: Receiver) -> None:
    done = typed("add", there.url, as_="U0INTB")
    assert done.exit_code == 1
    assert "You plan no opening" in done.output
    assert typed("add", there.url, as_="U0GUEST").exit_code == 1


def test_only_an_admin_may_have_every_opening_told(
    typed: Typed, there: Receiver, play: Playground
) -> None:
    done = typed("add", there.url, "--all-openings")
    assert done.exit_code == 1
    assert "Only an admin or owner" in done.output
    play.workspace.users["U0INTB"]["is_admin"] = True
    made(typed("add", there.url, "--all-openings", as_="U0INTB"))


def test_nobody_sees_or_changes_another_s_but_an_admin(
    typed: Typed, there: Receiver, play: Playground
) -> None:
    id_, _ = made(typed("add", there.url))
    for words in (("remove", id_), ("rotate", id_), ("test", id_)):
        done = typed(*words, as_="U0MANAGER")
        assert done.exit_code == 1
        assert f"You have no webhook {id_}" in done.output
    assert id_ not in typed("list", as_="U0MANAGER").output
    assert there.came == []
    play.workspace.users["U0INTB"]["is_owner"] = True
    assert typed("remove", id_, as_="U0INTB").exit_code == 0
    assert "No webhook yet" in typed("list").output


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("http://example.com/hook",), "Nothing can be sent there"),
        (("https://example.com/", "--event", "scorecards"), "There is no event “scorecards”"),
        (("https://example.com/", "--with", "evidence"), "There is no content “evidence”"),
    ],
)
def test_what_cannot_be_told_or_reached_is_said(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], why: str
) -> None:
    monkeypatch.delenv("WEBHOOK_NETWORKS")
    done = typed("add", *words)
    assert done.exit_code == 1
    assert why in done.output


def test_an_address_of_ours_is_refused_when_something_is_sent(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, there: Receiver
) -> None:
    monkeypatch.delenv("WEBHOOK_NETWORKS")
    id_, _ = made(typed("add", there.url.replace("http://", "https://")))
    done = typed("test", id_)
    assert done.exit_code == 1
    assert "WEBHOOK_NETWORKS can allow one of yours" in done.output


def test_a_receiver_that_says_no_is_told_with_its_answer(typed: Typed, there: Receiver) -> None:
    id_, _ = made(typed("add", there.url))
    there.usual = 404
    done = typed("test", id_)
    assert done.exit_code == 1
    assert "answered 404" in done.output


def test_one_that_was_off_is_on_again_once_it_takes_something(
    typed: Typed, there: Receiver, db: Db
) -> None:
    id_, _ = made(typed("add", there.url))
    with db.begin() as session:
        hook = stored.find(session, "T0PLAY", id_)
        assert hook is not None
        hook.state = "off"
        session.add(hook)
    assert typed("test", id_).exit_code == 0
    assert json.loads(typed("list", "--json").output)[0]["state"] == "on"


def test_a_new_secret_is_shown_and_the_old_one_signs_for_a_while(
    typed: Typed, there: Receiver, db: Db
) -> None:
    id_, old = made(typed("add", there.url))
    done = typed("rotate", id_)
    new = re.search(r"whsec_\S+", done.output)
    assert new
    assert new[0] != old
    with db.begin() as session:
        hook = stored.find(session, "T0PLAY", id_)
        assert hook is not None
        assert (hook.secret, hook.old_secret) == (new[0], old)
        assert hook.old_until is not None
    typed("rotate", id_, "--hours", "0")
    with db.begin() as session:
        hook = stored.find(session, "T0PLAY", id_)
        assert hook is not None
        assert (hook.old_secret, hook.old_until) == ("", None)


def test_what_was_given_up_stands_among_the_notices(typed: Typed, there: Receiver, db: Db) -> None:
    id_, _ = made(typed("add", there.url))
    call = WebhookCall(
        id="msg_1", team_id="T0PLAY", webhook_id=id_, loop_id="l", type="panel.complete", data={},
        at=NOON, due_at=NOON, state="failed", attempts=18, error="answered_500", over_at=NOON,
    )  # fmt: skip
    with db.begin() as session:
        session.add(call)
    shown = CliRunner().invoke(cli, ["notices"]).output
    assert "Webhooks: given up" in shown
    assert "answered_500" in shown
    assert there.url not in shown
    assert "1 sent again" in CliRunner().invoke(cli, ["notices", "--retry", "msg_1"]).output
    found = json.loads(CliRunner().invoke(cli, ["notices", "--json"]).output)
    assert found["webhooks"] == {"pending": 1, "failed": 0, "given_up": []}
