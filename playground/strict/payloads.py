"""Check messages and views against the rules."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playground.strict.rules import ANY, BLOCKS, ELEMENTS, SURFACES, Items, Of, Shape, String, Text

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_TEXT = 40_000
# All text of a message's blocks: 9,597 characters passed and 11,341 were refused (design.md).
BLOCKS_TEXT = 10_000
VIEW_FIELDS = {
    "type", "title", "blocks", "submit", "close", "private_metadata", "callback_id", "external_id",
    "clear_on_close", "notify_on_close", "submit_disabled",
}  # fmt: skip


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
    if not found and sum(map(len, _texts(blocks))) > BLOCKS_TEXT:
        found.append(Problem("msg_blocks_too_long", "/blocks", "too much text in all blocks"))
    return found


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
    for place, block in enumerate(blocks):
        pointer = f"{at}/{place}"
        kind = block.get("type") if isinstance(block, dict) else None
        if kind not in BLOCKS:
            yield Problem(code, f"{pointer}/type", f"unsupported type: {kind}")
        elif surface not in SURFACES[kind]:
            yield Problem(code, f"{pointer}/type", f"{kind} is not allowed in a {surface}")
        else:
            yield from _shape(block, BLOCKS[kind], pointer, code, extra={"type", "block_id"})
    ids = Counter(block.get("block_id") for block in blocks if isinstance(block, dict))
    for block_id, count in ids.items():
        if block_id and count > 1:
            yield Problem(code, at, f"duplicate block_id: {block_id}")
        if isinstance(block_id, str) and len(block_id) > 255:
            yield Problem(code, at, "block_id must be less than 256 characters")
    for place, block in enumerate(blocks):
        yield from _duplicate_actions(block, f"{at}/{place}", code)


def _duplicate_actions(block: Any, pointer: str, code: str) -> Iterator[Problem]:
    elements = block.get("elements") if isinstance(block, dict) else None
    if not isinstance(elements, list):
        return
    ids = Counter(
        element["action_id"]
        for element in elements
        if isinstance(element, dict) and isinstance(element.get("action_id"), str)
    )
    for action_id, count in ids.items():
        if count > 1:
            yield Problem(code, f"{pointer}/elements", f"duplicate action_id: {action_id}")


def _shape(
    found: Any,
    shape: Shape,
    pointer: str,
    code: str,
    extra: frozenset[str] | set[str] = frozenset(),
) -> Iterator[Problem]:
    if not isinstance(found, dict):
        yield Problem(code, pointer, "must be an object")
        return
    fields = shape.required | shape.optional
    for name in shape.required.keys() - found.keys():
        yield Problem(code, pointer, f"missing required field: {name}")
    for name in found.keys() - fields.keys() - extra:
        yield Problem(code, f"{pointer}/{name}", f"no more fields allowed: {name}")
    if shape.one_of and not any(found.get(name) for name in shape.one_of):
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
        case Of(types):
            kind = value.get("type") if isinstance(value, dict) else None
            if kind not in types:
                yield Problem(code, f"{pointer}/type", f"unsupported type: {kind}")
            elif kind in ELEMENTS:
                yield from _shape(value, ELEMENTS[kind], pointer, code, extra={"type"})
            else:
                yield from _text(value, Text(3000), pointer, code)
        case Shape():
            yield from _shape(value, rule, pointer, code)
        case type():
            if not isinstance(value, rule):
                yield Problem(code, pointer, f"must be of type {rule.__name__}")
        case _:
            if rule is not ANY:
                raise TypeError(rule)


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


def _texts(value: Any) -> Iterator[str]:
    """Every text in blocks, however deep."""
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name == "text" and isinstance(item, str):
                yield item
            else:
                yield from _texts(item)
