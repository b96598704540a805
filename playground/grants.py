"""Which workspaces the app may work in: codes, tokens, their rotation and their end.

Names, errors and answers are those of docs.slack.dev/reference/methods/oauth.v2.access and of
docs.slack.dev/authentication/using-token-rotation, read 2026-11.
"""

import base64
import binascii
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from playground import cast
from playground.web_api import MethodError
from playground.workspace import Workspace

Record = dict[str, Any]

CODE_LIFE = timedelta(minutes=10)
TOKEN_LIFE = timedelta(hours=12)  # With rotation; without, a token lasts until it is revoked.


@dataclass
class Code:
    workspace: Workspace
    org_wide: bool
    user: str
    scope: str
    redirect_uri: str
    until: datetime
    used: bool = False


@dataclass
class Token:
    workspace: Workspace
    org_wide: bool
    user: str
    scope: str
    until: datetime | None = None
    refresh: str = ""
    error: str = ""  # Why it no longer works.


@dataclass
class Grants:
    first: Workspace
    client_id: str = field(default_factory=lambda: f"{secrets.randbelow(10**12)}.{10**12}")
    client_secret: str = field(default_factory=lambda: secrets.token_hex(16))

    def __post_init__(self) -> None:
        self.workspaces = {self.first.team["id"]: self.first}
        self._codes: dict[str, Code] = {}
        self._tokens: dict[str, Token] = {}
        self.bot_token = f"xoxb-{secrets.token_hex(12)}"
        self._tokens[self.bot_token] = Token(self.first, False, "U0COORD", "")

    @property
    def rotates(self) -> bool:
        return bool(self.first.manifest.get("settings", {}).get("token_rotation_enabled"))

    @property
    def redirect_urls(self) -> list[str]:
        return list(self.first.manifest.get("oauth_config", {}).get("redirect_urls", []))

    def code(
        self, workspace: Workspace, user: str, scope: str, redirect_uri: str, *, org_wide: bool
    ) -> str:
        """What the browser carries back to the app after somebody pressed Allow."""
        code = f"{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        until = self.first.clock.now() + CODE_LIFE
        self._codes[code] = Code(workspace, org_wide, user, scope, redirect_uri, until)
        return code

    def access(self, arguments: Record, authorization: str) -> Record:
        """oauth.v2.access. Raises MethodError."""
        self._check_client(arguments, authorization)
        match arguments.get("grant_type") or "authorization_code":
            case "authorization_code":
                return self._exchange(arguments)
            case "refresh_token":
                return self._refresh(str(arguments.get("refresh_token") or ""))
        raise MethodError("invalid_grant_type")

    def workspace(self, token: str, arguments: Record) -> Workspace:
        """Where a call with this token goes. Raises MethodError."""
        found = self._tokens.get(token)
        if found is None:
            raise MethodError("invalid_auth")
        if found.error or found.workspace.revoked:
            raise MethodError(found.error or "token_revoked")
        if found.until is not None and found.until <= self.first.clock.now():
            raise MethodError("token_expired")
        if not found.org_wide:
            return found.workspace
        asked = self.workspaces.get(str(arguments.get("team_id")), found.workspace)
        if asked.enterprise != found.workspace.enterprise:
            raise MethodError("team_access_not_granted")
        return asked

    def revoke(self, token: str) -> Workspace:
        """auth.revoke. Raises MethodError."""
        found = self.workspace(token, {})
        self._tokens[token].error = "token_revoked"
        return found

    def uninstall(self, workspace: Workspace) -> list[str]:
        """End every token there; whose bots had one."""
        ended = [
            token
            for token in self._tokens.values()
            if not token.error
            and (
                token.workspace is workspace
                or (token.org_wide and token.workspace.enterprise == workspace.enterprise)
            )
        ]
        for token in ended:
            token.error, token.refresh = "account_inactive", ""
        return [cast.BOT_USER] if ended else []

    def _check_client(self, arguments: Record, authorization: str) -> None:
        given = (str(arguments.get("client_id")), str(arguments.get("client_secret")))
        if authorization.startswith("Basic "):
            try:
                text = base64.b64decode(authorization.removeprefix("Basic ")).decode()
            except (binascii.Error, UnicodeDecodeError):
                raise MethodError("invalid_client_id") from None
            name, _, secret = text.partition(":")
            given = (name, secret)
        if given[0] != self.client_id:
            raise MethodError("invalid_client_id")
        if not secrets.compare_digest(given[1], self.client_secret):
            raise MethodError("bad_client_secret")

    def _exchange(self, arguments: Record) -> Record:
        code = self._codes.get(str(arguments.get("code")))
        if code is None or code.until <= self.first.clock.now():
            raise MethodError("invalid_code")
        if code.used:
            raise MethodError("code_already_used")
        if (arguments.get("redirect_uri") or "") != code.redirect_uri:
            raise MethodError("bad_redirect_uri")
        code.used = True
        code.workspace.org_wide = code.org_wide
        if not self.rotates:  # Whoever installs once more gets the token that is there.
            for name, token in self._tokens.items():
                same = (token.workspace, token.org_wide) == (code.workspace, code.org_wide)
                if same and not token.error:
                    token.scope = code.scope
                    return self._answer(name, token)
        return self._issue(Token(code.workspace, code.org_wide, code.user, code.scope))

    def _refresh(self, refresh_token: str) -> Record:
        """The refresh token is used up; the access token works on until its time is over."""
        for token in self._tokens.values():
            if refresh_token and token.refresh == refresh_token and not token.error:
                token.refresh = ""
                return self._issue(Token(token.workspace, token.org_wide, token.user, token.scope))
        raise MethodError("invalid_refresh_token")

    def _issue(self, token: Token) -> Record:
        name = f"xoxb-{secrets.token_hex(24)}"
        if self.rotates:
            name = f"xoxe.xoxb-1-{secrets.token_hex(60)}"
            token.refresh = f"xoxe-1-{secrets.token_hex(60)}"
            token.until = self.first.clock.now() + TOKEN_LIFE
        self._tokens[name] = token
        return self._answer(name, token)

    def _answer(self, name: str, token: Token) -> Record:
        team, enterprise = token.workspace.team, token.workspace.enterprise
        more: Record = {}
        if token.refresh:
            lasts = int(TOKEN_LIFE.total_seconds())
            more = {"refresh_token": token.refresh, "expires_in": lasts}
        return {
            "ok": True,
            "app_id": cast.APP_ID,
            "authed_user": {"id": token.user},
            "scope": token.scope,
            "token_type": "bot",
            "access_token": name,
            "bot_user_id": cast.BOT_USER,
            "team": None if token.org_wide else {"id": team["id"], "name": team["name"]},
            "enterprise": enterprise,
            "is_enterprise_install": token.org_wide,
            **more,
        }
