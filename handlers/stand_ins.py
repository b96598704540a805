"""Somebody else in the place of an interviewer: before the interview, or because they held it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from slack_sdk import WebClient
from sqlmodel import Session

from bot import clashes, hours
from bot.errors import Refusal
from bot.hours import Hours
from bot.panels import Panel
from bot.plans import Sitting
from bot.records import Interview
from bot.store import loops, panelists
from bot.store import people as stored_people
from handlers import planning
from handlers.here import Here
from handlers.views.brief import Proposal

MOST_PROPOSED = 3
MOST_ASKED = 8  # People whose zone is asked of Slack.
RECENT = timedelta(days=180)  # Who interviewed within this time is known to be trained.
WEEK = timedelta(days=7)


def put(
    session: Session, here: Here, panel: Panel, interview_id: str, person: str, other: str
) -> None:
    """`other` owes the scorecard from now on, and `person` does not; both are told. Raises Refusal
    when that was settled meanwhile. The panel was read to be changed by nobody else."""
    before = loops.plan(session, panel.loop)
    at = next((n for n, each in enumerate(before.sessions) if each.id == interview_id), None)
    seats = before.sessions[at].seats if at is not None else ()
    if panel.loop.state != "active" or not any(seat.person == person for seat in seats):
        raise Refusal("That has been settled meanwhile.")
    chair = panel.chair(interview_id, person)
    if chair is not None and chair.is_in:
        raise Refusal(f"<@{person}> has handed in their scorecard of it already.")
    if any(seat.person == other for seat in seats):
        raise Refusal(f"<@{other}> is in that interview already.")
    new = tuple(
        Sitting(person=other, role=seat.role) if seat.person == person else seat for seat in seats
    )
    planning.remember(session, here, panel.loop, before)
    loops.save(session, panel.loop, before.with_session(at or 0, seats=new))
    planning.owe(session, here, before, loops.plan(session, panel.loop), later=True)
    here.note(session, "interviewer replaced", panel.loop.id)


def zones(here: Here, client: WebClient, panel: Panel, interview: Interview) -> dict[str, str]:
    """Where those are who could stand in, as Slack knows: only of the first few, since each may
    be a request."""
    with here.db.begin() as session:
        found = _ranked(session, panel, interview, here.user_id, {})[:MOST_ASKED]
    members = [here.people.member(here.team_id, each.person, client) for each in found]
    return {each.id: each.zone for each in members if not each.refusal}


def proposals(
    session: Session,
    panel: Panel,
    interview: Interview,
    instead_of: str,
    zones: Mapping[str, str],
) -> list[Proposal]:
    """Who could interview instead: has interviewed lately or was found ready, is not on the panel,
    is free then and under their weekly limit, and lives in one of `zones`. Those whom it does not
    suit are among them only when it suits nobody; who has fewest interviews that week is first."""
    found = [
        each
        for each in _ranked(session, panel, interview, instead_of, zones)
        if each.person in zones
    ]
    suited = [each for each in found if not each.trouble]
    return (suited or found)[:MOST_PROPOSED]


def _ranked(
    session: Session,
    panel: Panel,
    interview: Interview,
    instead_of: str,
    zones: Mapping[str, str],
) -> list[Proposal]:
    team, starts = panel.loop.team_id, interview.starts_at
    trained = panelists.leads(session, team, starts - RECENT)
    on_panel = {chair.seat.person for chair in panel.chairs if chair.seat.state == "on"}
    people = trained - on_panel - {instead_of}
    busy = panelists.engagements(session, team, people, starts - WEEK, starts + WEEK)
    settings = stored_people.settings(session, team, people)
    found = []
    for person in people:
        at = hours.of(settings.get(person), zones.get(person, "UTC"))
        theirs = [each for who, each, _ in busy if who == person]
        clashing = any(
            clashes.overlap(starts, interview.minutes, each.starts_at, each.minutes)
            for each in theirs
        )
        week = _week(at, starts)
        that_week = sum(_week(at, each.starts_at) == week for each in theirs)
        away = at.away_until is not None and hours.local(at, starts).date() < at.away_until
        if not clashing and not away and that_week < at.weekly_limit:
            trouble = hours.trouble(at, starts, interview.minutes)
            found.append((that_week, Proposal(person, trouble)))
    return [each for _, each in sorted(found, key=lambda pair: (pair[0], pair[1].person))]


def _week(at: Hours, when: datetime) -> tuple[int, int]:
    year, week, _ = hours.local(at, when).isocalendar()
    return year, week
