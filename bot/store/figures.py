"""Opened scorecards in numbers, written when they are opened."""

from sqlmodel import Session

from bot import figures
from bot.content.scorecard import CardForm
from bot.panels import Chair, Panel
from bot.store import scorecards


def open_all(session: Session, form: CardForm, panel: Panel) -> None:
    """Count every scorecard of the panel that counts: it is being opened."""
    chairs = [chair for chair in panel.awaited if chair.is_in]
    add(session, form, panel, chairs)


def add(session: Session, form: CardForm, panel: Panel, chairs: list[Chair]) -> None:
    """Count these, each in its newest version."""
    cards = [chair.card.id for chair in chairs if chair.card is not None]
    versions = scorecards.versions(session, panel.loop.team_id, cards)
    for chair in chairs:
        if chair.card is not None and chair.role.counts:
            version = versions[chair.card.id][-1]
            session.add(figures.scored(form, panel, chair, version))
            session.add_all(figures.ratings(panel, chair, version))
