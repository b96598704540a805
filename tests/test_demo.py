"""The living example: what a newcomer finds, and finds again after a reset."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.launch import demo
from playground import Playground
from tests.decided import options
from tests.offices import mail, shown, wait_for_mail, wait_for_text


@pytest.fixture(scope="module")
def living() -> Iterator[Playground]:
    with demo.workspace(0, living=True) as play:
        yield play


def home(play: Playground, name: str) -> str:
    person = play.person(name)
    person.open_home()
    assert person.home is not None
    return person.home.text


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("Recruiting coordinator", "nobody interviews yet in *Onsite C, incident response*"),
        ("Hiring manager", "5 of 5 in"),
        ("Interviewer A", "your draft is from"),
        ("Interviewer B", "Your next interviews"),
        ("Interviewer D", "*Scorecard of C.7 (C-102)*"),
    ],
)
def test_everybody_finds_something_to_do(living: Playground, name: str, sees: str) -> None:
    assert sees in home(living, name)
    assert living.problems == []


def test_what_is_there_can_be_gone_on_with(living: Playground) -> None:
    person = living.person("Interviewer A")
    person.open_home()
    person.click("Finish it", on=person.home)
    assert "0 of 1 done · draft saved" in shown(person).text
    person.close()


def test_a_reset_sets_it_up_anew(living: Playground, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):  # The second while the messages of the first are on their way.
        living.act("reset", {"user": "U0COORD"})
    assert "5 of 5 in" in home(living, "Hiring manager")
    person = living.person("Interviewer C")
    living.wait_until(lambda: len(mail(person)) >= 3, "no briefs came")
    assert living.problems == []
    assert [each for each in caplog.records if each.name.startswith("handlers")] == []


def test_late_on_a_saturday_it_is_as_alive() -> None:
    with demo.workspace(0, living=True) as play:
        now = play.clock.now()
        saturday = (now + timedelta(days=7 - (now.weekday() + 2) % 7)).date()
        play.clock.move_to(datetime.combine(saturday, time(22), UTC))
        play.act("reset", {"user": "U0COORD"})
        for letter in "ABCDE":
            wait_for_mail(play, play.person(f"Interviewer {letter}"), 1)
        wait_for_mail(play, play.person("Hiring manager"), 1)
        assert play.problems == []


def test_a_newcomer_can_run_it_to_its_decision(living: Playground) -> None:
    living.act("reset", {"user": "U0COORD"})
    manager, raiser = living.person("Hiring manager"), living.person("Interviewer D")
    manager.slash("/safety-interview debrief C-101")
    manager.click("Decide…", on=manager.last)
    manager.fill("outcome", "hire")
    manager.fill("cites", options(manager, "cites")[:2])
    manager.fill("rationale", "Three of four heard numbers, and who may stop a release.")
    manager.submit()
    assert "<@U0INTD> (bar raiser): asked now to concur or object" in shown(manager).text
    assert "<@U0INTE>: saw it otherwise" in shown(manager).text
    manager.submit()
    wait_for_text(living, raiser, "Do you concur?")
    raiser.click("Concur", channel="app")
    wait_for_text(living, living.person("Interviewer C"), "decided *hire at Senior*. Thank you")
    while manager.modal is not None:
        manager.close()
    manager.slash("/safety-interview debrief C-101")
    assert "*Decided: hire at Senior*" in manager.last.text
    assert living.problems == []
