"""How it went on after the reveal, for the packet: who moved, what was decided and why, who said
what to it. Whoever was not there reads the reasons here."""

from typing import Any

from slackblocks import HeaderBlock, SectionBlock

from bot import decisions, votes
from bot.content import Bank
from bot.panels import Panel
from bot.records import Decision, RecordedView, Stance
from handlers.views import decision as decision_view
from handlers.views import moves as moves_view
from handlers.views.paging import Piece
from handlers.views.reasons import SLACK, Wording
from handlers.views.text import escape
from handlers.views.words import option, quoted, score, title

Record = dict[str, Any]


def heading(panel: Panel) -> list[Piece]:
    """For the top of the packet, once it is decided."""
    decision = panel.decision
    if decision is None:
        return []
    what = escape(decisions.in_words(panel, decision))
    told = decision_view.state(panel, decision)
    text = f"*Decided: {what}*, by <@{decision.by}>. Why stands at the end."
    return [[SectionBlock(f"{text} {told}".strip())]]


def pieces(bank: Bank, panel: Panel) -> list[Piece]:
    """For the end of the packet."""
    found: list[Piece] = [
        [HeaderBlock("Before and after"), SectionBlock(moves_view.summary(panel))]
    ]
    for row in panel.views:
        for text, reason in _moved(bank, row, SLACK):
            found.append([SectionBlock(text)])
            found += [[block] for block in quoted(reason)] if reason else []
    for decision in panel.decisions:
        what = f"Decided: {decisions.in_words(panel, decision)}"
        found.append([HeaderBlock(what[:150]), SectionBlock(_facts(bank, panel, decision))])
        found += [[block] for block in quoted(decision.rationale)] if decision.rationale else []
        for said in decisions.of(panel, decision):
            line = decision_view.stance(panel, said, reads=False)
            if line:
                found.append([SectionBlock(line)])
                found += [[block] for block in quoted(said.reason)] if said.reason else []
            if said.answer:
                found += [[SectionBlock("*Answer*")], *([block] for block in quoted(said.answer))]
    return found


def _moved(bank: Bank, row: RecordedView, wording: Wording) -> list[tuple[str, str]]:
    """What moved for one person, each with its reason; nothing for who only confirmed."""
    who = wording.who(row.person)
    found = []
    for field in votes.overall(bank.scorecard):
        was, now = votes.stated(row.views, field.id)
        if was != now:
            arrow = f"{option(field, was)} → {option(field, now)}"
            found.append((f"{who}, {wording.safe(field.label)}: {wording.safe(arrow)}", ""))
    if found:
        found[-1] = (found[-1][0], row.views["reason"])
    for each in row.views["questions"]:
        if each["before"] != each["after"]:
            arrow = f"{score(each['before'])} → {score(each['after'])}"
            name = wording.safe(title(bank, each["id"]))
            found.append((f"{who}, {name}: {wording.safe(arrow)}", each["reason"]))
    return found


def _facts(bank: Bank, panel: Panel, decision: Decision) -> str:
    cited = ", ".join(f"“{escape(title(bank, each))}”" for each in decision.cites)
    lines = [f"By <@{decision.by}>, on the evidence of {cited}." if cited else f"<@{decision.by}>"]
    told = decision_view.state(panel, decision)
    return "\n".join([*lines, told] if told else lines)[:3000]


def record(bank: Bank, panel: Panel, wording: Wording) -> Record:
    """The same for the file."""
    return {
        "summary": moves_view.summary(panel).replace("*", ""),
        "moved": [each for row in panel.views for each in _moved(bank, row, wording)],
        "decisions": [_decided(bank, panel, each, wording) for each in panel.decisions],
    }


def _decided(bank: Bank, panel: Panel, decision: Decision, wording: Wording) -> Record:
    return {
        "what": decisions.in_words(panel, decision),
        "by": wording.who(decision.by),
        "at": decision.decided_at,
        "state": decision.state.replace("_", " "),
        "why": decision.rationale,
        "cites": [title(bank, each) for each in decision.cites],
        "said": [
            {
                "who": wording.who(each.person),
                "says": each.says,
                "reason": each.reason,
                "answer": each.answer,
            }
            for each in decisions.of(panel, decision)
            if _has_spoken(each)
        ],
    }


def _has_spoken(said: Stance) -> bool:
    return said.says != "asked"
