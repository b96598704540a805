"""The packet as a file: one page of HTML without anything to load, made to be printed."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot import openings, packets, scorecards
from bot.content import Bank, Level
from bot.packets import Card, Packet, Row, Topic
from handlers.views import outcome, reasons
from handlers.views import rubric as rubric_view
from handlers.views.matrix import NOT_ASKED
from handlers.views.reasons import Wording
from handlers.views.rubric import SCORES

COMMENT = (
    "The packet, to print or to read offline: open it in a browser. Delete it when you no longer "
    "need it; when the candidate is erased, I remove it here."
)
WIDE = 6  # From more interviewers on, the matrix stands across the page.

Names = Mapping[str, str]
Record = dict[str, Any]


def written(bank: Bank, packet: Packet, names: Names, now: datetime) -> str:
    """The whole packet, all evidence included. `names` are people's, by their ids."""
    panel = packet.panel
    wording = Wording(lambda person: names.get(person, person), str)
    return _template().render(
        candidate=panel.candidate,
        opening=panel.opening.title,
        level=bank.levels[Level(panel.opening.level)].title,
        meets=bank.levels[Level(panel.opening.level)].meets,
        opened=panel.loop.revealed_at,
        made=now,
        arrived=len(packet.cards),
        awaited=len(panel.awaited),
        absent=reasons.absent(packet, wording),
        wide=len(packet.cards) > WIDE,
        columns=[_column(packet, card, wording) for card in packet.cards],
        matrix=[_line(bank, packet, row) for row in packet.rows],
        topics=[_topic(bank, packet, topic, wording) for topic in packet.topics],
        spreads=[
            {"area": bank.areas[area].title, "lowest": low, "highest": high}
            for area, (low, high) in packet.spreads.items()
        ],
        unassessed=[bank.areas[area].title for area in packet.unassessed],
        questions=[_question(bank, packet, row, wording) for row in packet.rows],
        flags=[
            {
                "text": flag.text,
                "red": flag.red,
                "by": [(_who(packet, card, wording), where) for card, where in flag.by],
            }
            for flag in packet.flags
        ],
        overall=[_overall(bank, packet, card, wording) for card in packet.cards],
        outcome=outcome.record(bank, panel, wording),
    )


@cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    shop = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return shop.get_template("packet.html")


def _column(packet: Packet, card: Card, wording: Wording) -> Record:
    title = openings.round_title(packet.panel.opening, card.chair.interview.round)
    return {"name": wording.who(card.person), "round": title, "role": card.chair.role.label}


def _who(packet: Packet, card: Card, wording: Wording) -> str:
    title = openings.round_title(packet.panel.opening, card.chair.interview.round)
    late = ", after the reveal" if card.late else ""
    return f"{wording.who(card.person)} ({card.chair.role.label}, {title}{late})"


def _line(bank: Bank, packet: Packet, row: Row) -> Record:
    cells: list[Record] = []
    for card in packet.cards:
        rating = row.rating(card)
        if rating is None:
            cells.append({"score": NOT_ASKED, "name": "", "kind": "none"})
        elif rating.score is None:
            cells.append({"score": "", "name": "Not assessed", "kind": "none"})
        else:
            kind = f"s{rating.score}"
            cells.append({"score": rating.score, "name": SCORES[rating.score], "kind": kind})
    return {
        "key": row.key, "title": row.title, "area": bank.areas[row.area].title, "cells": cells,
    }  # fmt: skip


def _topic(bank: Bank, packet: Packet, topic: Topic, wording: Wording) -> Record:
    return {
        "title": topic.title,
        "area": bank.areas[topic.area].title if topic.area else "",
        "reasons": reasons.reasons(bank, packet, topic, wording),
        "rows": [{"key": row.key, "title": row.title} for row in topic.rows],
        "link": {"flags": "flags", "level": "overall"}.get(topic.key.partition(".")[0], ""),
    }


def _question(bank: Bank, packet: Packet, row: Row, wording: Wording) -> Record:
    asked = row.question if row.question and row.level in row.question.levels else None
    return {
        "key": row.key,
        "title": row.title,
        "area": bank.areas[row.area].title,
        "level": bank.levels[row.level].title,
        "version": row.version,
        "words": row.words,
        "anchors": [
            (score, name, rubric_view.meaning(asked, row.level, score))
            for score, name in SCORES.items()
        ]
        if asked
        else [],
        "ratings": [
            {
                "who": _who(packet, each.card, wording),
                "score": reasons.score(each.score),
                "evidence": each.evidence,
                "thin": packets.is_thin(bank, each),
            }
            for each in row.ratings
        ],
    }


def _overall(bank: Bank, packet: Packet, card: Card, wording: Wording) -> Record:
    said = card.answers["fields"]
    return {
        "who": _who(packet, card, wording),
        "fields": [
            (field.label, field.options.get(str(said[field.id]), str(said[field.id])))
            for field in scorecards.readable(bank.scorecard, planner=False)
            if said.get(field.id)
        ],
    }
