"""What somebody is writing, kept field by field: nothing that was typed is ever dropped.

A draft is plain data: `rev` counts its changes; `fields` maps a field's name to its `value`, the
`rev` of its last change and the `window` in which that was made; `displaced` keeps texts that gave
way to newer ones from another window.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

Draft = dict[str, Any]
Value = Any  # A text, an option's value, or a list of these; None or empty for nothing.

TEXTS = ("evidence", "why", "rationale")  # The names of longer texts begin with these.
MOST_DISPLACED = 50  # Of a whole scorecard; the oldest go first.


def values(draft: Mapping[str, Any]) -> dict[str, Value]:
    """The fields that hold something."""
    fields = draft.get("fields", {})
    return {name: field["value"] for name, field in fields.items() if field["value"]}


def revision(draft: Mapping[str, Any]) -> int:
    return int(draft.get("rev", 0))


def typed(draft: Mapping[str, Any], name: str, value: Value, window: str, base: int) -> Draft:
    """`draft` after somebody changed the field `name` in `window`, which was drawn when the draft
    had the revision `base`. The newer text wins; one from another window gives way to it."""
    found = _copied(draft)
    old = found["fields"].get(name)
    if not (old or value) or (old and old["value"] == value and old["window"] == window):
        return found
    if old is not None and _is_newer(old, window, base):
        _displace(found, name, old["value"])
    found["rev"] += 1
    found["fields"][name] = {"value": value, "rev": found["rev"], "window": window}
    return found


def turned(draft: Mapping[str, Any], shown: Mapping[str, Value], window: str, base: int) -> Draft:
    """`draft` after a page with all of `shown` was left in `window`. Where another window wrote
    later, that text stays, and what stood here is kept beside it."""
    found = _copied(draft)
    for name, value in shown.items():
        old = found["fields"].get(name)
        if old is not None and _is_newer(old, window, base):
            _displace(found, name, value)
        else:
            found = typed(found, name, value, window, base)
    return found


def displaced(draft: Mapping[str, Any], name: str) -> list[str]:
    """Texts of the field that gave way to newer ones, oldest first."""
    return [each["value"] for each in draft.get("displaced", []) if each["field"] == name]


def _is_newer(field: Mapping[str, Any], window: str, base: int) -> bool:
    """Whether another window changed the field after this one was drawn."""
    return field["window"] != window and int(field["rev"]) > base


def _displace(draft: Draft, name: str, text: Value) -> None:
    """Keep a text that was typed; choices can be made again."""
    if not isinstance(text, str) or not text.strip() or not name.startswith(TEXTS):
        return
    if text in displaced(draft, name):
        return
    draft["rev"] += 1
    draft["displaced"] = [*draft["displaced"], {"field": name, "value": text}][-MOST_DISPLACED:]


def _copied(draft: Mapping[str, Any]) -> Draft:
    empty: Draft = {"rev": 0, "fields": {}, "displaced": []}
    return {**empty, **deepcopy(dict(draft))}
