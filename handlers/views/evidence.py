"""One topic of a packet in full: the anchors, and under them what each interviewer wrote."""

from typing import Any

from slackblocks import (
    ActionsBlock,
    Block,
    Button,
    ContextBlock,
    DividerBlock,
    Element,
    HeaderBlock,
    ModalView,
    SectionBlock,
    Text,
)

from bot import openings
from bot.content import Bank, Level, Question
from bot.packets import Card, Packet, Rating, Row, Topic
from handlers.views import packet as packet_view
from handlers.views import reasons
from handlers.views import rubric as rubric_view
from handlers.views.paging import WINDOW_BLOCKS, WINDOW_TEXT, Piece, paged
from handlers.views.text import count, escape, label, quoted

Payload = dict[str, Any]

FRAME_TEXT, FRAME_BLOCKS = 800, 5


def window(bank: Bank, packet: Packet, topic: Topic, number: int = 0) -> Payload:
    """The evidence of a topic, page by page: all of it, as it was written."""
    pages = paged(
        _pieces(bank, packet, topic),
        text=FRAME_TEXT, blocks=FRAME_BLOCKS, most_text=WINDOW_TEXT, most_blocks=WINDOW_BLOCKS,
    )  # fmt: skip
    number = max(0, min(number, len(pages) - 1))
    told = reasons.reasons(bank, packet, topic)
    blocks: list[Block] = [HeaderBlock(label(topic.title, 150))]
    if told:
        blocks += packet_view.sentences(told)
    above, below = (
        [_turns(packet, topic, number, len(pages), at)] if len(pages) > 1 else []
        for at in ("above", "below")
    )
    return ModalView(
        title="Evidence",
        blocks=[*blocks, *above, *pages[number], *below],
        close="Close",
        callback_id="packet_evidence",
    ).to_dict()


def _turns(packet: Packet, topic: Topic, number: int, pages: int, at: str) -> ActionsBlock:
    code = f"{packet.panel.loop.id}|{topic.key}"
    buttons: list[Element] = []
    if number > 0:
        back = Button("Earlier page", action_id="evidence_back", value=f"{code}|{number - 1}")
        buttons.append(back)
    place = f"Page {number + 1} of {pages}"
    buttons.append(Button(place, action_id="evidence_stay", value=f"{code}|{number}"))
    if number + 1 < pages:
        on = Button(
            "Next page", action_id="evidence_next", value=f"{code}|{number + 1}", style="primary"
        )
        buttons.append(on)
    return ActionsBlock(buttons, block_id=f"evidence_{at}")


def _pieces(bank: Bank, packet: Packet, topic: Topic) -> list[Piece]:
    if topic.key == "overall":
        return _overall(bank, packet)
    if topic.key == "level":
        return _levels(bank, packet)
    if topic.key.startswith("flags."):
        return [
            [block]
            for flag in packet.flags
            if flag.red == (topic.key == "flags.red")
            for block in (
                SectionBlock(f"*“{escape(flag.text)}”*"),
                *(
                    SectionBlock(f"{_who(packet, card)}\n{part}")
                    for card, where in flag.by
                    for part in quoted(where or "—", 2500)
                ),
            )
        ]
    alone = len(topic.rows) == 1
    pieces = [piece for row in topic.rows for piece in _row(bank, packet, row, alone=alone)]
    if not pieces:
        pieces.append([SectionBlock(_never_asked(packet, topic))])
    return pieces


def _row(bank: Bank, packet: Packet, row: Row, *, alone: bool) -> list[Piece]:
    """The question, what was written in the order of the interviews, each beside what its score
    means, then the whole scale. A question `alone` has its title above."""
    title = [] if alone else [f"*{escape(row.title)}*"]
    words = f">{escape(row.words or 'Its words were not kept.')}"
    pieces: list[Piece] = [[SectionBlock("\n".join([*title, words]))]]
    for rating in row.ratings:
        pieces += _rating(bank, packet, row, rating)
    asked = _asked(row)
    if asked is not None:
        level = bank.levels[row.level].title
        about = f"*What each score means at {escape(level)}* (version {row.version})"
        pieces += [[SectionBlock(about)]]
        pieces += [[block] for block in rubric_view.scores(asked, row.level)]
    return [*pieces, [DividerBlock()]]


def _asked(row: Row) -> Question | None:
    """The question with what its scores meant to who asked; None when that was not kept."""
    kept = row.question is not None and row.level in row.question.levels
    return row.question if kept else None


def _rating(bank: Bank, packet: Packet, row: Row, rating: Rating) -> list[Piece]:
    """The whole of it: each block its own piece, since all may be long."""
    head = f"{_who(packet, rating.card)}: *{reasons.score(rating.score)}*"
    asked, means = _asked(row), []
    if asked is not None and rating.score is not None:
        level = bank.levels[row.level].title
        anchor = rubric_view.meaning(asked, row.level, rating.score)
        told = Text(f"A {rating.score} at {escape(level)}: {escape(anchor)}")
        means.append([ContextBlock([told])])
    if not rating.evidence.strip():
        return [[SectionBlock(f"{head}\nNothing was written.")], *means]
    first, *more = quoted(rating.evidence, 2700)
    rest = [[SectionBlock(part)] for part in more]
    return [[SectionBlock(f"{head}\n{first}")], *rest, *means]


def _who(packet: Packet, card: Card) -> str:
    chair = card.chair
    title = openings.round_title(packet.panel.opening, chair.interview.round)
    late = " · after the reveal" if card.late else ""
    return f"<@{card.person}> · {chair.role.label}, {escape(title)}{late}"


def _levels(bank: Bank, packet: Packet) -> list[Piece]:
    """What a 3 means at the levels around, and who sees the candidate where."""
    levels = list(Level)
    at = levels.index(Level(packet.panel.opening.level))
    near = [levels[each] for each in (at - 1, at, at + 1) if 0 <= each < len(levels)]
    lines = [f"*{bank.levels[each].title}:* {escape(bank.levels[each].meets)}" for each in near]
    head = SectionBlock("\n".join(["*A 3 at each level*", *lines]))
    return [[head], *_overall(bank, packet)]


def _overall(bank: Bank, packet: Packet) -> list[Piece]:
    return [[each] for card in packet.cards for each in packet_view.overall(bank, packet, card)]


def _never_asked(packet: Packet, topic: Topic) -> str:
    rounds = [
        openings.round_title(packet.panel.opening, str(kit["id"]))
        for kit in packet.panel.opening.kits
        if topic.area in openings.areas(kit)
    ]
    held = count(len(packet.cards), "scorecard")
    where = f" It belongs to {escape(', '.join(rounds))}." if rounds else ""
    return f"None of the {held} has a question about it.{where}"
