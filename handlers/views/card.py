"""A scorecard while it is written: what its pages show, and where its window is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slackblocks import (
    Block,
    DispatchActionConfiguration,
    Option,
    SectionBlock,
)

from bot import drafts
from bot.content import Level
from bot.errors import Refusal
from bot.records import ThreadNote
from bot.scorecards import Page
from bot.typed import escape

Payload = dict[str, Any]

LONGEST = 3000  # Characters of one text: Slack allows no more.
EACH_LETTER = DispatchActionConfiguration(["on_character_entered"])
OLD = "That window is from an older version of me. Open it anew."
MAY_READ = "The candidate may be entitled to read what you write here."
LEVELS = list(Level)


@dataclass(frozen=True)
class Place:
    """Where a scorecard's window is. It fits in the private metadata; none of it is trusted."""

    interview_id: str
    page: int = 0
    base: int = 0  # The revision of the draft that the window shows.

    def dumped(self) -> str:
        return json.dumps([self.interview_id, self.page, self.base])

    @classmethod
    def read(cls, text: str) -> "Place":
        """Raises Refusal: any text may come back."""
        try:
            interview_id, page, base = json.loads(text)
            return cls(str(interview_id), int(page), int(base))
        except (ValueError, TypeError):
            raise Refusal(OLD) from None


@dataclass(frozen=True)
class Card:
    """Everything that a scorecard's window shows."""

    interview_id: str
    candidate: str
    title: str  # Of the round, as plain text.
    level: Level
    pages: Sequence[Page]
    draft: Mapping[str, Any]
    saved_at: datetime | None
    notes: Sequence[tuple[int, ThreadNote]]  # With the minute of the interview that each is of.
    version: int = 0  # How often it was handed in.
    early: datetime | None = None  # When the interview is planned to begin, if it has not.

    @property
    def values(self) -> dict[str, Any]:
        return drafts.values(self.draft)

    @property
    def last(self) -> int:
        return len(self.pages)


def note_block(notes: Sequence[ThreadNote], heading: str) -> Block:
    lines = [
        f"<!date^{int(note.at.timestamp())}^{{time}}|{note.at:%H:%M}> {escape(note.text)}"
        for note in notes
    ]
    return SectionBlock("\n".join([f"*{heading}*", *lines])[:3000])


def initial(options: Sequence[Option], value: Any) -> Option | None:
    return next((option for option in options if option.value == value), None)
