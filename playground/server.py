"""The workspace as a server: Slack's side for the app, and the page's side for people."""

import secrets
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from playground import cast
from playground.authorize import Authorize
from playground.delivery import Delivery
from playground.faults import Faults
from playground.grants import Grants
from playground.page_side import PAGE, PageSide
from playground.slack_side import SlackSide
from playground.workspace import Workspace

Record = dict[str, Any]


class Server:
    def __init__(self, workspace: Workspace) -> None:
        self.faults = Faults()
        self.signing_secret = secrets.token_hex(16)
        self._delivery = Delivery(workspace, self.faults, self.signing_secret)
        self.grants = Grants(workspace)
        self.slack = SlackSide(self.grants, self.faults, self._delivery)
        self.slack.on_revoked = self._revoked
        self.page = PageSide(workspace, self.faults, self._delivery)
        self.sides = {workspace.team["id"]: self.page}  # Each workspace's.
        authorize = Authorize(self.grants)
        self.asgi = Starlette(
            routes=[
                Route("/api/{method}", self.slack.method, methods=["GET", "POST"]),
                Route("/oauth/v2/authorize", authorize.page),
                Route("/oauth/v2/authorize", authorize.answer, methods=["POST"]),
                Route("/upload/{id}", self.slack.upload, methods=["POST"]),
                Route("/files/{id}", self.slack.file),
                Route("/response/{key}", self.slack.response_url, methods=["POST"]),
                WebSocketRoute("/link/{ticket}", self.slack.link),
                Route("/", self.page.page),
                WebSocketRoute("/playground/live", self.page.live),
                Route("/playground/upload", self.page.upload, methods=["POST"]),
                Route("/playground/act/{verb}", self.page.asked, methods=["POST"]),
                Mount("/page", StaticFiles(directory=PAGE)),
            ]
        )

    def add(self, workspace: Workspace) -> None:
        """Another workspace that the app may be let into."""
        id_ = workspace.team["id"]
        self.grants.workspaces[id_] = workspace
        shared = Delivery(workspace, self.faults, self.signing_secret, self._delivery)
        self.sides[id_] = PageSide(workspace, self.faults, shared)

    async def uninstall(self, workspace: Workspace) -> None:
        """An admin removes the app: its tokens end, then it hears of it."""
        bots = self.grants.uninstall(workspace)
        talk = self.sides[workspace.team["id"]].talk
        await talk.tell({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": bots}})
        await talk.tell({"type": "app_uninstalled"})
        workspace.org_wide = False

    async def _revoked(self, workspace: Workspace) -> None:
        tokens = {"oauth": [], "bot": [cast.BOT_USER]}
        await self.sides[workspace.team["id"]].talk.tell(
            {"type": "tokens_revoked", "tokens": tokens}
        )
