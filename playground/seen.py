"""What a person sees of a message or a view, and what they can press in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True)
class Control:
    """Something to press: a button, or one option of a menu. `action` is what Slack would send."""

    label: str
    action: Record


@dataclass(frozen=True)
class Seen:
    raw: Record

    @property
    def blocks(self) -> list[Record]:
        return list(self.raw.get("blocks") or [])

    @property
    def text(self) -> str:
        """All that can be read, from top to bottom, with the markup as it was written."""
        heading = [self.raw["title"]["text"]] if "title" in self.raw else []
        if not self.blocks:
            return "\n".join([*heading, self.raw.get("text", "")])
        return "\n".join([*heading, *_texts(self.blocks)])

    @property
    def controls(self) -> list[Control]:
        return [control for block in _flat(self.blocks) for control in _controls(block)]

    @property
    def labels(self) -> list[str]:
        return [control.label for control in self.controls]

    def element(self, action_id: str) -> Record | None:
        """The element as the app sent it, with the id of its block."""
        for block in _flat(self.blocks):
            for element in _elements(block):
                if element.get("action_id") == action_id:
                    return {**element, "block_id": block.get("block_id")}
        return None

    def control(self, label: str, nth: int = 0) -> Control:
        """Raises LookupError, which lists what there is, when nothing carries `label`."""
        found = [control for control in self.controls if control.label == label]
        if nth >= len(found):
            raise LookupError(f"no {label!r} to press here; there is: {self.labels}")
        return found[nth]


def _flat(blocks: list[Record]) -> Iterator[Record]:
    """Every block, those in containers too: somebody opens them to press what is inside."""
    for block in blocks:
        yield block
        yield from _flat(block.get("child_blocks", []))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name == "text" and isinstance(item, str):
                yield item
            elif name != "value":
                yield from _texts(item)


def _elements(block: Record) -> list[Record]:
    single = [block[name] for name in ("accessory", "element") if name in block]
    return [*block.get("elements", []), *single]


def _controls(block: Record) -> Iterator[Control]:
    for element in _elements(block):
        base = {
            "type": element.get("type"),
            "action_id": element.get("action_id"),
            "block_id": block.get("block_id"),
        }
        match element.get("type"):
            case "button":
                value = {"value": element["value"]} if "value" in element else {}
                text = element["text"]
                yield Control(text["text"], {**base, **value, "text": text})
            case "overflow" | "static_select" | "radio_buttons":
                groups = element.get("option_groups") or [element]
                for option in (option for group in groups for option in group["options"]):
                    label = option["text"]["text"]
                    yield Control(label, {**base, "selected_option": option})


# An input's kind, to the name of what is entered and to that of what it starts with.
ENTERED = {
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}


def entered(element: Record, *value: Any) -> Record:
    """What Slack would send of an input: with `value` filled in, or as it started."""
    kind = element["type"]
    name, start = ENTERED.get(kind, ("value", "initial_value"))
    if not value:
        return {"type": kind, name: element.get(start)}
    if name == "selected_option":
        return {"type": kind, name: _option(element, value[0])}
    if name == "selected_options":
        return {"type": kind, name: [_option(element, each) for each in value[0]]}
    return {"type": kind, name: value[0]}


def _option(element: Record, wanted: str) -> Record:
    groups = element.get("option_groups") or [element]
    options: list[Record] = [option for group in groups for option in group["options"]]
    for option in options:
        if wanted in (option["value"], option["text"]["text"]):
            return option
    raise LookupError(f"no option {wanted!r}: {[each['text']['text'] for each in options]}")
