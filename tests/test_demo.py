"""The living example: what a newcomer finds, and finds again after a reset."""

from collections.abc import Iterator

import pytest

from bot.launch import demo
from playground import Playground
from tests.offices import mail, shown


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


def test_a_reset_sets_it_up_anew(living: Playground) -> None:
    living.act("reset", {"user": "U0COORD"})
    assert "5 of 5 in" in home(living, "Hiring manager")
    person = living.person("Interviewer C")
    living.wait_until(lambda: len(mail(person)) >= 3, "no briefs came")
    assert living.problems == []
