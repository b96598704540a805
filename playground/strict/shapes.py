"""The words in which the rules are written: what a field may hold."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Text:
    """A text object. `plain`: Slack takes only plain_text here."""

    longest: int
    plain: bool = False


@dataclass(frozen=True)
class String:
    longest: int
    shortest: int = 0


@dataclass(frozen=True)
class OneOf:
    """One of these words."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Number:
    """`whole`: an integer. The bounds are allowed themselves."""

    least: float | None = None
    most: float | None = None
    whole: bool = True


@dataclass(frozen=True)
class Items:
    """A list of `of`, which is a rule or the names of the objects allowed."""

    of: Any
    most: int
    least: int = 1


@dataclass(frozen=True)
class Of:
    """One object whose type is among `types`; `blocks` where it is a block rather than an
    element (both know an image)."""

    types: tuple[str, ...]
    blocks: bool = False


@dataclass(frozen=True)
class Shape:
    """An object: its required fields, all others, and groups of which one must be there."""

    required: dict[str, Any]
    optional: dict[str, Any] = field(default_factory=dict)
    one_of: tuple[str, ...] = ()


ANY = object()
BOOL = bool
URL = String(3000, 1)
NO_LIMIT = 10_000_000  # Where Slack's pages name none.
