"""The two forms of a plan: for whom, then who and when. Each reads itself back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ContextBlock,
    DateTimePicker,
    DispatchActionConfiguration,
    DividerBlock,
    InputBlock,
    ModalView,
    Option,
    OverflowMenu,
    PlainTextInput,
    SectionBlock,
    StaticSelectMenu,
    Text,
    UserSelectMenu,
)

from bot import openings, plans, typed
from bot.content import Bank, Level
from bot.errors import Refusal
from bot.plans import Plan, Role, Session, Sitting, State
from bot.records import Opening
from handlers.views.plan_start import OLD, Payload, round_option
from handlers.views.text import choice, count, escape

LONGEST_PLACE = 200
EACH_LETTER = DispatchActionConfiguration(["on_character_entered"])
KEPT = "What you enter is kept: close this and come back when you like. Nothing is planned yet."
NOBODY = Sitting(person="", role=Role.SHADOW)  # A second person who is yet to be chosen.


def sessions(bank: Bank, opening: Opening, plan: Plan, note: str = "", begun: str = "") -> Payload:
    """Who interviews when. `plan` stands in the private metadata; `read` lays over it what was
    typed. `begun` is the id of an unfinished change that can be given up here."""
    blocks: list[Block] = [ContextBlock([Text(note)])] if note else []
    if begun:
        anew = Button("Start anew", action_id="plan_discard", value=begun)
        blocks.append(ActionsBlock([anew], block_id="begun"))
    # First, so that it is in sight while people are chosen.
    blocks += [SectionBlock(coverage(bank, opening, plan), block_id="coverage"), DividerBlock()]
    for at, session in enumerate(plan.sessions):
        if session.state in (State.PLANNED, State.CANCELLED):
            blocks += [*_session(opening, session, at), DividerBlock()]
    blocks += _debrief(plan)
    left = _rounds_left(opening, plan)
    if left:
        menu = StaticSelectMenu(action_id="plan_add", placeholder="Add a round", options=left)
        blocks.append(ActionsBlock([menu], block_id=f"add_{len(plan.sessions)}"))
    blocks.append(ContextBlock([Text(KEPT)]))
    return ModalView(
        title="Change the loop" if plan.loop_id else "Who and when",
        blocks=blocks,
        submit="Check",
        close="Close",
        callback_id="plan_sessions",
        private_metadata=plan.dumped(),
    ).to_dict()


def _session(opening: Opening, session: Session, at: int) -> list[Block]:
    kit = openings.kit(opening, session.round)
    title = f"*{escape(kit['title'])}* · {session.minutes} min"
    if session.state is State.CANCELLED:
        menu = [choice("Hold it after all", f"keep|{at}")]
        text = f"~{title}~ cancelled"
        return [SectionBlock(text, block_id=f"round_{at}", accessory=_menu(menu))]
    menu = [
        choice("Leave out the second person", f"alone|{at}")
        if session.other
        else choice("Add a shadow or bar raiser", f"more|{at}"),
        choice("Cancel this interview" if session.id else "Leave this round out", f"cancel|{at}"),
    ]
    blocks: list[Block] = [
        SectionBlock(title, block_id=f"round_{at}", accessory=_menu(menu)),
        InputBlock(
            "Interviewer",
            UserSelectMenu(
                action_id="lead", placeholder="Nobody yet", initial_user=session.lead or None
            ),
            block_id=f"lead_{at}",
            dispatch_action=True,
            optional=True,
        ),
        InputBlock(
            "Starts",
            DateTimePicker(action_id="starts", initial_datetime=_stamp(session.starts_at)),
            block_id=f"starts_{at}",
            dispatch_action=True,
        ),
    ]
    return [*blocks, *(_second(session.other, at) if session.other else [])]


def _second(other: Sitting, at: int) -> list[Block]:
    roles = [choice(role.label, role) for role in Role if role is not Role.LEAD]
    chosen = next(each for each in roles if each.value == other.role)
    return [
        InputBlock(
            "Second person",
            UserSelectMenu(
                action_id="other", placeholder="Nobody", initial_user=other.person or None
            ),
            block_id=f"other_{at}",
            dispatch_action=True,
            optional=True,
        ),
        InputBlock(
            "As",
            StaticSelectMenu(
                action_id="role", placeholder="Role", options=roles, initial_option=chosen
            ),
            block_id=f"role_{at}",
            dispatch_action=True,
        ),
    ]


def _menu(options: list[Option]) -> OverflowMenu:
    return OverflowMenu("plan_session", options)


def _debrief(plan: Plan) -> list[Block]:
    return [
        InputBlock(
            "Debrief",
            DateTimePicker(action_id="debrief", initial_datetime=_stamp(plan.debrief_at)),
            block_id="debrief",
            dispatch_action=True,
            optional=True,
        ),
        InputBlock(
            "Where",
            PlainTextInput(
                action_id="place", max_length=LONGEST_PLACE, placeholder="A room or a link",
                initial_value=plan.debrief_place or None, dispatch_action_config=EACH_LETTER,
            ),
            block_id="place",
            dispatch_action=True,
            optional=True,
        ),
    ]  # fmt: skip


def _rounds_left(opening: Opening, plan: Plan) -> list[Option]:
    used = {session.round for session in plan.sessions}
    return [round_option(kit) for kit in opening.kits if kit["id"] not in used]


def coverage(bank: Bank, opening: Opening, plan: Plan) -> str:
    """Which areas are covered by whom, and in which round: one line each, with a word beside each
    sign."""
    must = bank.levels[Level(opening.level)].must_reach
    found = plans.coverage(opening, plan)
    missing = sum(not sessions for sessions in found.values())
    heading = f"{count(missing, 'area')} without an interviewer" if missing else "All areas covered"
    lines = [f"*{heading}*"]
    for area, covered in found.items():
        title = bank.areas[area].title + (" (must reach)" if area in must else "")
        people = ", ".join(f"<@{each.lead}> ({_short(opening, each)})" for each in covered)
        asked = [
            _short(opening, each)
            for each in plan.held
            if area in openings.areas(openings.kit(opening, each.round))
        ]
        nobody = f"*nobody* yet ({', '.join(asked)})" if asked else "*in no round*"
        lines.append(f"✓ {title}: {people}" if people else f":warning: {title}: {nobody}")
    return "\n".join(lines)


def _short(opening: Opening, session: Session) -> str:
    """“Onsite A” of “Onsite A, adversarial thinking”."""
    return openings.round_title(opening, session.round).partition(",")[0]


def read(plan: Plan, values: Mapping[str, Any]) -> Plan:
    """`plan` with what the form says. What the form does not show stays as it was. Raises Refusal
    for values that no form of ours can send."""
    try:
        found = tuple(_read(session, at, values) for at, session in enumerate(plan.sessions))
        debrief = _time(values["debrief"]["debrief"]) if "debrief" in values else plan.debrief_at
        place = values["place"]["place"]["value"] if "place" in values else plan.debrief_place
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        raise Refusal(OLD) from None
    return plan.model_copy(
        update={"sessions": found, "debrief_at": debrief, "debrief_place": typed.line(place or "")}
    )


def _read(session: Session, at: int, values: Mapping[str, Any]) -> Session:
    if f"starts_{at}" not in values:
        return session
    lead = values[f"lead_{at}"]["lead"]["selected_user"]
    seats: tuple[Sitting, ...] = (Sitting(person=lead),) if lead else ()
    if f"other_{at}" in values:
        other = values[f"other_{at}"]["other"]["selected_user"] or ""
        role = Role(values[f"role_{at}"]["role"]["selected_option"]["value"])
        seats += (Sitting(person=other, role=role),)
    starts = _time(values[f"starts_{at}"]["starts"])
    return session.model_copy(update={"seats": seats, "starts_at": starts})


def _time(field: Mapping[str, Any]) -> datetime | None:
    stamp = field.get("selected_date_time")
    return datetime.fromtimestamp(stamp, UTC) if stamp else None


def _stamp(at: datetime | None) -> int | None:
    return int(at.timestamp()) if at else None


def finished(plan: Plan) -> Plan:
    """Without second persons who were asked for and never chosen, and rounds never held."""
    return plan.model_copy(
        update={
            "sessions": tuple(
                session.model_copy(
                    update={"seats": tuple(seat for seat in session.seats if seat.person)}
                )
                for session in plan.sessions
                if session.id or session.state is not State.CANCELLED
            )
        }
    )
