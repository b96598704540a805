"""The notices as tables for a terminal, and as JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.table import Table
from sqlmodel import Session

from bot.records import Notice, WebhookCall
from bot.store import calls, ledger

MOST_FAILED = 100


def read(session: Session, limit: int) -> dict[str, Any]:
    """How many there are of each kind, the next that are due, and those that were given up."""
    return {
        "counts": [
            {"kind": kind, "state": state, "count": count}
            for kind, state, count in ledger.counts(session)
        ],
        "next": [_told(each) for each in ledger.upcoming(session, limit)],
        "failed": [_told(each) for each in ledger.failed(session, MOST_FAILED)],
        "webhooks": {
            **calls.backlog(session),
            "given_up": [_call(each) for each in calls.failed(session, MOST_FAILED)],
        },
    }


def tables(found: dict[str, Any], now: datetime) -> list[Table]:
    """What there is of it; nothing of what there is not."""
    shown = []
    if found["counts"]:
        table = Table("Kind", "State", "Count", title="Owed", title_justify="left")
        for each in found["counts"]:
            table.add_row(each["kind"], each["state"], str(each["count"]))
        shown.append(table)
    for name, title in (("next", "Next"), ("failed", "Given up")):
        if found[name]:
            shown.append(_table(title, found[name], now))
    return shown + _webhooks(found["webhooks"], now)


def _webhooks(found: dict[str, Any], now: datetime) -> list[Table]:
    shown = []
    if found["pending"] or found["failed"]:
        table = Table("State", "Count", title="Webhooks", title_justify="left")
        for state in ("pending", "failed"):
            table.add_row(state, str(found[state]))
        shown.append(table)
    if found["given_up"]:
        columns = ("Happened (UTC)", "", "Event", "Webhook", "Attempts", "Came of it", "ID")
        table = Table(*columns, title="Webhooks: given up", title_justify="left")
        for each in found["given_up"]:
            at = datetime.fromisoformat(each["at"])
            table.add_row(
                f"{at:%Y-%m-%d %H:%M}", _distance(at, now), each["type"], each["webhook"],
                str(each["attempts"]), each["error"], each["id"],
            )  # fmt: skip
        shown.append(table)
    return shown


def _call(call: WebhookCall) -> dict[str, Any]:
    return {
        "id": call.id,
        "team": call.team_id,
        "webhook": call.webhook_id,
        "type": call.type,
        "at": call.at.isoformat(),
        "attempts": call.attempts,
        "error": call.error,
    }


def _table(title: str, found: Sequence[dict[str, Any]], now: datetime) -> Table:
    table = Table("Due (UTC)", "", "Kind", "To", "Attempts", "Slack said", "ID", title=title)
    table.title_justify = "left"
    for each in found:
        due = datetime.fromisoformat(each["due_at"])
        table.add_row(
            f"{due:%Y-%m-%d %H:%M}", _distance(due, now), each["kind"], each["to"],
            str(each["attempts"]), each["error"], each["id"],
        )  # fmt: skip
    return table


def _told(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "team": notice.team_id,
        "kind": notice.kind,
        "to": notice.recipient,
        "due_at": notice.due_at.isoformat(),
        "attempts": notice.attempts,
        "error": notice.error,
    }


def _distance(due: datetime, now: datetime) -> str:
    """Such as "in 3 h" or "5 min ago"."""
    seconds = abs((due - now).total_seconds())
    sizes = ((86_400, "d"), (3_600, "h"), (60, "min"))
    text = next((f"{seconds / size:.0f} {unit}" for size, unit in sizes if seconds >= size), "")
    if not text:
        return "now"
    return f"in {text}" if due > now else f"{text} ago"
