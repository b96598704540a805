"""One cell of a table of interviews: which opening, round, role and time it means."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import Refusal
from bot.plans import Role
from bot.records import Opening

FORMATS = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M")


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
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
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
    for form in FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 (its zone is added by who calls)
        except ValueError:
            continue
    raise Refusal(f"“{text[:40]}” is no time that I read. Write it like 2026-12-01 10:00.")
