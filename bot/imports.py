"""Interviews from a table: a spreadsheet's, or an applicant-tracking system's export.

One row is one person in one interview. Every bad row is reported; nothing is taken from a table
that has one.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from bot import cells, openings, typed
from bot import import_cells as written
from bot.errors import Refusal
from bot.plans import Plan, Role, Session, Sitting, State
from bot.records import Opening

MOST_ROWS = 2000
# What a column may be called; the first name is the one that the help shows.
COLUMNS = {
    "opening": ("opening", "job", "role title", "requisition", "position"),
    "candidate": ("candidate", "candidate name", "name"),
    "round": ("round", "interview", "stage", "interview name"),
    "interviewer": ("interviewer", "interviewer email", "email", "panelist"),
    "starts": ("starts", "start", "start time", "starts at", "date", "when"),
    "zone": ("zone", "time zone", "timezone"),
    "as": ("as", "role", "seat"),
    "link": ("link", "url", "candidate link"),
}
NEEDED = ("candidate", "round", "interviewer", "starts")
EXAMPLE = (
    "candidate,round,interviewer,starts,as\n"
    "Candidate 7,Onsite A,interviewer.a@example.com,2026-12-01 10:00,\n"
    "Candidate 7,Onsite A,interviewer.d@example.com,2026-12-01 10:00,shadow"
)

Find = Callable[[str], str]  # What names a person, to their Slack id. Raises Refusal.


@dataclass(frozen=True)
class Problem:
    """What is wrong with one row. Rows are counted as a spreadsheet does: the header is row 1."""

    row: int
    told: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.told}" if self.row else self.told


@dataclass(frozen=True)
class Row:
    number: int
    opening: Opening
    candidate: str
    link: str
    round: str
    sitting: Sitting
    starts_at: datetime


def read(
    text: str, mine: Sequence[Opening], zone: str, find: Find
) -> tuple[list[Row], list[Problem]]:
    """The rows of `text`, and all that is wrong with it. `mine` are the openings that may be
    named; times without a zone of their own are in `zone`."""
    try:
        table = io.StringIO(text.strip("\ufeff \r\n"), newline="")
        # One more than there may be: what is endless is not read to its end.
        rows = list(islice(csv.reader(table, _dialect(text), strict=True), MOST_ROWS + 1))
    except csv.Error as error:
        return [], [Problem(0, f"This is no table of comma-separated values: {error}.")]
    if not rows:
        return [], [Problem(0, "The table is empty.")]
    columns = _columns(rows[0])
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        told = f"The first row lacks {', '.join(missing)}. It names the columns, such as: "
        return [], [Problem(1, told + EXAMPLE.partition("\n")[0])]
    if len(rows) > MOST_ROWS:
        return [], [Problem(0, f"It has more than {MOST_ROWS} rows: split the table.")]
    found, problems = [], []
    for number, row in enumerate(rows[1:], start=2):
        fields = {
            name: cells.typed(row[at].strip()) if at < len(row) else ""
            for name, at in columns.items()
        }
        if not any(fields.values()):
            continue
        try:
            found.append(_row(number, fields, mine, zone, find))
        except Refusal as wrong:
            problems.append(Problem(number, str(wrong)))
    return found, [*problems, *_contradictions(found)]


def _dialect(text: str) -> type[csv.Dialect]:
    """By what the header is separated with: comma, semicolon or tab."""
    header = text.strip("\ufeff \n").partition("\n")[0]

    class Found(csv.excel):
        delimiter = max((",", ";", "\t"), key=header.count)

    return Found


def _columns(header: Sequence[str]) -> dict[str, int]:
    """The place of each column that is known."""
    titles = [" ".join(title.replace("_", " ").lower().split()) for title in header]
    return {
        name: titles.index(alias)
        for name, aliases in COLUMNS.items()
        for alias in aliases[::-1]
        if alias in titles
    }


def _row(
    number: int, fields: Mapping[str, str], mine: Sequence[Opening], zone: str, find: Find
) -> Row:
    opening = written.opening(fields.get("opening", ""), mine)
    if not typed.line(fields["candidate"]):
        raise Refusal("the candidate is missing.")
    if not fields["interviewer"]:
        raise Refusal("the interviewer is missing.")
    link = fields.get("link", "")
    if link and not link.startswith(("https://", "http://")):
        raise Refusal(f"“{link[:40]}” is no link: it starts with https://.")
    return Row(
        number,
        opening,
        typed.line(fields["candidate"])[:80],
        link,
        written.round_of(fields["round"], opening),
        Sitting(person=find(fields["interviewer"]), role=written.role(fields.get("as", ""))),
        written.time(fields["starts"], fields.get("zone", "") or zone),
    )


def _contradictions(rows: Sequence[Row]) -> list[Problem]:
    """Rows that put one interview at two times, give it two interviewers, or name somebody
    twice in it."""
    problems = []
    first: dict[tuple[str, str, str], Row] = {}
    seats: dict[tuple[str, str, str, str], Row] = {}
    leads: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        key = (row.opening.id, row.candidate.lower(), row.round)
        earlier = first.setdefault(key, row)
        if earlier.starts_at != row.starts_at:
            problems.append(
                Problem(row.number, f"starts at another time than row {earlier.number}.")
            )
        same = seats.setdefault((*key, row.sitting.person), row)
        if same is not row:
            problems.append(Problem(row.number, f"names the same person as row {same.number}."))
        elif row.sitting.role is Role.LEAD:
            lead = leads.setdefault(key, row)
            if lead is not row:
                told = (
                    f"is a second interviewer beside row {lead.number}: say what they do in `as`."
                )
                problems.append(Problem(row.number, told))
    return problems


def plans(rows: Sequence[Row], existing: Mapping[tuple[str, str], Plan]) -> list[Plan]:
    """What the rows make of each candidate's loop. `existing` are the active loops' plans, by
    opening and candidate in lower case. A loop that the rows do not change is not among them."""
    found: dict[tuple[str, str], Plan] = {}
    for row in rows:
        key = (row.opening.id, row.candidate.lower())
        plan = found.get(key) or existing.get(key)
        if plan is None:
            plan = Plan(opening_id=row.opening.id, candidate=row.candidate, link=row.link)
        found[key] = _with(plan, row)
    return [plan for key, plan in found.items() if plan != existing.get(key)]


def _with(plan: Plan, row: Row) -> Plan:
    at = next((n for n, each in enumerate(plan.sessions) if each.round == row.round), None)
    if at is None:
        minutes = int(openings.kit(row.opening, row.round)["minutes"])
        session = Session(
            round=row.round, minutes=minutes, starts_at=row.starts_at, seats=(row.sitting,)
        )
        return plan.model_copy(update={"sessions": (*plan.sessions, session)})
    session = plan.sessions[at]
    others = [seat for seat in session.seats if seat.person != row.sitting.person]
    if row.sitting.role is Role.LEAD:  # The table says who interviews now.
        others = [seat for seat in others if seat.role is not Role.LEAD]
    kept = next((seat for seat in session.seats if seat == row.sitting), None)
    seats = session.seats if kept else (*others, row.sitting)
    return plan.with_session(at, seats=seats, starts_at=row.starts_at, state=State.PLANNED)
