"""A debrief as the bot runs it: its agenda, who speaks first, its steps, and whose it is."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot import panels, plans
from bot.content.debrief import DebriefPolicy
from bot.errors import Refusal
from bot.packets import OVERALL, Packet, Topic
from bot.panels import Panel
from bot.records import Debrief, Loop, Opening
from bot.typed import escape

Item = dict[str, Any]  # A topic of an agenda: its key, title, minutes and speakers.


class Step(StrEnum):
    NEXT = "next"
    BACK = "back"
    MORE = "more"
    END = "end"


def require_reader(panel: Panel, person: str) -> None:
    """Raises Refusal for whoever may not read what the panel wrote, and says why."""
    if panels.may_read(panel, person):
        return
    panels.require_insight(panel, person)
    who = panel.candidate
    if not panel.is_revealed:
        arrived = len(panel.awaited) - len(panel.missing)
        missing = ", ".join(sorted({f"<@{chair.seat.person}>" for chair in panel.missing}))
        waits = f" I wait for {missing}." if missing else ""
        raise Refusal(
            f"{arrived} of {len(panel.awaited)} scorecards of {who} are in. They stay sealed until "
            f"the last one is.{waits}"
        )
    raise Refusal(
        f"Your scorecard of {who} is still missing, so what the others wrote stays closed to you. "
        "It opens with your own: `/safety-interview` → Home."
    )


def require_active(panel: Panel) -> None:
    """Raises Refusal for a loop that has ended."""
    if panel.loop.state != "active":
        raise Refusal(
            f"The loop of {escape(panel.candidate)} has ended, so there is nothing to debrief."
        )


def agenda(
    policy: DebriefPolicy, packet: Packet, minutes: int, ranked: Sequence[str], seed: str
) -> list[Item]:
    """What is talked about, in order, the overall recommendations last. `ranked` are those whose
    seniority is known, least senior first; lots are drawn with `seed`."""
    each = minutes_each(policy, minutes, len(packet.topics))
    topics = [*((topic, each) for topic in packet.topics), (OVERALL, policy.deciding)]
    return [
        {
            "key": topic.key,
            "title": topic.title,
            "minutes": length,
            "speakers": speakers(packet, topic, ranked, seed),
        }
        for topic, length in topics
    ]


def minutes_each(policy: DebriefPolicy, minutes: int, topics: int) -> int:
    """What each of so many topics gets of a debrief that takes `minutes`."""
    shared = (minutes - policy.deciding) // topics if topics else policy.most
    return max(policy.least, min(policy.most, shared))


def fitting(policy: DebriefPolicy, minutes: int, topics: int) -> int:
    """How many of so many topics fit into a debrief that takes `minutes`."""
    left = max(0, minutes - policy.deciding)
    return min(topics, left // minutes_each(policy, minutes, topics))


def speakers(packet: Packet, topic: Topic, ranked: Sequence[str], seed: str) -> list[str]:
    """Who speaks on a topic, in order: of those who assessed or heard it (of all, when nobody did)
    the least senior first; those whose seniority nobody said are drawn by lot after them. The
    hiring manager always comes last, whether or not they interviewed."""
    manager = packet.panel.opening.hiring_manager
    heard = [each.person for row in topic.rows for each in row.scored]
    if topic.key.startswith("flags."):
        red = topic.key == "flags.red"
        heard = [card.person for flag in packet.flags if flag.red is red for card, _ in flag.by]
    people = dict.fromkeys(heard or [card.person for card in packet.cards])
    people.pop(manager, None)
    first = [person for person in ranked if person in people]
    drawn = sorted(people.keys() - set(first), key=lambda person: lot(seed, topic.key, person))
    return [*first, *drawn, manager]


def lot(seed: str, topic: str, person: str) -> str:
    """The lot that somebody draws: SHA-256 of the seed, the topic and who they are. The lowest
    speaks first, and anybody can work it out again."""
    return hashlib.sha256(f"{seed}|{topic}|{person}".encode()).hexdigest()


def started(
    loop: Loop, places: Sequence[str], topics: Sequence[Item], seed: str, who: str, now: datetime
) -> Debrief:
    return Debrief(
        loop_id=loop.id,
        team_id=loop.team_id,
        places=list(places),
        topics=list(topics),
        until=now + timedelta(minutes=topics[0]["minutes"]),
        seed=seed,
        led_by=who,
        stepped_by=who,
        started_at=now,
    )


def stepped(policy: DebriefPolicy, debrief: Debrief, step: Step, now: datetime) -> dict[str, Any]:
    """What a step changes. After the last topic, the next step ends the debrief. Raises Refusal
    for a step back from the first."""
    if step is Step.MORE:
        return {"until": max(debrief.until, now) + timedelta(minutes=policy.more)}
    if step is Step.END or (step is Step.NEXT and debrief.at + 1 >= len(debrief.topics)):
        return {"state": "ended", "ended_at": now}
    at = debrief.at + (1 if step is Step.NEXT else -1)
    if at < 0:
        raise Refusal("This is the first topic.")
    until = now + timedelta(minutes=debrief.topics[at]["minutes"])
    return {"at": at, "until": until, "seen": max(debrief.seen, at)}


def resumed(debrief: Debrief, now: datetime) -> dict[str, Any]:
    """What changes when a debrief that was ended goes on where it was."""
    until = now + timedelta(minutes=debrief.topics[debrief.at]["minutes"])
    return {"state": "running", "ended_at": None, "until": until}


def named(text: str, found: Iterable[tuple[Loop, Opening]], person: str) -> list[Loop]:
    """The loops whose candidate is called so, as `person` sees them: by code always, by name or
    initials as the opening shows them; those who plan a loop know the name."""
    wanted = _plain(text)
    return [loop for loop, opening in found if wanted in _names(loop, opening, person)]


def _names(loop: Loop, opening: Opening, person: str) -> set[str]:
    code = plans.code(loop)
    names = {code, str(loop.number), plans.shown(opening, loop)}
    if opening.shown_as == "initials":
        names.add(plans.initials(loop.candidate))
    if opening.shown_as == "name" or person in (*opening.coordinators, opening.hiring_manager):
        names.add(loop.candidate)
    return {_plain(name) for name in names if name}


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
