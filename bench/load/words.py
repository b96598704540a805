"""What people in the load test write, as the bot keeps it."""

from typing import Any

from bot.content import Level
from bot.drafts import typed
from bot.kits import compose
from bot.openings import asked, pin
from tests.banks import SHIPPED

PANEL = 5  # Interviews of a loop, each with one interviewer.
KITS = pin(compose(SHIPPED, Level.SENIOR))
ROUNDS = [kit["id"] for kit in KITS if list(asked([kit]))][:PANEL]
WORDS = "They named %s, how each is found, and what they would measure before and after it."


def questions(round_: str) -> list[str]:
    return list(asked([kit for kit in KITS if kit["id"] == round_]))


def draft(round_: str) -> dict[str, Any]:
    """What somebody has written on each question of a round, as bot.drafts keeps it."""
    found: dict[str, Any] = {}
    for number, name in enumerate(questions(round_)):
        found = typed(found, f"evidence.{name}", WORDS % number, "V0", 0)
        found = typed(found, f"score.{name}", "3", "V0", 0)
    return found


def answered(round_: str) -> dict[str, Any]:
    """The same, handed in: as bot.scorecards.answers makes it."""
    found = [
        {
            "id": name, "version": SHIPPED.questions[name].version,
            "area": str(SHIPPED.questions[name].area), "level": "senior",
            "evidence": WORDS % number, "score": "3",
        }
        for number, name in enumerate(questions(round_))
    ]  # fmt: skip
    return {"questions": found, "flags": [], "fields": {"level_fit": "at", "recommendation": "yes"}}
