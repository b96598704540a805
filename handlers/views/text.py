"""Text as Slack reads it."""

from collections.abc import Iterator
from datetime import datetime
from unicodedata import combining

from slackblocks import Option, PlainText

from bot.typed import escape, upright

__all__ = [
    "bullets", "choice", "count", "escape", "label", "link", "quoted", "when",
]  # fmt: skip


# What ends a link for Slack, or begins another one, as it stands in an address.
IN_ADDRESS = str.maketrans({"<": "%3C", ">": "%3E", "|": "%7C", '"': "%22", "&": "&amp;"})


def link(address: str, words: str) -> str:
    """`words` as a link to an address that a person typed; only the words when it is none."""
    if not address.startswith(("https://", "http://")):
        return words
    whole = upright("".join(address.split())).translate(IN_ADDRESS)
    return f"<{whole}|{words}>"


def quoted(text: str, most: int = 2900) -> list[str]:
    """`text` as quotes of at most `most` characters each, all of it: long lines are broken between
    words where they have any, and never inside of what escaping made."""
    pieces, piece = [], ""
    for line in text.splitlines() or [""]:
        for part in _parts(line, most - 1):
            quote = f">{escape(part)}"
            if piece and len(piece) + 1 + len(quote) > most:
                pieces.append(piece)
                piece = ""
            piece = f"{piece}\n{quote}" if piece else quote
    return [*pieces, piece]


def _parts(line: str, most: int) -> Iterator[str]:
    """`line` in parts that are no longer than `most` once they are escaped."""
    while len(escape(line)) > most:
        end = most
        while len(escape(line[:end])) > most:
            end -= max(1, (len(escape(line[:end])) - most) // 5)
        # Between words if there is a space in the second half; the space stays with the first.
        space = line.rfind(" ", end // 2, end)
        end = space + 1 if space >= 0 else _between_characters(line, end)
        yield line[:end]
        line = line[end:]
    yield line


def _between_characters(line: str, end: int) -> int:
    """Not inside of an emoji that is joined of several, or before a mark that changes a letter."""
    at = end
    while at > max(0, end - 20) and _belongs(line, at):
        at -= 1
    return at if at > max(0, end - 20) else end


def _belongs(line: str, at: int) -> bool:
    """Whether the character at `at` belongs to the one before it."""
    joined = "\u200d\ufe0f"
    return (
        combining(line[at]) > 0
        or line[at] in joined
        or line[at - 1] == "\u200d"
        or "\U0001f3fb" <= line[at] <= "\U0001f3ff"
    )


def bullets(lines: tuple[str, ...]) -> str:
    return "\n".join(f"•  {escape(line)}" for line in lines)


def choice(text: str, value: str) -> Option:
    """An option of a menu: Slack shows no markup there."""
    return Option(PlainText(text), value)


def count(number: int, noun: str) -> str:
    """“1 question”, “2 questions”."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def when(at: datetime | None) -> str:
    """A date and time that everybody reads in their own zone."""
    if at is None:
        return "no time yet"
    fallback = f"{at:%a %-d %b %H:%M} UTC"
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{fallback}>"


def label(text: str, most: int = 75) -> str:
    """Plain text that fits where Slack counts characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
