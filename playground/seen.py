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
        return [control for block in self.blocks for control in _controls(block)]

    @property
    def labels(self) -> list[str]:
        return [control.label for control in self.controls]

    def control(self, label: str, nth: int = 0) -> Control:
        """Raises LookupError, which lists what there is, when nothing carries `label`."""
        found = [control for control in self.controls if control.label == label]
        if nth >= len(found):
            raise LookupError(f"no {label!r} to press here; there is: {self.labels}")
        return found[nth]


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


def _controls(block: Record) -> Iterator[Control]:
    elements = [*block.get("elements", [])]
    elements += [block[name] for name in ("accessory", "element") if name in block]
    for element in elements:
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
                for option in element["options"]:
                    label = option["text"]["text"]
                    yield Control(label, {**base, "selected_option": option})
