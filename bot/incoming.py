"""What another program may say of interviews: read, checked, and turned into a plan.

`schema` is what docs/schemas/incoming.json holds; `plan` makes of a message what an import would
make of the same rows.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from bot import import_cells as written
from bot import imports, typed
from bot.errors import Refusal
from bot.imports import Find, Row
from bot.plans import Plan, Role, Sitting, State
from bot.records import Opening

LONGEST = 64 * 1024  # Bytes of one message.
MOST_SEATS = 2
Fields = dict[str, str]  # What is wrong, by the field's place, such as data.panel.0.person.
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class Wrong(Exception):
    """A message that cannot be done. `fields` says what is wrong where."""

    def __init__(self, fields: Fields) -> None:
        super().__init__("; ".join(f"{place}: {told}" for place, told in fields.items()))
        self.fields = fields


class Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Seat(Said):
    person: Name = Field(description="A Slack member ID, or an e-mail address.")
    as_: Role = Field(default=Role.LEAD, alias="as", description="How they take part.")


class Which(Said):
    """Which interview is meant."""

    opening: str = Field(
        default="",
        max_length=200,
        description="The opening's ID or title; needed when the planner has more than one.",
    )
    candidate: Name = Field(
        description="The candidate's name as it was planned, or the code of their loop: C-101."
    )
    round: Name = Field(description="The round's ID or title, such as onsite_a.")


class ScheduledData(Which):
    starts_at: AwareDatetime = Field(description="RFC 3339, with its offset from UTC.")
    panel: list[Seat] = Field(min_length=1, max_length=MOST_SEATS)
    link: str = Field(
        default="",
        max_length=500,
        pattern="^(https?://\\S+)?$",
        description="The candidate's record elsewhere.",
    )


class MovedData(Which):
    starts_at: AwareDatetime = Field(description="RFC 3339, with its offset from UTC.")


class CancelledData(Which):
    pass


class Scheduled(Said):
    """An interview has a time. The same round planned before gets this time and these people."""

    type: Literal["interview.scheduled"]
    timestamp: AwareDatetime
    data: ScheduledData


class Moved(Said):
    """A planned interview has another time. Who holds it stays."""

    type: Literal["interview.moved"]
    timestamp: AwareDatetime
    data: MovedData


class Cancelled(Said):
    """A planned interview does not take place."""

    type: Literal["interview.cancelled"]
    timestamp: AwareDatetime
    data: CancelledData


Message = Scheduled | Moved | Cancelled
_messages: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="type")])


def schema() -> dict[str, Any]:
    return _messages.json_schema()


def read(body: bytes) -> Message:
    """Raises Wrong with every field that is not as the schema says."""
    try:
        return _messages.validate_json(body)
    except ValidationError as error:
        found = {_place(each["loc"]): each["msg"] for each in error.errors(include_input=False)}
        raise Wrong(found) from None


def _place(place: tuple[str | int, ...]) -> str:
    # Pydantic says which kind of message it is, too: that is no place in it.
    kinds = ("interview.scheduled", "interview.moved", "interview.cancelled")
    return ".".join(str(each) for each in place if each not in kinds) or "body"


def opening(message: Message, mine: Sequence[Opening]) -> Opening:
    """Raises Wrong when none, or more than one, of `mine` is meant."""
    try:
        return written.opening(message.data.opening, mine)
    except Refusal as refusal:
        raise Wrong({"data.opening": str(refusal)}) from None


def code(message: Message) -> int | None:
    """The number of the candidate's loop, when they are named by its code."""
    found = message.data.candidate.upper().removeprefix("C-")
    by_code = message.data.candidate.upper().startswith("C-")
    return (
        int(found) if by_code and found.isascii() and found.isdigit() and len(found) < 10 else None
    )


def sittings(message: Scheduled, find: Find) -> list[Sitting]:
    """Who takes part. Raises Wrong with everybody who cannot."""
    found, wrong = [], Fields()
    for at, seat in enumerate(message.data.panel):
        try:
            found.append(Sitting(person=find(seat.person), role=seat.as_))
        except Refusal as refusal:
            wrong[f"data.panel.{at}.person"] = str(refusal)
    people = [each.person for each in found]
    if len(set(people)) < len(people):
        wrong["data.panel"] = "names the same person twice."
    if sum(each.as_ is Role.LEAD for each in message.data.panel) > 1:
        wrong["data.panel"] = "has two interviewers: say what the second one does in `as`."
    if wrong:
        raise Wrong(wrong)
    return found


def plan(message: Message, for_: Opening, seats: Sequence[Sitting], existing: Plan | None) -> Plan:
    """What the message makes of the candidate's loop, which is planned as `existing`. Raises Wrong
    for an interview that is not there to be moved or cancelled."""
    data = message.data
    try:
        round_ = written.round_of(data.round, for_)
    except Refusal as refusal:
        raise Wrong({"data.round": str(refusal)}) from None
    if isinstance(message, Scheduled):
        return _scheduled(message, for_, round_, seats, existing)
    if existing is None:
        raise Wrong({"data.candidate": "no active loop of this candidate is in this opening."})
    at = next((n for n, each in enumerate(existing.sessions) if each.round == round_), None)
    if at is None:
        raise Wrong({"data.round": "this round is not planned for the candidate."})
    held = existing.sessions[at].state
    if isinstance(message, Cancelled):
        if held in (State.NO_SHOW, State.NOT_HELD):
            raise Wrong({"data.round": "this interview is over."})
        return existing.with_session(at, state=State.CANCELLED)
    if held is not State.PLANNED:
        raise Wrong({"data.round": "this interview is not planned any more: schedule it."})
    return existing.with_session(at, starts_at=message.data.starts_at.astimezone(UTC))


def _scheduled(
    message: Scheduled,
    for_: Opening,
    round_: str,
    seats: Sequence[Sitting],
    existing: Plan | None,
) -> Plan:
    if existing is None and code(message) is not None:
        raise Wrong({"data.candidate": "there is no active loop with this code in this opening."})
    name = existing.candidate if existing else typed.line(message.data.candidate)
    if not name:
        raise Wrong({"data.candidate": "there is nothing in it that can be seen."})
    at = message.data.starts_at.astimezone(UTC)
    rows = [Row(n, for_, name, message.data.link, round_, each, at) for n, each in enumerate(seats)]
    known: Mapping[tuple[str, str], Plan] = {(for_.id, name.lower()): existing} if existing else {}
    # A loop that the rows do not change is not among what they make.
    made = next(iter(imports.plans(rows, known)), existing)
    if made is None:
        raise ValueError("a message without seats")
    place = next(n for n, each in enumerate(made.sessions) if each.round == round_)
    # Who is not named does not sit there any more: the message says who does.
    return made.with_session(place, seats=tuple(seats))
