"""How one question is worded: what a machine can hold it to (content-spec.md, sections 5, 11)."""

import re
from collections.abc import Iterator
from itertools import pairwise

from bot.content.checks.likeness import jaccard
from bot.content.question import Question
from bot.content.reading import Problem
from bot.content.reference import Guide
from bot.content.words import Mode

SHARED_WORDS = 8  # A run of so many words of the guide's is a copy.
NEIGHBOURS = 0.40

JUDGING = frozenset(
    "good strong clear clearly deep deeply thorough thoroughly solid well adequate adequately "
    "appropriate appropriately basic understands knows".split()
)
# Topics that no question may touch: employment law of most places, and the guide's own rules.
UNLAWFUL = (
    r"pregnan\w*", r"marital|married|spouse", r"children|childcare|parental", r"religio\w*",
    r"church|mosque|synagogue", r"ethnic\w*|race|racial", r"nationality|citizenship",
    r"native language|mother tongue|first language", r"sexual orientation", r"disabilit\w*",
    r"medical history|health condition", r"trade union|union member\w*", r"arrest\w*",
    r"criminal record", r"how old|your age|years of age|date of birth",
    r"year of graduation|graduated in",
    r"current salary|past salary|pay history|salary history|current pay",
    r"national origin|where were you born|where are you from|place of birth", r"your family",
    r"your health|work permit|visa status", r"veterans?|military service",
)  # fmt: skip
# What only a working attack or a slur would contain.
PAYLOADS = (
    r"(ignore|disregard|forget) ((all|any|the|your|these) )*(previous|prior|above|earlier) "
    r"(instructions|rules|messages)", r"you are now (in )?(dan|developer)",
    r"do anything now", r"system prompt:", r"<\|", r"\[inst\]", r"base64,", r"rm -rf",
    r"drop table", r"<script", r"step 1:.*step 2:", r"nerve agent|pipe bomb|methamphetamine|ricin",
)  # fmt: skip


def worded(question: Question, guide: Guide) -> Iterator[Problem]:
    def problem(field: str, reason: str) -> Problem:
        return Problem(f"questions/{question.id}.yaml", field, reason)

    scored = dict((question.anchors or question.ladder or {}).items())
    place = "anchors" if question.anchors else "ladder"
    for key, text in scored.items():
        judging = sorted(JUDGING & set(words(text)))
        if judging:
            told = ", ".join(judging)
            yield problem(
                f"{place}.{key}", f"judges with {told!r}: say what was said or done instead"
            )
    for (lower, first), (higher, second) in pairwise(scored.items()):
        share = jaccard(first, second)
        if share > NEIGHBOURS:
            reason = f"shares {share:.2f} of its words with {lower}: at most {NEIGHBOURS:.2f}"
            yield problem(f"{place}.{higher}", f"{reason}, so name another act")
    for field, text in asked(question):
        for pattern in UNLAWFUL:
            if found := re.search(rf"\b({pattern})\b", text, re.IGNORECASE):
                yield problem(field, f"asks about {found[0]!r}: leave out what is private")
        for pattern in PAYLOADS:
            if found := re.search(pattern, text, re.IGNORECASE):
                yield problem(field, f"holds {found[0]!r}: name the class of attack instead")
    for field, text in shown(question):
        is_stem = question.mode is Mode.LADDER and field == "prompt"  # The guide's, word for word.
        if not is_stem and (run := copied(text, guide)):
            yield problem(field, f"copies the guide ({run!r}): use your own words")


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower())


def asked(question: Question) -> Iterator[tuple[str, str]]:
    """Field and text of all that a candidate may hear."""
    yield "prompt", question.prompt
    yield "context", question.context
    for number, followup in enumerate(question.followups):
        yield f"followups.{number}", followup.text
    for number, variant in enumerate(question.variants):
        yield f"variants.{number}", variant


def shown(question: Question) -> Iterator[tuple[str, str]]:
    """Field and text of all that anybody reads."""
    yield "title", question.title
    yield from asked(question)
    yield "conduct_note", question.conduct_note or ""
    for key, text in (question.anchors or question.ladder or {}).items():
        yield f"{'anchors' if question.anchors else 'ladder'}.{key}", text
    for field in ("probes", "strong_signals", "weak_signals", "evidence_prompts"):
        for number, text in enumerate(getattr(question, field)):
            yield f"{field}.{number}", text


def copied(text: str, guide: Guide) -> str:
    """A run of words that the guide has too, or "". Figures may be the guide's."""
    theirs = {run for fact in guide.facts.values() for run in runs(fact)}
    return next((run for run in runs(text) if run in theirs), "")


def runs(text: str) -> list[str]:
    """Every run of SHARED_WORDS words."""
    own = words(text)
    return [
        " ".join(own[start : start + SHARED_WORDS]) for start in range(len(own) - SHARED_WORDS + 1)
    ]
