"""One cell of a table of interviews: which opening, round, role and time it means."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import Refusal
from bot.plans import Role
from bot.records import Opening

# Days whose month cannot be mistaken; what has slashes is read by `_slashed`.
DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y")
TIMES = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p")


def opening(title: str, mine: Sequence[Opening]) -> Opening:
    found = [each for each in mine if title.lower() in ("", each.title.lower(), each.id)]
    if not found:
        known = ", ".join(f"“{each.title}”" for each in mine[:5])
        raise Refusal(f"you plan no opening called “{title}”. You plan {known}.")
    if len(found) > 1:
        raise Refusal("more than one opening is meant: add a column `opening` with its title.")
    return found[0]


def round_of(name: str, opening: Opening) -> str:
    wanted = name.replace("_", " ").lower()
    titles = {str(kit["id"]): str(kit["title"]).lower() for kit in opening.kits}
    for id_, title in titles.items():
        if wanted and wanted in (id_.replace("_", " "), title, title.partition(",")[0]):
            return id_
    known = ", ".join(kit["title"].partition(",")[0] for kit in opening.kits)
    raise Refusal(f"“{name[:40]}” is no round of this opening. Its rounds are {known}.")


def role(name: str) -> Role:
    wanted = name.lower().replace(" ", "_").replace("-", "_")
    if wanted in ("", "interviewer"):
        return Role.LEAD
    try:
        return Role(wanted)
    except ValueError:
        known = ", ".join(role.label.lower() for role in Role)
        raise Refusal(f"“{name[:40]}” is no way to take part. Use one of {known}.") from None


def time(text: str, zone: str) -> datetime:
    text = re.sub(r" ?(?:UTC|GMT|Z)$", "+00:00", text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = _written(text)
    if at.tzinfo is None:
        try:
            at = at.replace(tzinfo=ZoneInfo(zone))
        except (ZoneInfoNotFoundError, ValueError):
            raise Refusal(f"“{zone[:40]}” is no time zone. Write it like Europe/Berlin.") from None
    if len(text.strip()) <= len("2026-12-01"):
        raise Refusal(f"“{text}” has no time of day. Write it like 2026-12-01 10:00.")
    return at.astimezone(UTC)


def _written(text: str) -> datetime:
    words = " ".join(text.replace(",", " ").split())
    for form in (f"{day} {time_}" for day in DAYS for time_ in TIMES):
        try:
            return datetime.strptime(words, form)  # noqa: DTZ007 (its zone is added by who calls)
        except ValueError:
            continue
    slashed = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4}) (.+)", words)
    if slashed:
        return _slashed(text, *slashed.groups())
    raise Refusal(f"“{text[:40]}” is no time that I read. Write it like 2026-12-01 10:00.")


def _slashed(text: str, one: str, two: str, year: str, rest: str) -> datetime:
    """A day such as 3/25/2031, which is in March wherever one lives. Raises Refusal for one that
    could be two days."""
    first, second = int(one), int(two)
    if first <= 12 and second <= 12 and first != second:
        raise Refusal(
            f"“{text[:40]}” could be two days: the month may come first or second. "
            "Write it like 2026-12-01 10:00."
        )
    month, day = (first, second) if first <= 12 else (second, first)
    return _written(f"{year}-{month:02}-{day:02} {rest}")
