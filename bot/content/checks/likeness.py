"""Questions that resemble one another too much (content-spec.md, section 5, duplicates)."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from bot.content.question import Question
from bot.content.reading import Problem

PROMPTS = 0.35
SHARED_SIGNALS = 1
STOP_WORDS = frozenset(
    "a an the of to and or in on for with is are be it that this how do you your would what "
    "our we not no by as at from one who which before after".split()
)


@lru_cache(maxsize=4096)
def content_words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", text.lower())) - STOP_WORDS


def jaccard(one: str, other: str) -> float:
    """The share of content words that two texts have in common: 0 to 1."""
    first, second = content_words(one), content_words(other)
    together = first | second
    return len(first & second) / len(together) if together else 0.0


def alike(questions: Sequence[Question]) -> Iterator[Problem]:
    for one, other in combinations(questions, 2):
        file = f"questions/{other.id}.yaml"
        share = jaccard(one.prompt, other.prompt)
        if share > PROMPTS:
            reason = f"shares {share:.2f} of its words with {one.id}, at most {PROMPTS:.2f}"
            yield Problem(file, "prompt", f"{reason}: ask for something else")
        signals = set(one.strong_signals) & set(other.strong_signals)
        if len(signals) > SHARED_SIGNALS:
            yield Problem(
                file,
                "strong_signals",
                f"shares {len(signals)} lines with {one.id}, at most {SHARED_SIGNALS}",
            )
