"""Who and what a fresh workspace holds. People are named by role."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

Record = dict[str, Any]

TEAM = {"id": "T0PLAY", "name": "Playground", "domain": "playground"}
APP_ID, BOT_ID, BOT_USER = "A0APP", "B0APP", "U0BOT"

_PEOPLE: list[tuple[str, str, str, str, Record]] = [
    ("U0COORD", "coordinator", "Recruiting coordinator", "Europe/London", {}),
    ("U0MANAGER", "manager", "Hiring manager", "America/New_York", {}),
    ("U0INTA", "interviewer.a", "Interviewer A", "Asia/Kolkata", {}),
    ("U0INTB", "interviewer.b", "Interviewer B", "America/Los_Angeles", {}),
    ("U0INTC", "interviewer.c", "Interviewer C", "Europe/Berlin", {}),
    ("U0INTD", "interviewer.d", "Interviewer D", "Asia/Tokyo", {}),
    ("U0INTE", "interviewer.e", "Interviewer E", "Australia/Adelaide", {}),
    ("U0GUEST", "guest", "Guest", "Europe/London", {"is_restricted": True}),
    ("U0PARTNER", "partner", "Slack Connect partner", "UTC", {"is_stranger": True}),
]

_CHANNELS = [
    ("C0GENERAL", "general", False, "Company-wide"),
    ("C0HIRING", "hiring", False, "Hiring AI Safety Engineers"),
    ("C0SAFETY", "safety-eng", False, "The safety team"),
    ("C0DEBRIEF", "debrief-room", True, "Panels meet here"),
]


def user_groups(team_id: str) -> dict[str, Record]:
    panel = [id_ for id_, name, *_ in _PEOPLE if name.startswith("interviewer")]
    return {
        "S0PANEL": {
            "id": "S0PANEL",
            "team_id": team_id,
            "is_usergroup": True,
            "name": "Safety interviewers",
            "handle": "safety-interviewers",
            "description": "Who sits on panels",
            "date_delete": 0,
            "users": panel,
        }
    }


def users(app_name: str, now: datetime, team_id: str) -> dict[str, Record]:
    """Slack's user objects by id; the app's bot user is the last."""
    people = {
        id_: _user(id_, name, real_name, zone, flags, now=now, team_id=team_id)
        for id_, name, real_name, zone, flags in _PEOPLE
    }
    bot = _user(BOT_USER, "app", app_name, "UTC", {"is_bot": True}, now=now, team_id=team_id)
    bot["profile"]["bot_id"] = BOT_ID
    return {**people, BOT_USER: bot}


def _user(
    id_: str, name: str, real_name: str, zone: str, flags: Record, *, now: datetime, team_id: str
) -> Record:
    email = "" if flags.get("is_bot") else f"{name}@example.com"
    offset = now.astimezone(ZoneInfo(zone)).utcoffset()
    return {
        "id": id_,
        "team_id": "T0ELSE" if flags.get("is_stranger") else team_id,
        "name": name,
        "real_name": real_name,
        "deleted": False,
        "tz": zone,
        "tz_label": zone.replace("_", " "),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_admin": False,
        "is_bot": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_stranger": False,
        "profile": {"real_name": real_name, "display_name": name, "title": "", "email": email},
        **flags,
    }


def conversations(users: dict[str, Record]) -> dict[str, Record]:
    """Channels, and for each person the direct messages with the app (id D + the person's)."""
    people = [id_ for id_, user in users.items() if not user["is_bot"]]
    outside = ("U0GUEST", "U0PARTNER")
    found: dict[str, Record] = {}
    for id_, name, private, topic in _CHANNELS:
        inside = [id_ for id_ in people if id_ not in outside]
        guests = list(outside) if name == "hiring" else []
        app = [BOT_USER] if name != "general" else []  # So that one channel is without the app.
        found[id_] = {
            "id": id_,
            "name": name,
            "kind": "private" if private else "channel",
            "topic": topic,
            "members": inside + guests + app,
            "archived": False,
        }
    for person in people:
        found[f"D{person[1:]}"] = {
            "id": f"D{person[1:]}",
            "name": users[BOT_USER]["real_name"],
            "kind": "app",
            "topic": "",
            "members": [person, BOT_USER],
            "archived": False,
        }
    return found
