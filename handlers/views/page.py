"""What is shown in one place, and can stand in another: a message or the app's Home."""

from dataclasses import dataclass
from typing import Any

from slackblocks import Block, HomeTabView, MessageResponse

from handlers.views.text import escape

Payload = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """`title` is what a notification and a screen reader say first."""

    title: str
    blocks: list[Block]

    def message(self) -> Payload:
        return MessageResponse(text=escape(self.title), blocks=self.blocks).to_dict()

    def home(self, top: list[Block]) -> Payload:
        return HomeTabView(blocks=[*top, *self.blocks]).to_dict()
