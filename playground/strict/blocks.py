"""The blocks of Block Kit and the surfaces that take them.

Source: docs.slack.dev/reference/block-kit/blocks, read 2026-11; the numbers are also in
slackblocks' registry.
"""

from playground.strict.elements import ACCESSORIES, CONTEXT_BUTTONS, ELEMENTS, IN_ACTIONS, INPUTS
from playground.strict.richtext import PARTS, RICH_TEXT, WORDS
from playground.strict.shapes import (
    ANY,
    BOOL,
    NO_LIMIT,
    URL,
    Items,
    Number,
    Of,
    OneOf,
    Shape,
    String,
    Text,
)

_PICTURE = Of(("image",))
_RICH = Of(("rich_text",), blocks=True)

CELLS: dict[str, Shape] = {
    "raw_text": Shape({"text": String(NO_LIMIT, 1)}),
    "raw_number": Shape({"value": Number(whole=False)}, {"text": String(NO_LIMIT, 1)}),
}
_POINT = Shape({"label": String(20, 1), "value": Number(whole=False)})
_SERIES = Shape({"name": String(20, 1), "data": Items(_POINT, 20)})
_AXES = Shape(
    {"categories": Items(String(20, 1), 20)}, {"x_label": String(50), "y_label": String(50)}
)
_AXIS_CHART = Shape({"series": Items(_SERIES, 12), "axis_config": _AXES})
CHARTS: dict[str, Shape] = {
    "pie": Shape({"segments": Items(_POINT, 12)}),
    "bar": _AXIS_CHART,
    "line": _AXIS_CHART,
    "area": _AXIS_CHART,
}
_SOURCE = Shape({"type": OneOf(("url",)), "url": URL, "text": String(NO_LIMIT, 1)})
_TASK = Shape(
    {
        "task_id": String(255, 1),
        "title": String(NO_LIMIT, 1),
        "status": OneOf(("pending", "in_progress", "complete", "error")),
    },
    {"details": _RICH, "output": _RICH, "sources": Items(_SOURCE, NO_LIMIT)},
)

TEXTS: dict[str, Shape] = {
    "section": Shape(
        {},
        {
            "text": Text(3000),
            "fields": Items(Text(2000), 10),
            "accessory": Of(ACCESSORIES),
            "expand": BOOL,
        },
        one_of=("text", "fields"),
    ),
    "header": Shape({"text": Text(150, plain=True)}, {"level": Number(1, 4)}),
    "divider": Shape({}),
    "context": Shape({"elements": Items(("image", "mrkdwn", "plain_text"), 10)}),
    "markdown": Shape({"text": String(12_000, 1)}),
    "alert": Shape(
        {"text": Text(200)}, {"level": OneOf(("default", "info", "warning", "error", "success"))}
    ),
}
MEDIA: dict[str, Shape] = {
    "image": Shape(
        {"alt_text": String(2000)},
        {"image_url": URL, "slack_file": ANY, "title": Text(2000, plain=True)},
        one_of=("image_url", "slack_file"),
    ),
    "video": Shape(
        {
            "alt_text": String(2000),
            "title": Text(200, plain=True),
            "thumbnail_url": URL,
            "video_url": URL,
        },
        {
            "author_name": String(50),
            "description": Text(200, plain=True),
            "provider_icon_url": String(2000),
            "provider_name": String(50),
            "title_url": String(2000),
        },
    ),
    "file": Shape({"external_id": String(NO_LIMIT, 1), "source": OneOf(("remote",))}),
}
DATA: dict[str, Shape] = {
    "table": Shape(
        {"rows": Items(Items(("raw_text", "raw_number", "rich_text"), 20), 100)},
        {
            "column_settings": Items(
                Shape({}, {"align": OneOf(("left", "center", "right")), "is_wrapped": BOOL}), 20
            )
        },
    ),
    "data_table": Shape(
        {
            "caption": String(NO_LIMIT, 1),
            "rows": Items(Items(("raw_text", "raw_number", "rich_text"), 20), 201, 2),
        },
        {"page_size": Number(1, 100), "row_header_column_index": Number(0, 19)},
    ),
    "data_visualization": Shape({"title": String(50, 1), "chart": Of(tuple(CHARTS))}),
}
DOING: dict[str, Shape] = {
    "actions": Shape({"elements": Items(IN_ACTIONS, 25)}),
    "context_actions": Shape({"elements": Items(tuple(CONTEXT_BUTTONS), 5)}),
    "input": Shape(
        {"label": Text(2000, plain=True), "element": Of(INPUTS)},
        {"hint": Text(2000, plain=True), "optional": BOOL, "dispatch_action": BOOL},
    ),
    "task_card": _TASK,
    "plan": Shape({"title": String(NO_LIMIT, 1), "tasks": Items(_TASK, 50, 0)}),
}
CARD: dict[str, Shape] = {
    "card": Shape(
        {},
        {
            "hero_image": _PICTURE,
            "icon": _PICTURE,
            "slack_icon": Shape({"type": OneOf(("icon",)), "name": String(50, 1)}),
            "title": Text(150),
            "subtitle": Text(150),
            "body": Text(200),
            "subtext": Text(200),
            "actions": Items(("button",), 3),
        },
        one_of=("hero_image", "title", "body", "actions"),
    ),
    "carousel": Shape({"elements": Items(Of(("card",), blocks=True), 10)}),
    "container": Shape(
        {
            "child_blocks": Items(
                Of(
                    (
                        "actions", "context", "divider", "file", "header", "image", "input",
                        "rich_text", "section", "table", "video",
                    ),
                    blocks=True,
                ),
                10,
            )
        },
        {
            "title": Text(150, plain=True),
            "rich_text_title": _RICH,
            "subtitle": Text(150),
            "width": OneOf(("narrow", "standard", "wide", "full")),
            "icon": _PICTURE,
            "is_collapsible": BOOL,
            "default_collapsed": BOOL,
            "has_header_divider": BOOL,
        },
        one_of=("title", "rich_text_title"),
    ),
}  # fmt: skip

BLOCKS = TEXTS | MEDIA | DATA | DOING | CARD | RICH_TEXT
# What has a type and is no block: elements, and the parts of rich text, tables and charts.
PARTS_OF_BLOCKS = ELEMENTS | WORDS | PARTS | CELLS | CHARTS | RICH_TEXT

_ALL = ("message", "modal", "home")
_NOT_MODAL = ("message", "home")
SURFACES = {
    **dict.fromkeys(("actions", "card", "context", "divider", "header", "image", "input"), _ALL),
    **dict.fromkeys(("rich_text", "section", "video"), _ALL),
    **dict.fromkeys(("carousel", "container", "data_table", "data_visualization"), _NOT_MODAL),
    "table": _NOT_MODAL,
    **dict.fromkeys(("context_actions", "file", "markdown", "plan", "task_card"), ("message",)),
    "alert": ("modal",),
}
