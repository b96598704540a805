"""What people type, as it is kept and as other programs show it."""

import re
import unicodedata

JOINERS = "\u200c\u200d"  # Persian words and emoji need them between two characters.
# They turn the direction of whatever follows, the text of others included.
DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
LINKED = re.compile(r"<((?:https?|mailto):[^|>\s]+)(?:\|[^>]*)?>")
MARKDOWN = re.compile(r"[\\`<\[\]~]|^(?=#)", re.MULTILINE)


def line(text: str) -> str:
    """One line: blanks are single, and nothing is in it that cannot be seen. Two names that look
    alike are the same then, and none can turn the text around it."""
    flat = " ".join(text.split())
    kept = (
        each
        for at, each in enumerate(flat)
        if unicodedata.category(each) not in ("Cc", "Cf") or _joins(flat, at)
    )
    return " ".join("".join(kept).split())


def _joins(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return text[at] in JOINERS and before > "\x7f" and after > "\x7f"


def upright(text: str) -> str:
    """Without what turns the direction of the text around it."""
    return DIRECTIONS.sub("", text)


def escape(text: str) -> str:
    """Make text that a person wrote safe to show: Slack reads &, < and > as markup, and mentions
    and disguised links are made of nothing else."""
    return upright(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def said(text: str) -> str:
    """What somebody typed into a message, from what Slack makes of it: its links are addresses
    again, and &lt; is what they typed."""
    plain = LINKED.sub(r"\1", text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def markdown(text: str) -> str:
    """As a reader of Markdown shows it: no link, no picture, no HTML, no block of code."""
    return MARKDOWN.sub(r"\\\g<0>", upright(text))
