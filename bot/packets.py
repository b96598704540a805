"""The packet: what a panel reads before it decides.

It shows what was written and where the panel differs. It ranks nobody, averages nothing into one
score, and recommends nothing. Scorecards of people in training are never in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from bot import openings
from bot.content import Area, Bank, Level, Question
from bot.panels import Chair, Panel
from bot.plans import AREAS
from bot.records import SealedVersion
from bot.scorecards import NOT_ASSESSED, Answers

Version = tuple[str, int]  # A question's id and the number of its version.

FAR = 2  # Points between two scores from which on they are talked about.
BAR = 3  # What is expected in an area that the level must reach.


class Why(StrEnum):
    """Why something is to be discussed, the gravest first."""

    ONE = "one"
    SPREAD = "spread"
    BELOW = "below"
    UNASSESSED = "unassessed"
    THIN = "thin"
    FLAGS = "flags"
    LEVEL = "level"


ORDER = list(Why)


@dataclass(frozen=True)
class Card:
    """One scorecard as it counts: the last that was sealed before the reveal; for somebody who
    handed in later, their last. `amended` counts the versions since then."""

    chair: Chair
    answers: Answers
    late: bool
    amended: int

    @property
    def person(self) -> str:
        return self.chair.seat.person

    @property
    def level_fit(self) -> str:
        return str(self.answers["fields"].get("level_fit", ""))


@dataclass(frozen=True)
class Rating:
    """What one interviewer wrote about one question; `score` is None for “not assessed”."""

    card: Card
    score: int | None
    evidence: str

    @property
    def person(self) -> str:
        return self.card.person


@dataclass(frozen=True)
class Row:
    """One question as it was asked, with what everybody who asked it wrote. `question` is in the
    version that they were given; None when that was never kept."""

    id: str
    version: int
    level: Level
    area: Area
    words: str
    question: Question | None
    ratings: tuple[Rating, ...]

    @property
    def key(self) -> str:
        return f"{self.id}.{self.version}.{self.level}"

    @property
    def title(self) -> str:
        return self.question.title if self.question else self.id

    @property
    def scored(self) -> tuple[Rating, ...]:
        return tuple(each for each in self.ratings if each.score is not None)

    @property
    def scores(self) -> list[int]:
        return [each.score for each in self.ratings if each.score is not None]

    @property
    def spread(self) -> int:
        """How far apart the scores are: highest minus lowest; 0 with fewer than two."""
        return max(self.scores) - min(self.scores) if self.scores else 0

    def rating(self, card: Card) -> Rating | None:
        return next((each for each in self.ratings if each.card is card), None)


@dataclass(frozen=True)
class Heard:
    """A flag, and who heard it where."""

    key: str
    text: str
    red: bool
    by: tuple[tuple[Card, str], ...]


@dataclass(frozen=True)
class Topic:
    """Something to discuss: a question, an area, the flags, or the level."""

    key: str
    title: str
    whys: tuple[Why, ...]
    rows: tuple[Row, ...] = ()
    area: Area | None = None

    @property
    def spread(self) -> int:
        scores = [score for row in self.rows for score in row.scores]
        return max(scores) - min(scores) if scores else 0


@dataclass(frozen=True)
class Packet:
    panel: Panel
    cards: tuple[Card, ...]  # In the order of the interviews.
    rows: tuple[Row, ...]  # In the order of the kits.
    flags: tuple[Heard, ...]
    topics: tuple[Topic, ...]  # What to discuss, in order.

    def topic(self, key: str) -> Topic | None:
        """The topic with this key; any question can be looked at as one."""
        every = [*self.topics, OVERALL]
        every += [
            Topic(row_key(row), row.title, (), (row,), row.area)
            for row in self.rows
            if key == row_key(row)
        ]
        return next((each for each in every if each.key == key), None)

    def of_area(self, area: Area) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.area is area)

    @property
    def spreads(self) -> dict[Area, tuple[int, int]]:
        """The lowest and the highest score of each area that somebody assessed."""
        found = {}
        for area in Area:
            scores = [score for row in self.of_area(area) for score in row.scores]
            if scores:
                found[area] = (min(scores), max(scores))
        return found

    @property
    def unassessed(self) -> tuple[Area, ...]:
        """The areas of a loop for which nobody has a score; the recruiter's screen if it was
        asked."""
        areas = dict.fromkeys([*AREAS, *(row.area for row in self.rows)])
        return tuple(area for area in areas if area not in self.spreads)


def row_key(row: Row) -> str:
    """The key of a question as a topic."""
    return f"question.{row.key}"


# What every debrief ends with. Whoever reads the packet comes to it last, too.
OVERALL = Topic("overall", "Overall recommendations", ())


def made(
    bank: Bank,
    panel: Panel,
    versions: Mapping[str, Sequence[SealedVersion]],
    questions: Mapping[Version, Question],
) -> Packet:
    """The packet of a panel. `versions` are what was sealed, by scorecard, oldest first;
    `questions` the asked ones, in the versions in which they were given."""
    cards = tuple(
        counted(chair, versions[chair.card.id])
        for chair in panel.chairs
        if chair.role.counts and chair.is_in and chair.card and versions.get(chair.card.id)
    )
    rows = _rows(panel, cards, questions)
    flags = _flags(bank, cards)
    packet = Packet(panel, cards, rows, flags, ())
    return Packet(panel, cards, rows, flags, tuple(_topics(bank, packet)))


def counted(chair: Chair, versions: Sequence[SealedVersion]) -> Card:
    """The scorecard as it was when all were opened: what is written afterwards is not independent
    any more, and stands beside it."""
    before = [each for each in versions if not each.after_reveal]
    shown = (before or versions)[-1]
    return Card(chair, shown.answers, shown.after_reveal, len(versions) - len(before or versions))


def asked(versions: Iterable[Sequence[SealedVersion]]) -> set[Version]:
    """The questions that were answered, in the versions that were answered."""
    return {
        (each["id"], int(each["version"]))
        for sealed in versions
        for version in sealed
        for each in version.answers["questions"]
    }


def _rows(
    panel: Panel, cards: Sequence[Card], questions: Mapping[Version, Question]
) -> tuple[Row, ...]:
    lines = {
        line["question"]: line
        for kit in panel.opening.kits
        for line in kit["lines"]
        if "question" in line
    }
    found: dict[tuple[str, int, str], list[Rating]] = {}
    areas: dict[str, str] = {}
    for card in cards:
        for each in card.answers["questions"]:
            score = None if each["score"] == NOT_ASSESSED else int(each["score"])
            key = (each["id"], int(each["version"]), each["level"])
            found.setdefault(key, []).append(Rating(card, score, each["evidence"]))
            areas[each["id"]] = each["area"]
    places = {id_: place for place, id_ in enumerate(lines)}
    rows = []
    for (id_, version, level), ratings in found.items():
        question = questions.get((id_, version))
        variant = lines.get(id_, {}).get("variant", 0)
        words = openings.words(question, variant) if question else ""
        area = Area(areas[id_])
        rows.append(Row(id_, version, Level(level), area, words, question, tuple(ratings)))
    return tuple(sorted(rows, key=lambda row: (places.get(row.id, len(places)), row.version)))


def _flags(bank: Bank, cards: Sequence[Card]) -> tuple[Heard, ...]:
    """Red ones first, each in the order of the guide."""
    by: dict[str, list[tuple[Card, str]]] = {}
    for card in cards:
        for flag in card.answers["flags"]:
            by.setdefault(flag["key"], []).append((card, flag["where"]))
    facts = {**bank.guide.red_flags, **bank.guide.green_flags}
    known = [key for key in facts if key in by]
    return tuple(
        Heard(key, facts.get(key, key), key in bank.guide.red_flags, tuple(by[key]))
        for key in [*known, *(key for key in by if key not in facts)]
    )


def _topics(bank: Bank, packet: Packet) -> list[Topic]:
    questions = list(_of_questions(bank, packet))
    found = [*questions, *_of_areas(bank, packet, questions)]
    for red, name in ((True, "Red flags heard"), (False, "Green flags heard")):
        if any(flag.red is red for flag in packet.flags):
            found.append(Topic(f"flags.{'red' if red else 'green'}", name, (Why.FLAGS,)))
    if len({card.level_fit for card in packet.cards if card.level_fit}) > 1:
        found.append(Topic("level", "Which level", (Why.LEVEL,)))
    # Sorting keeps the order of the kits among topics that are equally grave.
    return sorted(found, key=lambda topic: (ORDER.index(topic.whys[0]), -topic.spread))


def _of_questions(bank: Bank, packet: Packet) -> Iterable[Topic]:
    for row in packet.rows:
        whys = []
        if 1 in row.scores:
            whys.append(Why.ONE)
        if row.spread >= FAR:
            whys.append(Why.SPREAD)
        if any(is_thin(bank, each) for each in row.ratings):
            whys.append(Why.THIN)
        if whys:
            yield Topic(row_key(row), row.title, tuple(whys), (row,), row.area)


def is_thin(bank: Bank, rating: Rating) -> bool:
    """Whether a score stands on little: less than so many characters of evidence."""
    return rating.score is not None and len(rating.evidence.strip()) < bank.debrief.thin_evidence


def _of_areas(bank: Bank, packet: Packet, topics: Sequence[Topic]) -> Iterable[Topic]:
    grave = (Why.ONE, Why.SPREAD)
    covered = {row.key for each in topics if each.whys[0] in grave for row in each.rows}
    spread = {each.area for each in topics if Why.SPREAD in each.whys}
    must = bank.levels[Level(packet.panel.opening.level)].must_reach
    for area in dict.fromkeys([*AREAS, *(row.area for row in packet.rows)]):
        rows, whys = packet.of_area(area), []
        if area not in spread and _people_differ(rows):
            whys.append(Why.SPREAD)
        low = [row for row in rows if row.scores and min(row.scores) < BAR]
        if area in must and any(row.key not in covered for row in low):
            whys.append(Why.BELOW)
        if area in packet.unassessed:
            whys.append(Why.UNASSESSED)
        if whys:
            yield Topic(f"area.{area}", bank.areas[area].title, tuple(whys), rows, area)


def _people_differ(rows: Sequence[Row]) -> bool:
    """Whether two people are far apart over the questions of an area."""
    of: dict[str, list[int]] = {}
    for each in (each for row in rows for each in row.scored):
        of.setdefault(each.person, []).append(each.score or 0)
    return any(
        max(max(one) - min(other), max(other) - min(one)) >= FAR
        for one, other in combinations(of.values(), 2)
    )
