"""Tables and charts of figures, and how a number is said."""

from collections.abc import Mapping, Sequence

from slackblocks import (
    AxisConfig,
    BarChart,
    ContextBlock,
    DataPoint,
    DataSeries,
    DataTableBlock,
    DataVisualizationBlock,
    LineChart,
    RawNumber,
    RawText,
    RichTextBlock,
    RichTextSection,
    RichTextUser,
    Text,
)

Cell = RawText | RawNumber | RichTextBlock
Rows = list[list[Cell]]
SMALL = 20  # Below it a figure is said to be from few cases.


def person(user_id: str) -> RichTextBlock:
    return RichTextBlock([RichTextSection([RichTextUser(user_id)])])


def table(head: Sequence[str], rows: Rows, caption: str) -> DataTableBlock:
    every: Rows = [[RawText(name) for name in head], *rows]
    return DataTableBlock(every, caption=caption, page_size=10)


def text(value: str) -> RawText:
    return RawText(value)


def number(value: int) -> RawNumber:
    return RawNumber(value, str(value))


def bars(
    title: str, series: Mapping[str, Mapping[str, float]], x_label: str, y_label: str
) -> DataVisualizationBlock:
    return DataVisualizationBlock(title, BarChart(_series(series), _axis(series, x_label, y_label)))


def lines(
    title: str, series: Mapping[str, Mapping[str, float]], x_label: str, y_label: str
) -> DataVisualizationBlock:
    axis = _axis(series, x_label, y_label)
    return DataVisualizationBlock(title, LineChart(_series(series), axis))


def _series(series: Mapping[str, Mapping[str, float]]) -> list[DataSeries]:
    return [
        DataSeries(name, [DataPoint(_short(at), value) for at, value in points.items()])
        for name, points in series.items()
    ]


def _axis(series: Mapping[str, Mapping[str, float]], x_label: str, y_label: str) -> AxisConfig:
    first = next(iter(series.values()))
    return AxisConfig([_short(at) for at in first], x_label=x_label, y_label=y_label)


def _short(name: str) -> str:
    return name if len(name) <= 20 else f"{name[:19]}…"


def note(said: str) -> ContextBlock:
    return ContextBlock([Text(said)])


def hours(minutes: int) -> str:
    """“45 min”, “3.5 h”, “2.1 days” of 24 hours."""
    if minutes < 90:
        return f"{minutes} min"
    if minutes < 36 * 60:
        return f"{minutes / 60:.1f} h"
    return f"{minutes / 1440:.1f} days"


def signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def few(cases: int, noun: str) -> str:
    """A warning for a figure from few cases; "" otherwise."""
    return f" Only {cases} {noun}: read it as a hint." if cases < SMALL else ""
