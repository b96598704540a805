"""What is odd about a plan: rules only."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot import clashes
from bot.clashes import Busy, Known
from bot.hours import Hours
from bot.plans import Plan, Role, Session, Sitting
from tests.banks import SHIPPED
from tests.test_openings import made

OPENING = made()
NOON = datetime(2031, 3, 12, 12, tzinfo=UTC)  # A Wednesday, and nobody's holiday.
LONDON = Hours("Europe/London")
ONSITE = ("onsite_a", "onsite_b", "onsite_c", "onsite_d")


def held(round_: str, person: str = "", at: datetime = NOON, **more: Any) -> Session:
    seats = (Sitting(person=person, **more),) if person else ()
    return Session(round=round_, minutes=60, starts_at=at, seats=seats)


def plan(*sessions: Session, **more: Any) -> Plan:
    return Plan(opening_id=OPENING.id, candidate="Candidate 12", sessions=sessions, **more)


def warned(found: Plan, *, now: datetime = NOON - timedelta(days=7), **known: Known) -> list[str]:
    everybody = {person: known.get(person, Known(LONDON)) for person in found.people}
    return [str(each) for each in clashes.warnings(found, OPENING, SHIPPED, everybody, now)]


def whole_day(**changes: Any) -> Plan:
    """All rounds, one after the other, each with somebody of their own."""
    sessions = [
        held(round_, f"U{at}", NOON + timedelta(hours=at)) for at, round_ in enumerate(ONSITE)
    ]
    return plan(*sessions, **changes)


def test_a_sensible_day_has_nothing_odd() -> None:
    assert warned(whole_day(debrief_at=NOON + timedelta(days=1))) == []


def test_one_person_in_two_rounds_at_one_time() -> None:
    found = warned(plan(held("onsite_a", "U1"), held("onsite_b", "U1")))
    assert "<@U1> is in both" in "\n".join(found)
    assert "the candidate cannot be in both" in "\n".join(found)


def test_rounds_that_touch_do_not_overlap() -> None:
    found = plan(held("onsite_a", "U1"), held("onsite_b", "U1", NOON + timedelta(hours=1)))
    assert "both" not in "\n".join(warned(found))


@pytest.mark.parametrize(("minutes", "clashes_"), [(-60, False), (-59, True), (59, True)])
def test_an_interview_in_another_loop_at_that_time(minutes: int, clashes_: bool) -> None:
    busy = Known(LONDON, (Busy(NOON + timedelta(minutes=minutes), 60, "C-101"),))
    found = "\n".join(warned(plan(held("onsite_a", "U1")), U1=busy))
    assert ("<@U1> interviews C-101 at the time of" in found) is clashes_


def test_times_outside_of_one_person_s_hours_are_one_thing_to_look_at() -> None:
    there = Known(Hours("America/Los_Angeles"))
    found = plan(held("onsite_a", "U1"), held("onsite_b", "U1", NOON + timedelta(hours=1)))
    (told,) = [each for each in warned(found, U1=there) if "works" in each]
    assert told.startswith("<@U1> works 09:00-18:00; in their time: *Onsite A")
    assert "is 05:00-06:00, *Onsite B, system design* is 06:00-07:00" in told


def test_a_weekend_a_holiday_and_an_absence_are_named() -> None:
    saturday, boxing_day = NOON + timedelta(days=3), datetime(2031, 12, 26, 12, tzinfo=UTC)
    assert "does not work on Saturdays" in "\n".join(warned(plan(held("onsite_a", "U1", saturday))))
    assert "Boxing Day" in "\n".join(warned(plan(held("onsite_a", "U1", boxing_day))))
    away = Known(Hours("Europe/London", away_until=date(2031, 3, 13)))
    assert "is away until Thu 13 Mar" in "\n".join(warned(plan(held("onsite_a", "U1")), U1=away))


@pytest.mark.parametrize(("limit", "over"), [(2, True), (3, False)])
def test_the_weekly_limit_counts_other_loops(limit: int, over: bool) -> None:
    busy = (Busy(NOON - timedelta(days=1), 60, "C-101"), Busy(NOON - timedelta(days=7), 60, "C-9"))
    known = Known(Hours("Europe/London", weekly_limit=limit), busy)
    found = plan(held("onsite_a", "U1"), held("onsite_b", "U1", NOON + timedelta(hours=1)))
    told = "would have 3 interviews in the week of 10 Mar; their limit is 2"
    assert (told in "\n".join(warned(found, U1=known))) is over


@pytest.mark.parametrize(("role", "alone"), [(Role.LEAD, True), (Role.SHADOW, False)])
def test_somebody_in_training_does_not_lead(role: Role, alone: bool) -> None:
    found = warned(plan(held("onsite_a", "U1", role=role)), U1=Known(LONDON, (), trains=True))
    assert ("still in training" in "\n".join(found)) is alone


def test_areas_that_nobody_covers_are_two_sentences_at_most() -> None:
    found = [each for each in warned(plan(held("onsite_a", "U1"))) if "Nobody covers" in each]
    assert len(found) <= 2
    assert "*Incident response*" in "\n".join(found)


def test_a_debrief_before_the_last_interview_ends() -> None:
    told = "The debrief begins before the last interview ends."
    assert told in warned(whole_day(debrief_at=NOON + timedelta(hours=3)))
    assert told not in warned(whole_day(debrief_at=NOON + timedelta(hours=4)))


def test_what_lies_in_the_past_is_pointed_out() -> None:
    found = "\n".join(warned(whole_day(), now=NOON + timedelta(minutes=1)))
    assert "*Onsite A, adversarial thinking* lies in the past." in found


def test_all_about_one_person_stands_together_and_a_clash_comes_first() -> None:
    there = Hours("America/Los_Angeles", weekly_limit=0)
    known = {"U1": Known(there), "U2": Known(there, (Busy(NOON, 60, "C-101"),))}
    found = plan(held("onsite_a", "U1"), held("onsite_b", "U2", NOON))
    everybody = clashes.warnings(found, OPENING, SHIPPED, known, NOON - timedelta(days=7))
    about = [each.about for each in everybody]
    assert about == sorted(about, key=["", "U2", "U1"].index)
    assert len(about) > len(set(about))
