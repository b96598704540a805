"""Check messages and views against the rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from playground.strict.blocks import BLOCKS, PARTS_OF_BLOCKS, SURFACES
from playground.strict.elements import SUGGESTIONS
from playground.strict.relations import related, related_blocks, size_of
from playground.strict.shapes import (
    ANY,
    Items,
    Number,
    Of,
    OneOf,
    Shape,
    String,
    Text,
)

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_TEXT = 40_000
# All text of a message's blocks: 9,597 characters passed and 11,341 were refused (design.md).
BLOCKS_TEXT = 10_000
VIEW_FIELDS = {
    "type", "title", "blocks", "submit", "close", "private_metadata", "callback_id", "external_id",
    "clear_on_close", "notify_on_close", "submit_disabled",
}  # fmt: skip


_IN_PARTS: Mapping[str, Any] = MappingProxyType({"type": ANY})
_IN_BLOCKS: Mapping[str, Any] = MappingProxyType({"type": ANY, "block_id": String(255)})


@dataclass(frozen=True)
class Problem:
    """`code` is Slack's error; `message` reads as Slack's, with the place as a JSON pointer."""

    code: str
    pointer: str
    reason: str

    @property
    def message(self) -> str:
        return f"[ERROR] {self.reason} [json-pointer:{self.pointer}]"


def check_message(payload: Any) -> list[Problem]:
    """What Slack would refuse of a message. Stricter in one thing: blocks without `text` leave
    notifications and screen readers silent, which Slack only warns of."""
    blocks, text = payload.get("blocks"), payload.get("text")
    if not blocks and not text and not payload.get("attachments"):
        return [Problem("no_text", "/text", "neither text nor blocks")]
    if text is not None and (not isinstance(text, str) or len(text) > MESSAGE_TEXT):
        return [
            Problem("msg_too_long", "/text", f"must be less than {MESSAGE_TEXT + 1} characters")
        ]
    if blocks is None:
        return []
    found = list(_blocks(blocks, "message", MESSAGE_BLOCKS, "invalid_blocks"))
    if not text:
        found.append(Problem("missing_text", "/text", "blocks need a text as fallback"))
    if not found and size_of(_mrkdwn(blocks)) > BLOCKS_TEXT:
        found.append(Problem("msg_blocks_too_long", "/blocks", "too much text in all blocks"))
    return found


def check_suggestions(answer: Any) -> list[Problem]:
    """What Slack would refuse of the answer to a block_suggestion."""
    return list(_shape(answer, SUGGESTIONS, "", "invalid_arguments"))


def check_view(view: Any, kind: str) -> list[Problem]:
    """What Slack would refuse of a view; `kind` is modal or home, as the method allows."""
    code = "invalid_arguments"
    if not isinstance(view, dict) or view.get("type") != kind:
        return [Problem(code, "/view/type", f"must be {kind}")]
    found = [
        Problem(code, f"/view/{name}", f"unknown field {name}")
        for name in view.keys() - VIEW_FIELDS
    ]
    limits: dict[str, Any] = {"private_metadata": String(3000), "callback_id": String(255)}
    if kind == "modal":
        limits |= {name: Text(24, plain=True) for name in ("title", "submit", "close")}
        if "title" not in view:
            found.append(Problem(code, "/view/title", "missing required field: title"))
    for name, rule in limits.items():
        if name in view:
            found += _value(view[name], rule, f"/view/{name}", code)
    found += _blocks(view.get("blocks"), kind, VIEW_BLOCKS, code, "/view/blocks")
    has_input = any(
        isinstance(block, dict) and block.get("type") == "input"
        for block in view.get("blocks") or ()
    )
    if kind == "modal" and has_input and "submit" not in view:
        found.append(Problem(code, "/view/submit", "required when a view has an input block"))
    return found


def _blocks(
    blocks: Any, surface: str, most: int, code: str, at: str = "/blocks"
) -> Iterator[Problem]:
    if not isinstance(blocks, list) or len(blocks) > most:
        yield Problem(code, at, f"must be a list of no more than {most} items")
        return
    found: list[Problem] = []
    for place, block in enumerate(blocks):
        pointer = f"{at}/{place}"
        kind = block.get("type") if isinstance(block, dict) else None
        if kind not in BLOCKS:
            found.append(Problem(code, f"{pointer}/type", f"unsupported type: {kind}"))
        elif surface not in SURFACES[kind]:
            found.append(Problem(code, f"{pointer}/type", f"{kind} is not allowed in a {surface}"))
        else:
            found += _shape(block, BLOCKS[kind], pointer, code, _IN_BLOCKS)
    # What relates one field to another is looked at once each is right by itself.
    if not found:
        for place, block in enumerate(blocks):
            found += (
                Problem(code, f"{at}/{place}{pointer}", reason)
                for pointer, reason in related(block)
            )
        found += (
            Problem(code, f"{at}{pointer}", reason) for pointer, reason in related_blocks(blocks)
        )
    yield from found


def _mrkdwn(blocks: list[Any]) -> list[Any]:
    """The blocks that count towards the limit of a message's text: those with limits of their
    own do not."""
    return [block for block in blocks if block.get("type") not in ("markdown", "data_table")]


def _shape(
    found: Any,
    shape: Shape,
    pointer: str,
    code: str,
    extra: Mapping[str, Any] = MappingProxyType({}),
) -> Iterator[Problem]:
    if not isinstance(found, dict):
        yield Problem(code, pointer, "must be an object")
        return
    fields = {**extra, **shape.required, **shape.optional}
    for name in shape.required.keys() - found.keys():
        yield Problem(code, pointer, f"missing required field: {name}")
    for name in found.keys() - fields.keys():
        yield Problem(code, f"{pointer}/{name}", f"no more fields allowed: {name}")
    if shape.one_of and not any(name in found for name in shape.one_of):
        yield Problem(code, pointer, f"needs one of: {', '.join(shape.one_of)}")
    for name, rule in fields.items():
        if name in found:
            yield from _value(found[name], rule, f"{pointer}/{name}", code)


def _value(value: Any, rule: Any, pointer: str, code: str) -> Iterator[Problem]:
    match rule:
        case Text():
            yield from _text(value, rule, pointer, code)
        case String(longest, shortest):
            yield from _string(value, shortest, longest, pointer, code)
        case Items(of, most, least):
            if not isinstance(value, list) or not least <= len(value) <= most:
                yield Problem(code, pointer, f"must have between {least} and {most} items")
                return
            for place, item in enumerate(value):
                inner = Of(of) if isinstance(of, tuple) else of
                yield from _value(item, inner, f"{pointer}/{place}", code)
        case Of(types, blocks):
            yield from _typed(value, types, pointer, code, blocks=blocks)
        case OneOf(words):
            if value not in words:
                yield Problem(code, pointer, f"must be one of: {', '.join(words)}")
        case Number():
            yield from _number(value, rule, pointer, code)
        case Shape():
            yield from _shape(value, rule, pointer, code)
        case type():
            if not isinstance(value, rule):
                yield Problem(code, pointer, f"must be of type {rule.__name__}")
        case _:
            if rule is not ANY:
                raise TypeError(rule)


def _typed(
    value: Any, types: tuple[str, ...], pointer: str, code: str, *, blocks: bool
) -> Iterator[Problem]:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind not in types:
        yield Problem(code, f"{pointer}/type", f"unsupported type: {kind}")
    elif kind in ("plain_text", "mrkdwn"):
        yield from _text(value, Text(3000), pointer, code)
    elif blocks or kind == "rich_text":
        yield from _shape(value, BLOCKS[kind], pointer, code, _IN_BLOCKS)
    else:
        yield from _shape(value, PARTS_OF_BLOCKS[kind], pointer, code, _IN_PARTS)


def _number(value: Any, rule: Number, pointer: str, code: str) -> Iterator[Problem]:
    kinds = (int,) if rule.whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds):
        yield Problem(code, pointer, f"must be {'an integer' if rule.whole else 'a number'}")
    elif rule.least is not None and value < rule.least:
        yield Problem(code, pointer, f"must be at least {rule.least}")
    elif rule.most is not None and value > rule.most:
        yield Problem(code, pointer, f"must be at most {rule.most}")


def _text(value: Any, rule: Text, pointer: str, code: str) -> Iterator[Problem]:
    allowed = ("plain_text",) if rule.plain else ("plain_text", "mrkdwn")
    if not isinstance(value, dict) or value.get("type") not in allowed:
        yield Problem(code, pointer, f"must be of type {' or '.join(allowed)}")
        return
    for name in value.keys() - {"type", "text", "emoji", "verbatim"}:
        yield Problem(code, f"{pointer}/{name}", f"no more fields allowed: {name}")
    yield from _string(value.get("text"), 1, rule.longest, f"{pointer}/text", code)


def _string(value: Any, least: int, most: int, pointer: str, code: str) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield Problem(code, pointer, "must be a string")
    elif len(value) < least:
        yield Problem(code, pointer, f"must be more than {least - 1} characters")
    elif len(value) > most:
        yield Problem(code, pointer, f"must be less than {most + 1} characters")
