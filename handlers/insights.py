"""Insights of those who plan: `/safety-interview insights`, and from Home."""

from typing import Any

from slack_bolt import Ack, Respond
from slack_sdk import WebClient
from slackblocks import Block
from sqlmodel import Session

from bot import insights
from bot.errors import Refusal
from bot.hours import Hours
from bot.insights import Section
from bot.store import echo, workload
from bot.store import insights as stored
from bot.store import openings as stored_openings
from bot.store.insights import Scope
from handlers import places
from handlers.here import Here
from handlers.views import insights as view
from handlers.views import insights_panels as panels_view
from handlers.views import insights_scores as scores_view
from handlers.views.page import Page

Body = dict[str, Any]

MOST_PEOPLE = 50
PLANNERS_ONLY = (
    "Only who coordinates or decides on an opening has insights, over their own openings. Your own "
    "figures are in `/safety-interview mirror`, which nobody else can open."
)


def command(ack: Ack, command: Body, _: WebClient, here: Here) -> None:
    typed = command["text"].partition(" ")[2].strip().lower()
    ack(shown(here, _section(typed), "").message())


def show(
    ack: Ack, action: Body, body: Body, respond: Respond, client: WebClient, here: Here
) -> None:
    """Another section, or another opening, in place."""
    value = str((action.get("selected_option") or action).get("value", ""))
    name, _, chosen = value.partition("|")
    places.show(shown(here, _section(name), chosen), body, respond, client)
    ack()


def _section(typed: str) -> Section:
    """The one whose name begins like what was typed; the first otherwise."""
    names = {name.lower(): each for each in Section for name in (each, each.word, each.label)}
    found = (each for name, each in names.items() if typed and name.startswith(typed))
    return next(found, Section.TIME)


def shown(here: Here, section: Section, chosen: str) -> Page:
    """Raises Refusal for who plans nothing. An opening that is not theirs is not chosen."""
    with here.db.begin() as session:
        mine = stored_openings.titles(session, here.team_id, here.user_id)
        if not mine:
            raise Refusal(PLANNERS_ONLY)
        one = chosen if chosen in mine else ""
        scope = Scope(here.team_id, [one] if one else list(mine))
        body = _body(session, here, section, scope)
    return view.page(section, one, mine, body)


def _body(session: Session, here: Here, section: Section, scope: Scope) -> list[Block]:
    policy = here.bank.insights
    fewest, of = policy.fewest, (here.team_id, scope.opening_ids)
    match section:
        case Section.TIME:
            return panels_view.time(stored.waited(session, scope, fewest), fewest)
        case Section.WAITING:
            return panels_view.waiting(workload.queue(session, *of, here.now, MOST_PEOPLE))
        case Section.SCORES:
            return scores_view.scores(here.bank, stored.scores(session, scope), fewest)
        case Section.AGREEMENT:
            return scores_view.agreement(
                stored.on_questions(session, scope),
                stored.on_recommendations(session, scope),
                stored.on_drills(session, here.team_id),
                fewest,
            )
        case Section.PEOPLE:
            until = insights.theirs_until(policy, here.now)
            found = stored.leanings(session, scope, until, fewest, MOST_PEOPLE)
            return panels_view.people(found, fewest, policy.theirs_first)
        case Section.QUESTIONS:
            used = stored.uses(session, scope, fewest, scores_view.MOST_QUESTIONS)
            return scores_view.questions(here.bank, used, fewest)
        case Section.LOAD:
            weeks, usual = insights.weeks(here.now), Hours().weekly_limit
            return panels_view.load(workload.loads(session, *of, weeks, usual, MOST_PEOPLE))
        case Section.ECHO:
            return scores_view.echo(here.bank, *echo.foretold(session, *of), fewest)
