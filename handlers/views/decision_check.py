"""The last look before a decision: what, on what, and who will be told what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slackblocks import ActionsBlock, AlertBlock, Block, Button, ModalView, SectionBlock

from bot import decisions, openings
from bot.content import Bank
from bot.decisions import Outcome, Proposal
from bot.panels import Panel
from handlers.views import words
from handlers.views.decision_form import Form, outcome_names
from handlers.views.text import count, escape, when

Payload = dict[str, Any]


@dataclass(frozen=True)
class Audience:
    """Who will be told what when it is decided."""

    panel: Sequence[str]
    coordinators: Sequence[str]
    raisers: Sequence[str]
    contrary: Mapping[str, Sequence[str]]  # By person, their views as ids of options.
    cancelled: int  # Interviews ahead.
    due: datetime | None  # When it takes effect where a bar raiser is asked; None for at once.


def confirm(
    bank: Bank, shown: Form, proposal: Proposal, heard: Audience, told: str = ""
) -> Payload:
    """The last look: what is decided, on what, and who will be told what."""
    panel = shown.panel
    cited = ", ".join(f"“{words.title(bank, each)}”" for each in proposal.cites)
    head = f"*{escape(_named(panel, proposal))}* for *{escape(panel.candidate)}*"
    blocks: list[Block] = [
        *([AlertBlock(told, level="warning", block_id="told")] if told else []),
        SectionBlock(f"{head}\nOn the evidence of {escape(cited)}" if cited else head),
        *words.quoted(proposal.rationale),
        SectionBlock("*Who will be told what*\n" + "\n".join(_will_be_told(heard))),
        SectionBlock("*What else it does*\n" + "\n".join(_does(panel, proposal, heard))),
        ActionsBlock(
            [Button("Back", action_id="decision_back", value=panel.loop.id)], block_id="back"
        ),
    ]
    return ModalView(
        title="Before it is decided", blocks=blocks, submit="Decide", close="Close",
        callback_id="decision_confirm", private_metadata=shown.where.dumped(),
    ).to_dict()  # fmt: skip


def _named(panel: Panel, proposal: Proposal) -> str:
    match proposal.outcome:
        case Outcome.OTHER_LEVEL:
            return f"Hire at {proposal.level.capitalize()}"
        case Outcome.ANOTHER:
            return f"Another interview: {openings.round_title(panel.opening, proposal.round)}"
        case Outcome.HOLD:
            return f"On hold until {decisions.day(proposal.until)}"
        case None:
            return ""
    return outcome_names(panel)[proposal.outcome]


def _will_be_told(heard: Audience) -> list[str]:
    lines = []
    if heard.raisers:
        lines.append(f"•  {_people(heard.raisers)} (bar raiser): asked now to concur or object")
    if heard.contrary:
        lines.append(
            f"•  {_people(list(heard.contrary))}: saw it otherwise, so asked now whether to "
            "record a dissent by name"
        )
    then = (
        f" once the bar raiser has concurred, at the latest {when(heard.due)}" if heard.due else ""
    )
    everybody = [*heard.panel, *heard.coordinators]
    lines.append(
        f"•  {_people(everybody)}: what you decided and why, with thanks and nobody's scores"
        + (f";{then}" if then else ", now")
    )
    return [*lines, "•  The candidate: nothing. Telling them is the coordinator's."]


def _people(people: Sequence[str]) -> str:
    return ", ".join(f"<@{each}>" for each in people) or "nobody"


def _does(panel: Panel, proposal: Proposal, heard: Audience) -> list[str]:
    if proposal.outcome is None or not proposal.outcome.closes:
        another = proposal.outcome is Outcome.ANOTHER
        then = "the next window plans the interview" if another else "I remind you on that day"
        return [f"•  The loop stays open; {then}."]
    lines = ["•  The loop is closed, and nobody is reminded of anything in it any more."]
    if heard.cancelled:
        lines.append(f"•  {count(heard.cancelled, 'interview')} ahead will be cancelled.")
    lines.append(
        f"•  What is kept about the candidate is erased {panel.opening.keep_months} months later."
    )
    lines.append("•  It can be reopened, with a reason, by you or the coordinator.")
    return lines
