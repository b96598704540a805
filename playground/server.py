"""The workspace as a server: Slack's side for the app, and the page's side for people."""

import secrets
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from playground.delivery import Delivery
from playground.faults import Faults
from playground.page_side import PAGE, PageSide
from playground.slack_side import SlackSide
from playground.workspace import Workspace

Record = dict[str, Any]


class Server:
    def __init__(self, workspace: Workspace) -> None:
        self.faults = Faults()
        self.signing_secret = secrets.token_hex(16)
        delivery = Delivery(workspace, self.faults, self.signing_secret)
        self.slack = SlackSide(workspace, self.faults, delivery)
        self.page = PageSide(workspace, self.faults, delivery)
        self.asgi = Starlette(
            routes=[
                Route("/api/{method}", self.slack.method, methods=["GET", "POST"]),
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
