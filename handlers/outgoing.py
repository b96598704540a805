"""What a notice becomes when it is due."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.records import Notice

Blocks = list[dict[str, Any]]


@dataclass(frozen=True)
class Outgoing:
    """One message. `told` is what it says, as data, for the next notice to compare."""

    text: str
    blocks: Blocks
    told: dict[str, Any] = field(default_factory=dict)
    thread_ts: str = ""  # The message under which it stands; it is shown outside the thread too.
    renewed: Blocks = field(default_factory=list)  # What that message shows from now on.
    only_private: bool = False  # In a channel: not sent unless it is private, and stays within.
    parts: tuple["Outgoing", ...] = ()  # What it is made of, when several go together.


@dataclass(frozen=True)
class HomeUpdate:
    """Somebody's Home as it is to be shown."""

    view: dict[str, Any]


@dataclass(frozen=True)
class Removal:
    """One message of the bot that is to go."""

    channel: str
    ts: str


@dataclass(frozen=True)
class FileRemoval:
    file_id: str


@dataclass(frozen=True)
class Upload:
    """A file for one person's conversation with the bot. It holds data of the loops `about`, and
    goes when a candidate of them is erased."""

    content: str
    name: str
    comment: str
    about: tuple[str, ...]


@dataclass(frozen=True)
class Rewrite:
    """What one message of the bot shows from now on."""

    channel: str
    ts: str
    text: str
    blocks: Blocks


Rendered = Outgoing | HomeUpdate | Removal | FileRemoval | Upload | Rewrite | None
Render = Callable[[Session, Notice, datetime], Rendered]
