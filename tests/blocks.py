"""The smallest of every block and element that Slack accepts, for tests of the local workspace."""

from typing import Any

Record = dict[str, Any]

PLAIN: Record = {"type": "plain_text", "text": "Words"}
MRKDWN: Record = {"type": "mrkdwn", "text": "*Words*"}
OPTION: Record = {"text": PLAIN, "value": "1"}
OTHER: Record = {"text": {"type": "plain_text", "text": "Other"}, "value": "2"}
CONFIRM: Record = {"title": PLAIN, "text": PLAIN, "confirm": PLAIN, "deny": PLAIN}
PICTURE: Record = {
    "type": "image",
    "image_url": "https://example.com/picture.png",
    "alt_text": "A picture",
}
RICH: Record = {
    "type": "rich_text",
    "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "Rich"}]},
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [{"type": "text", "text": "Item", "style": {"bold": True}}],
                }
            ],
        },
        {
            "type": "rich_text_quote",
            "elements": [{"type": "link", "url": "https://example.com", "text": "A link"}],
        },
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x = 1"}]},
    ],
}
TASK: Record = {"task_id": "1", "title": "Write the scorecard", "status": "complete"}


def raw(text: str) -> Record:
    return {"type": "raw_text", "text": text}


def points(*values: float) -> list[Record]:
    return [{"label": label, "value": value} for label, value in zip("ABCDE", values, strict=False)]


def axis_chart(kind: str) -> Record:
    return {
        "type": kind,
        "series": [{"name": "Low", "data": points(1, 2)}, {"name": "High", "data": points(3, 5)}],
        "axis_config": {"categories": ["A", "B"], "x_label": "Level", "y_label": "Thousands"},
    }


ELEMENTS: dict[str, Record] = {
    "button": {"text": PLAIN},
    "workflow_button": {
        "text": PLAIN,
        "workflow": {"trigger": {"url": "https://slack.com/shortcuts/1"}},
    },
    "overflow": {"options": [OPTION, OTHER]},
    "checkboxes": {"options": [OPTION, OTHER]},
    "radio_buttons": {"options": [OPTION, OTHER]},
    "datepicker": {"initial_date": "2026-11-24"},
    "timepicker": {"initial_time": "09:30"},
    "datetimepicker": {"initial_date_time": 1795500000},
    "static_select": {"options": [OPTION, OTHER]},
    "multi_static_select": {"options": [OPTION, OTHER]},
    "external_select": {"min_query_length": 1},
    "multi_external_select": {"min_query_length": 1},
    "users_select": {},
    "multi_users_select": {"max_selected_items": 3},
    "conversations_select": {"default_to_current_conversation": True},
    "multi_conversations_select": {"filter": {"include": ["public"]}},
    "channels_select": {},
    "multi_channels_select": {},
    "plain_text_input": {"multiline": True, "max_length": 3000},
    "email_text_input": {},
    "url_text_input": {},
    "number_input": {"is_decimal_allowed": False, "min_value": "1", "max_value": "4"},
    "rich_text_input": {},
    "file_input": {"max_files": 1},
}  # Each gets its type and an action_id from `element`.
TYPED = ("plain_text_input", "email_text_input", "url_text_input", "number_input",
         "rich_text_input", "file_input")  # fmt: skip
ONLY_BUTTONS = ("button", "workflow_button", "overflow")


def element(kind: str, **more: Any) -> Record:
    return {"type": kind, "action_id": kind, **ELEMENTS[kind], **more}


def input_of(kind: str, **more: Any) -> Record:
    label = {"type": "plain_text", "text": kind.replace("_", " ")}
    return {"type": "input", "block_id": kind, "label": label, "element": element(kind), **more}


BLOCKS: dict[str, Record] = {
    "section": {"text": MRKDWN, "fields": [MRKDWN], "accessory": PICTURE},
    "header": {"text": PLAIN},
    "divider": {},
    "context": {"elements": [PICTURE, MRKDWN]},
    "actions": {"elements": [element("button")]},
    "context_actions": {
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "feedback",
                "positive_button": {"text": {"type": "plain_text", "text": "Yes"}, "value": "1"},
                "negative_button": {"text": {"type": "plain_text", "text": "No"}, "value": "0"},
            },
            {"type": "icon_button", "action_id": "bin", "icon": "trash", "text": PLAIN},
        ]
    },
    "input": {"label": PLAIN, "element": element("plain_text_input")},
    "image": {key: PICTURE[key] for key in ("image_url", "alt_text")} | {"title": PLAIN},
    "video": {
        "alt_text": "A talk",
        "title": PLAIN,
        "thumbnail_url": "https://example.com/t.png",
        "video_url": "https://example.com/v",
    },
    "file": {"external_id": "F1", "source": "remote"},
    "markdown": {"text": "## Words\n\n- one\n- **two**"},
    "alert": {"text": MRKDWN, "level": "warning"},
    "table": {"rows": [[raw("Level"), raw("Years")], [raw("Senior"), raw("5+")]]},
    "data_table": {
        "caption": "Years by level",
        "rows": [
            [raw("Level"), raw("Years")],
            [raw("Senior"), {"type": "raw_number", "value": 5}],
            [raw("Junior"), {"type": "raw_number", "value": 1}],
        ],
    },
    "data_visualization": {"title": "Ranges", "chart": axis_chart("bar")},
    "card": {"title": PLAIN, "body": PLAIN, "actions": [element("button")]},
    "carousel": {"elements": [{"type": "card", "title": PLAIN}]},
    "container": {
        "title": PLAIN,
        "is_collapsible": True,
        "child_blocks": [{"type": "section", "text": MRKDWN}],
    },
    "plan": {"title": "The loop", "tasks": [TASK]},
    "task_card": TASK,
    "rich_text": {"elements": RICH["elements"]},
}


def block(kind: str, **more: Any) -> Record:
    return {"type": kind, **BLOCKS[kind], **more}
