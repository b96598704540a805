"""One's own interviews as a calendar at a secret address, that follows every change."""

import http.client
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar
from sqlalchemy import text
from sqlmodel import select

from bot.launch.web import A_MINUTE, Buckets
from bot.records import CalendarFeed, Loop, Opening, Scorecard
from bot.store import audit, workspaces
from playground import Person, Playground
from tests.databases import new_database
from tests.many import Answer, Deployment, deployment
from tests.offices import coordinator, make_opening, plan_loop, shown
from tests.test_scorecards import hand_in

PUBLIC = "https://bot.example.com"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def deployed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """The bot over HTTP, and its operator has said where it is."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path_factory.mktemp('feeds') / 'test.db'}"
    else:
        address = new_database(request.getfixturevalue("server"))
    with deployment(address, public_url=PUBLIC) as found:
        yield found


@pytest.fixture
def made(deployed: Deployment) -> Iterator[Deployment]:
    """Interviewer C leads a round, and Interviewer A another one."""
    deployed.reset()
    assert deployed.install("T0PLAY").status == 200
    make_opening(deployed.play, title="Engineer")
    plan_loop(deployed.play, {"onsite_a": "U0INTC", "onsite_c": "U0INTA"})
    yield deployed
    deployed.settle()
    assert deployed.play.problems == []


@pytest.fixture
def reader(made: Deployment) -> Person:
    return made.play.person("Interviewer C")


def new_link(person: Person, button: str = "Make one") -> str:
    """What Home shows this person, to be copied."""
    while person.modal is not None:
        person.close()
    person.open_home()
    person.click("Calendar feed", on=person.home)
    person.click(button)
    link: str = (shown(person).element("address") or {})["initial_value"]
    return link


def fetch(made: Deployment, link: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection(urlsplit(made.url).netloc, timeout=60)
    connection.request(method, urlsplit(link).path, headers=headers)
    found = connection.getresponse()
    given = {name.lower(): value for name, value in found.getheaders()}
    read = found.read().decode()
    connection.close()
    return Answer(found.status, read, given)


def events(made: Deployment, link: str) -> dict[str, Any]:
    """What stands in the calendar, by its title."""
    answer = fetch(made, link)
    assert answer.status == 200, answer.text
    calendar: Any = Calendar.from_ical(answer.text)
    return {str(each["SUMMARY"]): each for each in calendar.walk("VEVENT")}


def test_one_s_interviews_and_debriefs_are_in_it_and_nobody_else_s(
    made: Deployment, reader: Person
) -> None:
    found = events(made, new_link(reader))
    [debrief, interview] = [found[title] for title in sorted(found)]
    assert str(debrief["SUMMARY"]) == "Debrief: C.12 (C-101)"
    assert str(interview["SUMMARY"]).endswith(": C.12 (C-101)")
    assert interview["DTSTART"].dt.tzinfo is not None
    assert interview["DTEND"].dt - interview["DTSTART"].dt == timedelta(minutes=45)
    assert str(interview["STATUS"]) == "CONFIRMED"


def test_it_is_made_for_the_address_that_others_reach(made: Deployment, reader: Person) -> None:
    link = new_link(reader)
    assert link.startswith(f"{PUBLIC}/calendar/")
    assert link.endswith(".ics")
    assert len(link.removeprefix(f"{PUBLIC}/calendar/")) > 40
    with made.db.begin() as session:
        [row] = session.connection().execute(text("SELECT * FROM calendar_feed")).all()
    assert link.rpartition("/")[2].removesuffix(".ics") not in repr(row)


def test_a_move_keeps_the_entry_and_counts_it_up(made: Deployment, reader: Person) -> None:
    link = new_link(reader)
    before = events(made, link)
    person = coordinator(made.play)
    person.click("Change…")
    person.fill("starts_0", int(datetime(2031, 3, 13, 15, tzinfo=UTC).timestamp()))
    person.submit()
    person.submit()
    after = events(made, link)
    [title] = [each for each in before if not each.startswith("Debrief")]
    assert after[title]["UID"] == before[title]["UID"]
    assert after[title]["SEQUENCE"] > before[title]["SEQUENCE"]
    assert after[title]["DTSTART"].dt == datetime(2031, 3, 13, 15, tzinfo=UTC)
    assert after[title]["DTSTAMP"].dt >= before[title]["DTSTAMP"].dt


def test_what_does_not_take_place_is_cancelled_in_it(made: Deployment, reader: Person) -> None:
    link = new_link(reader)
    person = coordinator(made.play)
    person.click("Candidate withdraws…")
    person.submit()
    assert {str(each["STATUS"]) for each in events(made, link).values()} == {"CANCELLED"}


@pytest.mark.parametrize(
    ("shown_as", "title"),
    [("name", "Candidate 12"), ("initials", "C.12 (C-101)"), ("code", "C-101")],
)
def test_candidates_stand_in_it_as_their_opening_shows_them(
    made: Deployment, reader: Person, shown_as: str, title: str
) -> None:
    link = new_link(reader)
    with made.db.begin() as session:
        [opening] = session.exec(select(Opening))
        opening.shown_as = shown_as
        session.add(opening)
    assert f"Debrief: {title}" in events(made, link)


def test_nothing_that_somebody_wrote_is_in_it(made: Deployment, reader: Person) -> None:
    link = new_link(reader)
    with made.db.begin() as session:
        [loop] = session.exec(select(Loop))
        loop.link = "https://ats.example.com/candidates/12"
        session.add(loop)
    reader.close()
    made.play.wait_until(
        lambda: any("Scorecard" in each.text for each in reader.messages("app")), "no brief"
    )
    hand_in(reader)
    with made.db.begin() as session:
        assert [each.version for each in session.exec(select(Scorecard))] == [1]
    read = fetch(made, link).text
    for words in ("ats.example.com", "attack", "U0INT", "score", "Candidate"):
        assert words not in read, words


def test_an_erased_candidate_is_gone_from_it(made: Deployment, reader: Person) -> None:
    with made.db.begin() as session:
        [opening] = session.exec(select(Opening))
        opening.shown_as = "name"
        session.add(opening)
    link = new_link(reader)
    assert "Candidate 12" in fetch(made, link).text
    person = coordinator(made.play)
    person.click("Erase…")
    person.fill("sure", "ERASE")
    person.submit()
    assert "Candidate 12" not in fetch(made, link).text


class TestWhatIsAskedAgain:
    def test_what_is_known_already_is_not_sent_again(
        self, made: Deployment, reader: Person
    ) -> None:
        link = new_link(reader)
        first = fetch(made, link)
        assert first.headers["content-type"].startswith("text/calendar")
        assert first.headers["cache-control"] == "private, no-cache"
        for headers in (
            {"If-None-Match": first.headers["etag"]},
            {"If-None-Match": f'"other", W/{first.headers["etag"]}'},
            {"If-Modified-Since": first.headers["last-modified"]},
        ):
            again = fetch(made, link, **headers)
            assert (again.status, again.text) == (304, ""), headers
            assert again.headers["etag"] == first.headers["etag"]

    @pytest.mark.parametrize(
        "headers",
        [
            {"If-None-Match": '"other"'},
            {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
            {"If-Modified-Since": "yesterday"},
            # The tag counts, whatever the time says.
            {"If-None-Match": '"x"', "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
        ],
    )
    def test_what_differs_is(
        self, made: Deployment, reader: Person, headers: dict[str, str]
    ) -> None:
        assert fetch(made, new_link(reader), **headers).status == 200

    def test_the_same_calendar_is_the_same_file(self, made: Deployment, reader: Person) -> None:
        link = new_link(reader)
        first = fetch(made, link)
        made.play.clock.advance(timedelta(minutes=3))
        assert fetch(made, link).text == first.text

    def test_a_change_has_another_tag(self, made: Deployment, reader: Person) -> None:
        link = new_link(reader)
        first = fetch(made, link)
        person = coordinator(made.play)
        person.click("Candidate withdraws…")
        person.submit()
        again = fetch(made, link, **{"If-None-Match": first.headers["etag"]})
        assert again.status == 200
        assert again.headers["etag"] != first.headers["etag"]

    def test_head_has_the_same_headers(self, made: Deployment, reader: Person) -> None:
        link = new_link(reader)
        head, full = fetch(made, link, "HEAD"), fetch(made, link)
        assert (head.status, head.text) == (200, "")
        assert head.headers["content-length"] == full.headers["content-length"]
        assert fetch(made, link, "POST").status == 405


def test_somebody_who_asks_all_the_time_is_told_to_rest() -> None:
    now, buckets = datetime(2031, 3, 12, 12, tzinfo=UTC), Buckets()
    asked = [buckets.is_too_much("one", now) for _ in range(A_MINUTE + 1)]
    assert asked == [False] * A_MINUTE + [True]
    assert not buckets.is_too_much("another", now)
    assert not buckets.is_too_much("one", now + timedelta(minutes=1))


class TestWhoReadsIt:
    def test_a_new_link_ends_the_old_one(self, made: Deployment, reader: Person) -> None:
        old = new_link(reader)
        new = new_link(reader, "New link")
        assert new != old
        assert fetch(made, old).status == 404
        assert fetch(made, new).status == 200

    def test_revoked_there_is_nothing_any_more(self, made: Deployment, reader: Person) -> None:
        link = new_link(reader)
        reader.click("Revoke")
        assert "Revoked." in shown(reader).text
        assert fetch(made, link).status == 404
        with made.db.begin() as session:
            assert session.exec(select(CalendarFeed)).all() == []
            noted = [each.what for each in audit.entries(session, "T0PLAY", "U0INTC")]
        assert noted == ["calendar feed made", "calendar feed revoked"]

    def test_it_is_never_shown_again_and_says_when_it_was_read(
        self, made: Deployment, reader: Person
    ) -> None:
        link = new_link(reader)
        reader.close()
        reader.click("Calendar feed", on=reader.home)
        assert "not read by any calendar yet" in shown(reader).text
        assert link not in repr(shown(reader).raw)
        fetch(made, link)
        reader.close()
        reader.click("Calendar feed", on=reader.home)
        assert ", read " in shown(reader).text

    @pytest.mark.parametrize("change", [{"deleted": True}, {"is_restricted": True}])
    def test_who_is_no_member_any_more_reads_nothing(
        self, made: Deployment, reader: Person, change: dict[str, bool]
    ) -> None:
        link = new_link(reader)
        made.play.clock.advance(timedelta(minutes=6))
        user = made.play.workspace.users["U0INTC"]
        was = {name: user[name] for name in change}
        user.update(change)
        assert fetch(made, link).status == 404
        user.update(was)
        made.play.clock.advance(timedelta(minutes=6))

    def test_a_team_that_removed_the_bot_has_none(self, made: Deployment, reader: Person) -> None:
        link = new_link(reader)
        with made.db.begin() as session:
            workspaces.leave(session, "T0PLAY", made.play.clock.now())
        assert fetch(made, link).status == 404

    @pytest.mark.parametrize("path", ["", ".ics", "x.ics", "../calendar/x.ics", "%00.ics"])
    def test_no_other_address_opens_anything(self, made: Deployment, path: str) -> None:
        assert fetch(made, f"{PUBLIC}/calendar/{path}").status in (400, 404)


def test_where_nobody_can_reach_the_bot_it_says_so(play: Playground) -> None:
    """Over Socket Mode, as the demo is."""
    person = play.person("Interviewer C")
    person.open_home()
    person.click("Calendar feed", on=person.home)
    assert "connected by Socket Mode" in shown(person).text
    assert "PUBLIC_URL" in shown(person).text
    assert shown(person).element("feed_renew") is None
