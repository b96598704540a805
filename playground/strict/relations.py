"""What one field asks of another: rules that no single field can be held to."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Record = dict[str, Any]
Found = Iterator[tuple[str, str]]  # A pointer from the block, and the reason.

MOST_CHARTS, MOST_TABLE_TEXT, MOST_MARKDOWN = 2, 20_000, 12_000


def related(block: Record) -> Found:
    """What is wrong between the fields of a block whose fields are right one by one."""
    yield from _repeated_actions(block)
    check = _CHECKS.get(block["type"])
    if check is not None:
        yield from check(block)


def related_blocks(blocks: list[Record]) -> Found:
    """What is wrong among blocks."""
    yield from (
        ("", f"duplicate block_id: {name}")
        for name in _repeats(block.get("block_id") for block in blocks)
    )
    kinds = Counter(block["type"] for block in blocks)
    if kinds["data_visualization"] > MOST_CHARTS:
        yield "", f"no more than {MOST_CHARTS} data_visualization blocks"
    if kinds["table"] > 1:
        yield "", "only_one_table_allowed"
    written = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if written > MOST_MARKDOWN:
        yield "", f"markdown blocks must have less than {MOST_MARKDOWN + 1} characters in all"
    tabled = sum(size_of(block["rows"]) for block in blocks if block["type"] == "data_table")
    if tabled > MOST_TABLE_TEXT:
        yield "", f"data tables must have less than {MOST_TABLE_TEXT + 1} characters in all"
    for place, block in enumerate(blocks):
        if block["type"] == "task_card" and block["status"] == "pending":
            yield f"/{place}/status", "only a task of a plan can be pending"


def size_of(value: Any) -> int:
    """The characters of every text in blocks, however deep."""
    if isinstance(value, list):
        return sum(map(size_of, value))
    if isinstance(value, dict):
        return sum(
            len(item) if name == "text" and isinstance(item, str) else size_of(item)
            for name, item in value.items()
        )
    return 0


def _repeated_actions(block: Record) -> Found:
    elements = block.get("elements", [])
    for name in _repeats(element.get("action_id") for element in elements):
        yield "/elements", f"duplicate action_id: {name}"


def _choice(block: Record) -> Found:
    """Of the element of an input, of an accessory, of the elements of an actions block."""
    places = [(f"/{name}", block[name]) for name in ("element", "accessory") if name in block]
    places += [(f"/elements/{n}", each) for n, each in enumerate(block.get("elements", []))]
    for pointer, element in places:
        if "options" in element and "option_groups" in element:
            yield pointer, "options and option_groups cannot both be there"
        options = [
            *element.get("options", []),
            *(option for group in element.get("option_groups", []) for option in group["options"]),
        ]
        initial = element.get("initial_options") or [element.get("initial_option")]
        if options and any(each is not None and each not in options for each in initial):
            yield f"{pointer}/initial_option", "must match one of the options"
        least, most = element.get("min_length", 0), element.get("max_length")
        if most is not None and least > most:
            yield f"{pointer}/min_length", "must not exceed max_length"
        if most is not None and len(element.get("initial_value") or "") > most:
            yield f"{pointer}/initial_value", f"must be less than {most + 1} characters"


def _data_table(block: Record) -> Found:
    columns = len(block["rows"][0])
    if any(len(row) != columns for row in block["rows"]):
        yield "/rows", "every row must have the same number of cells"
    if any(cell["type"] == "rich_text" for cell in block["rows"][0]):
        yield "/rows/0", "a header cell cannot be rich text"
    if block.get("row_header_column_index", 0) >= columns:
        yield "/row_header_column_index", "must be one of the columns"


def _chart(block: Record) -> Found:
    chart = block["chart"]
    if chart["type"] == "pie":
        if any(segment["value"] <= 0 for segment in chart["segments"]):
            yield "/chart/segments", "every value must be more than 0"
        return
    categories = chart["axis_config"]["categories"]
    if _repeats(categories):
        yield "/chart/axis_config/categories", "every category must be there once"
    if _repeats(series["name"] for series in chart["series"]):
        yield "/chart/series", "every name must be there once"
    for place, series in enumerate(chart["series"]):
        if sorted(point["label"] for point in series["data"]) != sorted(categories):
            yield f"/chart/series/{place}/data", "needs one point for each category"


def _plan(block: Record) -> Found:
    for name in _repeats(task["task_id"] for task in block["tasks"]):
        yield "/tasks", f"duplicate task_id: {name}"


def _card(block: Record) -> Found:
    if "icon" in block and "slack_icon" in block:
        yield "/icon", "icon and slack_icon cannot both be there"
    for name in _repeats(button["action_id"] for button in block.get("actions", [])):
        yield "/actions", f"duplicate action_id: {name}"


def _container(block: Record) -> Found:
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        yield "/default_collapsed", "needs is_collapsible"
    if block.get("has_header_divider") and block.get("is_collapsible"):
        yield "/has_header_divider", "is only for containers that do not collapse"
    for place, child in enumerate(block["child_blocks"]):
        yield from ((f"/child_blocks/{place}{at}", reason) for at, reason in related(child))


def _repeats(names: Iterable[Any]) -> list[Any]:
    return [name for name, count in Counter(names).items() if name and count > 1]


_CHECKS: dict[str, Callable[[Record], Found]] = {
    "section": _choice,
    "actions": _choice,
    "input": _choice,
    "data_table": _data_table,
    "data_visualization": _chart,
    "plan": _plan,
    "card": _card,
    "container": _container,
}
