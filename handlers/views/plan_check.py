"""The last look before a plan is saved: what is wrong, what is odd, and who will be told what."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from slackblocks import (
    ActionsBlock,
    AlertBlock,
    Block,
    Button,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    ModalView,
    SectionBlock,
    Text,
)

from bot import clashes, hours
from bot.changes import Change
from bot.clashes import Known, Odd
from bot.plans import Plan, Role, Session
from bot.records import Opening
from handlers.views.text import count, escape, label, when

Payload = dict[str, Any]

MOST_WARNINGS = 20  # The rest are counted; a view holds 100 blocks.


def check(
    opening: Opening,
    plan: Plan,
    candidate: str,
    warnings: Sequence[Odd],
    told: Sequence[Change],
    known: Mapping[str, Known],
) -> Payload:
    """`candidate` as the panel sees them; `told` is what each person will be told."""
    blocks: list[Block] = [
        HeaderBlock(label(f"{candidate} · {opening.title}", 150)),
        *(_warnings(warnings)),
        *(_day(opening, plan, known)),
    ]
    if plan.debrief_at:
        place = f" · {escape(plan.debrief_place)}" if plan.debrief_place else ""
        blocks.append(SectionBlock(f"*Debrief* · {when(plan.debrief_at)}{place}"))
    blocks.append(SectionBlock(_told(opening, told, bool(plan.loop_id)), block_id="told"))
    back = Button("Back", action_id="plan_back", value="back")
    blocks.append(ActionsBlock([back], block_id="plan_back"))
    return ModalView(
        title="Check before saving",
        blocks=blocks,
        submit="Save anyway" if warnings else "Save",
        close="Cancel",
        callback_id="plan_save",
        private_metadata=plan.dumped(),
    ).to_dict()


def _warnings(warnings: Sequence[Odd]) -> list[Block]:
    """One section for the loop as a whole and for each person, the gravest first."""
    if not warnings:
        return [ContextBlock([Text("✓ I found nothing odd in this plan.")], block_id="odd")]
    heading = f"{count(len(warnings), 'thing')} to look at. You can save all the same."
    blocks: list[Block] = [AlertBlock(heading, level="warning", block_id="odd")]
    for about, group in groupby(warnings[:MOST_WARNINGS], key=lambda each: each.about):
        head = f"*<@{about}>*" if about else "*The loop*"
        lines = [head, *(f"•  {each.told}" for each in group)]
        blocks.append(SectionBlock("\n".join(lines)[:3000]))
    more = len(warnings) - MOST_WARNINGS
    if more > 0:
        blocks.append(ContextBlock([Text(f"And {more} more.")]))
    return [*blocks, DividerBlock()]


def _day(opening: Opening, plan: Plan, known: Mapping[str, Known]) -> list[Block]:
    return [
        SectionBlock(
            f"{clashes.title(opening, session.round)} · {session.minutes} min · "
            f"{when(session.starts_at)}\n{_panel(session, known)}"
        )
        for session in plan.held
    ]


def _panel(session: Session, known: Mapping[str, Known]) -> str:
    """Each person with the time that it is where they are."""
    lines = []
    for seat in session.seats:
        role = "" if seat.role is Role.LEAD else f" ({seat.role.label.lower()})"
        line = f"<@{seat.person}>{role}"
        if session.starts_at:
            theirs = known[seat.person].hours
            at = hours.local(theirs, session.starts_at)
            line += f" — {at:%a %-d %b %H:%M} for them ({_place(theirs.zone)})"
        lines.append(line)
    return "\n".join(lines) or ":warning: nobody yet"


def _place(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def _told(opening: Opening, told: Sequence[Change], later: bool) -> str:
    if not told:
        return "*Nobody has to be told.*"
    heading = (
        "*They will be told in a few minutes, unless you undo it*" if later else "*I will tell*"
    )
    return "\n".join([heading, *dict.fromkeys(_line(opening, change) for change in told)])[:3000]


def _line(opening: Opening, change: Change) -> str:
    who = f"<@{change.person}>"
    if change.session is None:
        return f"•  {who}: the debrief is now {when(change.debrief)}"
    title = clashes.title(opening, change.session.round)
    if change.before is None:
        return f"•  {who}: the brief for {title}, with kit and calendar entry"
    if change.after is None:
        return f"•  {who}: no longer needed for {title}"
    (old, was), (new, now) = change.before, change.after
    parts = []
    if old.starts_at != new.starts_at:
        parts.append(f"{title} moves to {when(new.starts_at)}")
    if was.role != now.role:
        parts.append(f"{title} as {now.role.label.lower()}")
    return f"•  {who}: " + ", ".join(parts or [title])
