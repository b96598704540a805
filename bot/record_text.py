"""A decision record as Markdown: the same for the same record, so that a change of it shows. The
record itself stands at its end."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.decision_record import Record, as_json
from bot.scorecards import NOT_ASSESSED
from bot.typed import markdown

OPENS, CLOSES = "~~~~json", "~~~~"
HEADING = "## The record itself"


def written(record: Record) -> str:
    """Raises LookupError or TypeError for what is no record."""
    lines = [*_lines(record["parts"], record["hashes"]), "", HEADING, "", OPENS]
    return "\n".join(lines) + "\n" + as_json(record) + CLOSES + "\n"


def record_in(text: str) -> str:
    """The JSON that a Markdown record holds. Raises ValueError when there is none."""
    lines = text.splitlines()
    start, end = _fences(lines)
    return "\n".join(lines[start:end])


def around(text: str) -> tuple[list[str], list[str]]:
    """The lines before and after the JSON. Raises ValueError when there is none."""
    lines = text.splitlines()
    start, end = _fences(lines)
    return lines[: start - 1], lines[end + 1 :]


def _fences(lines: list[str]) -> tuple[int, int]:
    if OPENS not in lines:
        raise ValueError(OPENS)
    start = len(lines) - lines[::-1].index(OPENS)
    return start, lines.index(CLOSES, start) if CLOSES in lines[start:] else len(lines)


def _lines(parts: Record, hashes: Record) -> Iterator[str]:
    about = parts["about"]
    names = {each["id"]: each["name"] for each in parts["people"]}

    def who(id_: str) -> str:
        return f"{names[id_]} ({id_})" if names.get(id_) else id_

    yield f"# Decision record: {_flat(about['candidate'])}"
    yield ""
    yield f"{_flat(about['opening'])}, {about['level']}, {about['specialization']}"
    yield ""
    yield f"- Hiring manager: {who(about['hiring_manager'])}"
    yield f"- Coordinators: {', '.join(who(each) for each in about['coordinators'])}"
    yield f"- Scorecards opened: {about['opened'] or 'not yet'}"
    if about["opened_early_because"]:
        yield f"- Opened early because: {_flat(about['opened_early_because'])}"
    if about["erased"]:
        yield f"- The candidate was erased: {about['erased']}. What was written in words is gone."
    yield f"- Written: {about['exported']}, for {who(about['exported_by'])}"
    yield f"- SHA-256 of the whole: {hashes['whole']}"
    for decision in parts["decisions"]:
        yield from _decision(decision, about["level"], who)
    yield from _debrief(parts["debrief"], who)
    yield from _votes(parts, who)
    yield from _rubrics(parts["rubrics"])
    yield from _seals(parts, who)
    yield ""
    yield "## Who did what when"
    yield ""
    for entry in parts["audit"]:
        more = f" ({entry['details']})" if entry["details"] else ""
        yield f"- {entry['when']} {entry['kind']}: {who(entry['who'])}: {entry['what']}{more}"


def _decision(decision: Record, level: str, who: Any) -> Iterator[str]:
    yield ""
    yield f"## Decision {decision['number']}: {_outcome(decision, level)}"
    yield ""
    yield f"By {who(decision['by'])}, {decision['decided']}. {_state(decision, who)}"
    yield ""
    yield from _quote(decision["rationale"])
    for cited in decision["cites"]:
        yield ""
        yield f"It builds on “{_flat(cited['title'])}”:"
        for heard in cited["heard"]:
            yield ""
            yield f"{who(heard['person'])}, {_score(heard['score'])}:"
            yield ""
            yield from _quote(heard["evidence"])
    for said in decision["stances"]:
        yield ""
        says = "was asked" if said["says"] == "asked" else said["says"]
        yield f"**{who(said['person'])}** ({said['as'].replace('_', ' ')}): {says}"
        if said["reason"]:
            yield ""
            yield from _quote(said["reason"])
        if said["answer"]:
            yield ""
            yield f"Answered {said['answered']}:"
            yield ""
            yield from _quote(said["answer"])


def _outcome(decision: Mapping[str, Any], level: str) -> str:
    match decision["outcome"]:
        case "hire":
            return f"hire at {level}"
        case "other_level":
            return f"hire at {decision['level']}"
        case "hold":
            return f"on hold until {decision['until']}"
        case "another_interview":
            return f"another interview ({decision['round']})"
    return str(decision["outcome"]).replace("_", " ")


def _state(decision: Mapping[str, Any], who: Any) -> str:
    match decision["state"]:
        case "in_effect":
            return f"In effect since {decision['took_effect']}."
        case "reopened":
            why = f": {_flat(decision['reopened_because'])}" if decision["reopened_because"] else ""
            return f"Reopened {decision['reopened']} by {who(decision['reopened_by'])}{why}"
        case "objected":
            return "An objection waits for an answer."
    return "A bar raiser is asked."


def _debrief(debrief: Record | None, who: Any) -> Iterator[str]:
    if debrief is None:
        return
    titles = {each["key"]: each["title"] for each in debrief["topics"]}
    yield ""
    yield "## Debrief"
    yield ""
    yield (
        f"{debrief['started']} to {debrief['ended'] or 'now'}, led by {who(debrief['led_by'])}; "
        f"lots drawn with seed {debrief['seed']}."
    )
    for note in debrief["notes"]:
        yield ""
        yield f"On {_flat(titles.get(note['topic'], note['topic']))}, {who(note['person'])}:"
        yield ""
        yield from _quote(note["text"])


def _votes(parts: Record, who: Any) -> Iterator[str]:
    """What was sealed, and what was thought after the discussion."""
    yield ""
    yield "## Before and after"
    later = {each["person"]: each["views"] for each in parts["views_after"]}
    titles = {each["question"]: _flat(each["title"]) for each in parts["rubrics"]}
    for card in parts["scorecards"]:
        yield ""
        yield f"### {who(card['person'])} ({card['role'].replace('_', ' ')})"
        yield ""
        answers = _before(card["versions"])
        after = later.get(card["person"])
        new = {each["id"]: each for each in after["questions"]} if after else {}
        for each in answers["questions"]:
            moved = new.get(each["id"])
            arrow = ""
            if moved is not None and moved["before"] != moved["after"]:
                arrow = f" → {_score(moved['after'])}: {_flat(moved['reason'])}"
            yield f"- {titles.get(each['id'], each['id'])}: {_score(each['score'])}{arrow}"
        whole = {each["field"]: each for each in after["overall"]} if after else {}
        for field, value in answers["fields"].items():
            moved = whole.get(field)
            differs = moved is not None and moved["before"] != moved["after"]
            arrow = f" → {moved['after']}" if moved is not None and differs else ""
            yield f"- {field}: {_flat(str(value))}{arrow}"
        if after and after["reason"]:
            yield f"- why: {_flat(after['reason'])}"
        if after is None:
            yield "- No view after the discussion was recorded."


def _before(versions: list[Record]) -> Record:
    early = [each for each in versions if not each["after_reveal"]]
    return dict([*early[::-1], *versions][0]["answers"])


def _rubrics(rubrics: list[Record]) -> Iterator[str]:
    yield ""
    yield "## Rubrics"
    yield ""
    for each in rubrics:
        anchors = each["anchors_sha256"] or "not kept"
        yield (
            f"- {each['question']}, version {each['version']} ({_flat(each['title'])}), "
            f"at {each['level']}: anchors {anchors}"
        )


def _seals(parts: Record, who: Any) -> Iterator[str]:
    yield ""
    yield "## Seals"
    yield ""
    for card in parts["scorecards"]:
        for each in card["versions"]:
            late = ", after the reveal" if each["after_reveal"] else ""
            yield (
                f"- {who(card['person'])}, version {each['number']}, {each['submitted']}{late}: "
                f"{each['seal']}"
            )
    for each in parts["views_after"]:
        yield (
            f"- {who(each['person'])}, view {each['number']} after the discussion, "
            f"{each['recorded']}: {each['seal']}"
        )


def _score(score: str) -> str:
    return "not assessed" if score == NOT_ASSESSED else score


def _flat(text: str) -> str:
    return markdown(" ".join(text.split()))


def _quote(text: str) -> list[str]:
    return [f"> {line}" for line in markdown(text).splitlines()] or ["> —"]
