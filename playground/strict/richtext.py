"""Rich text: lists, quotes and code of styled words.

Source: docs.slack.dev/reference/block-kit/blocks/rich-text-block, read 2026-11.
"""

from playground.strict.shapes import BOOL, NO_LIMIT, URL, Items, Number, OneOf, Shape, String

_STYLE = Shape(
    {},
    dict.fromkeys(
        (
            "bold",
            "italic",
            "strike",
            "code",
            "underline",
            "highlight",
            "client_highlight",
            "unlink",
        ),
        BOOL,
    ),
)
_STYLED = {"style": _STYLE}
_BORDER = {"border": Number(0, 1)}
_ID = String(20, 1)

WORDS: dict[str, Shape] = {
    "text": Shape({"text": String(NO_LIMIT, 1)}, _STYLED),
    "link": Shape({"url": URL}, {**_STYLED, "text": String(NO_LIMIT), "unsafe": BOOL}),
    "emoji": Shape(
        {"name": String(100, 1)}, {**_STYLED, "unicode": String(50), "skin_tone": Number(1, 6)}
    ),
    "user": Shape({"user_id": _ID}, _STYLED),
    "usergroup": Shape({"usergroup_id": _ID}, _STYLED),
    "channel": Shape({"channel_id": _ID}, _STYLED),
    "broadcast": Shape({"range": OneOf(("here", "channel", "everyone"))}, _STYLED),
    "color": Shape({"value": String(9, 4)}, _STYLED),
    "date": Shape(
        {"timestamp": Number(0), "format": String(500, 1)},
        {**_STYLED, "url": URL, "fallback": String(500)},
    ),
}
_LINE = Items(tuple(WORDS), NO_LIMIT, 0)

PARTS: dict[str, Shape] = {
    "rich_text_section": Shape({"elements": _LINE}),
    "rich_text_quote": Shape({"elements": _LINE}, _BORDER),
    "rich_text_preformatted": Shape({"elements": _LINE}, {**_BORDER, "language": String(50)}),
    "rich_text_list": Shape(
        {
            "style": OneOf(("bullet", "ordered")),
            "elements": Items(("rich_text_section",), NO_LIMIT),
        },
        {**_BORDER, "indent": Number(0, 8), "offset": Number(0)},
    ),
}
RICH_TEXT = {"rich_text": Shape({"elements": Items(tuple(PARTS), NO_LIMIT)})}
