"""Search in the question bank: typo-tolerant, ranked, and saying what matched."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from bot import asking
from bot.content import Bank, Level, Question

LONGEST_QUERY = 200  # Characters read.
ALIKE = 80  # Of 100: how alike a misspelt word and the word that was meant have to be.
# What a word counts for in each field, and the field's name for people. The first match is shown.
FIELDS = {
    "title": 6.0,
    "area": 4.0,
    "specialization": 4.0,
    "skill": 4.0,
    "words": 3.0,
    "probes": 2.0,
    "source": 2.0,
    "guide": 1.5,
    "kind": 1.0,
}
EXACT, START, MISSPELT = 1.0, 0.8, 0.6  # What a match of each kind is worth.
STOP_WORDS = frozenset(
    "a an and are as at by for from how in is it of on or that the to we with".split()
)


@dataclass(frozen=True)
class Match:
    """`field` of FIELDS is where the words were found, `text` that field's text, `words` which of
    its words matched; `level` is the level to open the question at."""

    question: Question
    level: Level
    field: str
    text: str
    words: frozenset[str]


@dataclass(frozen=True)
class Found:
    """Matches, best first. `levels` are the levels that the query named, `words` the rest of it."""

    matches: tuple[Match, ...]
    levels: tuple[Level, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Entry:
    question: Question
    texts: Mapping[str, tuple[str, ...]]  # By field.
    words: Mapping[str, frozenset[str]]  # By field.


def find(bank: Bank, query: str) -> Found:
    """Questions for `query`. Level words narrow it down; every other word has to match, or, when
    no question has them all, as many as possible. Level words alone find all of those levels."""
    levels, rest = _split(bank, query[:LONGEST_QUERY])
    index, vocabulary = _index(bank)
    meant = [_meant(word, vocabulary) for word in rest]
    scored = []
    for entry in index:
        level = _level(entry.question, levels)
        if level is None:
            continue
        hits = [_best(entry, words) for words in meant]
        matched = [hit for hit in hits if hit is not None]
        if not matched and rest:
            continue
        worth = sum(score for score, _ in matched)
        scored.append((len(matched), worth, _match(entry, level, matched, meant)))
    most = max((count for count, _, _ in scored), default=0)
    best = [each for each in scored if each[0] == most]
    best.sort(key=lambda each: (-each[1], each[2].question.mode != "ladder", each[2].question.id))
    return Found(tuple(match for _, _, match in best), levels, rest)


def _split(bank: Bank, query: str) -> tuple[tuple[Level, ...], tuple[str, ...]]:
    """The levels that `query` names, and the words that are left to look for."""
    levels: list[Level] = []
    rest: list[str] = []
    for typed in query.split():
        named = asking.understand(typed, bank).levels
        levels += named
        rest += [] if named else _words(typed)
    return tuple(dict.fromkeys(levels)), tuple(dict.fromkeys(rest))


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in STOP_WORDS]


@lru_cache(maxsize=2)
def _index(bank: Bank) -> tuple[tuple[_Entry, ...], tuple[str, ...]]:
    entries = []
    for question in bank.questions.values():
        if question.is_asked:
            texts = {field: tuple(texts) for field, texts in _fields(bank, question)}
            words = {field: frozenset(_words(" ".join(each))) for field, each in texts.items()}
            entries.append(_Entry(question, texts, words))
    every = {word for entry in entries for words in entry.words.values() for word in words}
    return tuple(entries), tuple(sorted(every))


def _fields(bank: Bank, question: Question) -> Iterator[tuple[str, Iterable[str]]]:
    yield "title", (question.title,)
    area = bank.areas[question.area]
    yield "area", _named(area.title, area.aliases)
    special = bank.specializations[question.specialization]
    if question.specialization != "none":
        yield "specialization", _named(special.title, special.aliases)
    yield (
        "skill",
        (
            f"{name.replace('_', ' ')}: {bank.guide.facts[bank.guide.skills[name]]}"
            for name in question.skills
        ),
    )
    yield "words", (question.words,)
    yield "probes", question.probes
    yield "source", (f"{bank.sources[key].title} ({key})" for key in question.sources)
    yield "guide", (bank.guide.facts[key] for key in question.guide_refs)
    yield "kind", (question.kind,)


def _named(title: str, aliases: Iterable[str]) -> Iterator[str]:
    """The title, and each other name beside it: what matched is shown with what it stands for."""
    yield title
    yield from (f"{title}, also “{alias}”" for alias in aliases)


def _level(question: Question, levels: tuple[Level, ...]) -> Level | None:
    """The level to open `question` at: the first one asked for, or its own first; None when it is
    not asked at any of `levels`."""
    wanted = [level for level in levels if level in question.levels]
    return next(iter(wanted or ([] if levels else question.levels)), None)


def _meant(word: str, vocabulary: tuple[str, ...]) -> dict[str, float]:
    """The bank's words that `word` may stand for, and what a match with each is worth."""
    found = {other: START for other in vocabulary if len(word) > 2 and other.startswith(word)}
    if len(word) > 3:
        near = process.extract(word, vocabulary, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=12)
        for other, alike, _ in near:
            found.setdefault(other, MISSPELT * alike / 100)
    if word in vocabulary:
        found[word] = EXACT
    return found


def _best(entry: _Entry, meant: Mapping[str, float]) -> tuple[float, str] | None:
    """What the best match of one word is worth in `entry`, and its field."""
    hits = [
        (FIELDS[field] * max(meant[word] for word in words & meant.keys()), field)
        for field, words in entry.words.items()
        if words & meant.keys()
    ]
    return max(hits, default=None)


def _match(
    entry: _Entry, level: Level, hits: list[tuple[float, str]], meant: list[dict[str, float]]
) -> Match:
    """The match as people see it: the text of the field that holds most of the words, and of
    those the one that counts for most."""
    holding = {
        field: sum(bool(words & found.keys()) for found in meant)
        for field, words in entry.words.items()
    }
    field = max(holding, key=lambda each: (holding[each], FIELDS[each])) if hits else "words"
    wanted = {word for words in meant for word in words}
    texts = entry.texts[field]
    text = max(texts, key=lambda each: len(set(_words(each)) & wanted))
    return Match(entry.question, level, field, text, frozenset(set(_words(text)) & wanted))
