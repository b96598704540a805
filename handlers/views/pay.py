"""Pay bands, as the hiring guide has them. For those who plan and make offers: nothing that an
interviewer is sent shows them."""

import re

from slackblocks import (
    AxisConfig,
    BarChart,
    Block,
    ContextBlock,
    DataPoint,
    DataSeries,
    DataTableBlock,
    DataVisualizationBlock,
    HeaderBlock,
    RawNumber,
    RawText,
    RichTextBlock,
    Text,
)

from bot.content import Bank, Level
from handlers.views.page import Page

MARKETS = ("US overall", "AI labs", "Big tech")
LABEL = (
    "The hiring guide's figures for 2026, US dollars a year; it names no sources for them. "
    "“AI labs” stands for Anthropic and OpenAI. Mid and Senior share the lower US figure in it. "
    "Never ask a candidate about current or past pay."
)


def page(bank: Bank, level: Level | None = None) -> Page:
    title = f"Pay · {bank.levels[level].title}" if level else "Pay"
    return Page(title, [HeaderBlock(title), *blocks(bank, level)])


def blocks(bank: Bank, level: Level | None = None) -> list[Block]:
    """A table and a chart: of one level over the markets, or of all levels in the US."""
    bands = _bands(bank)
    shown = {level: bands[level]} if level else bands
    rows: list[list[RawText | RawNumber | RichTextBlock]] = [
        [RawText(text) for text in ("Level", *MARKETS)]
    ]
    rows += [
        [RawText(text) for text in (bank.levels[each].title, *ranges)]
        for each, ranges in shown.items()
    ]
    note = bank.guide.facts.get("comp.5", "")
    return [
        DataTableBlock(rows, caption="The hiring guide's figures for 2026, US dollars a year"),
        _chart(bank, level, bands),
        ContextBlock([Text(f"{note} {LABEL}".strip())]),
    ]


def _bands(bank: Bank) -> dict[Level, list[str]]:
    """Level to its ranges, in the order of MARKETS, exactly as the guide writes them."""
    facts = bank.guide.section("comp").values()
    return {
        level: re.findall(r"\$\d+K-\$\d+K", fact) for level, fact in zip(Level, facts, strict=False)
    }


def _chart(
    bank: Bank, level: Level | None, bands: dict[Level, list[str]]
) -> DataVisualizationBlock:
    if level:
        ranges = dict(zip(MARKETS, bands[level], strict=True))
        title, label = f"{bank.levels[level].title}, by market", "Market"
    else:
        ranges = {bank.levels[each].title: band[0] for each, band in bands.items()}
        title, label = "US overall, by level", "Level"
    ends = {name: [int(end) for end in re.findall(r"\d+", text)] for name, text in ranges.items()}
    series = [
        DataSeries(name, [DataPoint(where, both[place]) for where, both in ends.items()])
        for place, name in enumerate(("From", "To"))
    ]
    axis = AxisConfig(list(ends), x_label=label, y_label="Thousand dollars")
    return DataVisualizationBlock(title, BarChart(series, axis))
