"""What Slack refuses is refused, with its code and the place; what it takes is taken."""

from typing import Any

import pytest

from playground.strict import Problem, check_message, check_suggestions, check_view
from playground.strict.blocks import BLOCKS as KNOWN_BLOCKS
from playground.strict.blocks import SURFACES
from playground.strict.elements import ACCESSORIES, CONTEXT_BUTTONS, IN_ACTIONS, INPUTS
from playground.strict.elements import ELEMENTS as KNOWN_ELEMENTS
from tests.blocks import (
    BLOCKS,
    CONFIRM,
    ELEMENTS,
    MRKDWN,
    OPTION,
    OTHER,
    PICTURE,
    PLAIN,
    RICH,
    TASK,
    axis_chart,
    block,
    element,
    input_of,
    points,
    raw,
)

Record = dict[str, Any]


def message(*blocks: Record) -> Record:
    return {"text": "Words", "blocks": list(blocks)}


def view(*blocks: Record, kind: str = "modal") -> Record:
    modal = {"title": PLAIN, "submit": PLAIN} if kind == "modal" else {}
    return {"type": kind, "blocks": list(blocks), **modal}


def problems(found: Record, surface: str) -> list[Problem]:
    if surface == "message":
        return check_message(message(found))
    return check_view(view(found, kind=surface), surface)


def test_every_known_block_and_element_has_a_smallest_example() -> None:
    assert KNOWN_BLOCKS.keys() == BLOCKS.keys()
    assert KNOWN_ELEMENTS.keys() - CONTEXT_BUTTONS.keys() - {"image"} == ELEMENTS.keys()


@pytest.mark.parametrize("kind", BLOCKS)
@pytest.mark.parametrize("surface", ["message", "modal", "home"])
def test_a_block_is_taken_where_slack_takes_it_and_nowhere_else(kind: str, surface: str) -> None:
    found = problems(block(kind), surface)
    if surface in SURFACES[kind]:
        assert found == []
    else:
        assert [problem.reason for problem in found] == [f"{kind} is not allowed in a {surface}"]


@pytest.mark.parametrize("kind", ELEMENTS)
def test_an_element_is_taken_where_slack_takes_it_and_nowhere_else(kind: str) -> None:
    places = {
        "accessory": block("section", accessory=element(kind)),
        "actions": block("actions", elements=[element(kind)]),
        "input": input_of(kind),
    }
    allowed = {"accessory": ACCESSORIES, "actions": IN_ACTIONS, "input": INPUTS}
    for place, found in places.items():
        assert (problems(found, "modal") == []) is (kind in allowed[place]), place


@pytest.mark.parametrize("chart", ["bar", "line", "area"])
def test_every_chart_with_axes_is_taken(chart: str) -> None:
    assert problems(block("data_visualization", chart=axis_chart(chart)), "message") == []


def test_a_pie_is_taken() -> None:
    pie = {"type": "pie", "segments": points(1, 2)}
    assert problems(block("data_visualization", chart=pie), "message") == []


TOO_MANY_ROWS = [[raw("x")]] * 101
TWICE = [element("button"), element("button")]
UNEVEN = [[raw("a"), raw("b")], [raw("a")]]
NO_POINT = axis_chart("bar") | {"axis_config": {"categories": ["A", "B", "C"]}}
SAME_NAMES = axis_chart("bar") | {"series": [{"name": "Low", "data": points(1, 2)}] * 2}
CHOICE = {"type": "static_select", "action_id": "a"}

REFUSED: list[tuple[Record, str, str]] = [
    ({"type": "unheard_of"}, "/blocks/0/type", "unsupported type: unheard_of"),
    (block("section", text=None), "/blocks/0/text", "must be of type plain_text or mrkdwn"),
    ({"type": "section"}, "/blocks/0", "needs one of: text, fields"),
    (block("section", wrong=1), "/blocks/0/wrong", "no more fields allowed: wrong"),
    (
        block("section", text={"type": "mrkdwn", "text": "x" * 3001}),
        "/blocks/0/text/text",
        "must be less than 3001 characters",
    ),
    (block("section", fields=[MRKDWN] * 11), "/blocks/0/fields", "between 1 and 10 items"),
    (
        block("section", text={"type": "mrkdwn", "text": ""}),
        "/blocks/0/text/text",
        "must be more than 0 characters",
    ),
    (block("section", block_id="x" * 256), "/blocks/0/block_id", "less than 256 characters"),
    (block("header", text=MRKDWN), "/blocks/0/text", "must be of type plain_text"),
    (
        block("header", text={"type": "plain_text", "text": "x" * 151}),
        "/blocks/0/text/text",
        "must be less than 151 characters",
    ),
    (block("context", elements=[element("button")]), "/blocks/0/elements/0/type", "unsupported"),
    (block("actions", elements=TWICE), "/blocks/0/elements", "duplicate action_id: button"),
    (
        block("actions", elements=[element("button", style="loud")]),
        "/blocks/0/elements/0/style",
        "must be one of: primary, danger",
    ),
    (
        block("actions", elements=[element("overflow", options=[OPTION] * 6)]),
        "/blocks/0/elements/0/options",
        "between 1 and 5 items",
    ),
    (
        block("actions", elements=[element("button", confirm={**CONFIRM, "title": MRKDWN})]),
        "/blocks/0/elements/0/confirm/title",
        "must be of type plain_text",
    ),
    (block("actions", elements=[CHOICE]), "/blocks/0/elements/0", "needs one of: options"),
    (
        block(
            "actions", elements=[element("static_select", initial_option=OPTION | {"value": "9"})]
        ),
        "/blocks/0/elements/0/initial_option",
        "must match one of the options",
    ),
    (
        block(
            "actions",
            elements=[
                element("static_select", option_groups=[{"label": PLAIN, "options": [OTHER]}])
            ],
        ),
        "/blocks/0/elements/0",
        "options and option_groups cannot both be there",
    ),
    (
        block("input", element=element("plain_text_input", min_length=10, max_length=5)),
        "/blocks/0/element/min_length",
        "must not exceed max_length",
    ),
    (
        block("input", element=element("plain_text_input", max_length=3, initial_value="long")),
        "/blocks/0/element/initial_value",
        "must be less than 4 characters",
    ),
    (block("input", element=element("file_input", max_files=11)), "max_files", "at most 10"),
    (block("input", label=MRKDWN), "/blocks/0/label", "must be of type plain_text"),
    (block("context_actions", elements=[]), "/blocks/0/elements", "between 1 and 5 items"),
    ({"type": "image", "alt_text": "x"}, "/blocks/0", "needs one of: image_url, slack_file"),
    (
        {key: value for key, value in block("image").items() if key != "alt_text"},
        "/blocks/0",
        "missing required field: alt_text",
    ),
    (block("video", title=MRKDWN), "/blocks/0/title", "must be of type plain_text"),
    (block("markdown", text="x" * 12_001), "/blocks/0/text", "less than 12001 characters"),
    (block("table", rows=TOO_MANY_ROWS), "/blocks/0/rows", "between 1 and 100 items"),
    (block("table", rows=[[raw("x")] * 21]), "/blocks/0/rows/0", "between 1 and 20 items"),
    (
        block("table", column_settings=[{"align": "up"}]),
        "/blocks/0/column_settings/0/align",
        "must be one of",
    ),
    (block("data_table", rows=UNEVEN), "/blocks/0/rows", "the same number of cells"),
    (block("data_table", rows=[[RICH], [RICH]]), "/blocks/0/rows/0", "cannot be rich text"),
    (block("data_table", rows=[[raw("only a header")]]), "/blocks/0/rows", "between 2 and 201"),
    (block("data_table", row_header_column_index=7), "row_header_column_index", "of the columns"),
    (
        block("data_table", rows=[[raw("a")], [raw("x" * 20_000)]]),
        "/blocks",
        "less than 20001 characters in all",
    ),
    (block("data_visualization", title="x" * 51), "/blocks/0/title", "less than 51 characters"),
    (block("data_visualization", chart=NO_POINT), "/series/0/data", "one point for each category"),
    (block("data_visualization", chart=SAME_NAMES), "/chart/series", "name must be there once"),
    (
        block("data_visualization", chart={"type": "pie", "segments": points(0)}),
        "/chart/segments",
        "more than 0",
    ),
    (block("data_visualization", chart={"type": "donut"}), "/chart/type", "unsupported type"),
    (block("card", slack_icon={"type": "icon", "name": "bot"}, icon=PICTURE), "/icon", "both"),
    ({"type": "card", "subtitle": PLAIN}, "/blocks/0", "needs one of: hero_image"),
    (block("card", actions=[element("overflow")]), "/actions/0/type", "unsupported type"),
    (block("carousel", elements=[block("section")]), "/elements/0/type", "unsupported type"),
    (block("container", child_blocks=[block("markdown")]), "child_blocks/0/type", "unsupported"),
    (
        block("container", child_blocks=[block("actions", elements=TWICE)]),
        "/blocks/0/child_blocks/0/elements",
        "duplicate action_id",
    ),
    (
        block("container", is_collapsible=False, default_collapsed=True),
        "/default_collapsed",
        "needs is_collapsible",
    ),
    (block("container", has_header_divider=True), "/has_header_divider", "do not collapse"),
    (block("plan", tasks=[TASK, TASK]), "/blocks/0/tasks", "duplicate task_id: 1"),
    (block("task_card", status="pending"), "/blocks/0/status", "only a task of a plan"),
    (block("task_card", status="done"), "/blocks/0/status", "must be one of: pending"),
    (
        block("rich_text", elements=[{"type": "rich_text_list", "style": "round", "elements": []}]),
        "/blocks/0/elements/0/style",
        "must be one of: bullet, ordered",
    ),
    (
        block(
            "rich_text",
            elements=[{"type": "rich_text_section", "elements": [{"type": "shout", "text": "x"}]}],
        ),
        "/blocks/0/elements/0/elements/0/type",
        "unsupported type: shout",
    ),
]


@pytest.mark.parametrize(("found", "pointer", "reason"), REFUSED)
def test_a_block_that_slack_refuses(found: Record, pointer: str, reason: str) -> None:
    refused = check_message(message(found))
    assert any(
        problem.pointer.endswith(pointer) and reason in problem.reason for problem in refused
    ), refused
    assert {problem.code for problem in refused} == {"invalid_blocks"}


def test_a_problem_reads_as_slacks_own_words() -> None:
    found = check_message(message(block("header", text={"type": "plain_text", "text": ""})))
    assert found[0].message == (
        "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]"
    )


class TestMessages:
    @pytest.mark.parametrize(
        ("payload", "code"),
        [
            ({}, "no_text"),
            ({"text": ""}, "no_text"),
            ({"text": "x" * 40_001}, "msg_too_long"),
            ({"blocks": [block("divider")]}, "missing_text"),
            (message(*[block("divider")] * 51), "invalid_blocks"),
            (message(*[block("data_visualization")] * 3), "invalid_blocks"),
            (message(*[block("table")] * 2), "invalid_blocks"),
            (
                message(block("divider", block_id="a"), block("divider", block_id="a")),
                "invalid_blocks",
            ),
            (
                message(*[block("section", text={"type": "mrkdwn", "text": "x" * 3000})] * 4),
                "msg_blocks_too_long",
            ),
        ],
    )
    def test_refused(self, payload: Record, code: str) -> None:
        assert check_message(payload)[0].code == code

    def test_fifty_blocks_are_taken(self) -> None:
        assert check_message(message(*[block("divider")] * 50)) == []


class TestViews:
    @pytest.mark.parametrize(
        ("found", "pointer"),
        [
            (view(block("divider"), kind="home"), "/view/type"),
            (view() | {"title": {"type": "plain_text", "text": "x" * 25}}, "/view/title/text"),
            ({"type": "modal", "blocks": []}, "/view/title"),
            (view() | {"colour": "blue"}, "/view/colour"),
            (view() | {"private_metadata": "x" * 3001}, "/view/private_metadata"),
            (view(*[block("divider")] * 101), "/view/blocks"),
            ({"type": "modal", "title": PLAIN, "blocks": [block("input")]}, "/view/submit"),
        ],
    )
    def test_refused(self, found: Record, pointer: str) -> None:
        refused = check_view(found, "modal")
        assert pointer in [problem.pointer for problem in refused]
        assert {problem.code for problem in refused} == {"invalid_arguments"}


@pytest.mark.parametrize(
    "answer", [{}, {"options": [OPTION] * 101}, {"options": [{"text": PLAIN}]}]
)
def test_a_suggestion_that_slack_refuses(answer: Record) -> None:
    assert check_suggestions(answer) != []
