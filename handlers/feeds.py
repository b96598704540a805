"""A private calendar of one's own interviews, read by calendar programs at a secret address."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from secrets import token_urlsafe
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import calendar, people
from bot.records import CalendarFeed
from bot.store import feeds, workspaces
from handlers import places
from handlers.here import Here
from handlers.views import feed as feed_view

Body = dict[str, Any]
Headers = list[tuple[str, str]]

READ_AGAIN = timedelta(hours=1)  # How exactly it is known when it was read last.
KIND = ("Content-Type", "text/calendar; charset=utf-8")
NONE = b"There is no such calendar.\n"
TEXT = ("Content-Type", "text/plain; charset=utf-8")


def open_(ack: Ack, body: Body, client: WebClient, here: Here) -> None:
    """Whether there is one, and what can be done about it. Its address is told only when it is
    made: it is not kept."""
    places.open_window(_window(here), body, client)
    ack()


def renew(ack: Ack, body: Body, client: WebClient, here: Here) -> None:
    """A new address, shown this once to this person. What was read at an old one is gone."""
    if not here.public_url:
        places.redraw(_window(here), body, client)
        ack()
        return
    token = token_urlsafe(32)
    with here.db.begin() as session:
        feeds.renew(session, here.team_id, here.user_id, _hash(token), here.now)
        here.note(session, "calendar feed made", here.user_id)
    address = f"{here.public_url}/calendar/{token}.ics"
    places.redraw(feed_view.made(address), body, client)
    ack()


def revoke(ack: Ack, body: Body, client: WebClient, here: Here) -> None:
    with here.db.begin() as session:
        if feeds.revoke(session, here.team_id, here.user_id):
            here.note(session, "calendar feed revoked", here.user_id)
    places.redraw(_window(here, "Revoked. Nothing is at that address any more."), body, client)
    ack()


def _window(here: Here, note: str = "") -> Body:
    if not here.public_url:
        return feed_view.unavailable()
    with here.db.begin() as session:
        return feed_view.window(feeds.of(session, here.team_id, here.user_id), note)


# What a calendar program asks, over HTTP.


@dataclass(frozen=True)
class Asked:
    """What a calendar program has already: its headers If-None-Match and If-Modified-Since."""

    none_match: str = ""
    modified_since: str = ""


def whose(here: Here, token: str) -> CalendarFeed | None:
    """The feed that this token opens, unless its team has removed the bot."""
    with here.db.begin() as session:
        found = feeds.by_hash(session, _hash(token))
        if found is None or workspaces.gone_at(session, found.team_id) is not None:
            return None
        return found


def answer(
    here: Here, feed: CalendarFeed, asked: Asked, client: WebClient
) -> tuple[int, Headers, bytes]:
    """Status, headers and the calendar; without it when the program has it as it is. `here` is the
    person whose it is."""
    member = here.people.member(here.team_id, here.user_id, client)
    if member.refusal == people.NOT_SURE:
        return 503, [TEXT, ("Retry-After", "300")], b"Slack did not answer just now.\n"
    if member.refusal:  # Who left, or became a guest: as if it had been revoked.
        return 404, [TEXT], NONE
    with here.db.begin() as session:
        rows = feeds.entries(session, here.team_id, here.user_id, here.now - calendar.PAST)
        found = calendar.entries(rows, here.bank.debrief.minutes)
        tag = calendar.tag(found)
        kept = feeds.of(session, here.team_id, here.user_id)
        if kept is None or kept.token_hash != feed.token_hash:  # Revoked at this very moment.
            return 404, [TEXT], NONE
        if kept.tag != tag:
            kept.tag, kept.changed_at = tag, here.now
        if kept.read_at is None or kept.read_at < here.now - READ_AGAIN:
            kept.read_at = here.now
        session.add(kept)
        changed_at = kept.changed_at.replace(microsecond=0)
    headers = [
        ("ETag", f'"{tag}"'),
        ("Last-Modified", format_datetime(changed_at, usegmt=True)),
        # Nobody on the way may keep it, and it is asked for anew each time.
        ("Cache-Control", "private, no-cache"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Robots-Tag", "noindex"),
        ("Referrer-Policy", "no-referrer"),
    ]
    if _has(asked, tag, changed_at):
        return 304, headers, b""
    return 200, [KIND, *headers], calendar.feed(found, changed_at)


def _has(asked: Asked, tag: str, changed_at: datetime) -> bool:
    """By RFC 9110: the tag counts when there is one, and only without it the time."""
    if asked.none_match:
        tags = [each.strip().removeprefix("W/") for each in asked.none_match.split(",")]
        return "*" in tags or f'"{tag}"' in tags
    try:
        return changed_at <= parsedate_to_datetime(asked.modified_since)
    except (TypeError, ValueError):
        return False


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
