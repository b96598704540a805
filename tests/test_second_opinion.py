"""slackblocks reads what it can of the payloads that the local workspace checks: both must agree
that a payload is bad. docs/decisions/0001-local-workspace.md says why it is no more than that."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slackblocks import Block
from slackblocks.errors import InvalidUsageError

from playground.strict import check_message, check_view
from playground.strict.blocks import SURFACES
from tests.blocks import BLOCKS, block

Record = dict[str, Any]

PARSED = {"alert", "divider", "file", "header", "image", "markdown", "video"}


def refused(found: Record) -> bool:
    if "message" in SURFACES[found["type"]]:
        return bool(check_message({"text": "Words", "blocks": [found]}))
    title = {"type": "plain_text", "text": "Title"}
    return bool(check_view({"type": "modal", "title": title, "blocks": [found]}, "modal"))


@pytest.mark.parametrize("kind", BLOCKS)
def test_what_slackblocks_cannot_read_is_known(kind: str) -> None:
    try:
        Block.from_dict(block(kind))
    except NotImplementedError:
        assert kind not in PARSED
    else:
        assert kind in PARSED


LENGTHS = st.sampled_from([0, 1, 150, 151, 200, 201, 2000, 2001, 3000, 3001, 12_000, 12_001])
PLAIN = st.builds(lambda size: {"type": "plain_text", "text": "x" * size}, LENGTHS)
MRKDWN = st.builds(lambda size: {"type": "mrkdwn", "text": "x" * size}, LENGTHS)
WORDS = st.one_of(PLAIN, MRKDWN)
READ = st.one_of(
    st.fixed_dictionaries({"type": st.just("header"), "text": PLAIN}),
    st.fixed_dictionaries({"type": st.just("alert"), "text": WORDS}),
    st.fixed_dictionaries({"type": st.just("markdown"), "text": LENGTHS.map("x".__mul__)}),
    st.fixed_dictionaries(
        {"type": st.just("section")},
        optional={"text": WORDS, "fields": st.lists(WORDS, max_size=12)},
    ),
    st.fixed_dictionaries(
        {"type": st.just("context"), "elements": st.lists(WORDS, max_size=12)},
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("image"),
            "image_url": LENGTHS.map(lambda size: f"https://example.com/{'x' * size}"),
            "alt_text": LENGTHS.map("x".__mul__),
        },
        optional={"title": PLAIN},
    ),
)


@given(READ, LENGTHS.filter(bool))
def test_what_slackblocks_refuses_is_refused(found: Record, size: int) -> None:
    found["block_id"] = "x" * min(size, 300)
    try:
        Block.from_dict(found)
    except InvalidUsageError:
        assert refused(found)
