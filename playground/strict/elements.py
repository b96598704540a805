"""The elements of Block Kit and the objects that they are composed of.

Source: docs.slack.dev/reference/block-kit/block-elements and /composition-objects, read 2026-11;
the numbers are also in slackblocks' registry.
"""

from playground.strict.shapes import (
    ANY,
    BOOL,
    NO_LIMIT,
    URL,
    Items,
    Number,
    OneOf,
    Shape,
    String,
    Text,
)

OPTION = Shape(
    {"text": Text(75), "value": String(150, 1)}, {"description": Text(75), "url": String(3000)}
)
GROUP = Shape({"label": Text(75, plain=True), "options": Items(OPTION, 100)})
SUGGESTIONS = Shape(
    {},
    {"options": Items(OPTION, 100, 0), "option_groups": Items(GROUP, 100)},
    one_of=("options", "option_groups"),
)
_STYLE = OneOf(("primary", "danger"))
CONFIRM = Shape(
    {"title": Text(100, plain=True), "text": Text(300), "confirm": Text(30, plain=True)},
    {"deny": Text(30, plain=True), "style": _STYLE},
)
_DISPATCH = Shape(
    {"trigger_actions_on": Items(OneOf(("on_enter_pressed", "on_character_entered")), 2)}
)
_FILTER = Shape(
    {},
    {
        "include": Items(OneOf(("im", "mpim", "private", "public")), 4),
        "exclude_external_shared_channels": BOOL,
        "exclude_bot_users": BOOL,
    },
    one_of=("include", "exclude_external_shared_channels", "exclude_bot_users"),
)
_WORKFLOW = Shape(
    {
        "trigger": Shape(
            {"url": URL},
            {
                "customizable_input_parameters": Items(
                    Shape({"name": String(255), "value": ANY}), 50
                )
            },
        )
    }
)

_ACTION = {"action_id": String(255, 1)}
_FOCUS = {"focus_on_load": BOOL}
_ASK = {"confirm": CONFIRM}
_HINT = {"placeholder": Text(150, plain=True)}
_CHOICE = {**_FOCUS, **_ASK, **_HINT}
_OPTIONS = {"options": Items(OPTION, 100), "option_groups": Items(GROUP, 100)}
_TYPED = {**_FOCUS, **_HINT, "initial_value": String(3000), "dispatch_action_config": _DISPATCH}
_MULTI = {"max_selected_items": Number(1)}
_ID = String(20, 1)
_IDS = Items(_ID, 100, 0)
_QUERY = {"min_query_length": Number(0)}
_CURRENT = {"default_to_current_conversation": BOOL, "filter": _FILTER}
_URL_BACK = {"response_url_enabled": BOOL}
_SPOKEN = {"accessibility_label": String(75, 1)}
_FEEDBACK = Shape({"text": Text(75, plain=True), "value": String(2000)}, _SPOKEN)

SELECTS: dict[str, Shape] = {
    "static_select": Shape(
        _ACTION,
        {**_CHOICE, **_OPTIONS, "initial_option": OPTION},
        one_of=("options", "option_groups"),
    ),
    "external_select": Shape(_ACTION, {**_CHOICE, **_QUERY, "initial_option": OPTION}),
    "users_select": Shape(_ACTION, {**_CHOICE, "initial_user": _ID}),
    "conversations_select": Shape(
        _ACTION, {**_CHOICE, **_CURRENT, **_URL_BACK, "initial_conversation": _ID}
    ),
    "channels_select": Shape(_ACTION, {**_CHOICE, **_URL_BACK, "initial_channel": _ID}),
    "multi_static_select": Shape(
        _ACTION,
        {**_CHOICE, **_OPTIONS, **_MULTI, "initial_options": Items(OPTION, 100)},
        one_of=("options", "option_groups"),
    ),
    "multi_external_select": Shape(
        _ACTION, {**_CHOICE, **_QUERY, **_MULTI, "initial_options": Items(OPTION, 100)}
    ),
    "multi_users_select": Shape(_ACTION, {**_CHOICE, **_MULTI, "initial_users": _IDS}),
    "multi_conversations_select": Shape(
        _ACTION, {**_CHOICE, **_CURRENT, **_MULTI, "initial_conversations": _IDS}
    ),
    "multi_channels_select": Shape(_ACTION, {**_CHOICE, **_MULTI, "initial_channels": _IDS}),
}

TYPED: dict[str, Shape] = {
    "email_text_input": Shape(_ACTION, _TYPED),
    "url_text_input": Shape(_ACTION, _TYPED),
    "number_input": Shape(
        {**_ACTION, "is_decimal_allowed": BOOL},
        {**_TYPED, "min_value": String(50), "max_value": String(50)},
    ),
    "plain_text_input": Shape(
        _ACTION,
        {
            **_TYPED,
            "multiline": BOOL,
            "min_length": Number(0, 3000),
            "max_length": Number(1, 3000),
        },
    ),
    "rich_text_input": Shape(
        _ACTION,
        {
            **_FOCUS,
            **_HINT,
            "initial_value": ANY,
            "dispatch_action_config": _DISPATCH,
            "min_lines": Number(1, 100),
            "max_lines": Number(1, 100),
        },
    ),
    "file_input": Shape(
        _ACTION, {"filetypes": Items(String(20, 1), NO_LIMIT), "max_files": Number(1, 10)}
    ),
}

PICKERS: dict[str, Shape] = {
    "datepicker": Shape(_ACTION, {**_CHOICE, "initial_date": String(10, 10)}),
    "timepicker": Shape(_ACTION, {**_CHOICE, "initial_time": String(5, 5), "timezone": String(60)}),
    "datetimepicker": Shape(
        _ACTION, {**_FOCUS, **_ASK, "initial_date_time": Number(1_000_000_000, 9_999_999_999)}
    ),
    "checkboxes": Shape(
        {**_ACTION, "options": Items(OPTION, 10)},
        {**_FOCUS, **_ASK, "initial_options": Items(OPTION, 10)},
    ),
    "radio_buttons": Shape(
        {**_ACTION, "options": Items(OPTION, 10)}, {**_FOCUS, **_ASK, "initial_option": OPTION}
    ),
}

BUTTONS: dict[str, Shape] = {
    "button": Shape(
        {"text": Text(75, plain=True), **_ACTION},
        {**_ASK, **_SPOKEN, "url": String(3000), "value": String(2000, 1), "style": _STYLE},
    ),
    "workflow_button": Shape(
        {"text": Text(75, plain=True), "workflow": _WORKFLOW, **_ACTION},
        {**_ASK, **_SPOKEN, "style": _STYLE},
    ),
    "overflow": Shape({**_ACTION, "options": Items(OPTION, 5)}, _ASK),
}

CONTEXT_BUTTONS: dict[str, Shape] = {
    "feedback_buttons": Shape(
        {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, _ACTION
    ),
    "icon_button": Shape(
        {"icon": OneOf(("trash",)), "text": Text(75, plain=True)},
        {
            **_ACTION,
            **_ASK,
            **_SPOKEN,
            "value": String(2000),
            "visible_to_user_ids": Items(_ID, 10),
        },
    ),
}

IMAGE = {
    "image": Shape(
        {"alt_text": String(2000)},
        {"image_url": URL, "slack_file": ANY},
        one_of=("image_url", "slack_file"),
    )
}

ELEMENTS = SELECTS | TYPED | PICKERS | BUTTONS | CONTEXT_BUTTONS | IMAGE
# A section takes any multi select, an actions block none; neither takes what is typed.
ACCESSORIES = (*SELECTS, *PICKERS, *BUTTONS, "image")
IN_ACTIONS = (
    *(name for name in SELECTS if not name.startswith("multi_")),
    *PICKERS,
    *BUTTONS,
)
INPUTS = (*SELECTS, *TYPED, *PICKERS)
