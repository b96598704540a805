"""The app's Home: what it can do, and the sheet last asked for there."""

from typing import Any

from slackblocks import DividerBlock, HomeTabView, ModalView, SectionBlock

from bot.content import Bank
from bot.sheets import Sheet
from handlers.views import help as help_view
from handlers.views import sheet as sheet_view

Payload = dict[str, Any]


def home(bank: Bank, shown: Sheet | None = None) -> Payload:
    if shown is None:
        return HomeTabView(blocks=help_view.blocks(bank)).to_dict()
    return HomeTabView(
        blocks=[
            SectionBlock(help_view.WHAT_FOR),
            DividerBlock(),
            *sheet_view.blocks(bank, shown, sharing=False),
        ]
    ).to_dict()


def sentence(text: str) -> Payload:
    """A Home that only says `text`: for those who may not use the bot."""
    return HomeTabView(blocks=[SectionBlock(text)]).to_dict()


def sentence_modal(text: str) -> Payload:
    return ModalView(title="Safety interview", blocks=[SectionBlock(text)], close="Close").to_dict()
