"""A question bank of the tests' own: no test depends on what the shipped one says."""

from dataclasses import replace
from typing import Any

from bot import content
from bot.content import Bank, Question

SHIPPED = content.load()

STEPS = {
    "D1": "Offers one idea about the toy example and stops there, even after the second prompt.",
    "D2": "Lists two ideas when prompted; neither of them comes with a number, a date or a person.",
    "D3": "Counts the cases aloud, names an owner, writes a rule that somebody else could apply.",
    "D4": "Compares three remedies by cost, rejects one from data, schedules a later check.",
    "D5": "Splits work between teams, sets an error budget per language, drops the weakest part.",
    "D6": "Draws the boundary of the service, chooses what to buy, publishes a measure of harm.",
    "D7": "Predicts how this plan would fail, invites outsiders, records dissent before launch.",
}


def question(name: str = "adv-junior-toy-case", **changes: Any) -> Question:
    """A question that breaks no rule, but for `changes`."""
    fields: dict[str, Any] = {
        "id": name,
        "title": "A toy case for the tests",
        "area": "adversarial_thinking",
        "levels": ["junior"],
        "specialization": "none",
        "kind": "scenario",
        "mode": "level",
        "rounds": ["onsite"],
        "time_min": 15,
        "prompt": "A toy robot draws the wrong picture. How would you find out when it started?",
        "context": "Invented: it drew nine pictures on Monday and three of them were wrong.",
        "probes": ["Counts before guessing", "Compares with a clean case"],
        "followups": [
            {"when": "always", "text": "Which picture would you look at first?"},
            {"when": "if_stuck", "text": "What differs between Monday and Sunday?"},
            {"when": "if_strong", "text": "How would it show next time?"},
        ],
        "anchors": {int(step[1]): text for step, text in STEPS.items() if step <= "D4"},
        "strong_signals": [f"{name} says how many cases", f"{name} asks for a clean case"],
        "weak_signals": ["Blames the robot", "Stops at the first guess"],
        "evidence_prompts": ["Quote the count they gave."],
        "conduct_note": "Stay with the toy robot; nobody attacks anything.",
        "skills": ["red_teaming"],
        "guide_refs": ["level.junior.2"],
        "sources": ["nist-ai-rmf"],
        "variants": ["A toy printer prints the wrong colour. How would you find out why?"],
        "status": "reviewed",
        "reviewed_on": "2026-03-02",
        "version": 1,
    }
    return Question.model_validate({**fields, **changes})


def ladder(name: str = "adv-family-toy", **changes: Any) -> Question:
    every = {"levels": ["junior", "mid", "senior", "staff"], "mode": "ladder"}
    return question(name, **{**every, "anchors": None, "ladder": STEPS, **changes})


def bank(*questions: Question) -> Bank:
    """These questions, beside the shipped levels, areas, sources and guide."""
    return replace(SHIPPED, questions={each.id: each for each in questions})
