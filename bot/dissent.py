"""Who saw it otherwise than it was decided: they are asked whether to record a dissent."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import votes
from bot.content import Level
from bot.content.scorecard import CardForm
from bot.decisions import LEVELS, Outcome, Proposal, other_levels
from bot.panels import Panel
from bot.votes import Sealed


@dataclass(frozen=True)
class Contrary:
    """A panellist one of whose views says otherwise than the decision."""

    person: str
    views: tuple[str, ...]  # As ids of options, such as ("no",): before, and after when different.


def contraries(
    panel: Panel, form: CardForm, sealed: Sequence[Sealed], proposal: Proposal
) -> list[Contrary]:
    """Whose sealed or later view of the whole says otherwise. The hiring manager is not among
    them: it is their decision."""
    later = {each.person: each.views for each in panel.views}
    found = []
    for own in sealed:
        if own.person == panel.opening.hiring_manager:
            continue
        says: dict[str, None] = {}
        for field in votes.overall(form):
            stated = [str(own.fields.get(field.id, ""))]
            if own.person in later:
                stated.append(votes.stated(later[own.person], field.id)[1])
            for view in stated:
                if _contradicts(panel, field.id, list(field.options), view, proposal):
                    says[view] = None
        if says:
            found.append(Contrary(own.person, tuple(says)))
    return found


def _contradicts(
    panel: Panel, field: str, order: Sequence[str], view: str, proposal: Proposal
) -> bool:
    """Options stand from least to most. With an odd number of them the middle one says neither."""
    if view not in order or proposal.outcome is None or not proposal.outcome.closes:
        return False
    side = _side(order, view)
    if field == votes.VOTES[0]:
        return side > 0 if proposal.outcome is Outcome.NO_HIRE else side < 0
    match proposal.outcome:
        case Outcome.HIRE:
            return side < 0
        case Outcome.OTHER_LEVEL if proposal.level in other_levels(panel):
            lower = LEVELS.index(Level(proposal.level)) < LEVELS.index(Level(panel.opening.level))
            return side >= 0 if lower else side <= 0
    return False


def _side(order: Sequence[str], view: str) -> int:
    twice = 2 * order.index(view) - (len(order) - 1)
    return (twice > 0) - (twice < 0)
