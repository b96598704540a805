"""What somebody asked for, from the words they typed: in any order and any case."""

import re
from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from bot.content import Area, Bank, Level, Specialization
from bot.content.reference import Card

Meaning = Level | Area | Specialization

LONGEST_PHRASE = 3  # Words: “applied alignment”, “ai governance policy”.
LONGEST_TEXT = 200  # Characters read; whoever types more did not type a level and an area.


@dataclass(frozen=True)
class Asked:
    """`unknown` keeps each word as it was typed; `ambiguous` means an area or a specialization."""

    levels: tuple[Level, ...] = ()
    areas: tuple[Area, ...] = ()
    specializations: tuple[Specialization, ...] = ()
    ambiguous: tuple[tuple[str, Area, Specialization], ...] = ()
    unknown: tuple[str, ...] = ()
    mapped: tuple[str, ...] = ()  # “principal”: a word for which our level only stands in.


def understand(text: str, bank: Bank) -> Asked:
    """Read the longest known phrases of `text`. A word that means two things is settled by the
    rest: beside an area it is a specialization, and the other way round."""
    known = _phrases(bank)
    typed = re.findall(r"[^\s,;/]+", text[:LONGEST_TEXT])
    levels: list[Level] = []
    areas: list[Area] = []
    specializations: list[Specialization] = []
    both: list[tuple[str, Area, Specialization]] = []
    unknown: list[str] = []
    mapped: list[str] = []
    while typed:
        size, meanings = next(
            (
                (size, known[phrase])
                for size in range(min(LONGEST_PHRASE, len(typed)), 0, -1)
                if (phrase := _plain(" ".join(typed[:size]))) in known
            ),
            (1, frozenset[Meaning]()),
        )
        words, typed = " ".join(typed[:size]), typed[size:]
        found_areas = [meaning for meaning in meanings if isinstance(meaning, Area)]
        found_specials = [meaning for meaning in meanings if isinstance(meaning, Specialization)]
        if not meanings:
            unknown.append(words)
        elif found_areas and found_specials:
            both.append((words, found_areas[0], found_specials[0]))
        else:
            levels += [meaning for meaning in meanings if isinstance(meaning, Level)]
            areas += found_areas
            specializations += found_specials
            mapped += [words] * _is_mapped(words, bank)
    for _, area, specialization in both if areas or specializations else ():
        if not areas:
            areas.append(area)
        elif not specializations:
            specializations.append(specialization)
    return Asked(
        levels=tuple(dict.fromkeys(levels)),
        areas=tuple(dict.fromkeys(areas)),
        specializations=tuple(dict.fromkeys(specializations)),
        ambiguous=() if areas or specializations else tuple(both),
        unknown=tuple(unknown),
        mapped=tuple(dict.fromkeys(mapped)),
    )


def nearest(word: str, bank: Bank) -> tuple[Meaning, ...]:
    """What `word` may have been meant for, likeliest first; at most three."""
    known = _phrases(bank)
    phrases = get_close_matches(_plain(word), known, n=6, cutoff=0.6)
    meanings = [meaning for phrase in phrases for meaning in sorted(known[phrase])]
    return tuple(dict.fromkeys(meanings))[:3]


@lru_cache(maxsize=4)
def _phrases(bank: Bank) -> dict[str, frozenset[Meaning]]:
    found: dict[str, set[Meaning]] = defaultdict(set)
    cards: list[tuple[Meaning, Card]] = [
        *bank.levels.items(),
        *bank.areas.items(),
        *bank.specializations.items(),
    ]
    for meaning, card in cards:
        if meaning is Specialization.NONE:
            continue
        for name in (meaning.value, card.title, *card.aliases):
            found[_plain(name)].add(meaning)
    for area, card in bank.areas.items():
        found[_plain(card.letter)].add(area)
    return {phrase: frozenset(meanings) for phrase, meanings in found.items()}


def _plain(words: str) -> str:
    """One spelling for “Trade-Offs”, “trade_offs” and “trade offs”; a plus is kept (staff+)."""
    return " ".join(re.sub(r"[^\w+]|_", " ", words.lower()).split())


def _is_mapped(words: str, bank: Bank) -> bool:
    return any(_plain(words) in map(_plain, card.mapped) for card in bank.levels.values())
