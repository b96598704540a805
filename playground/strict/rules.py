"""Slack's limits as data: for each object its fields, for each field what it may hold.

Source: docs.slack.dev/reference/block-kit, read 2026-11; numbers also in slackblocks' registry.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Text:
    """A text object. `plain`: Slack takes only plain_text here."""

    longest: int
    plain: bool = False


@dataclass(frozen=True)
class String:
    longest: int
    shortest: int = 0


@dataclass(frozen=True)
class Items:
    """A list of `of`, which is a rule or the names of the objects allowed."""

    of: Any
    most: int
    least: int = 1


@dataclass(frozen=True)
class Of:
    """One object whose type is among `types`."""

    types: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """An object: its required fields, all others, and groups of which one must be there."""

    required: dict[str, Any]
    optional: dict[str, Any] = field(default_factory=dict)
    one_of: tuple[str, ...] = ()


ANY = object()
BOOL = bool
INT = int

OPTION = Shape(
    {"text": Text(75), "value": String(150, 1)}, {"description": Text(75), "url": String(3000)}
)
GROUP = Shape({"label": Text(75, plain=True), "options": Items(OPTION, 100)})
CONFIRM = Shape(
    {"title": Text(100, plain=True), "text": Text(300), "confirm": Text(30, plain=True)},
    {"deny": Text(30, plain=True), "style": String(10)},
)
DISPATCH = Shape({"trigger_actions_on": Items(String(30, 1), 2)})

_ACTION = {"action_id": String(255, 1)}
_FOCUS = {"focus_on_load": BOOL, "confirm": CONFIRM}
_HINT = {"placeholder": Text(150, plain=True)}
_OPTIONS = {"options": Items(OPTION, 100), "option_groups": Items(GROUP, 100)}
_TYPED = {"initial_value": String(3000), "focus_on_load": BOOL, "dispatch_action_config": DISPATCH}
_MULTI = {"max_selected_items": INT}
_CHANNEL_FILTER = {
    "response_url_enabled": BOOL,
    "default_to_current_conversation": BOOL,
    "filter": ANY,
}

ELEMENTS: dict[str, Shape] = {
    "button": Shape(
        {"text": Text(75, plain=True), **_ACTION},
        {
            "url": String(3000),
            "value": String(2000, 1),
            "style": String(10),
            "confirm": CONFIRM,
            "accessibility_label": String(75, 1),
        },
    ),
    "overflow": Shape({**_ACTION, "options": Items(OPTION, 5)}, {"confirm": CONFIRM}),
    "checkboxes": Shape(
        {**_ACTION, "options": Items(OPTION, 10)}, {"initial_options": Items(OPTION, 10), **_FOCUS}
    ),
    "radio_buttons": Shape(
        {**_ACTION, "options": Items(OPTION, 10)}, {"initial_option": OPTION, **_FOCUS}
    ),
    "datepicker": Shape(_ACTION, {"initial_date": String(10), **_FOCUS, **_HINT}),
    "timepicker": Shape(
        _ACTION, {"initial_time": String(5), "timezone": String(60), **_FOCUS, **_HINT}
    ),
    "datetimepicker": Shape(_ACTION, {"initial_date_time": INT, **_FOCUS}),
    "email_text_input": Shape(_ACTION, {**_TYPED, **_HINT}),
    "url_text_input": Shape(_ACTION, {**_TYPED, **_HINT}),
    "number_input": Shape(
        {**_ACTION, "is_decimal_allowed": BOOL},
        {"min_value": String(50), "max_value": String(50), **_TYPED, **_HINT},
    ),
    "plain_text_input": Shape(
        _ACTION, {"multiline": BOOL, "min_length": INT, "max_length": INT, **_TYPED, **_HINT}
    ),
    "rich_text_input": Shape(
        _ACTION, {"initial_value": ANY, "dispatch_action_config": DISPATCH, **_FOCUS, **_HINT}
    ),
    "file_input": Shape(_ACTION, {"filetypes": ANY, "max_files": INT}),
    "image": Shape({"alt_text": String(2000)}, {"image_url": String(3000, 1), "slack_file": ANY}),
    "static_select": Shape(
        _ACTION,
        {**_FOCUS, **_HINT, **_OPTIONS, "initial_option": OPTION},
        one_of=("options", "option_groups"),
    ),
    "multi_static_select": Shape(
        _ACTION,
        {**_FOCUS, **_HINT, **_OPTIONS, **_MULTI, "initial_options": Items(OPTION, 100)},
        one_of=("options", "option_groups"),
    ),
    "external_select": Shape(
        _ACTION, {**_FOCUS, **_HINT, "min_query_length": INT, "initial_option": OPTION}
    ),
    "users_select": Shape(_ACTION, {**_FOCUS, **_HINT, "initial_user": String(20)}),
    "multi_users_select": Shape(
        _ACTION, {**_FOCUS, **_HINT, **_MULTI, "initial_users": Items(String(20), 100)}
    ),
    "conversations_select": Shape(
        _ACTION, {**_FOCUS, **_HINT, **_CHANNEL_FILTER, "initial_conversation": String(20)}
    ),
    "channels_select": Shape(
        _ACTION,
        {**_FOCUS, **_HINT, "response_url_enabled": BOOL, "initial_channel": String(20)},
    ),
}
_INPUTS = tuple(name for name in ELEMENTS if name not in ("button", "overflow", "image"))
_ACTIONS = tuple(
    name
    for name in ELEMENTS
    if not name.endswith("_input") and not name.startswith("multi_") and name != "image"
)
_ACCESSORIES = tuple(name for name in ELEMENTS if not name.endswith("_input"))

BLOCKS: dict[str, Shape] = {
    "section": Shape(
        {},
        {
            "text": Text(3000),
            "fields": Items(Text(2000), 10),
            "accessory": Of(_ACCESSORIES),
            "expand": BOOL,
        },
        one_of=("text", "fields"),
    ),
    "header": Shape({"text": Text(150, plain=True)}, {"level": INT}),
    "divider": Shape({}),
    "context": Shape({"elements": Items(("image", "mrkdwn", "plain_text"), 10)}),
    "actions": Shape({"elements": Items(_ACTIONS, 25)}),
    "input": Shape(
        {"label": Text(2000, plain=True), "element": Of(_INPUTS)},
        {"hint": Text(2000, plain=True), "optional": BOOL, "dispatch_action": BOOL},
    ),
    "image": Shape(
        {"alt_text": String(2000)},
        {"image_url": String(3000, 1), "slack_file": ANY, "title": Text(2000, plain=True)},
    ),
    "alert": Shape({"text": Text(200)}, {"level": String(10)}),
}
SURFACES = {
    "alert": ("modal",),
    **dict.fromkeys(("section", "header", "divider", "context"), ("message", "modal", "home")),
    **dict.fromkeys(("actions", "input", "image"), ("message", "modal", "home")),
}
