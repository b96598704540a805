"""Interviews from a pasted table, or from a file on the command line."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot import clashes, imports, plans
from bot.errors import Refusal
from bot.imports import Problem
from bot.plans import Plan
from bot.records import Opening
from bot.store import loops, take_turns
from bot.store import openings as stored
from handlers import planning
from handlers.here import Here
from handlers.views import imports as imports_view
from handlers.views import loop as loop_view
from handlers.views.text import escape

Body = dict[str, Any]


@dataclass(frozen=True)
class Imported:
    """What a table would change: nothing while there is a problem with it."""

    plans: list[Plan]
    problems: list[Problem]
    openings: dict[str, Opening]
    rows: int

    @property
    def people(self) -> list[str]:
        return list(dict.fromkeys(person for plan in self.plans for person in plan.people))


def read(text: str, client: WebClient, here: Here) -> Imported:
    """Read a table as the person who asks may: for openings that they plan."""
    with here.db.begin() as session:
        mine = [
            each
            for each in stored.planned_by(session, here.team_id, here.user_id)
            if each.closed_at is None
        ]
    if not mine:
        raise Refusal(planning.NO_OPENING)
    zone = here.people.member(here.team_id, here.user_id, client).zone
    rows, problems = imports.read(text, mine, zone, Finder(client, here).find)
    with here.db.begin() as session:
        names = {row.candidate.lower() for row in rows}
        existing = {
            (loop.opening_id, loop.candidate.lower()): loops.plan(session, loop)
            for loop in loops.called(session, here.team_id, [each.id for each in mine], names)
        }
    found = imports.plans(rows, existing) if not problems else []
    return Imported(found, problems, {each.id: each for each in mine}, len(rows))


class Finder:
    """Finds people by Slack id, mention or e-mail address; each is looked up once."""

    def __init__(self, client: WebClient, here: Here) -> None:
        self._client, self._here = client, here
        self._found: dict[str, str] = {}

    def find(self, name: str) -> str:
        """Raises Refusal for whoever is not here, or may not see the questions."""
        if name not in self._found:
            self._found[name] = self._look_up(name)
        return self._found[name]

    def _look_up(self, name: str) -> str:
        user_id = name.strip("<@>").partition("|")[0]
        if "@" in user_id:
            try:
                answer = self._client.users_lookupByEmail(email=user_id)
            except SlackApiError as error:
                if error.response.get("error") != "users_not_found":
                    raise
                raise Refusal(f"nobody here has the address {user_id}.") from None
            user_id = str(answer["user"]["id"])
        elif user_id[:1] not in ("U", "W") or not user_id.isalnum():
            raise Refusal(f"“{name[:40]}” is neither an e-mail address nor a Slack member ID.")
        member = self._here.people.member(self._here.team_id, user_id, self._client)
        if member.refusal:
            raise Refusal(f"“{name[:40]}” cannot interview here: they are no full member.")
        return user_id


def warnings(found: Imported, client: WebClient, here: Here) -> list[str]:
    """What is odd about the plans, each with whose it is."""
    told = []
    for plan in found.plans:
        opening = found.openings[plan.opening_id]
        known = planning.look_up(plan, client, here)
        who = plan.candidate if opening.shown_as == "name" else plans.initials(plan.candidate)
        odd = clashes.warnings(plan, opening, here.bank, known, here.now)
        told += [f"{escape(who)}: {each}" for each in odd]
    return told


def save(session: Session, here: Here, found: Imported) -> int:
    """Keep every plan in this one transaction. Returns how many loops changed. Raises Refusal when
    somebody planned for one of the candidates since the table was read."""
    take_turns(session, f"import {here.team_id}")
    new = {(plan.opening_id, plan.candidate.lower()) for plan in found.plans if not plan.loop_id}
    ids, names = {id_ for id_, _ in new}, {name for _, name in new}
    there = loops.called(session, here.team_id, ids, names) if new else []
    if any((loop.opening_id, loop.candidate.lower()) in new for loop in there):
        raise Refusal("Somebody else planned for these candidates meanwhile. Check it once more.")
    for plan in found.plans:
        planning.keep(session, here, plan, later=False, made=uuid4().hex)
    return len(found.plans)


def open_form(ack: Ack, body: Body, client: WebClient) -> None:
    client.views_open(trigger_id=body["trigger_id"], view=imports_view.form())
    ack()


def check(ack: Ack, view: Body, client: WebClient, here: Here) -> None:
    """What the table would do; with a problem in it, the form again with each row's reason."""
    text = view["state"]["values"]["table"]["table"]["value"] or ""
    found = read(text, client, here)
    if found.problems or not found.plans:
        ack(response_action="update", view=imports_view.form(text, found.problems, found.rows))
        return
    before = {plan.loop_id for plan in found.plans if plan.loop_id}
    shown = imports_view.check(
        text, found.plans, len(before), found.people, warnings(found, client, here)
    )
    ack(response_action="update", view=shown)


def confirm(ack: Ack, view: Body, client: WebClient, here: Here) -> None:
    found = read(view["private_metadata"], client, here)
    if found.problems:
        raise Refusal("The table does not fit any more. Paste it anew: `/safety-interview import`.")
    with here.db.begin() as session:
        number = save(session, here, found)
    here.wake()
    told = f"{number} loops are planned, and their panels are told. `/safety-interview loops`"
    ack(response_action="update", view=loop_view.sentence("Imported", told))
