"""Questions and interviewers as tables, and the spread of each area as a chart."""

from collections.abc import Iterator, Sequence

from slackblocks import (
    AxisConfig,
    BarChart,
    Block,
    ColumnSettings,
    ContextBlock,
    DataPoint,
    DataSeries,
    DataVisualizationBlock,
    RawText,
    RichText,
    RichTextObject,
    RichTextSection,
    RichTextUser,
    TableBlock,
    Text,
)

from bot import openings
from bot.content import Area, Bank, Level
from bot.packets import Card, Packet, Row
from handlers.views import reasons
from handlers.views.text import escape, label

MOST_COLUMNS = 12  # Interviewers in one table: Slack takes 20 columns, a reader fewer.
MOST_TEXT = 7_500  # Characters of one table: Slack takes 10,000.
NOT_ASKED = "–"
POINTS, NAME = 20, 20  # What Slack takes of a chart: points, and characters of a label.

Cells = list[RawText | RichTextObject]


def tables(bank: Bank, packet: Packet) -> Iterator[list[Block]]:
    """One table for each part of the matrix that Slack takes as one."""
    for at in range(0, len(packet.cards), MOST_COLUMNS):
        cards = packet.cards[at : at + MOST_COLUMNS]
        rows = [row for row in packet.rows if any(row.rating(card) for card in cards)]
        while rows:
            part, rows = _fitting(bank, rows, cards)
            head: Cells = [RawText("Question"), *(_head(packet, card) for card in cards)]
            wrapped = [ColumnSettings(is_wrapped=True) for _ in head]
            yield [TableBlock([head, *(_cells(bank, row, cards) for row in part)], wrapped)]


def legend(bank: Bank, packet: Packet) -> Block:
    level = bank.levels[Level(packet.panel.opening.level)].title
    return ContextBlock(
        [
            Text(
                f"Scores are relative to {escape(level)}: 3 meets the bar. {NOT_ASKED} was not "
                "asked in that interview. Nothing here is added up or averaged."
            )
        ]
    )


def _fitting(bank: Bank, rows: Sequence[Row], cards: Sequence[Card]) -> tuple[list[Row], list[Row]]:
    """The first rows, as many as one table takes, and the rest."""
    used = 0
    for at, row in enumerate(rows):
        used += len(row.title) + len(bank.areas[row.area].title) + 1
        used += sum(len(_cell(row, card)) for card in cards)
        if at and used > MOST_TEXT:
            return list(rows[:at]), list(rows[at:])
    return list(rows), []


def _head(packet: Packet, card: Card) -> RichTextSection:
    """Who; and which interview, for somebody who held two."""
    chair, found = card.chair, [RichTextUser(card.person)]
    about = []
    if sum(each.person == card.person for each in packet.cards) > 1:
        about.append(openings.round_title(packet.panel.opening, chair.interview.round))
    if chair.role != "lead":
        about.append(chair.role.label.lower())
    if card.late:
        about.append("late")
    more = [RichText(f" ({', '.join(about)})")] if about else []
    return RichTextSection([*found, *more])


def _cells(bank: Bank, row: Row, cards: Sequence[Card]) -> Cells:
    area = bank.areas[row.area].title
    name = RichTextSection([RichText(row.title, bold=True), RichText(f"\n{area}")])
    return [name, *(RawText(_cell(row, card)) for card in cards)]


def _cell(row: Row, card: Card) -> str:
    rating = row.rating(card)
    return reasons.score(rating.score) if rating else NOT_ASKED


def chart(bank: Bank, packet: Packet) -> list[Block]:
    """The lowest and the highest score of each area; areas without any are named below it."""
    spreads = list(packet.spreads.items())[:POINTS]
    blocks: list[Block] = []
    if spreads:
        names = _names(bank, [area for area, _ in spreads])
        series = [
            DataSeries(name, [DataPoint(names[area], both[at]) for area, both in spreads])
            for at, name in enumerate(("Lowest", "Highest"))
        ]
        axis = AxisConfig(list(names.values()), x_label="Area", y_label="Score, 1 to 4")
        title = "Lowest and highest score by area"
        blocks.append(DataVisualizationBlock(title, BarChart(series, axis)))
    if packet.unassessed:
        missing = ", ".join(escape(bank.areas[area].title) for area in packet.unassessed)
        blocks.append(ContextBlock([Text(f"Without a score: {missing}.")]))
    return blocks


def _names(bank: Bank, areas: Sequence[Area]) -> dict[Area, str]:
    """Titles that a chart takes: short, and each once."""
    found: dict[Area, str] = {}
    for area in areas:
        name = label(bank.areas[area].title, NAME)
        if name in found.values():
            name = f"{label(bank.areas[area].title, NAME - 2)} {bank.areas[area].letter}"
        found[area] = name
    return found
