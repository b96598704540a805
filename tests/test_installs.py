"""Teams install the bot themselves, remove it, and come back; over the wire, on both databases."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from slack_sdk import WebClient
from sqlalchemy import text
from sqlmodel import select

from bot import openings
from bot.errors import Refusal
from bot.launch import office
from bot.launch.check import Finding, findings
from bot.launch.logs import Referenced
from bot.launch.manifest import manifest
from bot.records import AuditEntry, Loop, Notice, OAuthState, SlackBot, Workspace
from bot.settings import Settings
from bot.store import Db
from bot.store import notices as owed
from handlers.here import Here
from tests.databases import new_database
from tests.many import HOME, Deployment, deployment, fetch
from tests.offices import PEOPLE, coordinator, mail, make_opening, plan_loop, wait_for_mail

SHEET = "Senior interview sheet"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lasting(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path_factory.mktemp('installs') / 'test.db'}"
    else:
        address = new_database(request.getfixturevalue("server"))
    key = Fernet.generate_key().decode()
    teams = [("T0OTHER", "Other")]
    with deployment(address, rotation=True, teams=teams, data_keys=(key,)) as found:
        yield found


@pytest.fixture
def made(lasting: Deployment) -> Iterator[Deployment]:
    lasting.reset()
    yield lasting
    lasting.settle()
    assert lasting.play.problems == []


def answered(made: Deployment) -> str:
    """What the coordinator sees after asking for a sheet."""
    person = coordinator(made.play)
    assert person.slash("/safety-interview senior") == {"ok": True}
    return person.messages()[-1].text


def bots(db: Db) -> list[SlackBot]:
    with db.begin() as session:
        return list(session.exec(select(SlackBot).order_by(SlackBot.team_id)))


def notices(db: Db) -> list[Notice]:
    with db.begin() as session:
        return list(session.exec(select(Notice)))


def plan_one(made: Deployment) -> None:
    make_opening(made.play)
    plan_loop(made.play, {"onsite_a": "U0INTA"})
    made.settle()


def test_a_team_installs_the_bot_and_is_answered(made: Deployment) -> None:
    assert "no longer installed" in answered(made)
    page = made.install(HOME)
    assert (page.status, page.title) == (200, "Safety Interview is in Playground")
    assert "slack://app?team=T0PLAY" in page.text
    assert SHEET in answered(made)


def test_the_page_after_it_gives_nothing_away(made: Deployment) -> None:
    page = made.install(HOME)
    assert "xoxb" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_whoever_cancels_is_told_that_nothing_changed(made: Deployment) -> None:
    page = made.install(HOME, "cancel")
    assert page.title == "Safety Interview was not installed"
    assert "nothing has changed" in page.text
    assert 'href="/slack/install"' in page.text
    assert bots(made.db) == []


def test_a_way_back_works_once(made: Deployment) -> None:
    link, cookie = made.begin()
    back = made.allow(link, HOME)
    assert fetch(back, cookie).status == 200
    again = fetch(back, cookie)
    assert again.status == 401
    assert "was used before" in again.text


def test_a_way_back_in_another_browser_is_refused(made: Deployment) -> None:
    link, _ = made.begin()
    _, other = made.begin()
    back = made.allow(link, HOME)
    assert fetch(back, other).status == 400
    assert "same browser" in fetch(back).text
    assert bots(made.db) == []


def test_a_way_back_is_over_after_ten_minutes(made: Deployment) -> None:
    link, cookie = made.begin()
    back = made.allow(link, HOME)
    made.play.clock.advance(timedelta(minutes=11))
    page = fetch(back, cookie)
    assert page.status == 401
    assert "older than 10 minutes" in page.text
    assert bots(made.db) == []


def test_what_nobody_came_back_with_is_not_kept(made: Deployment) -> None:
    for _ in range(3):
        made.begin()
    made.play.clock.advance(timedelta(minutes=11))
    made.begin()
    with made.db.begin() as session:
        assert len(session.exec(select(OAuthState)).all()) == 1


def test_an_invented_code_is_refused_in_words(made: Deployment) -> None:
    link, cookie = made.begin()
    back = made.allow(link, HOME)
    state = back.rpartition("state=")[2]
    page = fetch(f"{made.url}/slack/oauth_redirect?code=1.2&state={state}", cookie)
    assert page.status == 401
    assert "did not confirm" in page.text


def test_markup_in_a_reason_stays_text(made: Deployment) -> None:
    page = fetch(f"{made.url}/slack/oauth_redirect?error=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text


def test_the_tokens_are_encrypted_at_rest(made: Deployment) -> None:
    made.install(HOME)
    assert SHEET in answered(made)
    with made.db.begin() as session:
        wanted = text("SELECT bot_token, bot_refresh_token FROM slack_bots")
        lying = session.connection().execute(wanted).one()
    assert all(each.startswith("sealed:") for each in lying)
    assert bots(made.db)[0].bot_token.startswith("xoxe.xoxb-")  # type: ignore[union-attr]


def test_a_second_installation_replaces_the_first(made: Deployment) -> None:
    made.install(HOME)
    made.install(HOME)
    assert len(bots(made.db)) == 1
    assert SHEET in answered(made)


def test_a_token_is_renewed_before_it_ends(made: Deployment) -> None:
    made.install(HOME)
    old = bots(made.db)[0]
    made.play.clock.advance(timedelta(hours=11))
    assert SHEET in answered(made)
    made.play.wait_until(lambda: bots(made.db)[0].bot_token != old.bot_token, "it is not renewed")
    assert bots(made.db)[0].bot_refresh_token != old.bot_refresh_token
    made.play.clock.advance(timedelta(hours=5))  # The old one is over.
    assert SHEET in answered(made)
    assert made.play.problems == []


def test_notices_go_on_with_the_renewed_token(made: Deployment) -> None:
    made.install(HOME)
    plan_one(made)
    made.play.wait_until(lambda: called(made, "views.publish") > 0, "Home was not drawn")
    made.settle()
    before = called(made, "views.publish")
    made.play.clock.advance(timedelta(hours=13))
    with made.db.begin() as session:
        for person in PEOPLE:
            owed.owe(session, HOME, "home", person, "home", made.play.clock.now())
    made.settle()
    assert called(made, "views.publish") == before + len(PEOPLE)
    assert called(made, "oauth.v2.access") == 2  # The installation, and one of many senders.


def called(made: Deployment, method: str) -> int:
    return sum(each["name"] == method for each in made.play.log)


def test_a_removed_bot_is_silent_at_once_and_its_notices_are_kept(made: Deployment) -> None:
    made.install(HOME)
    plan_one(made)
    interviewer = made.play.person("Interviewer A")
    heard = len(mail(interviewer))
    made.play.uninstall(HOME)
    assert bots(made.db) == []
    made.play.clock.advance(timedelta(days=1))
    asked = len(made.play.log)
    made.play.wait_until(lambda: parked(made.db), "nothing was parked")
    assert len(mail(interviewer)) == heard
    assert made.play.log[asked:] == []
    with made.db.begin() as session:
        assert session.exec(select(Workspace.gone_at)).one() is not None


def parked(db: Db) -> bool:
    """Whether all that is owed to people waits for the team to come back."""
    owed = [each.state for each in notices(db) if each.kind not in ("retain", "depart")]
    return bool(owed) and set(owed) <= {"parked", "shelved", "sent", "skipped"}


def test_whoever_comes_back_goes_on_where_they_were(made: Deployment) -> None:
    made.install(HOME)
    plan_one(made)
    made.play.uninstall(HOME)
    assert "no longer installed" in answered(made)
    made.install(HOME)
    made.play.clock.advance(timedelta(minutes=5))
    interviewer = made.play.person("Interviewer A")
    wait_for_mail(made.play, interviewer, 1)
    coordinator(made.play).slash("/safety-interview loops")
    assert "C-1" in coordinator(made.play).messages()[-1].text
    assert not {"parked", "shelved"} & {each.state for each in notices(made.db)}
    with made.db.begin() as session:
        assert session.exec(select(Workspace.gone_at)).one() is None
        told = [each.what for each in session.exec(select(AuditEntry)) if each.who == "slack"]
    assert told == ["bot installed", "bot removed", "bot installed again"]


def test_a_candidate_of_a_gone_team_is_erased_when_the_months_are_over(made: Deployment) -> None:
    made.install(HOME)
    plan_one(made)
    made.play.uninstall(HOME)
    with made.db.begin() as session:
        months = openings.KEEP_MONTHS
        assert session.exec(select(Loop.candidate)).one() == "Candidate 12"
    made.play.wait_until(lambda: planned_end(made.db) is not None, "no end was planned")
    made.play.clock.advance(max(months) * openings.MONTH - timedelta(days=1))
    made.play.clock.advance(timedelta(days=2))

    def erased() -> bool:
        with made.db.begin() as session:
            return session.exec(select(Loop.candidate)).one() == ""

    made.play.wait_until(erased, "the candidate is still there")


def planned_end(db: Db) -> datetime | None:
    found = [each for each in notices(db) if each.kind == "retain" and each.state == "pending"]
    return found[0].due_at if found else None


def test_a_candidate_of_a_team_that_came_back_stays(made: Deployment) -> None:
    made.install(HOME)
    plan_one(made)
    made.play.uninstall(HOME)
    made.play.wait_until(lambda: planned_end(made.db) is not None, "no end was planned")
    made.install(HOME)
    made.play.clock.advance(max(openings.KEEP_MONTHS) * openings.MONTH + timedelta(days=1))
    made.play.wait_until(lambda: planned_end(made.db) is None, "nobody looked")
    with made.db.begin() as session:
        assert session.exec(select(Loop.candidate)).one() == "Candidate 12"


def test_a_late_word_of_the_old_token_does_not_end_the_new_one(made: Deployment) -> None:
    made.install(HOME)
    token = bots(made.db)[0].bot_token
    with made.db.begin() as session:  # As if somebody had installed it after Slack's event.
        bot = session.exec(select(SlackBot)).one()
        bot.installed_at = (made.play.clock.now() + timedelta(hours=1)).replace(tzinfo=None)
        session.add(bot)
    made.play.uninstall(HOME)
    assert [each.bot_token for each in bots(made.db)] == [token]
    with made.db.begin() as session:
        assert session.exec(select(Workspace.gone_at)).one() is None


def test_a_token_that_is_revoked_by_itself_counts_as_removed(made: Deployment) -> None:
    made.install(HOME)
    assert SHEET in answered(made)
    token = bots(made.db)[0].bot_token
    assert WebClient(token, made.play.api_url).auth_revoke()["revoked"] is True
    made.play.wait_until(lambda: bots(made.db) == [], "the token is still kept")
    assert "no longer installed" in answered(made)


def test_one_of_two_teams_is_gone_and_the_other_is_not(made: Deployment) -> None:
    [other] = made.others
    made.install(HOME)
    made.install("T0OTHER")
    made.play.uninstall(HOME)
    assert "no longer installed" in answered(made)
    person = other.person("Recruiting coordinator")
    person.slash("/safety-interview senior")
    assert SHEET in person.messages()[-1].text


def test_an_organisation_installs_it_for_all_its_teams(made: Deployment) -> None:
    made.play.workspace.enterprise = {"id": "E0ORG", "name": "Organisation"}
    page = made.install(HOME, whole=True)
    assert page.title == "Safety Interview is in Organisation"
    [bot] = bots(made.db)
    assert (bot.team_id, bot.enterprise_id) == (None, "E0ORG")
    assert SHEET in answered(made)
    plan_one(made)
    made.play.clock.advance(timedelta(minutes=5))
    wait_for_mail(made.play, made.play.person("Interviewer A"), 1)
    made.play.uninstall(HOME)
    with made.db.begin() as session:
        assert session.exec(select(Workspace.gone_at)).one() is not None
    assert bots(made.db) == []


def test_one_workspace_with_a_token_in_the_environment_needs_no_flow(address: str) -> None:
    with deployment(address, many=False) as made:
        assert SHEET in answered(made)
        assert fetch(f"{made.url}/slack/install").status == 404
        plan_one(made)
        made.play.uninstall(HOME)
        with made.db.begin() as session:
            assert session.exec(select(Workspace.gone_at)).one() is not None
        assert parked(made.db)


def test_time_is_kept_in_utc(made: Deployment) -> None:
    made.install(HOME)
    [bot] = bots(made.db)
    age = made.play.clock.now() - bot.installed_at.replace(tzinfo=UTC)
    assert timedelta() <= age < timedelta(minutes=5)


def finding(settings: Settings, about: str) -> Finding:
    return next(each for each in findings(settings) if each.about == about)


def test_the_check_says_whether_the_secrets_are_the_app_s(made: Deployment) -> None:
    found = finding(made.settings, "install flow")
    assert (found.fine, found.told) == (True, "open /slack/install of the bot in a browser")
    wrong = finding(replace(made.settings, client_secret="wrong"), "install flow")
    assert not wrong.fine
    assert "bad_client_secret" in wrong.told
    made.install(HOME)
    assert finding(made.settings, "install flow").told == "1 installed"


def test_an_installation_that_fails_says_the_reference_of_its_log_line(
    made: Deployment, caplog: pytest.LogCaptureFixture
) -> None:
    rename = "ALTER TABLE {} RENAME TO {}"
    with made.db.begin() as session:
        session.connection().exec_driver_sql(rename.format("slack_oauth_states", "hidden"))
    referenced = Referenced()
    caplog.handler.addFilter(referenced)
    try:
        answer = fetch(f"{made.url}/slack/install")
    finally:
        caplog.handler.removeFilter(referenced)
        with made.db.begin() as session:
            session.connection().exec_driver_sql(rename.format("hidden", "slack_oauth_states"))
    assert answer.status == 503
    assert f"The reference is {answer.headers['x-request-id']}." in answer.text
    [line] = [each for each in caplog.records if "an installation came to nothing" in each.message]
    assert getattr(line, "reference", "") == answer.headers["x-request-id"]


def test_the_command_line_asks_in_which_workspace(made: Deployment) -> None:
    made.install(HOME)
    with pytest.raises(Refusal, match="In which workspace"), acting(made, ""):
        pass
    with pytest.raises(Refusal, match="No workspace T0NONE"), acting(made, "T0NONE"):
        pass
    with acting(made, HOME) as (here, _):
        assert (here.team_id, here.user_id) == (HOME, "U0COORD")


def acting(made: Deployment, team_id: str) -> AbstractContextManager[tuple[Here, WebClient]]:
    person = f"{team_id}/U0COORD" if team_id else "U0COORD"
    return office.acting(made.settings, made.db, person)


def test_the_manifest_for_many_leads_people_back_and_hears_of_ends() -> None:
    found = manifest("https://bot.example.com/", many=True)
    assert found["oauth_config"]["redirect_urls"] == [
        "https://bot.example.com/slack/oauth_redirect"
    ]
    assert {"app_uninstalled", "tokens_revoked"} <= set(
        found["settings"]["event_subscriptions"]["bot_events"]
    )
    assert found["settings"]["token_rotation_enabled"] is True
    assert "redirect_urls" not in manifest("https://bot.example.com")["oauth_config"]
