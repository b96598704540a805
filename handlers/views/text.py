"""Text as Slack reads it."""

from datetime import datetime

from slackblocks import Option, PlainText


def escape(text: str) -> str:
    """Make text that a person wrote safe to show: Slack reads &, < and > as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quote(text: str) -> str:
    return "\n".join(f">{line}" for line in escape(text).splitlines())


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
