"""The page on which a person lets the app into a workspace: Slack's /oauth/v2/authorize."""

from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from playground.grants import Grants

Record = dict[str, Any]

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
 body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto }}
 body {{ padding: 0 1rem }}
 select, button {{ font: inherit; padding: .4rem .8rem }} button {{ margin-right: .5rem }}
</style></head><body><main><h1>{title}</h1>{body}</main></body></html>"""


class Authorize:
    def __init__(self, grants: Grants) -> None:
        self._grants = grants

    async def page(self, request: Request) -> Response:
        asked = dict(request.query_params)
        problem = self._problem(asked)
        if problem:
            told = f"<p>{escape(problem)}</p>"
            return HTMLResponse(PAGE.format(title="Something went wrong", body=told), 400)
        app = self._grants.first.manifest["display_information"]["name"]
        scopes = "".join(f"<li>{escape(each)}</li>" for each in _scopes(asked))
        body = (
            '<form method="post">'
            f"<p><label>Workspace <select name='place'>{self._places(asked)}</select></label></p>"
            f"<p>{escape(app)} will be able to:</p><ul>{scopes}</ul>"
            "<button name='answer' value='allow'>Allow</button>"
            "<button name='answer' value='cancel'>Cancel</button></form>"
        )
        title = f"{escape(app)} wants to work in your workspace"
        return HTMLResponse(PAGE.format(title=title, body=body))

    async def answer(self, request: Request) -> Response:
        """Allow or Cancel: back to the app, with a code or with why there is none."""
        asked = dict(request.query_params)
        filled = dict(parse_qsl((await request.body()).decode()))
        problem = self._problem(asked)
        place, _, whole = filled.get("place", "").partition("|")
        workspace = self._grants.workspaces.get(place)
        if problem or workspace is None or (whole and workspace.enterprise is None):
            told = f"<p>{escape(problem or 'invalid_team_for_non_distributed_app')}</p>"
            return HTMLResponse(PAGE.format(title="Something went wrong", body=told), 400)
        carried = {"state": asked.get("state", "")}
        if filled.get("answer") == "allow":
            uri, scope = asked.get("redirect_uri", ""), ",".join(_scopes(asked))
            user = filled.get("user", "U0COORD")
            code = self._grants.code(workspace, user, scope, uri, org_wide=bool(whole))
            carried = {"code": code, **carried}
        else:
            carried = {"error": "access_denied", **carried}
        back = asked.get("redirect_uri") or self._grants.redirect_urls[0]
        return RedirectResponse(f"{back}?{urlencode(carried)}", 302)

    def _problem(self, asked: Record) -> str:
        """Slack's error; "" when the request is as it should be."""
        manifest, urls = self._grants.first.manifest, self._grants.redirect_urls
        known = manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])
        if asked.get("client_id") != self._grants.client_id:
            return "invalid_client_id"
        if not urls:
            return "redirect_uri_not_configured"
        # Below a configured address is fine, as Slack has it.
        uri = asked.get("redirect_uri") or urls[0]
        if not any(uri == url or uri.startswith(f"{url.rstrip('/')}/") for url in urls):
            return "bad_redirect_uri"
        if not _scopes(asked) or not set(_scopes(asked)) <= set(known):
            return "invalid_scope"
        return ""

    def _places(self, asked: Record) -> str:
        wide = self._grants.first.manifest.get("settings", {}).get("org_deploy_enabled")
        options = []
        for id_, workspace in self._grants.workspaces.items():
            chosen = " selected" if asked.get("team") == id_ else ""
            options.append(
                f"<option value='{id_}'{chosen}>{escape(workspace.team['name'])}</option>"
            )
            if workspace.enterprise and wide:
                name = escape(workspace.enterprise["name"])
                options.append(f"<option value='{id_}|org'>All of {name}</option>")
        return "".join(options)


def _scopes(asked: Record) -> list[str]:
    return [each for each in asked.get("scope", "").split(",") if each]
