"""Whether JSON is as docs/schemas says, by a validator that others use."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

FOLDER = Path(__file__).parent.parent / "docs" / "schemas"


@cache
def validator(name: str) -> Draft202012Validator:
    schema = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def problems(name: str, found: Any) -> list[str]:
    """Where `found` is not as the schema says, with why."""
    return [
        f"{each.json_path}: {each.message[:300]}" for each in validator(name).iter_errors(found)
    ]


def kind(found: Any) -> str:
    """Which schema an export has."""
    if "loops" in found:
        return "loops"
    return "record" if "format" in found else "candidate"


def wrong_in(files: dict[str, dict[str, Any]]) -> list[str]:
    """What is wrong with the JSON among the files of a workspace."""
    wrong = []
    for each in files.values():
        if str(each.get("name", each.get("title", ""))).endswith(".json") and each.get("bytes"):
            found = json.loads(each["bytes"].decode())
            wrong += [f"{kind(found)} {told}" for told in problems(kind(found), found)]
    return wrong
