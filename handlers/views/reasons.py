"""Why a topic is to be discussed, in words: for Slack, and for a file."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot import packets
from bot.content import Bank, Level
from bot.packets import Packet, Rating, Topic, Why
from handlers.views.rubric import SCORES
from handlers.views.text import count, escape


@dataclass(frozen=True)
class Wording:
    """How people are named, and how text that was typed is made safe, where the words will
    stand."""

    who: Callable[[str], str]
    safe: Callable[[str], str]


SLACK = Wording(lambda person: f"<@{person}>", escape)


def score(found: int | None) -> str:
    """A score with its name; a question that was not assessed has none."""
    return "Not assessed" if found is None else f"{found} · {SCORES[found]}"


def reasons(bank: Bank, packet: Packet, topic: Topic, wording: Wording = SLACK) -> list[str]:
    """One sentence for each reason, the gravest first."""
    told = {
        Why.ONE: _ones,
        Why.SPREAD: _spread,
        Why.BELOW: _below,
        Why.UNASSESSED: _unassessed,
        Why.THIN: _thin,
        Why.FLAGS: _flags,
        Why.LEVEL: _level,
    }
    return [line for why in topic.whys for line in told[why](bank, packet, topic, wording)]


def _ones(_: Bank, __: Packet, topic: Topic, wording: Wording) -> Iterator[str]:
    ones = [each for row in topic.rows for each in row.scored if each.score == 1]
    yield f"Scored 1: {_people(ones, wording)}."


def _spread(_: Bank, __: Packet, topic: Topic, wording: Wording) -> Iterator[str]:
    over = " over its questions" if topic.key.startswith("area.") else ""
    ratings = [each for row in topic.rows for each in row.scored]
    yield f"{topic.spread} apart{over}: {_scores(ratings, wording)}."


def _below(bank: Bank, packet: Packet, topic: Topic, wording: Wording) -> Iterator[str]:
    level = bank.levels[Level(packet.panel.opening.level)].title
    ratings = [each for row in topic.rows for each in row.scored]
    low = [each for each in ratings if (each.score or 0) < packets.BAR]
    yield (
        f"Below {packets.BAR} in an area that {wording.safe(level)} must reach: "
        f"{_scores(low, wording)}."
    )


def _unassessed(bank: Bank, packet: Packet, topic: Topic, _: Wording) -> Iterator[str]:
    must = topic.area in bank.levels[Level(packet.panel.opening.level)].must_reach
    yield "Nobody assessed it" + (", and the level must reach it." if must else ".")


def _thin(bank: Bank, _: Packet, topic: Topic, wording: Wording) -> Iterator[str]:
    thin = [each for row in topic.rows for each in row.ratings if packets.is_thin(bank, each)]
    told = [
        f"{len(each.evidence.strip())} characters beside the {each.score} of "
        f"{wording.who(each.person)}"
        for each in thin
    ]
    yield f"Thin evidence: {', '.join(told)}."


def _flags(_: Bank, packet: Packet, topic: Topic, wording: Wording) -> Iterator[str]:
    for flag in packet.flags:
        if flag.red == (topic.key == "flags.red"):
            people = ", ".join(dict.fromkeys(wording.who(card.person) for card, _ in flag.by))
            yield f"“{wording.safe(flag.text)}”: {people}."


def _level(bank: Bank, packet: Packet, _: Topic, wording: Wording) -> Iterator[str]:
    field = next((each for each in bank.scorecard.fields if each.id == "level_fit"), None)
    options = dict(field.options) if field else {}
    by: dict[str, list[str]] = {value: [] for value in options}
    for card in packet.cards:
        if card.level_fit:
            by.setdefault(card.level_fit, []).append(wording.who(card.person))
    for value, people in by.items():
        if people:
            yield f"{wording.safe(options.get(value, value))}: {', '.join(dict.fromkeys(people))}."


def _scores(ratings: Iterable[Rating], wording: Wording) -> str:
    """“4 by …; 2 by …”, the highest first: by score, never by person."""
    found = list(ratings)
    values = sorted({each.score or 0 for each in found}, reverse=True)
    return "; ".join(
        f"{value} by {_people([each for each in found if each.score == value], wording)}"
        for value in values
    )


def _people(ratings: Iterable[Rating], wording: Wording) -> str:
    return ", ".join(dict.fromkeys(wording.who(each.person) for each in ratings))


GLANCE = {
    Why.ONE: "with a 1",
    Why.SPREAD: "far apart",
    Why.BELOW: "below the bar",
    Why.UNASSESSED: "not assessed",
    Why.THIN: "on thin evidence",
    Why.FLAGS: "about flags",
    Why.LEVEL: "about the level",
}


def glance(packet: Packet) -> str:
    """How much there is to discuss, each topic counted by its gravest reason."""
    if not packet.topics:
        return "Nothing stands out."
    found = Counter(topic.whys[0] for topic in packet.topics)
    parts = [f"{found[why]} {words}" for why, words in GLANCE.items() if why in found]
    return f"{count(len(packet.topics), 'topic')} to discuss: {', '.join(parts)}."


def absent(packet: Packet, wording: Wording = SLACK) -> list[str]:
    """Who is not in the packet, or came late, with the reason: one sentence each."""
    panel, found = packet.panel, []
    if panel.loop.reveal_reason:
        found.append(f"Opened before all were in: {wording.safe(panel.loop.reveal_reason)}")
    missing = dict.fromkeys(wording.who(chair.seat.person) for chair in panel.missing)
    if missing:
        found.append(f"Missing: {', '.join(missing)}.")
    for chair in panel.chairs:
        if chair.role.counts and chair.seat.state == "excused" and not chair.is_in:
            why = f": {wording.safe(chair.seat.reason)}" if chair.seat.reason else ""
            found.append(f"{wording.who(chair.seat.person)} was excused{why}.")
    for card in packet.cards:
        if card.late:
            found.append(f"{wording.who(card.person)} handed in after the others were open.")
        if card.amended:
            found.append(
                f"{wording.who(card.person)} has changed theirs since: here stands what was sealed."
            )
    return found
