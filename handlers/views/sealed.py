"""What follows a scorecard's pages: words pointed out, the seal, and reading it afterwards."""

from collections.abc import Sequence
from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ContextBlock,
    HeaderBlock,
    ModalView,
    SectionBlock,
    Text,
)

from bot import drafts, scorecards
from bot.content import Bank
from bot.records import SealedVersion
from bot.scorecards import NOT_ASSESSED
from handlers.views.card import MAY_READ, Card, Place
from handlers.views.text import count, escape, label, quoted, when

Payload = dict[str, Any]


def pointed_out(card: Card, found: Sequence[tuple[str, str]]) -> Payload:
    """Words about protected matters, before the scorecard is handed in."""
    lines = [f"•  “{escape(word)}” ({escape(about)})" for word, about in found[:20]]
    return ModalView(
        title="Before you hand it in",
        blocks=[
            SectionBlock(
                "These words may be about something that must not decide. Is it what the "
                "candidate did, and does it matter for the work?\n" + "\n".join(lines)
            ),
            ActionsBlock(
                [Button("Back to the scorecard", action_id="card_turn_back", value=str(card.last))],
                block_id="card_pages",
            ),
            ContextBlock([Text(MAY_READ)]),
        ],
        submit="Hand it in as it is",
        close="Close",
        callback_id="card_confirm",
        private_metadata=Place(card.interview_id, card.last, drafts.revision(card.draft)).dumped(),
    ).to_dict()


def sealed(version: SealedVersion, progress: str, *, early: bool) -> Payload:
    """It is handed in: when, and what happens next."""
    what = "Handed in and sealed" if version.number == 1 else f"Amended (version {version.number})"
    after = " It is marked as written after the reveal." if version.after_reveal else ""
    until = " You can amend it until the scorecards are opened." if early else ""
    return ModalView(
        title="Scorecard",
        blocks=[
            HeaderBlock(what),
            SectionBlock(f"{when(version.submitted_at)}.{after}\n{progress}{until}"),
            ContextBlock([Text(f"Seal {version.seal[:16]}…")]),
        ],
        close="Close",
        callback_id="card_sealed",
    ).to_dict()


def reading(
    bank: Bank,
    candidate: str,
    person: str,
    role: str,
    versions: Sequence[SealedVersion],
    *,
    planner: bool,
) -> Payload:
    """What somebody handed in, for those who may read it."""
    newest = versions[-1]
    answers = newest.answers
    blocks: list[Block] = [
        HeaderBlock(label(candidate, 150)),
        SectionBlock(f"<@{person}>, {role} · {when(newest.submitted_at)}"),
    ]
    for each in versions[1:]:
        what = scorecards.changed(versions[each.number - 2].answers, each.answers)
        when_ = "after the reveal" if each.after_reveal else "before the reveal"
        names = ", ".join(_name(bank, name) for name in what) or "nothing"
        blocks.append(ContextBlock([Text(f"Amended {when_}: {escape(names)}")]))
    if versions[0].after_reveal:
        blocks.append(ContextBlock([Text("Handed in after the scorecards had been opened.")]))
    for each in answers["questions"]:
        score = "Not assessed" if each["score"] == NOT_ASSESSED else each["score"]
        blocks.append(SectionBlock(f"*{escape(_name(bank, each['id']))}*: *{score}*"))
        # The whole of it: escaped and quoted, 3,000 characters may need two blocks.
        blocks += [SectionBlock(part) for part in quoted(each["evidence"] or "—")]
    facts = {**bank.guide.red_flags, **bank.guide.green_flags}
    for flag in answers["flags"]:
        sign = "Red" if flag["key"] in bank.guide.red_flags else "Green"
        heard = escape(facts.get(flag["key"], flag["key"]))
        blocks.append(SectionBlock(f"*{sign} flag:* {heard}\n>{escape(flag['where'])}"))
    for field in scorecards.readable(bank.scorecard, planner=planner):
        if field.id in answers["fields"]:
            value = str(answers["fields"][field.id])
            shown = field.options.get(value, value)
            blocks.append(SectionBlock(f"*{escape(field.label)}:* {escape(shown)}"[:3000]))
    blocks.append(ContextBlock([Text(f"Seal {newest.seal}")]))
    return ModalView(
        title=f"Scorecard ({count(len(versions), 'version')})"[:24],
        blocks=blocks[:100],
        close="Close",
        callback_id="card_read",
    ).to_dict()


def _name(bank: Bank, name: str) -> str:
    question = bank.questions.get(name)
    if question is not None:
        return question.title
    return next((each.label for each in bank.scorecard.fields if each.id == name), name)
