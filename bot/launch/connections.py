"""Connections to other programs, as the command line makes them in the name of somebody."""

import json
from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

from slack_sdk import WebClient
from sqlmodel import Session

from bot import reach, webhooks
from bot.errors import Refusal
from bot.reach import Network, UnreachableError
from bot.records import Webhook
from bot.store import openings
from bot.store import webhooks as stored
from handlers.here import Here

NOT_ADMIN = (
    "Only an admin or owner of the workspace can have every opening told. Leave out "
    "--all-openings for those that you plan."
)
NO_OPENING = "You plan no opening, so there is nothing to tell. An admin can use --all-openings."


def add(
    here: Here,
    client: WebClient,
    url: str,
    *,
    events: Sequence[str],
    content: Sequence[str],
    everywhere: bool,
    networks: Sequence[Network],
) -> Webhook:
    """A new webhook, with its secret. Raises Refusal for what cannot be told, or reached, and for
    who may not have it told."""
    _require_known("event", events, webhooks.EVENTS)
    _require_known("content", content, webhooks.CONTENT)
    told = reach.trouble(url, networks)
    if told:
        raise Refusal(f"Nothing can be sent there: {told}.")
    if everywhere and not here.is_admin(client):
        raise Refusal(NOT_ADMIN)
    with here.db.begin() as session:
        if not everywhere and not openings.planned_by(session, here.team_id, here.user_id):
            raise Refusal(NO_OPENING)
        if len(stored.of_team(session, here.team_id)) >= stored.MOST:
            raise Refusal(f"There are {stored.MOST} webhooks already: remove one first.")
        hook = Webhook(
            id=f"wh_{uuid4().hex[:12]}",
            team_id=here.team_id,
            owner=here.user_id,
            everywhere=everywhere,
            url=url,
            secret=webhooks.new_secret(),
            events=sorted(set(events or webhooks.EVENTS)),
            content=sorted(set(content)),
            created_at=here.now,
        )
        session.add(hook)
        here.note(session, "webhook added", hook.id)
    return hook


def _require_known(what: str, given: Sequence[str], known: dict[str, str]) -> None:
    wrong = [each for each in given if each not in known]
    if wrong:
        raise Refusal(f"There is no {what} “{wrong[0]}”. There are: {', '.join(known)}.")


def listed(here: Here, client: WebClient) -> list[tuple[Webhook, dict[str, int]]]:
    """Those of this person, of an admin all, each with how many events it has in which state."""
    everything = here.is_admin(client)
    with here.db.begin() as session:
        counts = stored.counts(session, here.team_id)
        return [
            (each, {state: n for (hook, state), n in counts.items() if hook == each.id})
            for each in stored.of_team(session, here.team_id)
            if everything or each.owner == here.user_id
        ]


def remove(here: Here, client: WebClient, id_: str) -> None:
    admin = here.is_admin(client)
    with here.db.begin() as session:
        hook = _mine(session, here, id_, admin=admin)
        stored.remove(session, hook)
        here.note(session, "webhook removed", hook.id)


def rotate(here: Here, client: WebClient, id_: str, overlap: timedelta) -> Webhook:
    """Give it a new secret. The old one signs, too, for as long as `overlap`."""
    admin = here.is_admin(client)
    with here.db.begin() as session:
        hook = _mine(session, here, id_, admin=admin)
        hook.old_secret = hook.secret if overlap else ""
        hook.old_until = here.now + overlap if overlap else None
        hook.secret = webhooks.new_secret()
        session.add(hook)
        here.note(session, "webhook secret changed", hook.id)
    return hook


def test(here: Here, client: WebClient, id_: str, networks: Sequence[Network]) -> str:
    """Send it an event of no loop, at once. Returns what was answered; raises Refusal when that was
    no yes. One that was off is on again after a yes."""
    admin = here.is_admin(client)
    with here.db.begin() as session:
        hook = _mine(session, here, id_, admin=admin)
    told = webhooks.body(webhooks.TEST, here.now, {"webhook": hook.id})
    headers = webhooks.headers([hook.secret], f"msg_{uuid4().hex}", here.now, told)
    try:
        answer = reach.post(hook.url, told, headers, networks)
    except UnreachableError as error:
        raise Refusal(f"Nothing took it: {error}. {_fix(str(error))}") from None
    if not 200 <= answer.status < 300:
        raise Refusal(f"It answered {answer.status}, which is no yes: 200 to 299 is.")
    with here.db.begin() as session:
        kept = stored.find(session, here.team_id, hook.id)
        if kept is not None:
            kept.state, kept.error, kept.heard_at = "on", "", here.now
            session.add(kept)
    return str(answer.status)


FIXES = {
    "address_not_allowed": "It is no public address; WEBHOOK_NETWORKS can allow one of yours.",
    "certificate_refused": "Its certificate does not fit its name, or is of nobody we know.",
    "name_not_found": "Look at the spelling of the host.",
}


def _fix(error: str) -> str:
    return FIXES.get(error, "Is the receiver running, and can this machine reach it?")


def _mine(session: Session, here: Here, id_: str, *, admin: bool) -> Webhook:
    """Raises Refusal for what is neither this person's nor an admin's to change."""
    hook = stored.find(session, here.team_id, id_)
    if hook is None or not (admin or hook.owner == here.user_id):
        raise Refusal(f"You have no webhook {id_}. `safety-interview webhooks list` shows yours.")
    return hook


def as_json(found: Sequence[tuple[Webhook, dict[str, int]]]) -> str:
    """Without secrets; of an address only where it is, since the rest is often a secret."""
    told = [
        {
            "id": hook.id,
            "owner": hook.owner,
            "host": host(hook),
            "all_openings": hook.everywhere,
            "state": hook.state,
            "events": hook.events,
            "content": hook.content,
            "waiting": counts.get("pending", 0),
            "given_up": counts.get("failed", 0),
            "heard_at": hook.heard_at.isoformat() if hook.heard_at else None,
            "error": hook.error,
        }
        for hook, counts in found
    ]
    return json.dumps(told, indent=2)


def host(hook: Webhook) -> str:
    return hook.url.partition("://")[2].partition("/")[0].partition("?")[0]
