"""What somebody asked for, from the words they typed."""

import pytest

from bot import asking, content
from bot.content import Area, Bank, Level, Specialization

BANK = content.load()


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("senior", Level.SENIOR),
        ("SR", Level.SENIOR),
        ("staff+", Level.STAFF),
        ("principal", Level.STAFF),
        ("  mid  ", Level.MID),
        ("junior,", Level.JUNIOR),
    ],
)
def test_a_level_has_many_spellings(text: str, level: Level) -> None:
    assert asking.understand(text, BANK).levels == (level,)


@pytest.mark.parametrize(
    "text",
    ["trade-offs", "tradeoffs", "Trade offs", "trade_offs", "D"],
)
def test_an_area_has_many_spellings(text: str) -> None:
    assert asking.understand(text, BANK).areas == (Area.TRADE_OFFS,)


def test_words_come_in_any_order() -> None:
    first = asking.understand("senior system design llm", BANK)
    other = asking.understand("LLM design senior", BANK)
    assert first.levels == other.levels == (Level.SENIOR,)
    assert first.areas == other.areas == (Area.SYSTEM_DESIGN,)
    assert first.specializations == other.specializations == (Specialization.LLM,)


def test_a_word_for_two_things_is_settled_by_the_rest() -> None:
    alone = asking.understand("alignment", BANK)
    beside = asking.understand("alignment system design", BANK)
    assert [word for word, *_ in alone.ambiguous] == ["alignment"]
    assert beside.specializations == (Specialization.ALIGNMENT,)
    assert beside.ambiguous == ()


def test_a_word_that_only_stands_in_is_told() -> None:
    assert asking.understand("Principal", BANK).mapped == ("Principal",)
    assert asking.understand("staff", BANK).mapped == ()


def test_an_unknown_word_is_kept_as_it_was_typed() -> None:
    assert asking.understand("senior Sysetm", BANK).unknown == ("Sysetm",)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("senoir", Level.SENIOR), ("jnuior", Level.JUNIOR), ("robustnes", Specialization.ROBUSTNESS)],
)
def test_the_nearest_meaning_comes_first(typed: str, meant: Level | Specialization) -> None:
    assert asking.nearest(typed, BANK)[0] == meant


def test_nothing_is_near_to_nonsense() -> None:
    assert asking.nearest("xqzwv", BANK) == ()


def test_a_flood_of_words_is_cut() -> None:
    assert len(asking.understand("nonsense " * 10_000, BANK).unknown) < 30


def test_no_words_ask_for_nothing() -> None:
    assert asking.understand("", BANK) == asking.Asked()


def test_every_name_of_every_card_is_understood() -> None:
    """A spelling that a longer one hides, or that two cards claim, would be lost in silence."""
    for level, card in BANK.levels.items():
        for name in (level.value, card.title, *card.aliases):
            assert asking.understand(name, BANK).levels == (level,), name
    for area, area_card in BANK.areas.items():
        for name in (area.value, area_card.title, *area_card.aliases):
            assert means(name, area, BANK), name


def means(name: str, area: Area, bank: Bank) -> bool:
    asked = asking.understand(name, bank)
    return area in asked.areas or area in [found for _, found, _ in asked.ambiguous]
