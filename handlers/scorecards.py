"""Scorecards: opened, saved with every letter, handed in and sealed, read after the reveal."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from slack_bolt import Ack
from slack_sdk import WebClient
from sqlmodel import Session

from bot import drafts, openings, panels, scorecards
from bot.content import Level
from bot.errors import Refusal
from bot.panels import Chair, Panel
from bot.records import Scorecard
from bot.scorecards import Page
from bot.store import figures, notices
from bot.store import panels as stored_panels
from bot.store import scorecards as stored
from handlers import debriefs, loops, places
from handlers.here import Here
from handlers.views import loop as loop_view
from handlers.views import scorecard as card_view
from handlers.views import sealed as sealed_view
from handlers.views.card import OLD, Card, Place

Body = dict[str, Any]


@dataclass(frozen=True)
class Saved:
    """A scorecard with what stands in a window, saved in the transaction under way."""

    panel: Panel
    chair: Chair
    kept: Scorecard
    card: Card


def open_(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    """One's own scorecard, as it was left: at the first question without a score."""
    with here.db.begin() as session:
        panel, chair = _mine(session, here, action["value"])
        notes = stored.notes(session, here.team_id, chair.interview.id, here.user_id)
        pages = _pages(session, here, panel, chair)
    card = _card(panel, chair, pages, chair.card, notes, here.now)
    first = next(
        (at for at, page in enumerate(pages) if not card.values.get(page.score)), card.last
    )
    places.open_window(card_view.window(here.bank, card, first), body, client)
    ack()


def typed(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    """One field changed: it is saved before the change is acknowledged."""
    seen = body["view"]
    if seen.get("callback_id") != "card_page":
        ack()  # It came after the form was handed in, which brought this field with it.
        return
    place = Place.read(seen["private_metadata"])
    name, value = action["block_id"], card_view.entered(action)
    with here.db.begin() as session:
        stored.hold(session, place.interview_id, here.user_id)
        panel, chair = _mine(session, here, place.interview_id)
        kept = stored.begin(session, chair)
        _require_field(here, panel, name)
        draft = drafts.typed(kept.draft, name, value, seen["id"], place.base)
        stored.write(session, kept, draft, here.now)
        redraws = name.startswith("flags.")
        if redraws:  # Each flag asks where it was heard.
            notes = stored.notes(session, here.team_id, place.interview_id, here.user_id)
            pages = _pages(session, here, panel, chair)
    if redraws:
        card = _card(panel, chair, pages, kept, notes, here.now)
        places.redraw(card_view.window(here.bank, card, place.page), body, client)
    ack()


def turn(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    """To another page; what stands on this one is saved first."""
    seen = body["view"]
    place = Place.read(seen["private_metadata"])
    wanted = int(action["value"]) if str(action["value"]).isdigit() else 0
    with here.db.begin() as session:
        saved = _saved(session, here, seen, place)
        view = _window(session, here, saved, wanted)
    places.redraw(view, body, client)
    ack()


def next_page(ack: Ack, view: Body, here: Here) -> None:
    """Next, or Submit on the last page. What cannot be handed in yet says why, on its field."""
    shown = {block["block_id"] for block in view["blocks"]}
    _go_on(ack, view, here, shown)


def confirm(ack: Ack, view: Body, here: Here) -> None:
    """Handed in although a word was pointed out."""
    _go_on(ack, view, here, set(), confirmed=True)


def _go_on(ack: Ack, view: Body, here: Here, shown: set[str], *, confirmed: bool = False) -> None:
    place = Place.read(view["private_metadata"])
    with here.db.begin() as session:
        saved = _saved(session, here, view, place, alone=True)
        before = saved.kept.version
        answer = _answer(session, here, saved, place.page, shown, confirmed=confirmed)
    if saved.kept.version != before:
        here.wake()
    ack(**answer)


def _answer(
    session: Session, here: Here, saved: Saved, at: int, shown: set[str], *, confirmed: bool
) -> Body:
    """Slack's response to the page `at`: the next one, errors on the fields that it has `shown`, or
    the seal."""
    form, card = here.bank.scorecard, saved.card
    if at < card.last:
        found = list(scorecards.unbacked(form, card.pages[at], at, card.values))
        errors, _ = card_view.troubled(found, at)
        return _errors(errors) if errors else _show(_window(session, here, saved, at + 1))
    found = list(scorecards.troubles(form, card.pages, card.values))
    if found:
        errors, elsewhere = card_view.troubled(found, at)
        if elsewhere or not set(errors) <= shown:  # Such as a flag that was chosen a moment ago.
            return _show(_window(session, here, saved, found[0].page, found[0].told))
        return _errors(errors)
    words = [] if confirmed else scorecards.pointed_out(form, card.values)
    if words:
        return _show(sealed_view.pointed_out(card, words))
    return _show(_seal(session, here, saved))


def _errors(errors: dict[str, str]) -> Body:
    return {"response_action": "errors", "errors": errors}


def _show(view: Body) -> Body:
    return {"response_action": "update", "view": view}


def read(ack: Ack, action: Body, body: Body, client: WebClient, here: Here) -> None:
    """Somebody's scorecard, once those who may are let."""
    with here.db.begin() as session:
        kept = stored.card(session, here.team_id, action["value"])
        panel = stored_panels.find(session, here.team_id, kept.loop_id) if kept else None
        versions = stored.versions(session, here.team_id, [kept.id]) if kept else {}
        chair = panel.chair(kept.interview_id, kept.person) if panel and kept else None
        if panel is None or chair is None or not panels.may_read_card(panel, chair, here.user_id):
            raise Refusal(SEALED)
        if chair.seat.person != here.user_id:
            of = {"of": chair.seat.person, "round": chair.interview.round}
            here.note(session, "read scorecard", panel.loop.id, **of)
    view = sealed_view.reading(
        here.bank,
        panel.candidate,
        chair.seat.person,
        f"{chair.role.label}, {openings.round_title(panel.opening, chair.interview.round)}",
        versions[chair.card.id] if chair.card else [],
        planner=panel.plans(here.user_id),
    )
    places.open_window(view, body, client)
    ack()


ERASED = "That candidate's data was erased, so there is no scorecard to write any more."
SEALED = (
    "That scorecard is sealed, or not for you to read. Scorecards are opened for the panel and "
    "those who plan the loop once the last one is in."
)


def _mine(
    session: Session, here: Here, interview_id: str, *, alone: bool = False
) -> tuple[Panel, Chair]:
    """Raises Refusal for whoever has no scorecard to write there."""
    panel = stored_panels.of_interview(session, here.team_id, interview_id, alone=alone)
    if panel.loop.erased_at is not None:
        raise Refusal(ERASED)
    return panel, panels.chair(panel, interview_id, here.user_id)


def _require_field(here: Here, panel: Panel, name: str) -> None:
    """Raises Refusal for a field that no scorecard of this opening has."""
    form, (kind, _, key) = here.bank.scorecard, name.partition(".")
    known = {field.id for field in form.fields} | {"flags.red", "flags.green"}
    facts = {**here.bank.guide.red_flags, **here.bank.guide.green_flags}
    asked = set(openings.asked(panel.opening.kits))
    known |= {f"where.{each}" for each in facts} if kind == "where" else set()
    if name not in known and not (kind in ("evidence", "score") and key in asked):
        raise Refusal(OLD)


def _saved(session: Session, here: Here, seen: Body, place: Place, *, alone: bool = False) -> Saved:
    """With `alone` for what may seal: two who are the last at once must not miss each other."""
    stored.hold(session, place.interview_id, here.user_id)
    panel, chair = _mine(session, here, place.interview_id, alone=alone)
    kept = stored.begin(session, chair)
    shown = card_view.read((seen.get("state") or {}).get("values") or {})
    for name in shown:
        _require_field(here, panel, name)
    if shown:
        draft = drafts.turned(kept.draft, shown, seen["id"], place.base)
        if drafts.revision(draft) != drafts.revision(kept.draft):
            stored.write(session, kept, draft, here.now)
    card = _card(panel, chair, _pages(session, here, panel, chair), kept, [], here.now)
    return Saved(panel, chair, kept, card)


def _window(session: Session, here: Here, saved: Saved, page: int, told: str = "") -> Body:
    notes = stored.notes(session, here.team_id, saved.kept.interview_id, here.user_id)
    card = _card(saved.panel, saved.chair, list(saved.card.pages), saved.kept, notes, here.now)
    return card_view.window(here.bank, card, page, told)


def _card(
    panel: Panel,
    chair: Chair,
    pages: list[Page],
    kept: Scorecard | None,
    notes: list[Any],
    now: datetime,
) -> Card:
    starts = chair.interview.starts_at
    return Card(
        interview_id=chair.interview.id,
        candidate=panel.candidate,
        title=openings.round_title(panel.opening, chair.interview.round),
        level=Level(panel.opening.level),
        pages=pages,
        draft=kept.draft if kept else {},
        saved_at=kept.draft_at if kept else None,
        notes=[(int((note.at - starts).total_seconds() // 60), note) for note in notes],
        version=kept.version if kept else 0,
        early=starts if now < starts else None,
    )


def _pages(session: Session, here: Here, panel: Panel, chair: Chair) -> list[Page]:
    """The questions of the round, in the versions that were pinned, in the order of the kit."""
    level, held = Level(panel.opening.level), chair.interview
    return [
        Page(line.question, level, line.words, line.at, line.at + line.minutes)
        for line in here.current.pinned(session, panel.opening, held.round, held.starts_at)
        if line.question is not None and level in line.question.levels
    ]


def _seal(session: Session, here: Here, saved: Saved) -> Body:
    """Seal the scorecard; with the last one of the panel all are opened."""
    panel, card, kept = saved.panel, saved.card, saved.kept
    answers = scorecards.answers(here.bank.scorecard, card.pages, card.values)
    progress = loop_view.progress(panel) if saved.chair.role.counts else TRAINING
    last = stored.newest(session, kept)
    if last is not None and last.answers == answers:  # Unchanged, or the form came twice.
        return sealed_view.sealed(last, progress, early=not panel.is_revealed)
    chair = replace(saved.chair, card=kept)
    version = stored.submit(session, chair, answers, here.now, after_reveal=panel.is_revealed)
    here.note(
        session, "scorecard sealed", panel.loop.id,
        version=version.number, seal=version.seal, after_reveal=version.after_reveal,
    )  # fmt: skip
    if version.number == 1:  # What follows is done right after this: settling.arrived.
        follows = (here.team_id, "handed_in", here.user_id, kept.interview_id)
        notices.follow(session, *follows, here.now)
    panel = panels.with_card(panel, kept)
    if version.after_reveal and version.number == 1:
        figures.add(session, here.bank.scorecard, panel, [chair])
    loops.open_if_complete(session, here, panel)
    debriefs.join(session, here, panel)
    progress = loop_view.progress(panel) if saved.chair.role.counts else TRAINING
    return sealed_view.sealed(version, progress, early=not panel.is_revealed)


TRAINING = "It is for you: nobody counts it, and it is not in the packet."
